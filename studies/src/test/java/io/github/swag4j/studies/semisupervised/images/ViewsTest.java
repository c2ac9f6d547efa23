package io.github.swag4j.studies.semisupervised.images;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import io.github.swag4j.vision.data.ImageData;
import io.github.swag4j.vision.data.ImageSize;
import io.github.swag4j.vision.data.Normalisation;
import java.util.List;
import java.util.Random;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import org.junit.jupiter.api.Test;

/** Moves, turns and noise. */
class ViewsTest {
  private static final ImageSize COLOUR = new ImageSize(3, 5, 7);

  private static float[] drawn(long seed, int count) {
    Random random = new Random(seed);
    float[] out = new float[count];
    for (int i = 0; i < count; i++) {
      out[i] = random.nextFloat();
    }
    return out;
  }

  /** Three by three images, mirrored at each border, cut out at another place. */
  @Property(tries = 60)
  void aMoveIsACutOutOfTheMirroredImage(
      @ForAll long seed,
      @ForAll @IntRange(min = -5, max = 5) int down,
      @ForAll @IntRange(min = -7, max = 7) int right) {
    float[] image = drawn(seed, COLOUR.values());
    float[] moved = new float[image.length];
    Views.move(image, COLOUR, down, right, false, moved, 0);
    for (int c = 0; c < 3; c++) {
      float[][] wide = new float[15][21];
      for (int y = 0; y < 15; y++) {
        for (int x = 0; x < 21; x++) {
          int fromY = y / 5 == 1 ? y % 5 : 4 - y % 5;
          int fromX = x / 7 == 1 ? x % 7 : 6 - x % 7;
          wide[y][x] = image[(c * 5 + fromY) * 7 + fromX];
        }
      }
      for (int y = 0; y < 5; y++) {
        for (int x = 0; x < 7; x++) {
          assertThat(moved[(c * 5 + y) * 7 + x]).isEqualTo(wide[5 + y + down][7 + x + right]);
        }
      }
    }
  }

  @Test
  void turningTwiceChangesNothing() {
    float[] image = drawn(1, COLOUR.values());
    float[] once = new float[image.length];
    float[] twice = new float[image.length];
    Views.move(image, COLOUR, 0, 0, true, once, 0);
    Views.move(once, COLOUR, 0, 0, true, twice, 0);
    assertThat(once).isNotEqualTo(image);
    assertThat(twice).isEqualTo(image);
  }

  @Test
  void aViewIsAFunctionOfSeedPassImageAndView() {
    ImageData images =
        ImageData.ofFloats("drawn", drawn(2, 4 * COLOUR.values()), null, COLOUR, List.of());
    Views views = new Views(2, true, 0.1, Normalisation.same(0.5, 0.3, 3));
    float[] first = view(views, images, 1, 7, 5, 0);
    assertThat(view(views, images, 1, 7, 5, 0)).isEqualTo(first);
    assertThat(view(views, images, 1, 7, 5, 1)).isNotEqualTo(first);
    assertThat(view(views, images, 1, 7, 6, 0)).isNotEqualTo(first);
    assertThat(view(views, images, 1, 8, 5, 0)).isNotEqualTo(first);
    assertThat(view(views, images, 2, 7, 5, 0)).isNotEqualTo(first);
  }

  private static float[] view(
      Views views, ImageData images, int image, long seed, long pass, int view) {
    float[] out = new float[images.imageSize().values()];
    views.view(images, image, seed, pass, view, out, 0);
    return out;
  }

  /** The noise layer of fastswa-semi-sup acts in evaluations too. */
  @Test
  void whatIsJudgedHasNoNoiseAndIsNotMoved() {
    float[] values = drawn(3, COLOUR.values());
    ImageData images = ImageData.ofFloats("drawn", values, null, COLOUR, List.of());
    Views views =
        new Views(2, true, 5, new Normalisation(List.of(0.1, 0.2, 0.3), List.of(1.0, 2.0, 4.0)));
    float[] out = new float[values.length];
    views.plain(images, 0, out, 0);
    for (int i = 0; i < values.length; i++) {
      int c = i / 35;
      double expected = (values[i] - 0.1 * (c + 1)) / (1 << c);
      assertThat((double) out[i]).isCloseTo(expected, within(1e-6));
    }
  }

  @Test
  void digitsAreNotTurnedAndAllMovesAreAsLikely() {
    // One column of ones: where it is says how the image was moved.
    float[] pixels = new float[9 * 9];
    for (int y = 0; y < 9; y++) {
      pixels[y * 9 + 3] = 1;
    }
    ImageData images = ImageData.ofFloats("c", pixels, null, ImageSize.grey(9, 9), List.of());
    int[] straight = new int[9];
    int[] turned = new int[9];
    for (int pass = 0; pass < 3000; pass++) {
      count(view(new Views(1, false, 0, one()), images, 0, 1, pass, 0), straight);
      count(view(new Views(1, true, 0, one()), images, 0, 1, pass, 0), turned);
    }
    for (int x = 0; x < 9; x++) {
      int expected = x >= 2 && x <= 4 ? 1000 : 0;
      int half = x >= 2 && x <= 6 ? x == 4 ? 1000 : 500 : 0;
      assertThat(straight[x]).as("column %d", x).isCloseTo(expected, within(100));
      assertThat(turned[x]).as("column %d, turned", x).isCloseTo(half, within(100));
    }
  }

  private static Normalisation one() {
    return Normalisation.same(0, 1, 1);
  }

  private static void count(float[] image, int[] columns) {
    for (int x = 0; x < 9; x++) {
      columns[x] += image[x] > 0.5 ? 1 : 0;
    }
  }

  @Test
  void noiseIsNormal() {
    int side = 200;
    ImageData black =
        ImageData.ofFloats(
            "black", new float[side * side], null, ImageSize.grey(side, side), List.of());
    float[] noise = view(new Views(0, false, 0.5, one()), black, 0, 9, 0, 0);
    double sum = 0;
    double squares = 0;
    double fourth = 0;
    double beside = 0;
    for (int i = 0; i < noise.length; i++) {
      double z = noise[i] / 0.5;
      sum += z;
      squares += z * z;
      fourth += z * z * z * z;
      beside += i > 0 ? z * noise[i - 1] / 0.5 : 0;
    }
    int n = noise.length;
    // Five standard errors: 1, sqrt(2) and sqrt(96) over the root of n.
    assertThat(sum / n).isCloseTo(0, within(5 / 200.0));
    assertThat(squares / n).isCloseTo(1, within(5 * 1.42 / 200));
    assertThat(fourth / n).isCloseTo(3, within(5 * 9.8 / 200));
    assertThat(beside / n).isCloseTo(0, within(5 / 200.0));
  }

  @Test
  void movesBeyondTheImageAreRefused() {
    ImageData small = ImageData.ofFloats("s", new float[4], null, ImageSize.grey(2, 2), List.of());
    Views views = new Views(50, false, 0, one());
    assertThatThrownBy(() -> view(views, small, 0, 1, 1, 0))
        .hasMessageContaining("cannot be moved by");
    assertThatThrownBy(() -> new Views(-1, false, 0, one()))
        .hasMessageContaining("must be finite and at least 0, got -1");
  }
}
