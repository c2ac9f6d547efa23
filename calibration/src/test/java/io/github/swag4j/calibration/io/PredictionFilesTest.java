package io.github.swag4j.calibration.io;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.github.swag4j.calibration.Predictions;
import io.github.swag4j.calibration.PredictionsBuilder;
import io.github.swag4j.calibration.io.format.PredictionFileException;
import io.github.swag4j.calibration.io.format.ReadOptions;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class PredictionFilesTest {
  @TempDir Path folder;

  /** Random predictions with everything a file of the extension can hold. */
  static Predictions everything(String extension) {
    SplittableRandom random = new SplittableRandom(5);
    int rows = 37;
    double[][] p = new double[rows][3];
    int[] labels = new int[rows];
    double[] entropy = new double[rows];
    double[] weights = new double[rows];
    String[] groups = new String[rows];
    String[] ids = new String[rows];
    for (int r = 0; r < rows; r++) {
      double a = random.nextDouble();
      double b = random.nextDouble() * (1 - a);
      p[r] = new double[] {a, b, 1 - a - b};
      labels[r] = random.nextInt(3);
      entropy[r] = random.nextDouble();
      weights[r] = random.nextDouble();
      groups[r] = r % 2 == 0 ? "a, \"quoted\"\nline" : "\u00e9\u4e2d\ud83d\ude00";
      ids[r] = r == 3 ? "" : "id-" + r;
    }
    PredictionsBuilder builder =
        Predictions.builder()
            .probabilities(p)
            .labels(labels)
            .expectedEntropy(entropy)
            .weights(weights)
            .groups(groups)
            .ids(ids)
            .classNames(List.of("cat", "dog, \"big\"", "\u00e9"));
    if (extension.equals("npz")) {
      builder.samples(new double[][][] {p, p});
    }
    return builder.build();
  }

  static void same(Predictions got, Predictions expected) {
    assertThat(got.rows()).isEqualTo(expected.rows());
    assertThat(got.classes()).isEqualTo(expected.classes());
    assertThat(got.isBinary()).isEqualTo(expected.isBinary());
    assertThat(got.hasLabels()).isEqualTo(expected.hasLabels());
    assertThat(got.hasLogits()).isEqualTo(expected.hasLogits());
    assertThat(got.hasExpectedEntropy()).isEqualTo(expected.hasExpectedEntropy());
    assertThat(got.hasWeights()).isEqualTo(expected.hasWeights());
    assertThat(got.hasGroups()).isEqualTo(expected.hasGroups());
    assertThat(got.hasIds()).isEqualTo(expected.hasIds());
    assertThat(got.classNames()).isEqualTo(expected.classNames());
    assertThat(got.samples()).isEqualTo(expected.samples());
    for (int r = 0; r < got.rows(); r++) {
      assertThat(got.probabilities(r)).as("row " + r).isEqualTo(expected.probabilities(r));
      assertThat(got.weight(r)).isEqualTo(expected.weight(r));
      if (got.hasLabels()) {
        assertThat(got.label(r)).isEqualTo(expected.label(r));
      }
      if (got.hasExpectedEntropy()) {
        assertThat(got.expectedEntropy(r)).isEqualTo(expected.expectedEntropy(r));
      }
      if (got.hasGroups()) {
        assertThat(got.group(r)).isEqualTo(expected.group(r));
      }
      if (got.hasIds()) {
        assertThat(got.id(r)).isEqualTo(expected.id(r));
      }
      for (int k = 0; k < got.classes(); k++) {
        if (got.hasLogits()) {
          assertThat(got.logit(r, k)).isEqualTo(expected.logit(r, k));
        }
        for (int s = 0; s < got.samples(); s++) {
          assertThat(got.sampleProbability(s, r, k)).isEqualTo(expected.sampleProbability(s, r, k));
        }
      }
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"csv", "npz"})
  void whatIsWrittenIsReadBackBitForBit(String extension) throws IOException {
    Predictions expected = everything(extension);
    Path file = folder.resolve("p." + extension);
    PredictionFiles.write(file, expected);
    same(PredictionFiles.read(file), expected);
  }

  @ParameterizedTest
  @ValueSource(strings = {"csv", "npz"})
  void float32ProbabilitiesAreReadBackBitForBit(String extension) throws IOException {
    Predictions expected =
        Predictions.of(new float[][] {{0.1f, 0.2f, 0.7f}, {1, 0, 0}}, new int[] {2, 1});
    Path file = folder.resolve("p." + extension);
    PredictionFiles.write(file, expected);
    same(PredictionFiles.read(file), expected);
  }

  @ParameterizedTest
  @ValueSource(strings = {"csv", "npz"})
  void oneColumnStaysOneColumn(String extension) throws IOException {
    Predictions expected = Predictions.binary(new double[] {0.25, 0.9, 1}, new int[] {0, 1, 1});
    Path file = folder.resolve("p." + extension);
    PredictionFiles.write(file, expected);
    same(PredictionFiles.read(file), expected);
  }

  @Test
  void aPairOfNpyFilesIsReadBackBitForBit() throws IOException {
    Path values = folder.resolve("deep/probs.npy");
    Path labels = folder.resolve("deep/labels.npy");
    for (Predictions expected :
        List.of(
            Predictions.of(new float[][] {{0.1f, 0.2f, 0.7f}, {1, 0, 0}}, new int[] {2, 1}),
            Predictions.of(new double[][] {{0.1, 0.2, 0.7}, {1, 0, 0}}, new int[] {2, 1}),
            Predictions.binary(new double[] {0.25, 0.9, 1}, new int[] {0, 1, 1}))) {
      PredictionFiles.write(values, labels, expected);
      Predictions read = PredictionFiles.read(values, labels, ReadOptions.defaults());
      same(read, expected);
      assertThat(read.isSinglePrecision()).isEqualTo(expected.isSinglePrecision());
    }
    try (var files = Files.list(folder.resolve("deep"))) {
      assertThat(files).containsExactlyInAnyOrder(values, labels);
    }
    Predictions unlabelled =
        Predictions.builder().probabilities(new double[][] {{0.5, 0.5}}).build();
    PredictionFiles.write(values, unlabelled);
    same(PredictionFiles.read(values), unlabelled);
  }

  @Test
  void whatAnNpyFileHasNoPlaceForIsRefused() {
    Path values = folder.resolve("probs.npy");
    Path labels = folder.resolve("labels.npy");
    double[][] p = {{0.5, 0.5}};
    Predictions labelled = Predictions.of(p, new int[1]);
    assertThatThrownBy(() -> PredictionFiles.write(values, labelled))
        .isInstanceOf(PredictionFileException.class)
        .hasMessageContaining("no place for labels: name a second file for them");
    Predictions bare = Predictions.builder().probabilities(p).build();
    assertThatThrownBy(() -> PredictionFiles.write(values, labels, bare))
        .hasMessageContaining("there must be labels to write a pair");
    assertThatThrownBy(() -> PredictionFiles.write(values, folder.resolve("labels.npz"), labelled))
        .hasMessageContaining("labels.npz: must be a .npy file, one of a pair");
    assertThatThrownBy(() -> PredictionFiles.write(values, labels, logits()))
        .hasMessageContaining("no place for logits: write an .npz file");
    Predictions weighted =
        Predictions.builder().probabilities(p).labels(new int[1]).weights(new double[] {2}).build();
    assertThatThrownBy(() -> PredictionFiles.write(values, labels, weighted))
        .hasMessageContaining("no place for weights: write an .npz file");
    assertThat(values).doesNotExist();
    assertThat(labels).doesNotExist();
  }

  @Test
  void aPairIsNotWrittenIntoOneFile() {
    Path file = folder.resolve("both.npy");
    Predictions p = Predictions.of(new double[][] {{0.25, 0.75}}, new int[] {1});
    assertThatThrownBy(
            () -> PredictionFiles.write(file, folder.resolve("x").resolve("../both.npy"), p))
        .isInstanceOf(PredictionFileException.class)
        .hasMessageContaining("must be two files, got one for both");
    assertThat(file).doesNotExist();
  }

  private static Predictions logits() {
    return Predictions.builder()
        .logits(new double[][] {{1.5, -2, 0.25}, {700, -700, 3}, {-1e-3, 1e9, 12}})
        .labels(new int[] {0, 2, 1})
        .classNames(List.of("cat", "dog, \"big\"", "x"))
        .build();
  }

  @ParameterizedTest
  @ValueSource(strings = {"csv", "npz"})
  void logitsAreReadBackAsLogits(String extension) throws IOException {
    Path file = folder.resolve("p." + extension);
    PredictionFiles.write(file, logits());
    same(PredictionFiles.read(file), logits());
    Predictions unnamed = Predictions.ofLogits(new double[][] {{3, -2}}, new int[] {0});
    PredictionFiles.write(file, unnamed);
    same(PredictionFiles.read(file), unnamed);
  }

  @ParameterizedTest
  @ValueSource(strings = {"csv", "npz"})
  void smallLogitsThatLookLikeProbabilitiesKeepTheirMeaning(String extension) throws IOException {
    Predictions expected =
        Predictions.ofLogits(new double[][] {{0.75, 0.25}, {0, 1}}, new int[] {0, 1});
    Path file = folder.resolve("p." + extension);
    PredictionFiles.write(file, expected);
    Predictions read = PredictionFiles.read(file);
    same(read, expected);
    assertThat(read.probability(1, 1)).isEqualTo(1 / (1 + Math.exp(-1)));
  }

  @Test
  void classColumnsHoldProbabilitiesAndLogitsHaveColumnsOfTheirOwn() throws IOException {
    Path csv = folder.resolve("p.csv");
    PredictionFiles.write(
        csv, Predictions.ofLogits(new double[][] {{2, 2}, {0, 0}}, new int[] {0, 1}));
    assertThat(csv).hasContent("0,1,logit_0,logit_1,label\n0.5,0.5,2.0,2.0,0\n0.5,0.5,0.0,0.0,1\n");
  }

  @Test
  void logitsAreNeverTakenForProbabilities() throws IOException {
    Path csv = folder.resolve("p.csv");
    Files.writeString(csv, "a,b,label\n3,-2,0\n");
    assertThatThrownBy(() -> PredictionFiles.read(csv))
        .isInstanceOf(PredictionFileException.class)
        .hasMessageContaining("must be in [0, 1], got 3.0");
  }

  @Test
  void samePredictionsGiveTheSameBytes() throws IOException {
    Path one = folder.resolve("1.npz");
    Path two = folder.resolve("2.npz");
    PredictionFiles.write(one, everything("npz"));
    PredictionFiles.write(two, everything("npz"));
    assertThat(Files.readAllBytes(one)).isEqualTo(Files.readAllBytes(two));
  }

  @Test
  void nothingIsLeftBesideTheFileWritten() throws IOException {
    PredictionFiles.write(folder.resolve("p.csv"), everything("csv"));
    try (var files = Files.list(folder)) {
      assertThat(files).containsExactly(folder.resolve("p.csv"));
    }
  }
}
