package io.github.swag4j.vision.corruption;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import io.github.swag4j.base.SplitMix;
import io.github.swag4j.vision.data.ImageData;
import io.github.swag4j.vision.data.ImageSize;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class CorruptionTest {
  private static final ImageSize SIZE = new ImageSize(3, 32, 32);

  /** Six pictures of waves of many lengths, none of which fits a grid. */
  private static ImageData images() {
    SplitMix random = new SplitMix(3);
    byte[] levels = new byte[6 * SIZE.values()];
    for (int plane = 0; plane < 18; plane++) {
      for (int wave = 0; wave < 6; wave++) {
        double down = random.gaussian() / 2;
        double right = random.gaussian() / 2;
        double phase = 6 * random.uniform();
        for (int i = 0; i < 1024; i++) {
          int before = wave == 0 ? 128 : levels[plane * 1024 + i] & 0xff;
          int line = i / 32;
          double added = 16 * Math.sin(down * line + right * (i % 32) + phase);
          levels[plane * 1024 + i] = (byte) Math.round(before + added);
        }
      }
    }
    return ImageData.ofLevels("waves", levels, new int[6], SIZE, List.of("wave"));
  }

  @ParameterizedTest
  @EnumSource(Corruption.class)
  void eachStrengthChangesImagesMoreThanTheOneBefore(Corruption corruption) {
    ImageData images = images();
    double before = 0;
    for (int strength = 1; strength <= Corruption.STRENGTHS; strength++) {
      ImageData made = corruption.apply(images, strength, 1);
      assertThat(made.labels()).isEqualTo(images.labels());
      assertThat(made.name()).isEqualTo("waves-" + corruption.id() + "-" + strength);
      double distance = distance(images, made);
      assertThat(distance).as("strength %d", strength).isGreaterThan(before);
      before = distance;
    }
    assertThat(before).isGreaterThan(4);
  }

  /** Root mean square, in levels. */
  private static double distance(ImageData a, ImageData b) {
    byte[] one = a.pixels();
    byte[] other = b.pixels();
    double sum = 0;
    for (int i = 0; i < one.length; i++) {
      double difference = (one[i] & 0xff) - (other[i] & 0xff);
      sum += difference * difference;
    }
    return Math.sqrt(sum / one.length);
  }

  @ParameterizedTest
  @EnumSource(Corruption.class)
  void imagesDependOnTheSeedAndTheirIndexAlone(Corruption corruption) {
    ImageData images = images();
    byte[] whole = corruption.apply(images, 3, 7).pixels();
    byte[] first = corruption.apply(images.slice(0, 4), 3, 7).pixels();
    assertThat(Arrays.copyOf(whole, first.length)).isEqualTo(first);
    byte[] again = corruption.apply(images, 3, 7).pixels();
    assertThat(again).isEqualTo(whole);
  }

  @ParameterizedTest
  @EnumSource(
      value = Corruption.class,
      names = {"GAUSSIAN_BLUR", "DEFOCUS_BLUR", "MOTION_BLUR", "CONTRAST", "PIXELATE"})
  void whatTakesMeansLeavesAConstantAlone(Corruption corruption) {
    byte[] level = new byte[20 * 13];
    Arrays.fill(level, (byte) 77);
    ImageData flat = ImageData.ofLevels("flat", level, null, ImageSize.grey(20, 13), List.of());
    assertThat(corruption.apply(flat, 5, 1).pixels()).containsOnly((byte) 77);
  }

  @Test
  void noiseHasTheDeviationItsFormulaSays() {
    byte[] level = new byte[100 * 100];
    Arrays.fill(level, (byte) 128);
    ImageData flat = ImageData.ofLevels("flat", level, null, ImageSize.grey(100, 100), List.of());
    // Of 10,000 numbers a deviation has a relative error of 0.7 %.
    assertThat(distance(flat, Corruption.GAUSSIAN_NOISE.apply(flat, 3, 5)))
        .isCloseTo(0.08 * 255, within(0.7));
    assertThat(distance(flat, Corruption.SPECKLE_NOISE.apply(flat, 5, 5)))
        .isCloseTo(0.2 * 128, within(0.9));
    assertThat(distance(flat, Corruption.SHOT_NOISE.apply(flat, 5, 5)))
        .isCloseTo(255 * Math.sqrt(128 / 255.0 / 50), within(0.9));
    byte[] salt = Corruption.IMPULSE_NOISE.apply(flat, 5, 5).pixels();
    int changed = 0;
    for (byte b : salt) {
      changed += b == (byte) 128 ? 0 : 1;
    }
    assertThat(changed).isBetween(600, 800);
  }

  @Test
  void brightnessAndDarknessAreTheirFormulas() {
    ImageData pixel =
        ImageData.ofLevels(
            "one", new byte[] {100, (byte) 250}, null, ImageSize.grey(1, 2), List.of());
    assertThat(Corruption.BRIGHTNESS.apply(pixel, 4, 1).pixels())
        .containsExactly((byte) 151, (byte) 255);
    assertThat(Corruption.DARKNESS.apply(pixel, 3, 1).pixels())
        .containsExactly((byte) 39, (byte) 245);
  }

  @Test
  void whatIsNoImageOrNoStrengthIsRefused() {
    ImageData floats = ImageData.ofFloats("f", new float[4], null, ImageSize.grey(2, 2), List.of());
    assertThatThrownBy(() -> Corruption.JPEG.apply(floats, 1, 1))
        .hasMessageContaining("must have levels from 0 to 255, it has floats");
    ImageData features =
        ImageData.ofFloats("f", new float[4], null, ImageSize.features(2), List.of());
    assertThatThrownBy(() -> Corruption.FOG.apply(features, 1, 1))
        .hasMessageContaining("must be images to be corrupted, got 2 features");
    assertThatThrownBy(() -> Corruption.FOG.apply(floats, 6, 1))
        .hasMessageContaining("strength must be between 1 and 5, got 6");
    assertThat(Corruption.named("jpeg")).contains(Corruption.JPEG);
    assertThat(Corruption.named("snow")).isEmpty();
  }
}
