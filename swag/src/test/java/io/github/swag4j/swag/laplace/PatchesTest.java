package io.github.swag4j.swag.laplace;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.Random;
import net.jqwik.api.Assume;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import org.junit.jupiter.api.Test;

/** Unfolded images are what each weight of a kernel sees at each place. */
class PatchesTest {

  @Property(tries = 200)
  void everyPlaceHasThePixelThatTheDefinitionSays(
      @ForAll long seed,
      @ForAll @IntRange(min = 1, max = 4) int kernel,
      @ForAll @IntRange(min = 1, max = 3) int stride,
      @ForAll @IntRange(min = 0, max = 2) int padding,
      @ForAll @IntRange(min = 1, max = 2) int dilation) {
    int height = 6;
    int width = 5;
    Assume.that(width + 2 * padding >= dilation * (kernel - 1) + 1);
    Random random = new Random(seed);
    float[] images = new float[3 * 2 * height * width];
    for (int i = 0; i < images.length; i++) {
      images[i] = random.nextFloat();
    }
    Patches patches =
        new Patches(
            2,
            new long[] {height, width},
            new long[] {kernel, kernel},
            new long[] {stride, stride},
            new long[] {padding, padding},
            new long[] {dilation, dilation});
    int outH = (height + 2 * padding - dilation * (kernel - 1) - 1) / stride + 1;
    int outW = (width + 2 * padding - dilation * (kernel - 1) - 1) / stride + 1;
    assertThat(patches.places()).isEqualTo(outH * outW);
    assertThat(patches.columns()).isEqualTo(2 * kernel * kernel);
    float[] matrix = patches.unfold(images, 1, 2);
    for (int i = 0; i < matrix.length; i++) {
      int row = i / (2 * outH * outW);
      int n = 1 + i / (outH * outW) % 2;
      int y = i / outW % outH * stride - padding + row / kernel % kernel * dilation;
      int x = i % outW * stride - padding + row % kernel * dilation;
      int channel = row / (kernel * kernel);
      boolean inside = y >= 0 && y < height && x >= 0 && x < width;
      float expected = inside ? images[((n * 2 + channel) * height + y) * width + x] : 0;
      assertThat(matrix[i]).isEqualTo(expected);
    }
  }

  @Test
  void lineAndVolumeAreUnfoldedToo() {
    Patches line =
        new Patches(
            1, new long[] {4}, new long[] {2}, new long[] {1}, new long[] {0}, new long[] {1});
    assertThat(line.unfold(new float[] {1, 2, 3, 4}, 0, 1)).containsExactly(1, 2, 3, 2, 3, 4);
    long[] one = {1, 1, 1};
    Patches volume =
        new Patches(1, new long[] {2, 2, 2}, new long[] {2, 1, 2}, one, new long[3], one);
    assertThat(volume.unfold(new float[] {1, 2, 3, 4, 5, 6, 7, 8}, 0, 1))
        .containsExactly(1, 3, 2, 4, 5, 7, 6, 8);
  }

  @Test
  void aKernelLargerThanTheImageIsRefused() {
    long[] one = {1};
    assertThatThrownBy(() -> new Patches(1, new long[] {2}, new long[] {3}, one, new long[1], one))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("as large as the kernel, got [2] for [3]");
  }
}
