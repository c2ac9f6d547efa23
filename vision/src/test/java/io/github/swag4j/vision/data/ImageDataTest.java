package io.github.swag4j.vision.data;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.security.MessageDigest;
import java.util.HexFormat;
import java.util.List;
import org.junit.jupiter.api.Test;

class ImageDataTest {
  private static final List<String> CLASSES = List.of("cat", "dog");

  private static ImageData three() {
    return ImageData.of(
        "pets", new byte[] {0, 1, 2, 3, 4, (byte) 255}, new int[] {1, 0, 1}, 1, 2, CLASSES);
  }

  @Test
  void arraysAreCopiedAtTheBorder() {
    byte[] pixels = {0, 1, 2, 3};
    int[] labels = {1, 0};
    ImageData set = ImageData.of("pets", pixels, labels, 1, 2, CLASSES);
    String hash = set.sha256();
    pixels[0] = 9;
    labels[0] = 0;
    set.pixels()[1] = 9;
    set.labels()[1] = 1;
    assertThat(set.sha256()).isEqualTo(hash);
  }

  @Test
  void hashIsThatOfSizesPixelsAndLabelsInOrder() throws Exception {
    byte[] content = {
      0,
      0,
      0,
      3,
      0,
      0,
      0,
      1,
      0,
      0,
      0,
      2,
      0,
      1,
      2,
      3,
      4,
      (byte) 255,
      0,
      0,
      0,
      1,
      0,
      0,
      0,
      0,
      0,
      0,
      0,
      1
    };
    byte[] expected = MessageDigest.getInstance("SHA-256").digest(content);
    assertThat(three().sha256()).isEqualTo(HexFormat.of().formatHex(expected));
  }

  @Test
  void aSliceIsTheSetOfItsImages() {
    ImageData slice = three().slice(1, 3);
    assertThat(slice.pixels()).containsExactly(2, 3, 4, (byte) 255);
    assertThat(slice.labels()).containsExactly(0, 1);
    assertThat(slice.label(1)).isEqualTo(1);
    assertThat(slice.sha256())
        .isEqualTo(
            ImageData.of("other", new byte[] {2, 3, 4, (byte) 255}, new int[] {0, 1}, 1, 2, CLASSES)
                .sha256());
  }

  @Test
  void slicesOfSlicesCountFromTheSlice() {
    ImageData last = three().slice(1, 3).slice(1, 2);
    float[] scaled = new float[2];
    last.copyScaled(0, scaled, 0);
    assertThat(last.labels()).containsExactly(1);
    assertThat(scaled).containsExactly(4 / 255f, 1f);
  }

  @Test
  void limitTakesTheFirstAndNeverMoreThanThereAre() {
    assertThat(three().limit(2).labels()).containsExactly(1, 0);
    assertThat(three().limit(0).size()).isZero();
    assertThat(three().limit(7).sha256()).isEqualTo(three().sha256());
    assertThatThrownBy(() -> three().limit(-1))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage("limit must be at least 0, got -1");
  }

  @Test
  void imagesOutsideTheSliceAreOutOfReach() {
    ImageData slice = three().slice(0, 1);
    assertThatThrownBy(() -> slice.label(1)).isInstanceOf(IndexOutOfBoundsException.class);
    assertThatThrownBy(() -> slice.copyScaled(1, new float[2], 0))
        .isInstanceOf(IndexOutOfBoundsException.class);
    assertThatThrownBy(() -> slice.copyScaled(0, new float[2], 1))
        .isInstanceOf(IndexOutOfBoundsException.class);
    assertThatThrownBy(() -> slice.slice(0, 2)).isInstanceOf(IndexOutOfBoundsException.class);
  }

  @Test
  void lengthsAndLabelsAreChecked() {
    assertThatThrownBy(() -> ImageData.of("pets", new byte[3], new int[] {0, 1}, 1, 2, CLASSES))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage("pixels.length must be labels.length * channels * height * width = 4, got 3");
    assertThatThrownBy(() -> ImageData.of("pets", new byte[4], new int[] {0, 2}, 1, 2, CLASSES))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage("labels[1] must be a class index below 2, got 2");
    assertThatThrownBy(() -> ImageData.of("pets", new byte[0], new int[0], 0, 2, CLASSES))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage("height and width must be at least 1, got 0 x 2");
  }

  /** Divided by a millionth, a level beside it would be 3,900. */
  @Test
  void aChannelThatIsConstantIsOnlyCentred() {
    byte[] levels = {0, 100, 7, 7, 50, 50, 7, 7};
    ImageData set = ImageData.ofLevels("pets", levels, null, new ImageSize(2, 1, 2), List.of());
    Normalisation scaling = Normalisation.of(set);
    assertThat(scaling.mean()).isEqualTo(List.of(50.0 / 255, 7.0 / 255));
    assertThat(scaling.standardDeviation().get(0)).isEqualTo(Math.sqrt(1250) / 255);
    assertThat(scaling.standardDeviation().get(1)).isEqualTo(1);
    float[] values = {3, 3};
    ImageData floats = ImageData.ofFloats("f", values, null, ImageSize.features(1), List.of());
    assertThat(Normalisation.of(floats)).isEqualTo(Normalisation.same(3, 1, 1));
  }

  @Test
  void itSaysWhatItIs() {
    assertThat(three()).hasToString("pets: 3 images of 1 x 2, 2 classes");
  }
}
