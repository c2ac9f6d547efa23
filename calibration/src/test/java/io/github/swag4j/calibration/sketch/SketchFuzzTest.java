package io.github.swag4j.calibration.sketch;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.swag4j.calibration.binning.BinningConvention;
import java.util.Arrays;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;

/** Damaged and hostile bytes end in one kind of exception, soon and in little memory. */
class SketchFuzzTest {

  private static byte[] original(SplittableRandom random) {
    BinningConvention convention =
        random.nextBoolean() ? BinningConvention.MAPIE.withBins(3) : BinningConvention.GUO;
    return SketchBytesTest.sketch(random.nextBoolean(), convention).toBytes();
  }

  private static byte[] damaged(SplittableRandom random) {
    byte[] bytes = original(random);
    switch (random.nextInt(4)) {
      case 0 -> bytes = Arrays.copyOf(bytes, random.nextInt(bytes.length));
      case 1 -> bytes[random.nextInt(bytes.length)] ^= (byte) (1 << random.nextInt(8));
      case 2 -> {
        for (int i = random.nextInt(20); i >= 0; i--) {
          bytes[random.nextInt(bytes.length)] = (byte) random.nextInt(256);
        }
      }
      default -> {
        bytes = new byte[random.nextInt(200)];
        random.nextBytes(bytes);
      }
    }
    return bytes;
  }

  @Test
  void tenThousandDamagedSketchesAreRefused() {
    SplittableRandom random = new SplittableRandom(11);
    byte[][] whole = new byte[64][];
    for (int i = 0; i < whole.length; i++) {
      whole[i] = original(random);
    }
    int read = 0;
    for (int i = 0; i < 10_000; i++) {
      byte[] bytes = damaged(random);
      try {
        CalibrationSketch.fromBytes(bytes);
        read++;
      } catch (SketchFormatException e) {
        assertThat(e).hasMessageMatching("(?s).{10,300}");
      }
    }
    assertThat(read).as("only what random bytes left as it was").isLessThan(5);
  }

  @Test
  void tenThousandHostileSketchesWithARightChecksumAreRefusedOrWork() throws Exception {
    SplittableRandom random = new SplittableRandom(12);
    int read = 0;
    for (int i = 0; i < 10_000; i++) {
      byte[] bytes = damaged(random);
      if (bytes.length < 5) {
        continue;
      }
      byte[] hostile = SketchBytesTest.sealed(bytes);
      CalibrationSketch sketch;
      try {
        sketch = CalibrationSketch.fromBytes(hostile);
      } catch (SketchFormatException e) {
        assertThat(e).hasMessageMatching("(?s).{10,300}");
        continue;
      }
      read++;
      assertThat(sketch.toBytes()).as("one state has one form").isEqualTo(hostile);
      sketch.merge(sketch);
      if (sketch.rows() > 0) {
        try {
          assertThat(sketch.summary().toString()).isNotEmpty();
        } catch (IllegalStateException e) {
          assertThat(e).hasMessageContaining("weight above 0");
        }
      }
    }
    assertThat(read).isBetween(100, 9_000);
  }
}
