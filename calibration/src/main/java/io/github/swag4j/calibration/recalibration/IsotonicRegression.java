package io.github.swag4j.calibration.recalibration;

import io.github.swag4j.calibration.recalibration.fit.Checks;
import java.util.Arrays;
import java.util.Map;

/**
 * Non-decreasing function with the least weighted squared error, found by pooling adjacent
 * violators: values at thresholds, linear between them, constant beyond.
 *
 * <p>Rows with equal x are pooled first, so the order of rows does not matter. Of a run of equal
 * values only the two ends are kept. O(n log n).
 *
 * @see <a href="https://doi.org/10.1145/775047.775151">Zadrozny and Elkan 2002, Transforming
 *     classifier scores into accurate multiclass probability estimates</a>
 */
public final class IsotonicRegression implements BinaryMap {
  private final double[] thresholds;
  private final double[] values;

  private IsotonicRegression(double[] thresholds, double[] values) {
    this.thresholds = thresholds;
    this.values = values;
  }

  /**
   * Fits with equal weights.
   *
   * @param x {@code [rows]}, finite
   * @param y {@code [rows]}, finite
   * @return the fitted function
   * @throws IllegalArgumentException if there is no row, lengths differ or a value is not finite
   */
  public static IsotonicRegression fit(double[] x, double[] y) {
    double[] weights = new double[x.length];
    Arrays.fill(weights, 1);
    return fit(x, y, weights);
  }

  /**
   * Fits with weights.
   *
   * @param x {@code [rows]}, finite
   * @param y {@code [rows]}, finite
   * @param weights {@code [rows]}, finite, at least 0, not all 0
   * @return the fitted function
   * @throws IllegalArgumentException if there is no row of positive weight, lengths differ, or a
   *     value is not valid
   */
  public static IsotonicRegression fit(double[] x, double[] y, double[] weights) {
    check(x, y, weights);
    TiedScores points = new TiedScores(x, y, weights);
    if (points.size() == 0) {
      throw new IllegalArgumentException(
          "isotonic regression needs a row of positive weight, got " + x.length + " rows");
    }
    double[] fitted = pool(points);
    int kept = 0;
    double[] t = new double[fitted.length];
    double[] v = new double[fitted.length];
    for (int i = 0; i < fitted.length; i++) {
      boolean inside =
          i > 0
              && i < fitted.length - 1
              && fitted[i] == fitted[i - 1]
              && fitted[i] == fitted[i + 1];
      if (!inside) {
        t[kept] = points.scores[i];
        v[kept++] = fitted[i];
      }
    }
    return new IsotonicRegression(Arrays.copyOf(t, kept), Arrays.copyOf(v, kept));
  }

  private static void check(double[] x, double[] y, double[] weights) {
    if (x.length == 0 || x.length != y.length || x.length != weights.length) {
      throw new IllegalArgumentException(
          "x, y and weights must have the same length, at least 1, got "
              + x.length
              + ", "
              + y.length
              + " and "
              + weights.length);
    }
    for (int i = 0; i < x.length; i++) {
      if (!Double.isFinite(x[i]) || !Double.isFinite(y[i])) {
        throw new IllegalArgumentException(
            "x[" + i + "] and y[" + i + "] must be finite, got " + x[i] + " and " + y[i]);
      }
      Checks.notNegative("weights[" + i + "]", weights[i]);
    }
  }

  /**
   * Fitted value of each distinct score. Only strict violators are pooled: a second pass is void.
   */
  private static double[] pool(TiedScores points) {
    int n = points.size();
    double[] sums = points.sums.clone();
    double[] weights = points.weights.clone();
    double[] means = points.means.clone();
    int[] ends = new int[n];
    int blocks = 0;
    for (int i = 0; i < n; i++) {
      sums[blocks] = sums[i];
      weights[blocks] = weights[i];
      means[blocks] = means[i];
      ends[blocks] = i;
      while (blocks > 0 && means[blocks - 1] > means[blocks]) {
        sums[blocks - 1] += sums[blocks];
        weights[blocks - 1] += weights[blocks];
        means[blocks - 1] = sums[blocks - 1] / weights[blocks - 1];
        ends[blocks - 1] = i;
        blocks--;
      }
      blocks++;
    }
    double[] out = new double[n];
    for (int b = 0; b < blocks; b++) {
      Arrays.fill(out, b == 0 ? 0 : ends[b - 1] + 1, ends[b] + 1, means[b]);
    }
    return out;
  }

  /**
   * Where the function is pinned.
   *
   * @return ascending scores, copied
   */
  public double[] thresholds() {
    return thresholds.clone();
  }

  /**
   * The fitted values at the thresholds.
   *
   * @return non-decreasing values, copied
   */
  public double[] values() {
    return values.clone();
  }

  /**
   * The fitted function: linear between thresholds, the end values beyond.
   *
   * @param x any number but NaN
   * @return the value, non-decreasing in x
   */
  public double predict(double x) {
    int at = Arrays.binarySearch(thresholds, x + 0.0);
    if (at >= 0) {
      return values[at];
    }
    int next = -at - 1;
    if (next == 0) {
      return values[0];
    }
    if (next == values.length) {
      return values[next - 1];
    }
    double x0 = thresholds[next - 1];
    double y0 = values[next - 1];
    double slope = (values[next] - y0) / (thresholds[next] - x0);
    // Rounding must not step over the next threshold's value.
    return Math.min(y0 + slope * (x - x0), values[next]);
  }

  /**
   * The fitted function, as {@link #predict}.
   *
   * @param score any number but NaN
   * @return the value
   */
  @Override
  public double apply(double score) {
    return predict(score);
  }

  @Override
  public void describe(String prefix, Map<String, double[]> out) {
    out.put(prefix + "thresholds", thresholds());
    out.put(prefix + "values", values());
  }

  @Override
  public String inWords() {
    return "never falling, straight between " + values().length + " points";
  }

  static IsotonicRegression read(RecalibratorParameters p, String prefix) {
    double[] t = p.increasing(prefix + "thresholds");
    double[] v = p.probabilities(prefix + "values", Math.max(t.length, 1));
    return new IsotonicRegression(t, v);
  }
}
