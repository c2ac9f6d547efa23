package consumer;

import io.github.swag4j.calibration.Predictions;
import io.github.swag4j.calibration.error.CalibrationError;
import io.github.swag4j.calibration.io.PredictionFiles;
import io.github.swag4j.calibration.recalibration.TemperatureScaling;
import io.github.swag4j.swa.AveragingPlan;
import io.github.swag4j.swa.WeightAverage;
import io.github.swag4j.swa.weights.WeightLayout;
import io.github.swag4j.swa.weights.WeightLayout.Role;
import io.github.swag4j.swa.weights.WeightLayout.Tensor;
import io.github.swag4j.swa.weights.Weights;
import io.github.swag4j.swag.SwagCollector;
import io.github.swag4j.swag.SwagPosterior;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Random;

/** A logistic model whose weights are averaged and sampled, without any engine. */
public final class Consumer {
  private static final int ROWS = 500;
  private static final int SAMPLES = 30;

  private Consumer() {}

  public static void main(String[] args) throws Exception {
    WeightLayout layout = WeightLayout.of(List.of(new Tensor("w", Role.WEIGHT, List.of(2L))));
    WeightAverage average = WeightAverage.uniform(AveragingPlan.steps());
    SwagCollector collector =
        new SwagCollector(AveragingPlan.steps(), SwagPosterior.Options.defaults());
    for (float slope : new float[] {2, 3, 4, 5}) {
      Weights weights = Weights.of(layout, new float[] {slope, -slope / 2});
      average.collect(weights);
      collector.collect(weights);
    }
    check(average.average().toArray(0)[0] == 3.5f, "the mean of 2, 3, 4, 5 is " + average.average());

    Path file = Files.createTempFile("average", ".safetensors");
    average.save(file);
    check(WeightAverage.load(file, AveragingPlan.steps()).count() == 4, "four weights were saved");
    Files.delete(file);

    SwagPosterior posterior = collector.posterior();
    Random random = new Random(1);
    Predictions validation = predictions(posterior, random);
    Predictions test = predictions(posterior, random);
    double before = CalibrationError.of(test).ece();
    double after = CalibrationError.of(TemperatureScaling.fit(validation).apply(test)).ece();
    System.out.println("ECE " + before + ", after temperature scaling " + after);
    check(after < before, "temperature scaling helps a model that is too sure");

    Path table = Files.createTempFile("predictions", ".parquet");
    PredictionFiles.write(table, test);
    check(CalibrationError.of(PredictionFiles.read(table)).ece() == before, "Parquet keeps bits");
    Files.delete(table);

    try {
      Class.forName("ai.djl.pytorch.engine.PtEngine");
      throw new IllegalStateException("an engine came along with the libraries");
    } catch (ClassNotFoundException e) {
      System.out.println("no engine on the class path");
    }
  }

  /** Averages over the posterior; the truth is a slope of 1. */
  private static Predictions predictions(SwagPosterior posterior, Random random) {
    double[][] probabilities = new double[ROWS][2];
    int[] labels = new int[ROWS];
    for (int i = 0; i < ROWS; i++) {
      double x = random.nextGaussian();
      labels[i] = random.nextDouble() < sigmoid(x, 1, 0) ? 1 : 0;
      for (int s = 0; s < SAMPLES; s++) {
        float[] w = posterior.sample(7, s).toArray(0);
        probabilities[i][1] += sigmoid(x, w[0], w[1]) / SAMPLES;
      }
      probabilities[i][0] = 1 - probabilities[i][1];
    }
    return Predictions.of(probabilities, labels);
  }

  private static double sigmoid(double x, double slope, double bias) {
    return 1 / (1 + Math.exp(-slope * x - bias));
  }

  private static void check(boolean holds, String claim) {
    if (!holds) {
      throw new IllegalStateException("should be: " + claim);
    }
  }
}
