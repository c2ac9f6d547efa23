package io.github.swag4j.calibration.regression;

import io.github.swag4j.calibration.internal.CompensatedSum;
import io.github.swag4j.calibration.internal.ValueOrder;
import java.util.Arrays;
import java.util.Locale;

/**
 * Expected against observed proportions: of the values that should fall below the p-quantile (or
 * inside the central interval of level p) with probability p, the share that did. Calibrated
 * predictions lie on the diagonal.
 *
 * <p>A value is below the p-quantile when its probability integral transform is at most p, and
 * inside the central interval when |2 PIT - 1| is at most p; nothing depends on the sign convention
 * of residuals.
 *
 * @see <a href="https://arxiv.org/abs/1807.00263">Kuleshov, Fenner, Ermon 2018, Accurate
 *     uncertainties for deep learning using calibrated regression</a>
 */
public final class QuantileCalibration {

  /** What is counted. */
  public enum Kind {
    /** Values below predicted quantiles; sees a shift of the predictions. */
    QUANTILE("quantiles"),
    /** Values inside central prediction intervals; blind to which side is missed. */
    CENTRAL_INTERVAL("central intervals");

    private final String label;

    Kind(String label) {
      this.label = label;
    }

    @Override
    public String toString() {
      return label;
    }
  }

  /** Number of levels if not told: 0, 1/99, ..., 1, as uncertainty-toolbox. */
  public static final int DEFAULT_LEVELS = 100;

  private final Kind kind;
  private final double[] expected;
  private final double[] observed;
  private final long rows;

  private QuantileCalibration(Kind kind, double[] expected, double[] observed, long rows) {
    this.kind = kind;
    this.expected = expected;
    this.observed = observed;
    this.rows = rows;
  }

  /**
   * The curve at {@value #DEFAULT_LEVELS} levels.
   *
   * @param p the predictions
   * @param kind what is counted
   * @return the curve
   */
  public static QuantileCalibration of(RegressionPredictions p, Kind kind) {
    return of(p, kind, DEFAULT_LEVELS);
  }

  /**
   * The curve at equally spaced levels 0, ..., 1.
   *
   * @param p the predictions
   * @param kind what is counted
   * @param levels number of levels, at least 2
   * @return the curve
   * @throws IllegalArgumentException if there are fewer than 2 levels
   */
  public static QuantileCalibration of(RegressionPredictions p, Kind kind, int levels) {
    double[] expected = grid(levels);
    return new QuantileCalibration(kind, expected, observed(p, kind, expected), p.rows());
  }

  /**
   * The curve after levels were recalibrated: at expected p, the share below (inside) the level
   * that the recalibration asks for instead of p.
   *
   * @param p the predictions
   * @param kind what is counted; that of the curve the recalibration was fitted to
   * @param levels number of levels, at least 2
   * @param recalibration what to ask for instead
   * @return the curve
   * @throws IllegalArgumentException if there are fewer than 2 levels
   */
  public static QuantileCalibration of(
      RegressionPredictions p, Kind kind, int levels, LevelRecalibration recalibration) {
    double[] expected = grid(levels);
    double[] asked = Arrays.stream(expected).map(recalibration::nominal).toArray();
    return new QuantileCalibration(kind, expected, observed(p, kind, asked), p.rows());
  }

  private static double[] grid(int levels) {
    if (levels < 2) {
      throw new IllegalArgumentException("levels must be at least 2, got " + levels);
    }
    double[] expected = new double[levels];
    Arrays.setAll(expected, i -> (double) i / (levels - 1));
    return expected;
  }

  /** The least level at which each row counts. */
  static double[] reached(RegressionPredictions p, Kind kind) {
    return Columns.of(p, row -> kind == Kind.QUANTILE ? p.pit(row) : Math.abs(2 * p.pit(row) - 1));
  }

  /** Weighted share of rows at or below each of ascending levels. */
  private static double[] observed(RegressionPredictions p, Kind kind, double[] levels) {
    double[] reached = reached(p, kind);
    double[] weights = Columns.weightsOf(p);
    int[] order = ValueOrder.of(reached, weights);
    CompensatedSum total = new CompensatedSum();
    for (int row : order) {
      total.add(weights[row]);
    }
    double[] observed = new double[levels.length];
    CompensatedSum below = new CompensatedSum();
    int next = 0;
    for (int i = 0; i < levels.length; i++) {
      while (next < order.length && reached[order[next]] <= levels[i]) {
        below.add(weights[order[next++]]);
      }
      observed[i] = Math.min(below.value() / total.value(), 1);
    }
    return observed;
  }

  /**
   * What is counted.
   *
   * @return quantiles or central intervals
   */
  public Kind kind() {
    return kind;
  }

  /**
   * Expected proportions.
   *
   * @return {@code [levels]}, from 0 to 1
   */
  public double[] expected() {
    return expected.clone();
  }

  /**
   * Observed proportions.
   *
   * @return {@code [levels]}, ascending, in [0, 1]
   */
  public double[] observed() {
    return observed.clone();
  }

  /**
   * Number of rows.
   *
   * @return the rows
   */
  public long rows() {
    return rows;
  }

  /**
   * Mean absolute calibration error: mean over levels of |observed - expected|, in [0, 1].
   *
   * @return the error
   */
  public double mace() {
    double sum = 0;
    for (int i = 0; i < expected.length; i++) {
      sum += Math.abs(observed[i] - expected[i]);
    }
    return sum / expected.length;
  }

  /**
   * Root mean squared calibration error: sqrt of the mean over levels of (observed - expected)^2,
   * in [0, 1].
   *
   * @return the error
   */
  public double rmsce() {
    double sum = 0;
    for (int i = 0; i < expected.length; i++) {
      double d = observed[i] - expected[i];
      sum += d * d;
    }
    return Math.sqrt(sum / expected.length);
  }

  /**
   * Area between the curve, linear between levels, and the diagonal; in [0, 0.5]. Where the curve
   * crosses the diagonal between two levels the two triangles count.
   *
   * @return the miscalibration area
   */
  public double miscalibrationArea() {
    double area = 0;
    for (int i = 1; i < expected.length; i++) {
      double width = expected[i] - expected[i - 1];
      double a = observed[i - 1] - expected[i - 1];
      double b = observed[i] - expected[i];
      double size = Math.abs(a) + Math.abs(b);
      if (a * b >= 0) {
        area += width * size / 2;
      } else {
        area += width * (a * a + b * b) / (2 * size);
      }
    }
    return area;
  }

  @Override
  public String toString() {
    return String.format(
        Locale.ROOT,
        "MACE %.4f, RMSCE %.4f, miscalibration area %.4f (%s, %d levels, %,d rows)",
        mace(),
        rmsce(),
        miscalibrationArea(),
        kind,
        expected.length,
        rows);
  }
}
