package io.github.swag4j.calibration.recalibration;

import java.util.Arrays;
import java.util.Map;
import java.util.stream.IntStream;

/**
 * Inductive Venn-Abers predictor: p1 and p0 are the isotonic estimates at the new score after
 * adding it to the fitting rows with label 1 and with label 0. Both are tabulated at every distinct
 * fitting score in O(n log n).
 *
 * @see <a href="https://arxiv.org/abs/1511.00213">Vovk, Petej and Fedorova 2015, Large-scale
 *     probabilistic predictors with and without guarantees of validity, algorithms 1 and 2</a>
 */
record VennAbersMap(double[] scores, double[] p0, double[] p1) implements BinaryMap {

  static VennAbersMap fit(double[] x, double[] labels, double[] weights) {
    TiedScores tied = new TiedScores(x, labels, weights);
    int n = tied.size();
    double[] up = upper(tied.weights, tied.sums);
    double[] mirroredWeights = new double[n];
    double[] mirroredSums = new double[n];
    for (int i = 0; i < n; i++) {
      mirroredWeights[i] = tied.weights[n - 1 - i];
      mirroredSums[i] = tied.weights[n - 1 - i] - tied.sums[n - 1 - i];
    }
    double[] mirrored = upper(mirroredWeights, mirroredSums);
    double[] low = new double[n];
    for (int i = 0; i < n; i++) {
      low[i] = Math.min(Math.max(1 - mirrored[n - 1 - i], 0), 1);
    }
    return compressed(tied.scores, low, up);
  }

  /** Of a run of scores with the same pair only the two ends are needed. */
  private static VennAbersMap compressed(double[] scores, double[] low, double[] up) {
    int n = scores.length;
    int[] kept =
        IntStream.range(0, n)
            .filter(
                i ->
                    i == 0
                        || i == n - 1
                        || low[i] != low[i - 1]
                        || up[i] != up[i - 1]
                        || low[i] != low[i + 1]
                        || up[i] != up[i + 1])
            .toArray();
    return new VennAbersMap(pick(scores, kept), pick(low, kept), pick(up, kept));
  }

  private static double[] pick(double[] values, int[] at) {
    return Arrays.stream(at).mapToDouble(i -> values[i]).toArray();
  }

  /**
   * For each i the isotonic estimate at score i with one more positive row there: slopes of the
   * greatest convex minorant of the cumulative sums, in which the added row (a step of (1, 1))
   * walks from left to right. The corners right of it wait on a stack.
   */
  private static double[] upper(double[] weights, double[] sums) {
    int n = weights.length;
    double[] x = new double[n + 2];
    double[] y = new double[n + 2];
    x[0] = -1;
    y[0] = -1;
    for (int i = 0; i < n; i++) {
      x[i + 2] = x[i + 1] + weights[i];
      y[i + 2] = y[i + 1] + sums[i];
    }
    double[] sx = new double[n + 2];
    double[] sy = new double[n + 2];
    int top = -1;
    // Built from the right, so that the leftmost corner is on top.
    for (int i = n + 1; i >= 0; i--) {
      while (top > 0 && notBelow(sx[top], sy[top], x[i], y[i], sx[top - 1], sy[top - 1])) {
        top--;
      }
      top++;
      sx[top] = x[i];
      sy[top] = y[i];
    }
    double[] out = new double[n];
    for (int i = 0; i < n; i++) {
      double slope = (sy[top - 1] - sy[top]) / (sx[top - 1] - sx[top]);
      out[i] = Math.min(Math.max(slope, 0), 1);
      x[i + 1] = x[i] + x[i + 2] - x[i + 1];
      y[i + 1] = y[i] + y[i + 2] - y[i + 1];
      if (notBelow(x[i + 1], y[i + 1], sx[top], sy[top], sx[top - 1], sy[top - 1])) {
        continue;
      }
      top--;
      while (top > 0 && notBelow(sx[top], sy[top], x[i + 1], y[i + 1], sx[top - 1], sy[top - 1])) {
        top--;
      }
      top++;
      sx[top] = x[i + 1];
      sy[top] = y[i + 1];
    }
    return out;
  }

  /** Whether the point lies on or above the line from a to b, with a left of b. */
  private static boolean notBelow(
      double px, double py, double ax, double ay, double bx, double by) {
    return (py - ay) * (bx - ax) >= (by - ay) * (px - ax);
  }

  double lower(double score) {
    int at = Arrays.binarySearch(scores, score + 0.0);
    int last = at >= 0 ? at : -at - 2;
    return last < 0 ? 0 : p0[last];
  }

  double upper(double score) {
    int at = Arrays.binarySearch(scores, score + 0.0);
    int first = at >= 0 ? at : -at - 1;
    return first == scores.length ? 1 : p1[first];
  }

  /** The probability that minimises the worst log loss over the two: p1 / (1 - p0 + p1). */
  @Override
  public double apply(double score) {
    double high = upper(score);
    return high / (1 - lower(score) + high);
  }

  @Override
  public void describe(String prefix, Map<String, double[]> out) {
    out.put(prefix + "scores", scores.clone());
    out.put(prefix + "p0", p0.clone());
    out.put(prefix + "p1", p1.clone());
  }

  @Override
  public String inWords() {
    return "between two never falling step functions of " + scores.length + " scores";
  }

  static VennAbersMap read(RecalibratorParameters p, String prefix) {
    double[] scores = p.increasing(prefix + "scores");
    return new VennAbersMap(
        scores,
        p.probabilities(prefix + "p0", scores.length),
        p.probabilities(prefix + "p1", scores.length));
  }
}
