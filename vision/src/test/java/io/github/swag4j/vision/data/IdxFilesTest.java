package io.github.swag4j.vision.data;

import static io.github.swag4j.vision.data.IdxBytes.gzip;
import static io.github.swag4j.vision.data.IdxBytes.images;
import static io.github.swag4j.vision.data.IdxBytes.join;
import static io.github.swag4j.vision.data.IdxBytes.labels;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class IdxFilesTest {
  private static final List<String> CLASSES = List.of("a", "b", "c");
  private static final byte[] IMAGES = images(4, 3, 2);
  private static final byte[] LABELS = labels(2, 0, 1, 2);

  @Test
  void plainAndGzipFilesGiveTheSamePixelsAndLabels() throws IOException {
    ImageData plain = read(IMAGES, LABELS);
    ImageData packed = read(gzip(IMAGES), gzip(LABELS));
    assertThat(plain.size()).isEqualTo(4);
    assertThat(plain.height()).isEqualTo(3);
    assertThat(plain.width()).isEqualTo(2);
    assertThat(plain.labels()).containsExactly(2, 0, 1, 2);
    assertThat(plain.pixels()).isEqualTo(Arrays.copyOfRange(IMAGES, 16, IMAGES.length));
    assertThat(packed.sha256()).isEqualTo(plain.sha256());
  }

  @Test
  void gzipIsKnownByItsContentNotByTheName(@TempDir Path folder) throws IOException {
    Path images = Files.write(folder.resolve("images"), gzip(IMAGES));
    Path labels = Files.write(folder.resolve("labels.gz"), LABELS);
    assertThat(IdxFiles.read("set", images, labels, CLASSES).sha256())
        .isEqualTo(read(IMAGES, LABELS).sha256());
  }

  @Test
  void gzipWithNameCommentExtraFieldAndHeaderChecksumIsRead() throws IOException {
    byte[] plain = gzip(IMAGES);
    byte[] header = {0x1f, (byte) 0x8b, 8, 2 + 4 + 8 + 16, 0, 0, 0, 0, 0, 3};
    byte[] optional = {2, 0, 7, 7, 'n', 0, 'c', 'o', 0, 1, 2};
    byte[] file = join(header, optional, Arrays.copyOfRange(plain, 10, plain.length));
    assertThat(read(file, LABELS).sha256()).isEqualTo(read(IMAGES, LABELS).sha256());
  }

  @Test
  void gzipMembersFollowOneAnother() throws IOException {
    byte[] file =
        join(
            gzip(Arrays.copyOfRange(IMAGES, 0, 10)),
            gzip(new byte[0]),
            gzip(Arrays.copyOfRange(IMAGES, 10, IMAGES.length)));
    assertThat(read(file, LABELS).sha256()).isEqualTo(read(IMAGES, LABELS).sha256());
  }

  @Test
  void anEmptySetIsASetWithoutImages() throws IOException {
    ImageData empty = read(gzip(images(0, 28, 28)), labels());
    assertThat(empty.size()).isZero();
    assertThat(empty.pixels()).isEmpty();
  }

  @Test
  void pixelsAboveLargestSignedByteStayUnsigned() throws IOException {
    byte[] images = images(1, 1, 2);
    images[16] = (byte) 255;
    images[17] = (byte) 128;
    float[] scaled = new float[3];
    read(images, labels(0)).copyScaled(0, scaled, 1);
    assertThat(scaled).containsExactly(0f, 1f, 128 / 255f);
  }

  @Test
  void wrongMagicNumberIsRefusedWithTheNumber() {
    byte[] wrong = IMAGES.clone();
    wrong[3] = 9;
    assertThatThrownBy(() -> read(wrong, LABELS))
        .isInstanceOf(IOException.class)
        .hasMessage(
            "images.idx, byte 0: images as IDX must start with the number 2051, got 2057: give an"
                + " IDX file, plain or gzip");
  }

  @Test
  @SuppressWarnings("ArgumentSelectionDefectChecker") // they are exchanged
  void exchangedImagesAndLabelsAreNamedAsSuch() {
    assertThatThrownBy(() -> read(LABELS, IMAGES))
        .isInstanceOf(IOException.class)
        .hasMessageContaining("got 2049: images and labels are exchanged");
  }

  @Test
  void everyTruncationOfPlainAndGzipFilesIsRefused() {
    for (byte[] whole : List.of(IMAGES, gzip(IMAGES))) {
      for (int length = 0; length < whole.length; length++) {
        byte[] cut = Arrays.copyOf(whole, length);
        assertThatThrownBy(() -> read(cut, LABELS))
            .as("first %d of %d bytes", length, whole.length)
            .isInstanceOf(IOException.class)
            .hasMessageStartingWith("images.idx, byte ");
      }
    }
  }

  @Test
  void bytesAfterTheLastValueAreRefused() {
    assertThatThrownBy(() -> read(join(IMAGES, new byte[1]), LABELS))
        .isInstanceOf(IOException.class)
        .hasMessage(
            "images.idx, byte 40: the header declares 40 bytes, got more: nothing may follow the"
                + " last value");
    assertThatThrownBy(() -> read(gzip(join(IMAGES, new byte[1])), LABELS))
        .isInstanceOf(IOException.class)
        .hasMessageContaining("nothing may follow the last value");
  }

  @Test
  void bytesAfterTheGzipMemberAreRefusedThoughTheJdkIgnoresThem() {
    assertThatThrownBy(() -> read(join(gzip(IMAGES), new byte[] {1, 2, 3}), LABELS))
        .isInstanceOf(IOException.class)
        .hasMessageContaining("only another gzip member may follow");
  }

  @Test
  void wrongGzipChecksumIsRefused() {
    byte[] file = gzip(IMAGES);
    file[file.length - 8] ^= 1;
    assertThatThrownBy(() -> read(file, LABELS))
        .isInstanceOf(IOException.class)
        .hasMessageContaining("checksum and length must fit the content");
  }

  @Test
  void countsMustAgree() {
    assertThatThrownBy(() -> read(IMAGES, labels(0, 1, 2)))
        .isInstanceOf(IOException.class)
        .hasMessage(
            "labels.idx, byte 4: there must be one label for each of the 4 images of images.idx,"
                + " got 3: give images and labels of the same split");
  }

  @Test
  void labelsWithoutAClassAreRefused() {
    assertThatThrownBy(() -> read(IMAGES, labels(0, 1, 3, 200)))
        .isInstanceOf(IOException.class)
        .hasMessage(
            "labels.idx, label 2: must be a class index below 3, got 3: give labels of this data"
                + " set");
    assertThatThrownBy(() -> read(IMAGES, labels(0, 1, 2, 200)))
        .isInstanceOf(IOException.class)
        .hasMessageContaining("label 3: must be a class index below 3, got 200");
  }

  @Test
  void sizesThatAreNoSizesAreRefused() {
    for (int size : new int[] {-1, Integer.MIN_VALUE}) {
      byte[] file = ByteBuffer.wrap(IMAGES.clone()).putInt(4, size).array();
      assertThatThrownBy(() -> read(file, LABELS))
          .isInstanceOf(IOException.class)
          .hasMessageContaining("size 0 must be at least 0, got " + size);
    }
    byte[] flat = ByteBuffer.wrap(IMAGES.clone()).putInt(12, 0).array();
    assertThatThrownBy(() -> read(flat, LABELS))
        .isInstanceOf(IOException.class)
        .hasMessageContaining("byte 12: size 2 must be at least 1, got 0");
  }

  @Test
  void headersThatDeclareMoreThanAnArrayHoldsAreRefused() {
    byte[] file =
        ByteBuffer.wrap(IMAGES.clone())
            .putInt(4, Integer.MAX_VALUE)
            .putInt(8, Integer.MAX_VALUE)
            .putInt(12, Integer.MAX_VALUE)
            .array();
    assertThatThrownBy(() -> read(file, LABELS))
        .isInstanceOf(IOException.class)
        .hasMessageContaining("got 2147483647 x 2147483647 x 2147483647");
  }

  @Test
  void lyingHeadersCostNoMemoryBeyondTheContent() {
    byte[] lying = ByteBuffer.wrap(IMAGES.clone()).putInt(4, 300_000_000).array();
    long most = 0;
    for (byte[] file : List.of(lying, gzip(lying))) {
      long before = allocated();
      assertThatThrownBy(() -> read(file, LABELS))
          .isInstanceOf(IOException.class)
          .hasMessageContaining("the header declares 1800000016 bytes, got 40");
      most = Math.max(most, allocated() - before);
    }
    assertThat(most).isLessThan(20_000_000L);
  }

  @Test
  void aBombIsExpandedOnlyAsFarAsItsHeaderDeclares() {
    byte[] bomb = gzip(join(IMAGES, new byte[24 << 20]));
    long before = allocated();
    assertThatThrownBy(() -> read(bomb, LABELS))
        .isInstanceOf(IOException.class)
        .hasMessageContaining("got more");
    assertThat(allocated() - before).isLessThan(20_000_000L);
  }

  @Test
  void missingFilesAreNamed(@TempDir Path folder) {
    Path missing = folder.resolve("nothing-here");
    assertThatThrownBy(() -> IdxFiles.read("set", missing, missing, CLASSES))
        .isInstanceOf(NoSuchFileException.class)
        .hasMessageContaining("nothing-here");
  }

  private static long allocated() {
    return ((com.sun.management.ThreadMXBean) ManagementFactory.getThreadMXBean())
        .getCurrentThreadAllocatedBytes();
  }

  private static ImageData read(byte[] images, byte[] labels) throws IOException {
    return IdxFiles.read("set", images, "images.idx", labels, "labels.idx", CLASSES);
  }
}
