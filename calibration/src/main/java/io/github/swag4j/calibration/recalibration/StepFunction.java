package io.github.swag4j.calibration.recalibration;

import java.util.Arrays;
import java.util.Map;

/** Bins (lower, upper] with a value each; the first has no lower end, the last no upper end. */
record StepFunction(double[] edges, double[] values) implements BinaryMap {

  @Override
  public double apply(double score) {
    int at = Arrays.binarySearch(edges, score + 0.0);
    return values[at >= 0 ? at : -at - 1];
  }

  /** Bins that end with the given distinct scores. */
  static double[] edges(TiedScores scores, int[] ends) {
    double[] out = new double[ends.length - 1];
    for (int i = 0; i < out.length; i++) {
      out[i] = scores.edgeAfter(ends[i]);
    }
    return out;
  }

  /** The function with these values in [0, 1] at distinct scores, equal neighbours in one bin. */
  static StepFunction ofDistinct(TiedScores scores, double[] mean) {
    double[] edges = new double[mean.length];
    double[] values = new double[mean.length];
    int kept = 0;
    for (int i = 0; i < mean.length; i++) {
      if (i > 0 && mean[i] != mean[i - 1]) {
        edges[kept] = scores.edgeAfter(i - 1);
        kept++;
      }
      values[kept] = Math.min(Math.max(mean[i], 0), 1);
    }
    return new StepFunction(Arrays.copyOf(edges, kept), Arrays.copyOf(values, kept + 1));
  }

  @Override
  public void describe(String prefix, Map<String, double[]> out) {
    out.put(prefix + "edges", edges.clone());
    out.put(prefix + "values", values.clone());
  }

  @Override
  public String inWords() {
    return values.length + (values.length == 1 ? " step" : " steps");
  }

  static StepFunction read(RecalibratorParameters p, String prefix) {
    double[] edges = p.increasing(prefix + "edges");
    return new StepFunction(edges, p.probabilities(prefix + "values", edges.length + 1L));
  }
}
