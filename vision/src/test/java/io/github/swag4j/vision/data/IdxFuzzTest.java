package io.github.swag4j.vision.data;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;

/** Damaged files: a data set or an {@link IOException}, never anything else. */
class IdxFuzzTest {
  private static final byte[] IMAGES = IdxBytes.images(6, 5, 4);
  private static final byte[] LABELS = IdxBytes.labels(0, 1, 2, 0, 1, 2);

  @Property(tries = 2000)
  void changedBytesGiveASetOrAnErrorWithThePlace(
      @ForAll long seed, @ForAll boolean gzip, @ForAll @IntRange(min = 1, max = 6) int changes) {
    Random random = new Random(seed);
    byte[] images = damaged(gzip ? IdxBytes.gzip(IMAGES) : IMAGES.clone(), random, changes);
    byte[] labels = damaged(gzip ? IdxBytes.gzip(LABELS) : LABELS.clone(), random, changes / 2);
    readOrRefuse(images, labels);
  }

  @Property(tries = 500)
  void arbitraryBytesAfterAGzipHeaderGiveAnError(@ForAll byte[] body) throws IOException {
    byte[] file = IdxBytes.join(new byte[] {0x1f, (byte) 0x8b, 8}, body);
    readOrRefuse(file, LABELS);
  }

  @Property(tries = 300)
  void oneChangedByteOfAGzipBodyNeverPassesUnseen(@ForAll long seed) {
    byte[] file = IdxBytes.gzip(IMAGES);
    Random random = new Random(seed);
    int at = 10 + random.nextInt(file.length - 10);
    file[at] ^= (byte) (1 + random.nextInt(255));
    ImageData read = readOrRefuse(file, LABELS);
    // Padding bits after the last deflate block carry nothing; everything else is under checksum.
    if (read != null) {
      assertThat(read.pixels()).isEqualTo(Arrays.copyOfRange(IMAGES, 16, IMAGES.length));
    }
  }

  private static byte[] damaged(byte[] file, Random random, int changes) {
    for (int i = 0; i < changes; i++) {
      file[random.nextInt(file.length)] = (byte) random.nextInt();
    }
    return random.nextInt(4) == 0 ? Arrays.copyOf(file, random.nextInt(2 * file.length)) : file;
  }

  private static ImageData readOrRefuse(byte[] images, byte[] labels) {
    try {
      ImageData read = IdxFiles.read("set", images, "i", labels, "l", List.of("a", "b", "c"));
      assertThat(read.pixels()).hasSize(read.size() * read.height() * read.width());
      assertThat(read.labels()).hasSize(read.size());
      assertThat(Arrays.stream(read.labels())).allMatch(label -> label >= 0 && label < 3);
      return read;
    } catch (IOException e) {
      assertThat(e.getMessage()).matches("[il], (byte|label) \\d+: .*");
      return null;
    }
  }
}
