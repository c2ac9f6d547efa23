package io.github.swag4j.cli.data;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.github.swag4j.vision.data.ImageData;
import io.github.swag4j.vision.data.Split;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class EmbeddedImagesTest {
  private final Datasets datasets = Datasets.ofThisMachine();

  @Test
  void trainingSliceHasFiveHundredImagesOfEachClass() throws IOException {
    ImageData train = datasets.load("quickstart", Split.TRAIN);
    assertThat(train).hasToString("quickstart: 5,000 images of 28 x 28, 10 classes");
    assertThat(perClass(train)).containsOnly(500L).hasSize(10);
    assertThat(train.classNames()).startsWith("T-shirt/top").endsWith("Ankle boot");
    assertThat(train.sha256())
        .isEqualTo("77b471e82c8085d6fffa8ee707be71a06e5bdf8bb1469626ca187c1378d67ed1");
  }

  @Test
  void testSliceHasTwoHundredImagesOfEachClass() throws IOException {
    ImageData test = datasets.load("quickstart", Split.TEST);
    assertThat(test).hasToString("quickstart: 2,000 images of 28 x 28, 10 classes");
    assertThat(perClass(test)).containsOnly(200L).hasSize(10);
    assertThat(test.sha256())
        .isEqualTo("7ec191afb543ebb8283237158fb498568ad38a54ed104e100ca75cd3e30dd880");
  }

  @Test
  void outOfDistributionSliceHasAHundredDigitsOfEachClass() throws IOException {
    ImageData digits = datasets.load("quickstart-ood", Split.TEST);
    assertThat(digits).hasToString("quickstart-ood: 1,000 images of 28 x 28, 10 classes");
    assertThat(perClass(digits)).containsOnly(100L).hasSize(10);
    assertThat(digits.sha256())
        .isEqualTo("392df1f476f39736bf66e6bc64cc32259cc48638853477d6a7c5091a70c4c175");
  }

  @Test
  void everyPrefixOfAMultipleOfTenImagesIsClassBalanced() throws IOException {
    ImageData train = datasets.load("quickstart", Split.TRAIN);
    for (int n = 10; n <= train.size(); n += 10) {
      int[] tens = train.slice(n - 10, n).labels();
      Arrays.sort(tens);
      assertThat(tens).containsExactly(IntStream.range(0, 10).toArray());
    }
  }

  @Test
  void noTestImageIsAmongTheTrainingImages() throws IOException {
    Set<String> train = hashes(datasets.load("quickstart", Split.TRAIN));
    assertThat(train).hasSizeGreaterThan(4990);
    assertThat(hashes(datasets.load("quickstart", Split.TEST))).doesNotContainAnyElementsOf(train);
  }

  @Test
  void imagesAreImagesNotNoise() throws IOException {
    ImageData train = datasets.load("quickstart", Split.TRAIN);
    float[] pixels = new float[28 * 28];
    double sum = 0;
    for (int i = 0; i < train.size(); i++) {
      train.copyScaled(i, pixels, 0);
      for (float pixel : pixels) {
        sum += pixel;
      }
    }
    // 0.2860 over all 60,000 training images, as its users state.
    assertThat(sum / (train.size() * 784.0))
        .isCloseTo(0.2860, org.assertj.core.data.Offset.offset(0.005));
  }

  @Test
  void digitsHaveNoTrainingSplit() {
    assertThatThrownBy(() -> datasets.load("quickstart-ood", Split.TRAIN))
        .isInstanceOf(IOException.class)
        .hasMessage(
            "data set quickstart-ood must be read as test images, it has no training images: train"
                + " on quickstart");
  }

  @Test
  void embeddedFilesAreAtMostFourMegabytesWithTheirLicencesBesideThem() throws IOException {
    long bytes = 0;
    for (String file :
        List.of(
            "fashion-mnist-slice/train-images-idx3-ubyte.gz",
            "fashion-mnist-slice/train-labels-idx1-ubyte.gz",
            "fashion-mnist-slice/t10k-images-idx3-ubyte.gz",
            "fashion-mnist-slice/t10k-labels-idx1-ubyte.gz",
            "mnist-slice/t10k-images-idx3-ubyte.gz",
            "mnist-slice/t10k-labels-idx1-ubyte.gz")) {
      bytes += resource(file).length;
    }
    assertThat(bytes).isBetween(3_000_000L, 4_000_000L);
    assertThat(new String(resource("fashion-mnist-slice/LICENSE"), StandardCharsets.UTF_8))
        .contains("Copyright (c) 2017 Zalando SE");
    assertThat(new String(resource("ATTRIBUTION.md"), StandardCharsets.UTF_8))
        .contains("LeCun", "Cortes", "Burges", "Attribution-ShareAlike 3.0");
  }

  private static byte[] resource(String name) throws IOException {
    try (InputStream in = EmbeddedImages.class.getResourceAsStream(name)) {
      return in.readAllBytes();
    }
  }

  private static Set<String> hashes(ImageData set) {
    byte[] pixels = set.pixels();
    Set<String> hashes = new HashSet<>();
    for (int i = 0; i < set.size(); i++) {
      hashes.add(
          new String(
              Arrays.copyOfRange(pixels, i * 784, (i + 1) * 784), StandardCharsets.ISO_8859_1));
    }
    return hashes;
  }

  private static List<Long> perClass(ImageData set) {
    long[] counts = new long[set.classes()];
    for (int label : set.labels()) {
      counts[label]++;
    }
    return Arrays.stream(counts).boxed().toList();
  }
}
