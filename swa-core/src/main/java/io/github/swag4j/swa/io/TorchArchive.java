package io.github.swag4j.swa.io;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Collections;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.function.Predicate;

/**
 * Tensors in a file of PyTorch's: a state dict or checkpoint of {@code torch.save}, or the weights
 * of a {@code .pt2} of {@code torch.export.save}, buffers included. Their values are read where
 * they lie; pickles are read by a closed list of names and never executed.
 */
final class TorchArchive implements TensorFile {

  /** Views may share storages, but weights are not many times what is in the file. */
  private static final long MOST_TIMES = 100;

  private static final long ALWAYS_ALLOWED = 1 << 26;
  private static final int MAX_PICKLE_BYTES = 1 << 26;
  private static final String PICKLE = "data.pkl";

  /** Tensors over storages that lie at places of the file, in the order of the layers or not. */
  record Contents(
      String format, boolean keepsOrder, Map<String, TensorView> views, Map<String, Long> starts) {}

  private final Path file;
  private final FileChannel channel;
  private final Contents contents;
  private final StridedReader strided;
  private final Map<String, StoredTensor> entries = new LinkedHashMap<>();

  private TorchArchive(Path file, FileChannel channel, Contents contents) throws IOException {
    this.file = file;
    this.channel = channel;
    this.contents = contents;
    this.strided = new StridedReader(file, channel);
    long total = 0;
    for (Map.Entry<String, TensorView> e : contents.views().entrySet()) {
      try {
        StoredTensor tensor =
            new StoredTensor(e.getKey(), e.getValue().type(), e.getValue().shape());
        entries.put(e.getKey(), tensor);
        total = Math.addExact(total, tensor.byteSize());
      } catch (IllegalArgumentException | ArithmeticException wrong) {
        throw new WeightFormatException(file, wrong.getMessage());
      }
    }
    if (total > ALWAYS_ALLOWED && total / MOST_TIMES > channel.size()) {
      throw new WeightFormatException(
          file,
          "tensors must not be larger than the file, they have "
              + total
              + " bytes in a file of "
              + channel.size()
              + ": they are expanded views, save their .clone()");
    }
  }

  /**
   * Opens a file that begins as a zip archive or as a pickle of old.
   *
   * @param file the file
   * @param key where the state dict is in a checkpoint
   * @param legacy whether it was written before torch 1.6
   * @return the open file
   * @throws WeightFormatException if it holds no state dict, or anything else than plain values
   * @throws IOException if reading fails
   */
  static TorchArchive open(Path file, Optional<String> key, boolean legacy) throws IOException {
    FileChannel channel = FileChannel.open(file, StandardOpenOption.READ);
    try {
      Contents contents =
          legacy ? LegacyTorch.read(file, channel, key) : read(StoredZip.open(file, channel), key);
      return new TorchArchive(file, channel, contents);
    } catch (IOException | RuntimeException e) {
      channel.close();
      throw e;
    }
  }

  private static Contents read(StoredZip zip, Optional<String> key) throws IOException {
    String root = "";
    for (String name : zip.names()) {
      int slash = name.indexOf('/');
      if (slash > 0) {
        root = name.substring(0, slash + 1);
        break;
      }
    }
    if (zip.has(root + "constants.pkl") || zip.names().stream().anyMatch(isCode(root))) {
      throw ForeignFiles.refuse(
          zip.file(),
          "a TorchScript archive, a program with its weights",
          "load it as a model, or save torch.jit.load(FILE).state_dict() with torch.save");
    }
    if (zip.names().stream().anyMatch(name -> name.endsWith(ExportedWeights.CONFIG))) {
      requireLittleEndian(zip, root);
      return ExportedWeights.read(zip, root, key);
    }
    if (!zip.has(root + PICKLE)) {
      throw ForeignFiles.inZip(zip.file(), zip.names());
    }
    requireLittleEndian(zip, root);
    return readStateDict(zip, root, key);
  }

  private static Predicate<String> isCode(String root) {
    return name -> name.startsWith(root + "code/");
  }

  private static void requireLittleEndian(StoredZip zip, String root) throws IOException {
    if (zip.has(root + "byteorder")) {
      String order =
          new String(zip.bytes(root + "byteorder", 16), StandardCharsets.US_ASCII).strip();
      if (!order.equals("little")) {
        throw new WeightFormatException(
            zip.file(),
            "must be of byte order little, got " + order + ": save it on a little-endian machine");
      }
    }
  }

  private static Contents readStateDict(StoredZip zip, String root, Optional<String> key)
      throws IOException {
    byte[] pickle = zip.bytes(root + PICKLE, MAX_PICKLE_BYTES);
    TorchObjects objects = new TorchObjects(storage -> size(zip, root + "data/" + storage));
    Object saved = new PickleReader(zip.file(), ByteBuffer.wrap(pickle), objects).read();
    StateDict found = StateDict.find(zip.file(), saved, key);
    Map<String, TensorView> views = found.tensors();
    Map<String, Long> starts = new HashMap<>();
    for (TensorView view : views.values()) {
      String storage = view.storage().key();
      if (!starts.containsKey(storage)) {
        zip.verify(root + "data/" + storage);
        starts.put(storage, zip.start(root + "data/" + storage));
      }
    }
    return new Contents(found.format("PyTorch state dict"), true, views, starts);
  }

  private static long size(StoredZip zip, String name) {
    try {
      return zip.size(name);
    } catch (IOException e) {
      throw new IllegalArgumentException(e.getMessage(), e);
    }
  }

  @Override
  public Path file() {
    return file;
  }

  @Override
  public String format() {
    return contents.format();
  }

  @Override
  public Map<String, String> metadata() {
    return Map.of();
  }

  @Override
  public Map<String, StoredTensor> entries() {
    return Collections.unmodifiableMap(entries);
  }

  @Override
  public boolean keepsOrder() {
    return contents.keepsOrder();
  }

  @Override
  public void read(StoredTensor tensor, long first, ByteBuffer into) throws IOException {
    TensorView view = contents.views().get(tensor.name());
    int bytes = tensor.type().bytes();
    Objects.checkFromIndexSize(first, into.remaining() / bytes, tensor.size());
    long start = contents.starts().get(view.storage().key()) + view.offset() * bytes;
    if (view.isContiguous()) {
      FileBytes.readFully(file, channel, into, start + first * bytes);
    } else {
      strided.read(view, start, first, into);
    }
  }

  @Override
  public void close() throws IOException {
    channel.close();
  }
}
