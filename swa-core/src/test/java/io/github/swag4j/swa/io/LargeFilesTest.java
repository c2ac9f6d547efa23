package io.github.swag4j.swa.io;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Files with more bytes than an int counts, which hold next to nothing on the disk. */
class LargeFilesTest {
  private static final long VALUES = 3L << 29; // 6 GB of floats

  @TempDir private Path folder;

  private Path sparse(String name, byte[] start, long lastValueAt) throws IOException {
    Path file = folder.resolve(name);
    try (FileChannel channel =
        FileChannel.open(
            file,
            StandardOpenOption.CREATE_NEW,
            StandardOpenOption.SPARSE,
            StandardOpenOption.WRITE)) {
      channel.write(ByteBuffer.wrap(start), 0);
      ByteBuffer last = ByteBuffer.allocate(4).order(ByteOrder.LITTLE_ENDIAN).putFloat(0, 42);
      channel.write(last, lastValueAt);
    }
    return file;
  }

  @Test
  void valuesBehindTwoGigabytesAreRead() throws IOException {
    String header =
        "{\"a\":{\"dtype\":\"F32\",\"shape\":[3,536870912],\"data_offsets\":[0,6442450944]}}";
    ByteBuffer start = ByteBuffer.allocate(8 + header.length()).order(ByteOrder.LITTLE_ENDIAN);
    start.putLong(header.length()).put(header.getBytes(StandardCharsets.UTF_8));
    Path path = sparse("large.safetensors", start.array(), start.capacity() + 4 * (VALUES - 1));
    try (TensorFile file = WeightFiles.open(path)) {
      StoredTensor tensor = file.entries().get("a");
      assertThat(tensor.byteSize()).isEqualTo(6442450944L);
      ByteBuffer last = ByteBuffer.allocate(8).order(ByteOrder.LITTLE_ENDIAN);
      file.read(tensor, VALUES - 2, last);
      assertThat(last.getFloat(0)).isZero();
      assertThat(last.getFloat(4)).isEqualTo(42);
      assertThatThrownBy(() -> file.read(tensor, VALUES - 1, last.clear()))
          .isInstanceOf(IndexOutOfBoundsException.class);
    }
  }

  @Test
  void stridesThatPassTwoGigabytesAreFollowed() throws IOException {
    Path path = sparse("strided.bin", new byte[] {1, 0, 0, 0}, 4 * (VALUES - 1));
    // Transposed: [536870912, 3] over rows of 536,870,912 values.
    TensorView view =
        new TensorView(
            new TensorView.Storage("0", 4 * VALUES),
            TensorType.I32,
            0,
            List.of(VALUES / 3, 3L),
            List.of(1L, VALUES / 3));
    try (FileChannel channel = FileChannel.open(path, StandardOpenOption.READ)) {
      StridedReader reader = new StridedReader(path, channel);
      ByteBuffer last = ByteBuffer.allocate(8);
      reader.read(view, 0, VALUES - 2, last);
      assertThat(last.order(ByteOrder.LITTLE_ENDIAN).getInt(0)).isZero();
      assertThat(last.getFloat(4)).isEqualTo(42);
    }
  }

  /** torch.save writes zip64 for files of 4 GB and more; its records serve small ones as well. */
  @Test
  void zip64ArchivesAreRead() throws IOException {
    byte[] old = Files.readAllBytes(TorchGolden.file("parameters.bin"));
    ByteBuffer zip = ByteBuffer.wrap(old).order(ByteOrder.LITTLE_ENDIAN);
    int end = old.length - 22;
    while (zip.getInt(end) != 0x06054b50 || zip.getShort(end + 20) != old.length - end - 22) {
      end--;
    }
    int count = zip.getShort(end + 10);
    int directory = zip.getInt(end + 16);
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    out.write(old, 0, directory);
    int at = directory;
    for (int n = 0; n < count; n++) {
      int names = zip.getShort(at + 28);
      ByteBuffer entry = ByteBuffer.allocate(46 + names + 28).order(ByteOrder.LITTLE_ENDIAN);
      entry.put(old, at, 46 + names);
      entry.putShort((short) 1).putShort((short) 24);
      entry.putLong(zip.getInt(at + 24)).putLong(zip.getInt(at + 20));
      entry.putLong(zip.getInt(at + 42));
      entry.putInt(20, -1).putInt(24, -1).putInt(42, -1);
      entry.putShort(30, (short) 28).putShort(32, (short) 0);
      out.write(entry.array());
      at += 46 + names + zip.getShort(at + 30) + zip.getShort(at + 32);
    }
    int bytes = out.size() - directory;
    ByteBuffer ends = ByteBuffer.allocate(56 + 20 + 22).order(ByteOrder.LITTLE_ENDIAN);
    ends.putInt(0, 0x06064b50).putLong(4, 44).putLong(24, count).putLong(32, count);
    ends.putLong(40, bytes).putLong(48, directory);
    ends.putInt(56, 0x07064b50).putLong(64, out.size()).putInt(72, 1);
    ends.putInt(76, 0x06054b50).putShort(84, (short) -1).putShort(86, (short) -1);
    ends.putInt(88, -1).putInt(92, -1);
    out.write(ends.array());
    Path file = Files.write(folder.resolve("zip64.pt"), out.toByteArray());
    try (TensorFile large = WeightFiles.open(file);
        TensorFile small = WeightFiles.open(TorchGolden.file("parameters.bin"))) {
      assertThat(large.entries()).isEqualTo(small.entries());
      for (String name : small.entries().keySet()) {
        assertThat(TorchGolden.bytes(large, name, 9)).isEqualTo(TorchGolden.bytes(small, name, 9));
      }
    }
  }
}
