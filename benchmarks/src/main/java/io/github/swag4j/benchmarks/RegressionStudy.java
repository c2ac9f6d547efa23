package io.github.swag4j.benchmarks;

import io.github.swag4j.calibration.regression.GaussianPredictions;
import io.github.swag4j.calibration.regression.PredictionIntervals;
import io.github.swag4j.calibration.regression.QuantileCalibration;
import io.github.swag4j.calibration.regression.RegressionScores;
import io.github.swag4j.swa.djl.EngineDefaults;
import io.github.swag4j.swa.djl.loss.GaussianNegativeLogLikelihood;
import io.github.swag4j.swa.djl.loss.GaussianNegativeLogLikelihood.VarianceForm;
import io.github.swag4j.swa.djl.loss.MeanSquaredLoss;
import io.github.swag4j.swag.Subspace;
import io.github.swag4j.swag.SubspacePosterior;
import io.github.swag4j.swag.SwagPosterior;
import io.github.swag4j.swag.WeightPosterior;
import io.github.swag4j.swag.djl.BayesianPredictor;
import io.github.swag4j.swag.djl.DatasetLogLikelihood;
import io.github.swag4j.swag.djl.PosteriorRegression;
import io.github.swag4j.swag.djl.RegressionOutput;
import io.github.swag4j.swag.djl.RegressionPredictor;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/**
 * SWAG and subspace inference on small regression tables, against a plain network: how good and how
 * honest their predictions are, over random splits.
 *
 * <p>The plain network's, SWA's, SWAG's and the subspace's noise is estimated on the validation
 * rows (as is the noise of the subspace's likelihood, from the SWA solution), and the subspace's
 * temperature is the best of four there; nothing is chosen on test rows. Prints a Markdown table
 * for each data set: means over splits with standard errors, and how much lower the NLL is than the
 * plain network's on the same splits, with the standard error of Nadeau and Bengio (2003,
 * "Inference for the generalization error", section 3) for splits that share rows: the variance
 * over {@code n} splits times {@code 1/n + test rows / training rows}.
 */
public final class RegressionStudy {
  private static final int SAMPLES = 30;
  private static final float MEAN_RATE = 0.01f;
  private static final float VARIANCE_RATE = 0.003f;
  private static final int DIMENSIONS = 5;
  private static final double TEST_TO_TRAINING = 0.1 / 0.8;
  private static final double[] TEMPERATURES = {1, 10, 100, 1000};

  /** What is measured, in this order. */
  static final List<String> METRICS = List.of("RMSE", "NLL", "CRPS", "PICP95", "miscal. area");

  private RegressionStudy() {}

  /**
   * Runs the study.
   *
   * @param args splits, 20 if not given, and epochs, 200
   * @throws IOException if a table cannot be read
   */
  public static void main(String[] args) throws IOException {
    System.setProperty("ai.djl.offline", "true");
    System.setProperty("OPT_OUT_TRACKING", "true");
    System.setProperty("ai.djl.pytorch.num_threads", "1");
    EngineDefaults.apply();
    int splits = args.length > 0 ? Integer.parseInt(args[0]) : 20;
    int epochs = args.length > 1 ? Integer.parseInt(args[1]) : 200;
    for (String table : List.of("diabetes", "auto-mpg")) {
      System.out.println(markdown(table, run(RegressionTable.read(table), splits, epochs)));
    }
  }

  /**
   * Measures all methods.
   *
   * @return for each method {@code [splits][metrics]}
   */
  static Map<String, List<double[]>> run(RegressionTable table, int splits, int epochs)
      throws IOException {
    Map<String, List<double[]>> out = new LinkedHashMap<>();
    for (int s = 0; s < splits; s++) {
      RegressionTable.Split split = table.split(s);
      try (RegressionNetwork network = new RegressionNetwork(1, epochs)) {
        network.train(split.train(), new MeanSquaredLoss(), MEAN_RATE, s);
        meanMethods(network, split, s, out);
      }
      try (RegressionNetwork network = new RegressionNetwork(2, epochs)) {
        network.train(
            split.train(),
            new GaussianNegativeLogLikelihood(VarianceForm.LOG_VARIANCE),
            VARIANCE_RATE,
            s);
        RegressionOutput both = RegressionOutput.meanAndLogVariance();
        WeightPosterior last = WeightPosterior.point(network.last());
        add(out, "network, variance output", predict(network, last, both, split, s), split);
        add(
            out,
            "SWAG, variance output",
            predict(network, network.posterior(), both, split, s),
            split);
      }
    }
    return out;
  }

  private static void meanMethods(
      RegressionNetwork network,
      RegressionTable.Split split,
      long seed,
      Map<String, List<double[]>> out)
      throws IOException {
    RegressionOutput estimated =
        RegressionOutput.meanWithNoiseOf(
            RegressionNetwork.inputs(split.validation()), split.validation().targets());
    SwagPosterior swag = network.posterior();
    WeightPosterior swa = WeightPosterior.point(swag.mean());
    WeightPosterior last = WeightPosterior.point(network.last());
    add(out, "network", predict(network, last, estimated, split, seed), split);
    RegressionPredictor.Result ofSwa = predict(network, swa, estimated, split, seed);
    add(out, "SWA", ofSwa, split);
    add(out, "SWAG", predict(network, swag, estimated, split, seed), split);
    SubspacePosterior subspace = subspace(network, split, swag, ofSwa.noise(), seed);
    RegressionPredictor.Result ofSubspace = predict(network, subspace, estimated, split, seed);
    add(out, "subspace, 5 directions", ofSubspace, split);
  }

  /**
   * The subspace posterior at the temperature whose predictions of the validation rows are best.
   */
  private static SubspacePosterior subspace(
      RegressionNetwork network,
      RegressionTable.Split split,
      SwagPosterior swag,
      double noise,
      long seed)
      throws IOException {
    RegressionTable.Split validated =
        new RegressionTable.Split(
            split.train(), split.validation(), split.validation(), split.shift(), split.scale());
    RegressionOutput estimated =
        RegressionOutput.meanWithNoiseOf(
            RegressionNetwork.inputs(split.validation()), split.validation().targets());
    SubspacePosterior best = null;
    double bestNll = Double.POSITIVE_INFINITY;
    for (double temperature : TEMPERATURES) {
      SubspacePosterior candidate =
          SubspacePosterior.run(
              Subspace.principal(swag, DIMENSIONS),
              DatasetLogLikelihood.regression(
                  network.model().getBlock(),
                  RegressionNetwork.inputs(split.train()),
                  split.train().targets(),
                  noise),
              SubspacePosterior.Options.defaults()
                  .withSteps(SAMPLES, 30, 5)
                  .withTemperature(temperature),
              seed);
      double nll =
          RegressionScores.of(
                  predict(network, candidate, estimated, validated, seed)
                      .predictions()
                      .get(0)
                      .gaussian())
              .nll()
              .orElseThrow();
      if (nll < bestNll) {
        best = candidate;
        bestNll = nll;
      }
    }
    return best;
  }

  private static RegressionPredictor.Result predict(
      RegressionNetwork network,
      WeightPosterior posterior,
      RegressionOutput output,
      RegressionTable.Split split,
      long seed)
      throws IOException {
    BayesianPredictor predictor = BayesianPredictor.of(network.model(), posterior).seed(seed);
    if (!posterior.isPoint()) {
      predictor = predictor.samples(SAMPLES);
    }
    RegressionTable test = split.test();
    return predictor
        .regression(output)
        .predictAll(
            List.of(
                new RegressionPredictor.Targeted(RegressionNetwork.inputs(test), test.targets())));
  }

  private static void add(
      Map<String, List<double[]>> out,
      String method,
      RegressionPredictor.Result result,
      RegressionTable.Split split) {
    PosteriorRegression predictions =
        result.predictions().get(0).rescaled(split.shift(), split.scale());
    GaussianPredictions gaussian = predictions.gaussian();
    RegressionScores scores = RegressionScores.of(gaussian);
    out.computeIfAbsent(method, m -> new ArrayList<>())
        .add(
            new double[] {
              scores.rmse(),
              scores.nll().orElseThrow(),
              scores.crps(),
              PredictionIntervals.of(gaussian, 0.95).picp(),
              QuantileCalibration.of(gaussian, QuantileCalibration.Kind.CENTRAL_INTERVAL)
                  .miscalibrationArea()
            });
  }

  static String markdown(String table, Map<String, List<double[]>> results) {
    StringBuilder out = new StringBuilder("| " + table + " |");
    METRICS.forEach(m -> out.append(' ').append(m).append(" |"));
    out.append(" NLL less network's |");
    out.append("\n|---|").append("---|".repeat(METRICS.size() + 1)).append('\n');
    double[] plain = values(results.get("network"), METRICS.indexOf("NLL"));
    results.forEach(
        (method, splits) -> {
          out.append("| ").append(method).append(" |");
          for (int m = 0; m < METRICS.size(); m++) {
            out.append(' ').append(meanAndError(values(splits, m), 0)).append(" |");
          }
          double[] differences = values(splits, METRICS.indexOf("NLL"));
          for (int i = 0; i < differences.length; i++) {
            differences[i] -= plain[i];
          }
          out.append(' ').append(meanAndError(differences, TEST_TO_TRAINING)).append(" |\n");
        });
    return out.toString();
  }

  private static double[] values(List<double[]> splits, int metric) {
    return splits.stream().mapToDouble(v -> v[metric]).toArray();
  }

  private static String meanAndError(double[] values, double shared) {
    double n = values.length;
    double mean = Arrays.stream(values).average().orElseThrow();
    double squares = Arrays.stream(values).map(v -> (v - mean) * (v - mean)).sum();
    String error =
        n < 2
            ? ""
            : String.format(
                Locale.ROOT, " ± %.3f", Math.sqrt(squares / (n - 1) * (1 / n + shared)));
    return String.format(Locale.ROOT, "%.3f%s", mean, error);
  }
}
