package io.github.swag4j.vision.augmentation;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.github.swag4j.vision.data.ImageSize;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class AugmentationTest {
  private static final ImageSize SIZE = new ImageSize(2, 4, 8);

  private static float[] ones(int offset) {
    float[] image = new float[offset + SIZE.values()];
    for (int i = offset; i < image.length; i++) {
      image[i] = i - offset + 1;
    }
    return image;
  }

  private static float[] applied(Augmentation augmentation, long seed, int epoch, int row) {
    float[] image = ones(0);
    augmentation.apply(image, 0, SIZE, seed, epoch, row);
    return image;
  }

  @Test
  void anImageDependsOnSeedEpochAndRowAlone() {
    Augmentation both = new Augmentation(true, 2);
    float[] shifted = ones(5);
    both.apply(shifted, 5, SIZE, 3, 7, 11);
    float[] plain = applied(both, 3, 7, 11);
    for (int i = 0; i < plain.length; i++) {
      assertThat(shifted[5 + i]).isEqualTo(plain[i]);
    }
    Map<Integer, Integer> seen = new HashMap<>();
    for (int epoch = 0; epoch < 40; epoch++) {
      seen.merge(Arrays.hashCode(applied(both, 3, epoch, 11)), 1, Integer::sum);
    }
    // 50 outcomes, 40 draws: 28 different ones are expected.
    assertThat(seen).hasSizeBetween(20, 36);
  }

  @Test
  void flippingMirrorsHalfOfTheImages() {
    Augmentation flip = Augmentation.of(List.of("flip"), SIZE);
    int mirrored = 0;
    for (int row = 0; row < 2000; row++) {
      float[] image = applied(flip, 1, 0, row);
      if (image[0] == 8) {
        mirrored++;
        assertThat(image[7]).isEqualTo(1);
        assertThat(image[SIZE.values() - 8]).isEqualTo(64);
      } else {
        assertThat(image).isEqualTo(ones(0));
      }
    }
    // Binomial: a standard deviation is 22.
    assertThat(mirrored).isBetween(890, 1110);
  }

  @Test
  void croppingMovesEveryWayEquallyOftenAndFillsWithBlack() {
    Augmentation crop = new Augmentation(false, 1);
    Map<Float, Integer> corners = new HashMap<>();
    for (int row = 0; row < 1800; row++) {
      float[] image = applied(crop, 1, 0, row);
      // Of the pixel in row 1, column 1, which no shift by one moves out.
      corners.merge(image[9], 1, Integer::sum);
    }
    assertThat(corners.keySet()).containsExactlyInAnyOrder(1f, 2f, 3f, 9f, 10f, 11f, 17f, 18f, 19f);
    assertThat(corners.values()).allSatisfy(n -> assertThat(n).isBetween(130, 270));
    assertThat(applied(new Augmentation(false, 1), 1, 0, 0)).hasSize(SIZE.values());
  }

  @Test
  void wordsThatAreNoneAndFeaturesAreRefused() {
    assertThat(Augmentation.of(List.of("flip", "crop"), new ImageSize(3, 32, 32)))
        .isEqualTo(new Augmentation(true, 4));
    assertThat(Augmentation.of(List.of(), SIZE)).isEqualTo(Augmentation.NONE);
    assertThatThrownBy(() -> Augmentation.of(List.of("rotate"), SIZE))
        .hasMessageContaining("must be flip, crop or flip,crop, got rotate");
    assertThatThrownBy(() -> Augmentation.of(List.of("flip"), ImageSize.features(4)))
        .hasMessageContaining("must be of images, got 4 features");
  }
}
