package io.github.swag4j.calibration.recalibration;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.github.swag4j.calibration.Predictions;
import java.io.File;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** What holds for every method: fingerprints, kept columns, JSON, cross-fitting. */
class RecalibratorContractTest {

  static Iterable<String> methods() {
    return Recalibrators.methods();
  }

  @ParameterizedTest
  @MethodSource("methods")
  void judgingOnTheFittingRowsIsRefusedInAnyOrderAndPrecision(String method) {
    Predictions fit = Fixture.probabilities(Fixture.fit());
    Recalibrator fitted = Recalibrators.fit(method, fit);
    assertThatThrownBy(() -> fitted.apply(fit))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("must be judged on rows it was not fitted on, got the same 300 rows");
    assertThatThrownBy(() -> fitted.requireUnseen(Fixture.shuffled(fit, 5)))
        .isInstanceOf(IllegalArgumentException.class);
    Recalibrator read = Recalibrators.fromJson(fitted.toJson());
    assertThatThrownBy(() -> read.apply(fit)).isInstanceOf(IllegalArgumentException.class);
    float[][] single = new float[300][4];
    int[] labels = new int[300];
    for (int i = 0; i < 300; i++) {
      labels[i] = fit.label(i);
      for (int k = 0; k < 4; k++) {
        single[i][k] = (float) fit.probability(i, k);
      }
    }
    assertThatThrownBy(() -> fitted.requireUnseen(Predictions.of(single, labels)))
        .isInstanceOf(IllegalArgumentException.class);
    assertThat(fitted.applyInSample(fit).rows()).isEqualTo(300);
    // One row fewer, one more, or one label changed do not make other data.
    assertThatThrownBy(() -> read.apply(Fixture.probabilities(Fixture.logits(0, 299))))
        .hasMessageContaining("got 299 rows of which 299 are among the 300 fitting rows");
    assertThatThrownBy(() -> fitted.apply(Fixture.probabilities(Fixture.logits(0, 301))))
        .isInstanceOf(IllegalArgumentException.class);
    labels[7] = (labels[7] + 1) % 4;
    assertThatThrownBy(() -> fitted.requireUnseen(Predictions.of(single, labels)))
        .isInstanceOf(IllegalArgumentException.class);
    // Other rows, or no labels, do.
    fitted.requireUnseen(Fixture.probabilities(Fixture.held()));
    fitted.apply(Predictions.builder().probabilities(single).build());
  }

  @ParameterizedTest
  @MethodSource("methods")
  void labelsIdsGroupsWeightsAndNamesAreKept(String method) {
    Recalibrator fitted = Recalibrators.fit(method, Fixture.probabilities(Fixture.fit()));
    double[][] p = {{.1, .2, .3, .4}, {0, 0, 0, 1}};
    Predictions in =
        Predictions.builder()
            .probabilities(p)
            .labels(new int[] {3, 1})
            .ids(new String[] {"a", "b"})
            .groups(new String[] {"left", "right"})
            .weights(new double[] {1, 2})
            .classNames(List.of("n", "e", "s", "w"))
            .expectedEntropy(new double[] {0.1, 0.2})
            .build();
    Predictions out = fitted.apply(in);
    assertThat(out.label(0)).isEqualTo(3);
    assertThat(out.label(1)).isEqualTo(1);
    assertThat(out.id(1)).isEqualTo("b");
    assertThat(out.group(0)).isEqualTo("left");
    assertThat(out.weight(1)).isEqualTo(2);
    assertThat(out.classNames()).containsExactly("n", "e", "s", "w");
    assertThat(out.hasExpectedEntropy()).isFalse();
    assertThat(in.probabilities(0)).containsExactly(p[0]);
  }

  @ParameterizedTest
  @MethodSource("methods")
  void oneColumnBinaryProblemsStayOneColumn(String method) {
    Recalibrator fitted = Recalibrators.fit(method, Fixture.top(Fixture.fit()));
    Predictions out = fitted.apply(Fixture.top(Fixture.held()));
    assertThat(out.isBinary()).isTrue();
    assertThat(out.classes()).isEqualTo(2);
    assertThat(fitted.toString())
        .contains("2 classes".substring(0, method.equals("temperature") ? 0 : 9));
  }

  @ParameterizedTest
  @MethodSource("methods")
  void recalibrationLowersTheLossOfOverconfidentUnseenRows(String method) {
    Predictions fit = Fixture.probabilities(Fixture.random(11, 2000, 3, 0.4));
    Predictions unseen = Fixture.probabilities(Fixture.random(12, 1000, 3, 0.4));
    Predictions out = Recalibrators.fit(method, fit).apply(unseen);
    double before = 0;
    double after = 0;
    for (int i = 0; i < unseen.rows(); i++) {
      for (int k = 0; k < 3; k++) {
        double y = unseen.label(i) == k ? 1 : 0;
        before += Math.pow(unseen.probability(i, k) - y, 2);
        after += Math.pow(out.probability(i, k) - y, 2);
      }
    }
    assertThat(after).isLessThan(before);
  }

  @ParameterizedTest
  @MethodSource("methods")
  void parametersAreCopies(String method) {
    Recalibrator fitted = Recalibrators.fit(method, Fixture.fit());
    String before = fitted.toJson();
    fitted.parameters().values().forEach(v -> java.util.Arrays.fill(v, 0.5));
    assertThat(fitted.toJson()).isEqualTo(before);
    assertThat(fitted.method()).isEqualTo(method);
  }

  /** Run in another process by the test below: reads JSON files, prints bits. */
  public static void main(String[] args) throws Exception {
    for (String file : args) {
      Recalibrator read = Recalibrators.fromJson(Files.readString(Path.of(file)));
      System.out.println(bits(read.apply(Fixture.held())));
    }
  }

  private static String bits(Predictions p) {
    long hash = 0;
    for (int i = 0; i < p.rows(); i++) {
      for (int k = 0; k < p.classes(); k++) {
        hash = 31 * hash + Double.doubleToLongBits(p.probability(i, k));
      }
    }
    return Long.toHexString(hash);
  }

  @Test
  void anotherProcessGivesTheSameBits(@TempDir Path folder) throws Exception {
    StringBuilder expected = new StringBuilder();
    List<String> command =
        new java.util.ArrayList<>(
            List.of(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-XX:TieredStopAtLevel=1",
                "-cp",
                System.getProperty("java.class.path"),
                RecalibratorContractTest.class.getName()));
    for (String method : Recalibrators.methods()) {
      Recalibrator fitted = Recalibrators.fit(method, Fixture.fit());
      Path file = folder.resolve(method + ".json");
      Files.writeString(file, fitted.toJson());
      command.add(file.toString());
      expected.append(bits(fitted.apply(Fixture.held()))).append('\n');
    }
    File out = folder.resolve("out.txt").toFile();
    Process process =
        new ProcessBuilder(command).redirectErrorStream(true).redirectOutput(out).start();
    assertThat(process.waitFor()).isZero();
    assertThat(Files.readString(out.toPath(), StandardCharsets.UTF_8).replace("\r", ""))
        .isEqualTo(expected.toString());
  }

  @Test
  void badJsonIsRefusedWithItsPlace() {
    String good = TemperatureScaling.fit(Fixture.fit()).toJson();
    assertRefused(good.replace("\"format\":1", "\"format\":2"), "JSON format must be");
    assertRefused(good.replace("temperature\",", "tmp\","), "method must be one of temperature");
    assertRefused(good.replace("\"classes\":4", "\"classes\":1"), "JSON classes must be");
    assertRefused(good.replace("\"level\"", "\"levels\""), "JSON parameters.level is missing");
    assertRefused(good.substring(0, good.length() - 1), "column");
    assertRefused(good.replaceFirst("\"hash\":\"..", "\"hash\":\"XY"), "32 hexadecimal digits");
    String vector = VectorScaling.fit(Fixture.fit()).toJson();
    assertRefused(vector.replace("\"logits\"", "\"scores\""), "input must be logits or");
    assertRefused(
        vector.replaceFirst("\"intercepts\":\\[", "\"intercepts\":[1,"),
        "parameters.intercepts must have 4 numbers, got 5");
    assertRefused(
        vector.replaceFirst("\"weights\":\\[[^,]*", "\"weights\":[\"NaN\""),
        "parameters.weights[0] must be finite, got NaN");
    assertRefused(
        vector.replace("\"weights\"", "\"extra\":[1],\"weights\""),
        "parameters.extra is not known");
    String isotonic = IsotonicCalibration.fit(Fixture.top(Fixture.fit())).toJson();
    assertRefused(
        isotonic.replaceFirst("thresholds\":\\[", "thresholds\":[2,"),
        "thresholds[1] must be above 2.0");
    assertRefused(
        isotonic.replaceFirst("values\":\\[[^,]*", "values\":[1.5"), "must be in [0, 1], got 1.5");
  }

  private static void assertRefused(String json, String message) {
    assertThatThrownBy(() -> Recalibrators.fromJson(json))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining(message);
  }

  @Test
  void dirichletcalHistogramBinningMutatedItsInputButPredictionsStayAsTheyWere() {
    Predictions fit = Fixture.probabilities(Fixture.fit());
    Predictions held = Fixture.probabilities(Fixture.held());
    Predictions before = Fixture.probabilities(Fixture.fit());
    Predictions heldBefore = Fixture.probabilities(Fixture.held());
    for (String method : Recalibrators.methods()) {
      Recalibrators.fit(method, fit).apply(held);
    }
    Fixture.assertSameBits(fit, before);
    Fixture.assertSameBits(held, heldBefore);
  }

  @Test
  void unknownMethodNamesTheKnownOnes() {
    assertThatThrownBy(() -> Recalibrators.fit("tempreature", Fixture.fit()))
        .hasMessageContaining("method must be one of temperature, vector, matrix")
        .hasMessageContaining("got tempreature");
  }

  @Test
  void crossFittedRowsAreMappedByTheRecalibratorThatDidNotSeeThem() {
    Predictions all = Fixture.logits(0, 500);
    CrossFitting cross = CrossFitting.of(all, 5, 42, TemperatureScaling::fit);
    int[] sizes = new int[5];
    int[][] perLabel = new int[5][4];
    for (int i = 0; i < 500; i++) {
      int fold = cross.folds()[i];
      sizes[fold]++;
      perLabel[fold][all.label(i)]++;
      Predictions row = all.select(new int[] {i});
      assertThat(cross.predictions().probabilities(i))
          .containsExactly(cross.recalibrators().get(fold).apply(row).probabilities(0));
    }
    assertThat(sizes).containsOnly(100);
    for (int[] counts : perLabel) {
      assertThat(counts[0]).isBetween(21, 22);
      assertThat(counts[2]).isBetween(27, 28);
    }
    assertThat(cross.predictions().label(17)).isEqualTo(all.label(17));
    assertThat(Fixture.nll(cross.predictions())).isLessThan(Fixture.nll(all));
    assertThat(CrossFitting.of(all, 5, 42, TemperatureScaling::fit).folds())
        .containsExactly(cross.folds());
    assertThat(CrossFitting.of(all, 5, 43, TemperatureScaling::fit).folds())
        .isNotEqualTo(cross.folds());
  }

  @Test
  void crossFittingGivesTheFitAllThatIsKnownOfItsRows() {
    double[][][] samples = {{{.7, .3}, {.4, .6}, {.8, .2}}, {{.9, .1}, {.2, .8}, {.6, .4}}};
    Predictions all =
        Predictions.builder()
            .samples(samples)
            .labels(new int[] {0, 1, 1})
            .ids(new String[] {"a", "b", "c"})
            .build();
    List<String> seen = new ArrayList<>();
    CrossFitting.of(
        all,
        3,
        1,
        fold -> {
          assertThat(fold.samples()).isEqualTo(2);
          for (int r = 0; r < fold.rows(); r++) {
            int row = fold.id(r).charAt(0) - 'a';
            seen.add(fold.id(r));
            assertThat(fold.sampleProbability(1, r, 0)).isEqualTo(samples[1][row][0]);
            assertThat(fold.expectedEntropy(r)).isEqualTo(all.expectedEntropy(row));
          }
          return TemperatureScaling.of(2, 2);
        });
    assertThat(seen).containsExactlyInAnyOrder("a", "a", "b", "b", "c", "c");
  }

  @Test
  void foldsOfRowsWithIdsDoNotDependOnTheirOrderNorAnyOnProbabilities() {
    Predictions all = Fixture.logits(0, 500);
    double[][] z = new double[500][4];
    double[][] other = new double[500][4];
    int[] labels = new int[500];
    String[] ids = new String[500];
    for (int i = 0; i < 500; i++) {
      for (int k = 0; k < 4; k++) {
        z[i][k] = all.logit(i, k);
        other[i][k] = z[i][k] * 0.9 + k;
      }
      labels[i] = all.label(i);
      ids[i] = "row-" + i;
    }
    Predictions named = Predictions.builder().logits(z).labels(labels).ids(ids).build();
    int[] order = new int[500];
    for (int i = 0; i < 500; i++) {
      order[i] = (i * 77 + 13) % 500;
    }
    CrossFitting cross = CrossFitting.of(named, 5, 42, TemperatureScaling::fit);
    CrossFitting shuffled = CrossFitting.of(named.select(order), 5, 42, TemperatureScaling::fit);
    for (int i = 0; i < 500; i++) {
      assertThat(shuffled.folds()[i]).isEqualTo(cross.folds()[order[i]]);
      assertThat(shuffled.predictions().probability(i, 0))
          .isCloseTo(
              cross.predictions().probability(order[i], 0),
              org.assertj.core.api.Assertions.within(1e-12));
    }
    assertThat(CrossFitting.of(named, 5, 43, TemperatureScaling::fit).folds())
        .isNotEqualTo(cross.folds());
    assertThat(
            CrossFitting.of(Predictions.ofLogits(other, labels), 5, 42, TemperatureScaling::fit)
                .folds())
        .containsExactly(CrossFitting.of(all, 5, 42, TemperatureScaling::fit).folds());
  }

  @Test
  void rowsOfOneIdAreNeverInDifferentFolds() {
    Predictions all = Fixture.logits(0, 300);
    double[][] z = new double[300][4];
    int[] labels = new int[300];
    String[] ids = new String[300];
    for (int i = 0; i < 300; i++) {
      for (int k = 0; k < 4; k++) {
        z[i][k] = all.logit(i, k);
      }
      labels[i] = all.label(i);
      ids[i] = "patient-" + i % 100;
    }
    Predictions grouped = Predictions.builder().logits(z).labels(labels).ids(ids).build();
    int[] folds = CrossFitting.of(grouped, 5, 1, TemperatureScaling::fit).folds();
    for (int i = 0; i < 300; i++) {
      assertThat(folds[i]).isEqualTo(folds[i % 100]);
    }
  }

  @Test
  void everyFoldHasAnIdAsLongAsThereAreAsManyIdsAsFolds() {
    Predictions all = Fixture.logits(0, 300);
    for (long seed = 0; seed < 20; seed++) {
      for (int ids : new int[] {2, 3, 7}) {
        Predictions grouped = withIds(all, ids);
        int[] folds = CrossFitting.of(grouped, ids, seed, TemperatureScaling::fit).folds();
        assertThat(Arrays.stream(folds).distinct().count()).isEqualTo(ids);
      }
    }
    assertThatThrownBy(() -> CrossFitting.of(withIds(all, 2), 5, 1, TemperatureScaling::fit))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("folds must be at most the number of distinct ids, 2")
        .hasMessageContaining("got 5");
  }

  private static Predictions withIds(Predictions all, int distinct) {
    double[][] z = new double[all.rows()][all.classes()];
    int[] labels = new int[all.rows()];
    String[] ids = new String[all.rows()];
    for (int i = 0; i < all.rows(); i++) {
      for (int k = 0; k < all.classes(); k++) {
        z[i][k] = all.logit(i, k);
      }
      labels[i] = all.label(i);
      ids[i] = "patient-" + i % distinct;
    }
    return Predictions.builder().logits(z).labels(labels).ids(ids).build();
  }

  @Test
  void crossFittingRefusesTooManyFoldsAndMissingLabels() {
    assertThatThrownBy(() -> CrossFitting.of(Fixture.held(), 1, 0, TemperatureScaling::fit))
        .hasMessageContaining("folds must be between 2 and the number of rows, 200, got 1");
    assertThatThrownBy(
            () ->
                CrossFitting.of(
                    Predictions.builder().probabilities(new double[][] {{.5, .5}}).build(),
                    2,
                    0,
                    TemperatureScaling::fit))
        .hasMessageContaining("needs labels");
  }

  @Test
  void weightsCountRowsInEveryOneVersusRestMethod() {
    Predictions weighted = Fixture.weighted(Fixture.top(Fixture.fit()));
    Predictions repeated = Fixture.repeated(weighted);
    for (String method : Recalibrators.methods()) {
      Predictions a = Recalibrators.fit(method, weighted).apply(Fixture.top(Fixture.held()));
      Predictions b = Recalibrators.fit(method, repeated).apply(Fixture.top(Fixture.held()));
      for (int i = 0; i < a.rows(); i++) {
        assertThat(a.probability(i, 1))
            .as(method)
            .isCloseTo(b.probability(i, 1), org.assertj.core.api.Assertions.within(1e-8));
      }
    }
  }
}
