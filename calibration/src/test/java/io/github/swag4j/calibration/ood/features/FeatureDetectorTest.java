package io.github.swag4j.calibration.ood.features;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import com.google.gson.JsonObject;
import io.github.swag4j.base.DotProduct;
import io.github.swag4j.calibration.Predictions;
import io.github.swag4j.calibration.ood.DetectionCurve;
import io.github.swag4j.calibration.ood.OodFixture;
import io.github.swag4j.calibration.ood.OodGolden;
import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Random;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import java.util.zip.CRC32;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.MethodSource;

class FeatureDetectorTest {
  private static final JsonObject GOLDEN = OodGolden.part("features").getAsJsonObject();
  private static final JsonObject BOUNDARY =
      OodFixture.json("/ood/boundary.json").getAsJsonObject();
  private static final FeatureBatch TRAIN =
      FeatureBatch.of(OodGolden.matrix(GOLDEN, "train"))
          .withLabels(OodGolden.integers(GOLDEN, "labels"));
  private static final FeatureBatch TEST = FeatureBatch.of(OodGolden.matrix(GOLDEN, "test"));
  private static final LinearHead HEAD =
      LinearHead.of(OodGolden.matrix(GOLDEN, "weight"), OodGolden.numbers(GOLDEN, "bias"));

  @TempDir Path folder;

  /** The head that predicts the class with the nearest mean, so that most rows are right. */
  private static LinearHead nearestMean() {
    int[] labels = OodGolden.integers(GOLDEN, "labels");
    int classes = Arrays.stream(labels).max().orElseThrow() + 1;
    double[][] weight = new double[classes][];
    double[] bias = new double[classes];
    for (int k = 0; k < classes; k++) {
      int c = k;
      weight[k] =
          Whitening.mean(
              IntStream.range(0, labels.length)
                  .filter(r -> labels[r] == c)
                  .mapToObj(TRAIN::features)
                  .toArray(double[][]::new));
      bias[k] = -DotProduct.of(weight[k], weight[k]) / 2;
    }
    return LinearHead.of(weight, bias);
  }

  static Stream<FeatureDetector> detectors() {
    return Stream.of(
        Mahalanobis.fit(TRAIN),
        Mahalanobis.fitRelative(TRAIN),
        NearestNeighbours.fit(TRAIN, 4),
        VirtualLogitMatching.fit(TRAIN, HEAD, 3),
        ReAct.fit(TRAIN, HEAD, 85),
        ActivationShaping.of(HEAD, ActivationShaping.Rule.ASH_P, 65),
        ActivationShaping.of(HEAD, ActivationShaping.Rule.ASH_B, 65),
        ActivationShaping.of(HEAD, ActivationShaping.Rule.ASH_S, 65),
        ActivationShaping.of(HEAD, ActivationShaping.Rule.SCALE, 65),
        DecisionBoundaryDistance.fit(TRAIN, HEAD),
        DirectedSparsification.fit(TRAIN, HEAD, 70),
        HopfieldEnergy.fit(TRAIN, nearestMean()));
  }

  @ParameterizedTest
  @MethodSource("detectors")
  void pythonComputesTheSameScores(FeatureDetector detector) {
    JsonObject golden = GOLDEN.has(detector.name()) ? GOLDEN : BOUNDARY;
    OodGolden.check(golden, detector.name(), detector.score(TEST), 1e-9);
  }

  @ParameterizedTest
  @MethodSource("detectors")
  void loadedDetectorsGiveTheSameBits(FeatureDetector detector) throws IOException {
    Path file = folder.resolve("detector.bin");
    DetectorFiles.write(file, detector);
    FeatureDetector loaded = (FeatureDetector) DetectorFiles.read(file);
    assertThat(loaded.name()).isEqualTo(detector.name());
    assertThat(loaded.score(TEST)).isEqualTo(detector.score(TEST));
    Path again = folder.resolve("again.bin");
    DetectorFiles.write(again, loaded);
    assertThat(again).hasSameBinaryContentAs(file);
    try (Stream<Path> files = Files.list(folder)) {
      assertThat(files).containsExactlyInAnyOrder(file, again);
    }
  }

  @Test
  void loadedKlMatchingGivesTheSameBits() throws IOException {
    Predictions rows = OodFixture.in();
    KlMatching fitted = KlMatching.fit(rows);
    Path file = folder.resolve("kl.bin");
    DetectorFiles.write(file, fitted);
    assertThat(((KlMatching) DetectorFiles.read(file)).score(rows)).isEqualTo(fitted.score(rows));
  }

  @Test
  void parametersThatWereFittedAreTheOracles() {
    assertThat(ReAct.fit(TRAIN, HEAD, 85).threshold())
        .isCloseTo(GOLDEN.get("react_threshold").getAsDouble(), within(1e-15));
    assertThat(VirtualLogitMatching.fit(TRAIN, HEAD, 3).alpha())
        .isCloseTo(GOLDEN.get("vim_alpha").getAsDouble(), within(1e-12));
  }

  @Test
  void damagedFilesAreRefusedWhereverTheyAreDamaged() throws IOException {
    Path file = folder.resolve("detector.bin");
    DetectorFiles.write(file, ReAct.fit(TRAIN, HEAD, 85));
    byte[] good = Files.readAllBytes(file);
    Random random = new Random(8);
    for (int i = 0; i < 300; i++) {
      byte[] bad = good.clone();
      bad[random.nextInt(bad.length)] ^= (byte) (1 << random.nextInt(8));
      if (i % 3 == 0) {
        bad = Arrays.copyOf(good, random.nextInt(good.length));
      }
      Files.write(file, bad);
      assertThatThrownBy(() -> DetectorFiles.read(file))
          .isInstanceOf(DetectorFormatException.class)
          .hasMessageContaining("detector.bin");
    }
  }

  @Test
  void wellSummedNonsenseIsRefusedWithItsPlace() throws IOException {
    Path file = folder.resolve("nonsense.bin");
    Random random = new Random(9);
    DetectorFiles.write(file, Mahalanobis.fit(TRAIN));
    byte[] good = Files.readAllBytes(file);
    int refused = 0;
    for (int i = 0; i < 500; i++) {
      byte[] bad = good.clone();
      for (int j = 0; j < 3; j++) { // lengths and shapes are within the first bytes
        bad[8 + random.nextInt(60)] = (byte) random.nextInt(256);
      }
      CRC32 checksum = new CRC32();
      checksum.update(bad, 0, bad.length - 8);
      ByteBuffer.wrap(bad).putLong(bad.length - 8, checksum.getValue());
      Files.write(file, bad);
      try {
        DetectorFiles.read(file);
      } catch (DetectorFormatException e) {
        refused++;
        assertThat(e).hasMessageContaining("at byte");
      }
    }
    assertThat(refused).isGreaterThan(250); // the rest only changed numbers
  }

  @Test
  void numbersThatAreNoneAreRefusedHoweverWellSummed() throws IOException {
    Path file = folder.resolve("nan.bin");
    DetectorFiles.write(file, Mahalanobis.fitRelative(TRAIN));
    byte[] bytes = Files.readAllBytes(file);
    ByteBuffer.wrap(bytes).putDouble(bytes.length - 16, Double.NaN);
    CRC32 checksum = new CRC32();
    checksum.update(bytes, 0, bytes.length - 8);
    ByteBuffer.wrap(bytes).putLong(bytes.length - 8, checksum.getValue());
    Files.write(file, bytes);
    assertThatThrownBy(() -> DetectorFiles.read(file))
        .isInstanceOf(DetectorFormatException.class)
        .hasMessageContaining("] must be finite, got NaN");
  }

  @Test
  void otherFilesAreRefused() throws IOException {
    Path file = Files.writeString(folder.resolve("notes.txt"), "hello there, no detector");
    assertThatThrownBy(() -> DetectorFiles.read(file))
        .isInstanceOf(DetectorFormatException.class)
        .hasMessageContaining("must start with SWAGOOD1");
  }

  @Test
  void scoresGrowAwayFromTheTrainingRows() {
    double[][] line = new double[3][TRAIN.dimensions()];
    for (int i = 0; i < 3; i++) {
      for (int d = 0; d < line[i].length; d++) {
        line[i][d] = TRAIN.features(0)[d] + i * 5 * (d % 2);
      }
    }
    double[] scores = Mahalanobis.fit(TRAIN).score(FeatureBatch.of(line));
    assertThat(scores[1]).isGreaterThan(scores[0]);
    assertThat(scores[2]).isGreaterThan(scores[1]);
  }

  static Stream<FeatureDetector> detectorsOfDistance() {
    return Stream.of(
        Mahalanobis.fit(TRAIN),
        Mahalanobis.fitRelative(TRAIN),
        NearestNeighbours.fit(TRAIN, 4),
        VirtualLogitMatching.fit(TRAIN, HEAD, 3),
        DecisionBoundaryDistance.fit(TRAIN, HEAD));
  }

  /** Higher is further out, for every detector: rows at the opposite of their class's mean. */
  @ParameterizedTest
  @MethodSource("detectorsOfDistance")
  void rowsFarFromEveryTrainingRowScoreHigher(FeatureDetector detector) {
    double[][] far = new double[TRAIN.rows()][TRAIN.dimensions()];
    for (int r = 0; r < far.length; r++) {
      for (int d = 0; d < far[r].length; d++) {
        far[r][d] = -3 * TRAIN.features(r)[d] + (d % 2 == 0 ? 4 : -4);
      }
    }
    double auroc =
        DetectionCurve.of(detector.score(TRAIN), detector.score(FeatureBatch.of(far))).auroc();
    assertThat(auroc).as(detector.name()).isGreaterThan(0.5);
  }

  @Test
  void nearestNeighbourOfATrainingRowIsItself() {
    assertThat(NearestNeighbours.fit(TRAIN, 1).score(TRAIN)).containsOnly(0);
  }

  @Test
  void whatIsMissingOrOutOfRangeIsNamed() {
    FeatureBatch bare = FeatureBatch.of(new double[][] {{1, 2}});
    assertThatThrownBy(() -> Mahalanobis.fit(bare))
        .hasMessageContaining("labels, got none: add them with withLabels");
    assertThatThrownBy(() -> Mahalanobis.fit(bare.withLabels(new int[] {0})))
        .hasMessageContaining("features that vary within classes");
    assertThatThrownBy(() -> Mahalanobis.fit(TRAIN).score(bare))
        .hasMessageContaining("fitted on 8 features a row, got 2");
    assertThatThrownBy(() -> NearestNeighbours.fit(bare, 2))
        .hasMessageContaining("neighbours must be between 1 and the 1 rows, got 2");
    assertThatThrownBy(() -> VirtualLogitMatching.fit(TRAIN, HEAD, 8))
        .hasMessageContaining("principal dimension must be at least 0 and below the 8 features");
    assertThatThrownBy(() -> ReAct.fit(TRAIN, HEAD, 101)).hasMessageContaining("percentile must");
    assertThatThrownBy(
            () ->
                ActivationShaping.of(
                        LinearHead.of(new double[][] {{1, 1}}, new double[] {0}),
                        ActivationShaping.Rule.ASH_S,
                        50)
                    .score(FeatureBatch.of(new double[][] {{1, -2}})))
        .hasMessageContaining("features[0][1] must be at least 0")
        .hasMessageContaining("after the ReLU");
    assertThatThrownBy(() -> FeatureBatch.of(new double[][] {{1, Double.NaN}}))
        .hasMessage("features[0][1] must be finite, got NaN");
    assertThatThrownBy(() -> FeatureBatch.of(new double[][] {{1, 2}, {3}}))
        .hasMessageContaining("features[1] must have 2 values as row 0, got 1");
    assertThatThrownBy(() -> LinearHead.of(new double[][] {{1}}, new double[] {1, 2}))
        .hasMessageContaining("bias must have 1 values");
  }

  @Test
  void sparsificationKeepsTheLargestContributionsAndPatternsNeedARightRowOfEveryClass() {
    FeatureBatch train =
        FeatureBatch.of(new double[][] {{1, 2}, {3, 2}}).withLabels(new int[] {0, 0});
    LinearHead head = LinearHead.of(new double[][] {{1, 2}, {3, -1}}, new double[] {0, 0});
    // Contributions 2, 4, 6, -2: above their median, 3, are two.
    DirectedSparsification dice = DirectedSparsification.fit(train, head, 50);
    assertThat(dice.weightsKept()).isEqualTo(2);
    assertThat(dice.score(FeatureBatch.of(new double[][] {{1, 1}})))
        .containsExactly(new double[] {-Math.log(Math.exp(2) + Math.exp(3))}, within(1e-15));
    assertThatThrownBy(() -> DirectedSparsification.fit(train, head, 100))
        .hasMessage("percentile must be at least 0 and below 100, got 100.0");
    assertThatThrownBy(() -> HopfieldEnergy.fit(train, head))
        .hasMessage(
            "she needs a training row of every class that is predicted right, got none of class 1");
  }

  @Test
  void rulesOfActivationShapingAreNamedAsTheirDetectorsAndKeepTheirPlaceInFiles() {
    LinearHead head = LinearHead.of(new double[][] {{1, 1}}, new double[] {0});
    assertThat(ActivationShaping.Rule.values())
        .extracting(rule -> ActivationShaping.of(head, rule, 50).name())
        .containsExactly("ash_p", "ash_b", "ash_s", "scale");
    assertThat(ActivationShaping.Rule.values())
        .extracting(rule -> ActivationShaping.of(head, rule, 50).state().get("rule")[0][0])
        .containsExactly(0.0, 1.0, 2.0, 3.0);
    FeatureBatch row = FeatureBatch.of(new double[][] {{1, 3}});
    double factor = Math.exp(4.0 / 3);
    assertThat(ActivationShaping.of(head, ActivationShaping.Rule.ASH_S, 50).score(row)[0])
        .as("3 alone is kept")
        .isCloseTo(-3 * factor, within(1e-14));
    assertThat(ActivationShaping.of(head, ActivationShaping.Rule.SCALE, 50).score(row)[0])
        .as("1 is scaled too")
        .isCloseTo(-4 * factor, within(1e-14));
  }

  @ParameterizedTest
  @EnumSource(
      value = ActivationShaping.Rule.class,
      names = {"ASH_S", "SCALE"})
  void scalingThatOverflowsIsRefusedAndNotScoredNaN(ActivationShaping.Rule rule) {
    double[][] even = new double[5][2000];
    for (int i = 0; i < 2000; i++) {
      even[3][i] = 1 + 1e-9 * i;
      even[1][i] = i < 2 ? 1 : 0;
    }
    LinearHead head = LinearHead.of(new double[][] {even[3], even[1]}, new double[] {0, 0});
    ActivationShaping detector = ActivationShaping.of(head, rule, 99.9);
    assertThatThrownBy(() -> detector.score(FeatureBatch.of(even)))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage(
            "score of features[3] must be finite, got NaN: exp(sum of all / sum of kept) or the"
                + " logits after it are beyond the range of doubles, lower the percentile, 99.9, or"
                + " scale the features down");
    even[3][0] = 1e4;
    assertThat(detector.score(FeatureBatch.of(even))).doesNotContain(Double.NaN);
  }

  @Test
  void energiesBeyondTheRangeOfDoublesAreRefusedForEveryRule() {
    LinearHead head = LinearHead.of(new double[][] {{1e200, 1}}, new double[] {0});
    assertThatThrownBy(
            () ->
                ActivationShaping.of(head, ActivationShaping.Rule.ASH_P, 50)
                    .score(FeatureBatch.of(new double[][] {{1e200, 1}})))
        .hasMessage(
            "score of features[0] must be finite, got NaN: the logits are beyond the range of"
                + " doubles, scale the features down");
  }

  @Test
  void patternsOfClassesThatTheHeadDoesNotHaveAreRefused() {
    FeatureBatch train =
        FeatureBatch.of(new double[][] {{1, 0}, {0, 1}, {5, 5}}).withLabels(new int[] {0, 1, 7});
    LinearHead head = LinearHead.of(new double[][] {{1, 0}, {0, 1}}, new double[] {0, 0});
    assertThatThrownBy(() -> HopfieldEnergy.fit(train, head))
        .hasMessage("labels[2] must be a class of the head, below 2, got 7");
  }

  @Test
  void rowsAtTheMeanOrOnEveryBoundaryAndClassesAlikeHaveADefinedDistance() {
    FeatureBatch train = FeatureBatch.of(new double[][] {{0, 0}, {2, 2}});
    LinearHead head =
        LinearHead.of(new double[][] {{1, 0}, {0, 1}, {1, 0}}, new double[] {0, 0, 0});
    DecisionBoundaryDistance detector = DecisionBoundaryDistance.fit(train, head);
    double[] scores = detector.score(FeatureBatch.of(new double[][] {{1, 1}, {5, 5}, {4, 1}}));
    assertThat(scores[0]).as("all logits equal, at the mean").isZero();
    assertThat(scores[1]).as("all logits equal").isZero();
    // Classes 0 and 2 have the same weights: only class 1 counts, of two others.
    assertThat(scores[2]).isCloseTo(-(3 / Math.sqrt(2)) / 2 / 3, within(1e-15));
    LinearHead biased = LinearHead.of(new double[][] {{1, 0}, {0, 1}}, new double[] {1, 0});
    assertThat(
            DecisionBoundaryDistance.fit(train, biased)
                .score(FeatureBatch.of(new double[][] {{1, 1}})))
        .containsExactly(Double.NEGATIVE_INFINITY);
    assertThatThrownBy(
            () ->
                DecisionBoundaryDistance.fit(
                    train, LinearHead.of(new double[][] {{1, 0}}, new double[] {0})))
        .hasMessage("decision boundaries need a head of at least 2 classes, got 1");
  }

  @Test
  void headsThatDoNotFitAreRefusedInTheirOwnWords() {
    assertThatThrownBy(() -> LinearHead.of(new double[][] {{1, Double.NaN}}, new double[] {0}))
        .hasMessage("weight[0][1] must be finite, got NaN");
    assertThatThrownBy(() -> LinearHead.of(new double[][] {{1, 2}, {3}}, new double[] {0, 0}))
        .hasMessage("weight[1] must have 2 values as row 0, got 1");
    assertThatThrownBy(
            () ->
                LinearHead.of(
                    new double[][] {{1}, {2}}, new double[] {0, Double.NEGATIVE_INFINITY}))
        .hasMessage("bias[1] must be finite, got -Infinity");
  }

  @Test
  void filesThatEndWithinANumberSayWhatIsMissing() throws IOException {
    ByteBuffer bytes = ByteBuffer.allocate(8 + 2 + 8); // half a length
    bytes.put("SWAGOOD1".getBytes(StandardCharsets.US_ASCII));
    CRC32 checksum = new CRC32();
    checksum.update(bytes.array(), 0, 10);
    bytes.putLong(10, checksum.getValue());
    Path file = Files.write(folder.resolve("short.ood"), bytes.array());
    assertThatThrownBy(() -> DetectorFiles.read(file))
        .isInstanceOf(DetectorFormatException.class)
        .hasMessage(
            file + " is not a detector, at byte 8: a number needs more bytes than the file holds");
  }

  @Test
  void ashBOfRowsWithFewActiveUnitsSeesWhichTheyAre() {
    LinearHead head =
        LinearHead.of(new double[][] {{4, 0, 0, 0, 0, 0}, {0, 1, 0, 0, 0, 0}}, new double[2]);
    FeatureDetector ash = ActivationShaping.of(head, ActivationShaping.Rule.ASH_B, 50); // keeps 3
    double[] scores =
        ash.score(
            FeatureBatch.of(
                new double[][] {
                  {3, 0, 0, 0, 0, 0}, {0, 3, 0, 0, 0, 0}, {2, 1, 0, 0, 0, 0}, {0, 0, 0, 0, 0, 0}
                }));
    // The active units share the sum: logits (12, 0), (0, 3), (6, 1.5) and, of none, (0, 0).
    assertThat(scores[0]).isCloseTo(-Math.log(Math.exp(12) + 1), within(1e-12));
    assertThat(scores[1]).isCloseTo(-Math.log(1 + Math.exp(3)), within(1e-12));
    assertThat(scores[2]).isCloseTo(-Math.log(Math.exp(6) + Math.exp(1.5)), within(1e-12));
    assertThat(scores[3]).isCloseTo(-Math.log(2), within(1e-12));
  }

  @Test
  void filesLargerThanADetectorCanBeAreRefusedBeforeTheyAreRead() throws IOException {
    Path file = folder.resolve("large.ood");
    try (RandomAccessFile large = new RandomAccessFile(file.toFile(), "rw")) {
      large.write("SWAGOOD1".getBytes(StandardCharsets.US_ASCII));
      large.setLength(3L << 30); // takes no space
    }
    assertThatThrownBy(() -> DetectorFiles.read(file))
        .isInstanceOf(DetectorFormatException.class)
        .hasMessage(file + ": a detector file must have at most 2147483639 bytes, got 3221225472");
  }
}
