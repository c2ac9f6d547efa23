package io.github.swag4j.swa.io;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * What {@code torch.save} wrote before version 1.6: pickles of a magic number, the protocol, the
 * machine, the object and the storages' keys, then the storages, each after its length.
 */
final class LegacyTorch {

  /** The pickle of the magic number. */
  private static final byte[] MAGIC = {
    (byte) 0x80,
    2,
    (byte) 0x8a,
    10,
    0x6c,
    (byte) 0xfc,
    (byte) 0x9c,
    0x46,
    (byte) 0xf9,
    0x20,
    0x6a,
    (byte) 0xa8,
    0x50,
    0x19,
    '.'
  };

  private static final long PROTOCOL = 1001;
  private static final long MAX_PICKLE_BYTES = 1 << 26;

  private LegacyTorch() {}

  /** Whether a file begins so. */
  static boolean isStart(ByteBuffer start) {
    return start.remaining() >= MAGIC.length
        && start.slice(start.position(), MAGIC.length).equals(ByteBuffer.wrap(MAGIC));
  }

  static TorchArchive.Contents read(Path file, FileChannel channel, Optional<String> key)
      throws IOException {
    ByteBuffer bytes = ByteBuffer.allocate((int) Math.min(MAX_PICKLE_BYTES, channel.size()));
    FileBytes.readFully(file, channel, bytes, 0);
    bytes.flip().position(MAGIC.length);
    TorchObjects objects = new TorchObjects(storage -> -1); // the sizes come behind the pickles
    PickleReader pickles = new PickleReader(file, bytes, objects);
    Object protocol = pickles.read();
    if (!Long.valueOf(PROTOCOL).equals(protocol)) {
      throw new WeightFormatException(
          file, "must be of torch.save's protocol " + PROTOCOL + ", got another");
    }
    Object machine = pickles.read();
    if (!(machine instanceof Map<?, ?> facts) || !Boolean.TRUE.equals(facts.get("little_endian"))) {
      throw new WeightFormatException(
          file, "must be of byte order little: save it on a little-endian machine");
    }
    Object saved = pickles.read();
    Object keys = pickles.read();
    Map<String, Long> starts = starts(file, channel, bytes.position(), keys, objects);
    StateDict found = StateDict.find(file, saved, key);
    return new TorchArchive.Contents(
        found.format("PyTorch state dict of before 1.6"), true, found.tensors(), starts);
  }

  private static Map<String, Long> starts(
      Path file, FileChannel channel, long first, Object keys, TorchObjects objects)
      throws IOException {
    if (!(keys instanceof List<?> list)) {
      throw new WeightFormatException(file, "must have a list of storages behind the pickles");
    }
    Map<String, Long> starts = new HashMap<>();
    long at = first;
    ByteBuffer count = ByteBuffer.allocate(Long.BYTES).order(ByteOrder.LITTLE_ENDIAN);
    for (Object storage : list) {
      TensorView.Storage named =
          storage instanceof String name ? objects.storages().get(name) : null;
      if (named == null) {
        throw new WeightFormatException(file, "has storage " + storage + ", which nothing uses");
      }
      if (channel.size() - at - Long.BYTES < named.bytes()) {
        throw new WeightFormatException(
            file, "storage " + storage + " ends behind the file: it is truncated");
      }
      FileBytes.readFully(file, channel, count.clear(), at);
      if (count.getLong(0) != named.bytes() / objects.valueBytes(named.key())) {
        throw new WeightFormatException(
            file,
            "storage "
                + storage
                + " must have "
                + named.bytes()
                + " bytes, the file has "
                + count.getLong(0)
                + " values");
      }
      starts.put(named.key(), at + Long.BYTES);
      at += Long.BYTES + named.bytes();
    }
    if (!starts.keySet().containsAll(objects.storages().keySet()) || at != channel.size()) {
      throw new WeightFormatException(
          file, "must end with its storages: the file is damaged or truncated");
    }
    return starts;
  }
}
