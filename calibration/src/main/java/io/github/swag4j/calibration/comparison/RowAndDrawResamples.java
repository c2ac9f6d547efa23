package io.github.swag4j.calibration.comparison;

import io.github.swag4j.calibration.Predictions;
import io.github.swag4j.calibration.PredictionsBuilder;
import java.util.Arrays;
import java.util.List;

/**
 * A metric on resampled rows whose predictions are the mean of resampled posterior draws: what
 * another test set and another run of the sampler would give.
 */
final class RowAndDrawResamples implements Resamples {

  /** How far the prediction may be from the mean of its samples' probabilities. */
  private static final double MEAN_TOLERANCE = 1e-5;

  /** First stream of the random numbers that choose draws; each set of draws has its own. */
  private static final long DRAWS = 16;

  private final Metric metric;
  private final Predictions predictions;
  private final long seed;
  private final long seedOfDraws;
  private final long stream;
  private final double[][] entropies;
  private final int[] order;
  private final RowResamples rowsOnly;

  /**
   * @param order the rows in the order of draws
   * @param seed seed of the rows
   * @param seedOfDraws seed of the draws: with the same one and the same set, rows of different
   *     seeds are predicted by the same draws
   * @param set number of this set of draws: different sets are drawn independently
   */
  RowAndDrawResamples(
      Metric metric, Predictions predictions, int[] order, long seed, long seedOfDraws, int set) {
    if (predictions.samples() < 2) {
      throw new IllegalArgumentException(
          "resampling posterior draws needs at least 2 samples, got "
              + predictions.samples()
              + ": keep the samples with the predictions, or resample rows only");
    }
    checkMean(predictions);
    this.metric = metric;
    this.predictions = predictions;
    this.seed = seed;
    this.seedOfDraws = seedOfDraws;
    this.stream = DRAWS + set;
    this.entropies = entropies(predictions);
    this.order = order;
    this.rowsOnly = new RowResamples(metric, predictions, order, seed);
  }

  @Override
  public double estimate() {
    return rowsOnly.estimate();
  }

  @Override
  public double replicate(long b) {
    int[] draws = new ReplicateRandom(seedOfDraws, b, stream).multiplicities(predictions.samples());
    int[] times = new ReplicateRandom(seed, b, JackknifeBlocks.ROWS).multiplicities(order);
    return metric.on(meanOf(draws)).of(times);
  }

  @Override
  public double[] withoutRows() {
    return rowsOnly.withoutRows();
  }

  @Override
  public List<double[]> withoutDraws() {
    double[] out = new double[predictions.samples()];
    int[] draws = new int[out.length];
    int[] once = new int[predictions.rows()];
    Arrays.fill(once, 1);
    Arrays.setAll(
        out,
        left -> {
          Arrays.fill(draws, 1);
          draws[left] = 0;
          return metric.on(meanOf(draws)).of(once);
        });
    return List.of(out);
  }

  /** Predictions by the mean of the probabilities of draws, each counted so many times. */
  private Predictions meanOf(int[] draws) {
    int rows = predictions.rows();
    int classes = predictions.classes();
    int total = Arrays.stream(draws).sum();
    double[][] mean = new double[rows][classes];
    for (int s = 0; s < draws.length; s++) {
      if (draws[s] > 0) {
        double share = (double) draws[s] / total;
        for (int row = 0; row < rows; row++) {
          for (int k = 0; k < classes; k++) {
            mean[row][k] += share * predictions.sampleProbability(s, row, k);
          }
        }
      }
    }
    PredictionsBuilder builder = Predictions.builder();
    if (predictions.isBinary()) {
      builder.positiveProbabilities(Arrays.stream(mean).mapToDouble(p -> p[1]).toArray());
    } else {
      builder.probabilities(mean);
    }
    builder.expectedEntropy(expectedEntropy(draws, total));
    // Without ids, as the order of rows is then that of the averaged values.
    builder.observations(predictions.observations().withoutIds());
    return predictions.hasClassNames()
        ? builder.classNames(predictions.classNames()).build()
        : builder.build();
  }

  private double[] expectedEntropy(int[] draws, int total) {
    double[] out = new double[predictions.rows()];
    for (int s = 0; s < draws.length; s++) {
      for (int row = 0; draws[s] > 0 && row < out.length; row++) {
        out[row] += entropies[s][row] * draws[s] / total;
      }
    }
    return out;
  }

  /** Entropy of each draw's distribution of each row: the logarithms are taken only once. */
  private static double[][] entropies(Predictions p) {
    double[][] out = new double[p.samples()][p.rows()];
    for (int s = 0; s < out.length; s++) {
      for (int row = 0; row < p.rows(); row++) {
        double entropy = 0;
        for (int k = 0; k < p.classes(); k++) {
          double v = p.sampleProbability(s, row, k);
          entropy -= v > 0 ? v * Math.log(v) : 0;
        }
        out[s][row] = Math.max(entropy, 0);
      }
    }
    return out;
  }

  private static void checkMean(Predictions p) {
    for (int row = 0; row < p.rows(); row++) {
      for (int k = 0; k < p.classes(); k++) {
        double mean = 0;
        for (int s = 0; s < p.samples(); s++) {
          mean += p.sampleProbability(s, row, k);
        }
        mean /= p.samples();
        if (Math.abs(mean - p.probability(row, k)) > MEAN_TOLERANCE) {
          throw new IllegalArgumentException(
              "predictions must be the mean of their samples' probabilities to resample draws, got "
                  + p.probability(row, k)
                  + " for row "
                  + row
                  + ", class "
                  + k
                  + " where the samples' mean is "
                  + mean
                  + ": build them from the samples alone, or resample rows only");
        }
      }
    }
  }
}
