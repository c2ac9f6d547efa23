package io.github.swag4j.calibration.ood;

import io.github.swag4j.calibration.Predictions;
import io.github.swag4j.calibration.internal.RowWeights;
import io.github.swag4j.calibration.internal.SortedScores;
import io.github.swag4j.calibration.internal.WeightedScores;
import java.util.Arrays;

/** Sorted scores of in- and of out-of-distribution rows, with weights if any two differ. */
record DetectionSamples(WeightedScores in, WeightedScores out) {
  private static final String IN = "in-distribution";
  private static final String OUT = "out-of-distribution";

  static DetectionSamples counted(double[] inScores, double[] outScores) {
    double[][] sorted = SortedScores.of(inScores, IN + " scores", outScores, OUT + " scores");
    return new DetectionSamples(
        WeightedScores.counted(sorted[0]), WeightedScores.counted(sorted[1]));
  }

  /** Only shares of weight are ever used: equal weights are no weights. */
  static DetectionSamples weighted(
      double[] inScores, double[] inWeights, double[] outScores, double[] outWeights) {
    RowWeights.check(inWeights, inScores.length, IN);
    RowWeights.check(outWeights, outScores.length, OUT);
    int exponent = RowWeights.exponent(inWeights, outWeights);
    WeightedScores in = WeightedScores.of(inScores, RowWeights.scaled(inWeights, exponent), IN);
    WeightedScores out = WeightedScores.of(outScores, RowWeights.scaled(outWeights, exponent), OUT);
    return RowWeights.allEqual(inWeights, outWeights)
        ? new DetectionSamples(
            WeightedScores.counted(in.values()), WeightedScores.counted(out.values()))
        : new DetectionSamples(in, out);
  }

  /** Scores of predictions, weighted as those say. */
  static DetectionSamples of(
      double[] inScores, Predictions in, double[] outScores, Predictions out) {
    return in.hasWeights() || out.hasWeights()
        ? weighted(inScores, weights(in), outScores, weights(out))
        : counted(inScores, outScores);
  }

  private static double[] weights(Predictions predictions) {
    double[] weights = new double[predictions.rows()];
    Arrays.setAll(weights, predictions::weight);
    return weights;
  }

  boolean hasWeights() {
    return in.hasWeights();
  }

  /** The highest threshold that finds a share of the out-of-distribution rows. */
  double thresholdAtTpr(double level) {
    return out.highestReaching(checked(level));
  }

  /** Share of the in-distribution rows called out there. */
  double fprAtTpr(double level) {
    return in.above(in.count(thresholdAtTpr(level), false)) / in.total();
  }

  /** Share of the out-of-distribution rows accepted where a share of the others is. */
  double fprAtTprIdPositive(double level) {
    return out.below(out.count(in.lowestReaching(checked(level)), true)) / out.total();
  }

  private static double checked(double level) {
    if (!(level > 0 && level <= 1)) {
      throw new IllegalArgumentException("level must be above 0 and at most 1, got " + level);
    }
    return level;
  }
}
