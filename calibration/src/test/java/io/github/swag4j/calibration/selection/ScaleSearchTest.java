package io.github.swag4j.calibration.selection;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import io.github.swag4j.base.json.JsonException;
import io.github.swag4j.calibration.Predictions;
import io.github.swag4j.calibration.recalibration.TemperatureScaling;
import io.github.swag4j.calibration.scores.ProperScores;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;

class ScaleSearchTest {
  private static final int ROWS = 4000;

  /** Logits that are right but for noise, which is none at one scale; labels drawn from them. */
  private static Predictions predict(double scale, double rightScale, double sharpness) {
    Random random = new Random(5);
    double[][] logits = new double[ROWS][3];
    int[] labels = new int[ROWS];
    for (int r = 0; r < ROWS; r++) {
      double[] e = new double[3];
      double sum = 0;
      for (int k = 0; k < 3; k++) {
        double right = 1.5 * random.nextGaussian();
        e[k] = Math.exp(right);
        sum += e[k];
        double noise = 2 * random.nextGaussian();
        logits[r][k] = sharpness * (right + (Math.sqrt(scale) - Math.sqrt(rightScale)) * noise);
      }
      double u = random.nextDouble() * sum;
      labels[r] = u < e[0] ? 0 : u < e[0] + e[1] ? 1 : 2;
    }
    return Predictions.ofLogits(logits, labels);
  }

  @Test
  void theScaleIsFoundBetweenThoseOfTheGrid() throws IOException {
    List<Double> asked = new ArrayList<>();
    ScaleCurve curve =
        ScaleSearch.run(
            ScaleSearch.Options.defaults().withRefinements(4),
            scale -> {
              asked.add(scale);
              return predict(scale, 0.7, 3);
            });
    assertThat(asked).doesNotHaveDuplicates().hasSizeLessThanOrEqualTo(15);
    assertThat(curve.points()).hasSize(asked.size());
    assertThat(curve.best().scale()).isCloseTo(0.7, within(0.1));
    assertThat(curve.place()).isEqualTo(ScaleCurve.Place.INSIDE);
    assertThat(curve.best().temperature()).isCloseTo(3, within(0.3));
    assertThat(curve.best().difference()).isZero();
    assertThat(curve.best().nll()).isGreaterThan(curve.best().calibratedNll());
    assertThat(curve.points()).isSortedAccordingTo((a, b) -> Double.compare(a.scale(), b.scale()));
  }

  @Test
  void pointsAreTheScoresOfTheirPredictions() throws IOException {
    ScaleCurve curve =
        ScaleSearch.run(
            ScaleSearch.Options.defaults().withGrid(0.2, 0.6).withRefinements(0),
            scale -> predict(scale, 0.6, 2));
    for (ScalePoint point : curve.points()) {
      Predictions p = predict(point.scale(), 0.6, 2);
      TemperatureScaling t = TemperatureScaling.fit(p);
      assertThat(point.nll()).isCloseTo(ProperScores.of(p).nll(), within(1e-12));
      assertThat(point.temperature()).isCloseTo(t.temperature(), within(1e-12));
      assertThat(point.calibratedNll()).isCloseTo(t.nllAfter(), within(1e-12));
    }
    ScalePoint worse = curve.points().get(0);
    assertThat(curve.best().scale()).isEqualTo(0.6);
    assertThat(worse.difference())
        .isCloseTo(worse.calibratedNll() - curve.best().calibratedNll(), within(1e-15));
    // By hand: the spread of the rows' differences over the root of their number.
    double[] d = new double[ROWS];
    double mean = 0;
    Predictions a = calibrated(0.2);
    Predictions b = calibrated(0.6);
    for (int r = 0; r < ROWS; r++) {
      d[r] = Math.log(b.probability(r, b.label(r)) / a.probability(r, a.label(r)));
      mean += d[r] / ROWS;
    }
    double squares = 0;
    for (double v : d) {
      squares += (v - mean) * (v - mean);
    }
    assertThat(worse.differenceStandardError())
        .isCloseTo(Math.sqrt(squares / (ROWS - 1) / ROWS), within(1e-12));
    assertThat(worse.differenceStandardError()).isLessThan(worse.calibratedStandardError());
  }

  private static Predictions calibrated(double scale) {
    Predictions p = predict(scale, 0.6, 2);
    return TemperatureScaling.fit(p).applyInSample(p);
  }

  @Test
  void edgesAreSaid() throws IOException {
    ScaleSearch.Options options = ScaleSearch.Options.defaults().withGrid(0.1, 0.2, 0.4);
    ScaleCurve high = ScaleSearch.run(options, scale -> predict(scale, 3, 1));
    assertThat(high.place()).isEqualTo(ScaleCurve.Place.HIGHEST);
    assertThat(high.best().scale()).isEqualTo(0.4);
    assertThat(high.toString()).contains("the largest tried: larger ones may be better");
    ScaleCurve low = ScaleSearch.run(options, scale -> predict(scale, 0, 1));
    assertThat(low.place()).isEqualTo(ScaleCurve.Place.LOWEST);
    assertThat(low.toString()).contains("the least tried: smaller ones may be better");
    ScaleCurve zero = ScaleSearch.run(options.withGrid(0, 0.2), scale -> predict(scale, 0, 1));
    assertThat(zero.best().scale()).isZero();
    assertThat(zero.toString()).doesNotContain("may be better");
  }

  @Test
  void amongEqualScalesTheSmallerIsTakenAndAllAreSaidToBeAsGood() throws IOException {
    ScaleCurve curve = ScaleSearch.run(ScaleSearch.Options.defaults(), scale -> predict(1, 1, 1));
    assertThat(curve.best().scale()).isZero();
    assertThat(curve.asGoodAsTheBest()).isEqualTo(curve.points());
  }

  @Test
  void theCurveIsReadAsItWasWritten() throws IOException {
    ScaleCurve curve =
        ScaleSearch.run(ScaleSearch.Options.defaults(), scale -> predict(scale, 0.3, 2));
    ScaleCurve read = ScaleCurve.fromJson(curve.toJson());
    assertThat(read.points()).isEqualTo(curve.points());
    assertThat(read.rows()).isEqualTo(ROWS);
    assertThat(read.toString()).isEqualTo(curve.toString());
    String json = curve.toJson();
    assertThatThrownBy(() -> ScaleCurve.fromJson(json.replace("scale curve", "map")))
        .isInstanceOf(JsonException.class)
        .hasMessageContaining("kind must be scale curve, got map");
    assertThatThrownBy(() -> ScaleCurve.fromJson(json.replace("interior", "exterior")))
        .hasMessageContaining("outcome must be one of");
    assertThatThrownBy(() -> ScaleCurve.fromJson(json.replaceFirst("\"scale\":\\s*\\[", "$0-1,")))
        .isInstanceOf(JsonException.class);
    assertThatThrownBy(() -> ScaleCurve.fromJson(json.replaceFirst("\"nll\":\\s*\\[", "$0-1,")))
        .hasMessageContaining("nll must have");
  }

  @Test
  void rowsThatSayNothingHaveTemperatureOne() throws IOException {
    double[][] uniform = new double[10][2];
    for (double[] row : uniform) {
      row[0] = 0.5;
      row[1] = 0.5;
    }
    ScaleCurve curve =
        ScaleSearch.run(
            ScaleSearch.Options.defaults().withGrid(0, 1),
            scale -> Predictions.of(uniform, new int[10]));
    assertThat(curve.best().temperature()).isEqualTo(1);
    assertThat(curve.best().calibratedNll()).isCloseTo(Math.log(2), within(1e-15));
    assertThat(curve.best().outcome()).isEqualTo(TemperatureScaling.Outcome.GIVEN);
  }

  @Test
  void whatIsNoSearchIsRefused() {
    ScaleSearch.Options options = ScaleSearch.Options.defaults();
    assertThatThrownBy(() -> options.withGrid(1)).hasMessageContaining("at least 2 scales");
    assertThatThrownBy(() -> options.withGrid(1, 1)).hasMessageContaining("that differ");
    assertThatThrownBy(() -> options.withGrid(0, -1)).hasMessageContaining("got -1.0");
    assertThatThrownBy(() -> options.withRefinements(-1)).hasMessageContaining("got -1");
    assertThatThrownBy(
            () -> ScaleSearch.run(options, scale -> predict(scale, 1, 1).select(new int[] {0})))
        .hasMessageContaining("at scale 0.0: a scale must be chosen on at least 2");
    int[] calls = {0};
    assertThatThrownBy(
            () ->
                ScaleSearch.run(
                    options,
                    scale ->
                        predict(scale, 1, 1)
                            .select(calls[0]++ == 0 ? new int[] {0, 1, 2} : new int[] {0, 2, 1})))
        .hasMessageContaining("at scale 0.0625")
        .hasMessageContaining("same rows in the same order");
  }
}
