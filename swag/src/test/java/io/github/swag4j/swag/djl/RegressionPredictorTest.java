package io.github.swag4j.swag.djl;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.Shape;
import ai.djl.nn.Block;
import ai.djl.training.dataset.ArrayDataset;
import io.github.swag4j.calibration.regression.GaussianPredictions;
import io.github.swag4j.calibration.regression.RegressionScores;
import io.github.swag4j.swa.djl.loss.GaussianNegativeLogLikelihood;
import io.github.swag4j.swa.djl.loss.GaussianNegativeLogLikelihood.VarianceForm;
import io.github.swag4j.swag.WeightPosterior;
import io.github.swag4j.swag.djl.BayesianPredictor.Output;
import io.github.swag4j.swag.djl.RegressionPredictor.Result;
import io.github.swag4j.swag.djl.RegressionPredictor.Targeted;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.function.UnaryOperator;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Means and variances of a predicted number over the samples of a posterior. */
class RegressionPredictorTest {
  private static final int ROWS = 30;
  private static final int SAMPLES = 6;
  private NDManager manager;

  @BeforeEach
  void open() {
    manager = NDManager.newBaseManager();
  }

  @AfterEach
  void close() {
    manager.close();
  }

  private Block network(int outputs) {
    return ShiftedWeights.network(manager, outputs, a -> a);
  }

  private static BayesianPredictor predictor(Block block) {
    return BayesianPredictor.of(block, ShiftedWeights.of(block, 0.5f)).samples(SAMPLES).seed(4);
  }

  private static double[] targets(long seed) {
    Random random = new Random(seed);
    double[] targets = new double[ROWS];
    Arrays.setAll(targets, r -> random.nextGaussian());
    return targets;
  }

  private double[][][] outputs(Block block) throws IOException {
    double[][][] f = new double[SAMPLES][][];
    for (int s = 0; s < SAMPLES; s++) {
      f[s] =
          ShiftedWeights.of(block, 0.5f)
              .outputs(block, 4, s, ShiftedWeights.inputs(1, ROWS, ROWS), manager);
    }
    return f;
  }

  private static double[] column(double[][][] f, int row, int k) {
    return Arrays.stream(f).mapToDouble(s -> s[row][k]).toArray();
  }

  private static double mean(double[] x) {
    return Arrays.stream(x).average().orElseThrow();
  }

  private static double variance(double[] x) {
    double mean = mean(x);
    return Arrays.stream(x).map(v -> (v - mean) * (v - mean)).average().orElseThrow();
  }

  @Test
  void aGivenNoiseIsTheAleatoricVarianceAndTheSamplesDisagreementTheEpistemic() throws IOException {
    Block block = network(1);
    double[][][] f = outputs(block);
    PosteriorRegression got =
        predictor(block)
            .regression(RegressionOutput.mean(0.3))
            .predict(ShiftedWeights.inputs(1, ROWS, 7), targets(1));
    assertThat(got.rows()).isEqualTo(ROWS);
    assertThat(got.samples()).isEqualTo(SAMPLES);
    for (int r = 0; r < ROWS; r++) {
      double[] m = column(f, r, 0);
      assertThat(got.mean(r)).isCloseTo(mean(m), within(1e-5));
      assertThat(got.aleatoricVariance(r)).isCloseTo(0.09, within(1e-12));
      assertThat(got.epistemicVariance(r)).isCloseTo(variance(m), within(1e-5));
      assertThat(got.totalVariance(r))
          .isEqualTo(got.aleatoricVariance(r) + got.epistemicVariance(r));
      assertThat(got.target(r)).isEqualTo(targets(1)[r]);
    }
    GaussianPredictions gaussian = got.gaussian();
    assertThat(gaussian.standardDeviation(3)).isEqualTo(Math.sqrt(got.totalVariance(3)));
    assertThat(RegressionScores.of(gaussian).rmse()).isPositive();
  }

  @Test
  void aPredictedVarianceIsAveragedInEachOfItsForms() throws IOException {
    for (VarianceForm form : VarianceForm.values()) {
      UnaryOperator<NDArray> last = a -> form == VarianceForm.VARIANCE ? a.mul(a) : a;
      Block block = ShiftedWeights.network(manager, 2, last);
      double[][][] f = outputs(block);
      PosteriorRegression got =
          predictor(block)
              .keepSamples()
              .regression(new RegressionOutput.MeanAndVariance(form))
              .predict(ShiftedWeights.inputs(1, ROWS, 7), null);
      for (int r = 0; r < ROWS; r++) {
        double[] v =
            Arrays.stream(column(f, r, 1))
                .map(
                    x ->
                        switch (form) {
                          case LOG_VARIANCE -> Math.exp(x);
                          case SOFTPLUS -> Math.log(1 + Math.exp(x));
                          case VARIANCE -> x;
                        })
                .toArray();
        assertThat(got.mean(r)).isCloseTo(mean(column(f, r, 0)), within(1e-5));
        assertThat(got.aleatoricVariance(r)).isCloseTo(mean(v), within(1e-4));
        assertThat(got.epistemicVariance(r)).isCloseTo(variance(column(f, r, 0)), within(1e-5));
        assertThat(got.sampleVariance(2, r)).isCloseTo(v[2], within(1e-4));
        assertThat(got.sampleMean(2, r)).isCloseTo(f[2][r][0], within(1e-5));
      }
      assertThat(got.hasTargets()).isFalse();
    }
  }

  /** The mixture's own mean and variance, by sums over its components. */
  @Test
  void totalVarianceIsThatOfTheMixtureOfTheSamples() throws IOException {
    Block block = network(2);
    PosteriorRegression got =
        predictor(block)
            .keepSamples()
            .regression(RegressionOutput.meanAndLogVariance())
            .predict(ShiftedWeights.inputs(1, ROWS, 7), targets(2));
    double nll = 0;
    for (int r = 0; r < ROWS; r++) {
      double first = 0;
      double second = 0;
      double density = 0;
      for (int s = 0; s < SAMPLES; s++) {
        double m = got.sampleMean(s, r);
        double v = got.sampleVariance(s, r);
        first += m / SAMPLES;
        second += (v + m * m) / SAMPLES;
        double miss = got.target(r) - m;
        density += Math.exp(-miss * miss / v / 2) / Math.sqrt(2 * Math.PI * v) / SAMPLES;
      }
      assertThat(got.totalVariance(r)).isCloseTo(second - first * first, within(1e-9));
      nll -= Math.log(density) / ROWS;
    }
    assertThat(got.mixtureNll()).isCloseTo(nll, within(1e-9));
  }

  @Test
  void noiseEstimatedOnValidationRowsIsTheLikeliest() throws IOException {
    Block block = network(1);
    double[] y = targets(3);
    Result got =
        predictor(block)
            .regression(RegressionOutput.meanWithNoiseOf(ShiftedWeights.inputs(8, ROWS, 10), y))
            .predictAll(List.of(new Targeted(ShiftedWeights.inputs(1, ROWS, 7), null)));
    assertThat(got.predictions()).hasSize(1);
    assertThat(got.predictions().get(0).aleatoricVariance(5)).isEqualTo(got.noise() * got.noise());
    double least = nllOf(block, y, got.noise());
    for (double factor : new double[] {0.5, 0.9, 0.99, 1.01, 1.1, 2}) {
      assertThat(nllOf(block, y, got.noise() * factor)).isGreaterThan(least);
    }
  }

  private static double nllOf(Block block, double[] y, double noise) throws IOException {
    PosteriorRegression p =
        predictor(block)
            .regression(RegressionOutput.mean(noise))
            .predict(ShiftedWeights.inputs(8, ROWS, 10), y);
    return RegressionScores.of(p.gaussian()).nll().orElseThrow();
  }

  @Test
  void noiseWithoutDisagreementIsTheMeanSquaredError() throws IOException {
    Block block = network(1);
    WeightPosterior point = WeightPosterior.point(ShiftedWeights.of(block, 0).mean());
    double[] y = targets(3);
    Result got =
        BayesianPredictor.of(block, point)
            .regression(RegressionOutput.meanWithNoiseOf(ShiftedWeights.inputs(1, ROWS, 10), y))
            .predictAll(List.of(new Targeted(ShiftedWeights.inputs(1, ROWS, 7), y)));
    double squares = 0;
    for (int r = 0; r < ROWS; r++) {
      double miss = y[r] - got.predictions().get(0).mean(r);
      squares += miss * miss / ROWS;
      assertThat(got.predictions().get(0).epistemicVariance(r)).isZero();
    }
    assertThat(got.noise()).isCloseTo(Math.sqrt(squares), within(1e-6 * Math.sqrt(squares)));
  }

  @Test
  void samplesThatDisagreeMoreThanTheTargetsScatterLeaveNoNoise() {
    double[] mean = {0, 0, 0};
    double[] y = {0.1, -0.1, 0.05};
    assertThat(NoiseEstimate.variance(mean, new double[] {1, 1, 1}, y)).isZero();
    assertThat(NoiseEstimate.variance(mean, new double[] {0, 0, 0}, y))
        .isCloseTo(0.0225 / 3, within(1e-9));
    assertThatThrownBy(() -> NoiseEstimate.variance(mean, new double[3], new double[3]))
        .hasMessageContaining("predicted exactly");
  }

  @Test
  void anotherUnitIsAnotherUnitForEverything() throws IOException {
    Block block = network(2);
    PosteriorRegression got =
        predictor(block)
            .keepSamples()
            .regression(RegressionOutput.meanAndSoftplus())
            .predict(ShiftedWeights.inputs(1, ROWS, 7), targets(2));
    PosteriorRegression wide = got.rescaled(100, 20);
    assertThat(wide.mean(4)).isEqualTo(100 + 20 * got.mean(4));
    assertThat(wide.target(4)).isEqualTo(100 + 20 * got.target(4));
    assertThat(wide.totalVariance(4)).isCloseTo(400 * got.totalVariance(4), within(1e-9));
    assertThat(wide.mixtureNll()).isCloseTo(got.mixtureNll() + Math.log(20), within(1e-9));
    assertThat(RegressionScores.of(wide.gaussian()).crps())
        .isCloseTo(20 * RegressionScores.of(got.gaussian()).crps(), within(1e-9));
    assertThatThrownBy(() -> got.rescaled(0, 0)).hasMessageContaining("scale above 0");
  }

  @Test
  void aDjlDataSetIsPredictedWithItsTargetsOrWithoutAny() throws IOException {
    float[] y = new float[ROWS];
    Arrays.setAll(new Object[ROWS], r -> y[r] = r / 7f);
    ArrayDataset.Builder builder =
        new ArrayDataset.Builder()
            .setData(manager.randomNormal(new Shape(ROWS, 4)))
            .setSampling(8, false);
    RegressionPredictor predictor = predictor(network(1)).regression(RegressionOutput.mean(1));
    assertThat(predictor.predict(builder.build()).hasTargets()).isFalse();
    PosteriorRegression got =
        predictor.predict(builder.optLabels(manager.create(y, new Shape(ROWS, 1))).build());
    assertThat(got.target(5)).isEqualTo(y[5]);
  }

  @Test
  void aVarianceBelowTheBoundOfTheLossCountsAsThatBound() throws IOException {
    for (RegressionOutput output :
        List.of(
            RegressionOutput.meanAndVariance(),
            RegressionOutput.meanAndLogVariance(),
            RegressionOutput.meanAndSoftplus())) {
      float least = output.equals(RegressionOutput.meanAndVariance()) ? 0 : -30;
      Block small = ShiftedWeights.network(manager, 2, a -> a.mul(0).add(least));
      PosteriorRegression got =
          predictor(small)
              .regression(output)
              .predict(ShiftedWeights.inputs(1, ROWS, 7), targets(2));
      assertThat(got.totalVariance(3))
          .isCloseTo(GaussianNegativeLogLikelihood.LEAST_VARIANCE, within(1e-15));
    }
  }

  @Test
  void whatTheNetworkDoesNotGiveIsRefusedWithTheOption() {
    refused(predictor(network(2)), RegressionOutput.mean(1), "meanAndLogVariance", "got (7, 2)");
    refused(predictor(network(1)), RegressionOutput.meanAndLogVariance(), "meanWithNoiseOf");
    refused(predictor(network(3)), RegressionOutput.meanAndVariance(), "[rows][2], got (7, 3)");
    refused(
        predictor(network(2)),
        RegressionOutput.meanAndVariance(),
        "a variance must be at least 0",
        "meanAndLogVariance or meanAndSoftplus");
    Block huge = ShiftedWeights.network(manager, 2, a -> a.mul(0).add(800));
    refused(predictor(huge), RegressionOutput.meanAndLogVariance(), "exp(800.0) in row 0");
    refused(
        predictor(ShiftedWeights.network(manager, 2, a -> a.mul(0).add(Float.POSITIVE_INFINITY))),
        RegressionOutput.meanAndVariance(),
        "must be finite");
    assertThatThrownBy(() -> RegressionOutput.mean(-1)).hasMessageContaining("got -1.0");
    assertThatThrownBy(
            () -> RegressionOutput.meanWithNoiseOf(ShiftedWeights.inputs(1, 1, 1), new double[1]))
        .hasMessageContaining("2 validation rows or more, got 1");
    assertThatThrownBy(
            () ->
                predictor(network(1))
                    .output(Output.BINARY_LOGIT)
                    .regression(RegressionOutput.mean(1)))
        .hasMessageContaining("regression has no classes");
    assertThatThrownBy(() -> new Targeted(null, new double[] {1, Double.NaN}))
        .hasMessage("targets[1] must be finite, got NaN");
  }

  private static void refused(
      BayesianPredictor predictor, RegressionOutput output, String... words) {
    assertThatThrownBy(
            () -> predictor.regression(output).predict(ShiftedWeights.inputs(1, ROWS, 7), null))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContainingAll(words);
  }

  @Test
  void targetsOfAnotherNumberAreRefusedInTheFirstBatch() {
    assertThatThrownBy(
            () ->
                predictor(network(1))
                    .regression(RegressionOutput.mean(1))
                    .predict(ShiftedWeights.inputs(1, ROWS, 7), new double[5]))
        .hasMessage("targets must be one a row, got 5 for 7 rows or more");
  }

  @Test
  void aRegressionGoesOnFromItsStateAndStopsWhenItsMeansAreKnown(@TempDir Path folder)
      throws IOException {
    Block block = network(2);
    PredictionControl control =
        PredictionControl.none().resumable(folder.resolve("r.safetensors"), 1);
    RegressionOutput output = RegressionOutput.meanAndLogVariance();
    Targeted set = new Targeted(ShiftedWeights.inputs(1, ROWS, 7), targets(1));
    predictor(block).samples(2).control(control).regression(output).predictAll(List.of(set));
    List<Integer> done = new ArrayList<>();
    Result resumed =
        predictor(block)
            .control(control)
            .onSample(done::add)
            .regression(output)
            .predictAll(List.of(set));
    assertThat(done).containsExactly(3, 4, 5, 6);
    Result whole = predictor(block).regression(output).predictAll(List.of(set));
    for (int r = 0; r < ROWS; r++) {
      assertThat(resumed.predictions().get(0).mean(r))
          .isEqualTo(whole.predictions().get(0).mean(r));
      assertThat(resumed.predictions().get(0).totalVariance(r))
          .isEqualTo(whole.predictions().get(0).totalVariance(r));
    }
    Result stopped =
        predictor(block)
            .control(PredictionControl.none().withStop(StopRule.means(1e3, 3)))
            .regression(output)
            .predictAll(List.of(set));
    assertThat(stopped.statistics()).hasSize(3);
    assertThat(stopped.predictions().get(0).samples()).isEqualTo(3);
    assertThatThrownBy(
            () ->
                predictor(block)
                    .control(control)
                    .regression(RegressionOutput.meanAndSoftplus())
                    .predictAll(List.of(set)))
        .hasMessageContaining("was made otherwise");
  }
}
