package io.github.swag4j.calibration.conformal;

import io.github.swag4j.calibration.Interval;
import java.math.BigDecimal;
import java.math.RoundingMode;
import org.apache.commons.math3.distribution.BetaDistribution;
import org.apache.commons.math3.special.Beta;

/**
 * Distribution of the coverage of split conformal sets, over the draw of the calibration rows:
 * Beta(k, n + 1 - k) for continuous scores, with the order statistic k = ceil((n + 1)(1 - alpha)).
 * Ties and never-empty sets can only raise coverage. If k exceeds n, every set is the whole label
 * space and coverage is 1.
 *
 * @param calibrationRows n, at least 0
 * @param rank k, from 1 to n + 1
 * @see <a href="https://arxiv.org/abs/2107.07511">Angelopoulos and Bates 2021, A gentle
 *     introduction to conformal prediction, section 3.2</a>
 */
public record CoverageDistribution(long calibrationRows, long rank) {

  /**
   * Checks the parts.
   *
   * @param calibrationRows n, at least 0
   * @param rank k, from 1 to n + 1
   * @throws IllegalArgumentException if rows are negative or the rank is not between 1 and rows + 1
   */
  public CoverageDistribution {
    if (calibrationRows < 0 || rank < 1 || rank > calibrationRows + 1) {
      throw new IllegalArgumentException(
          "rank must be between 1 and calibration rows + 1, got "
              + rank
              + " of "
              + calibrationRows
              + " rows");
    }
  }

  /**
   * The distribution for an error rate.
   *
   * @param calibrationRows n, at least 0
   * @param alpha the error rate, in (0, 1); its shortest decimal is taken at its word, so that
   *     rounding never moves the rank
   * @return the distribution with k = ceil((n + 1)(1 - alpha))
   * @throws IllegalArgumentException if alpha is not inside (0, 1)
   */
  public static CoverageDistribution of(long calibrationRows, double alpha) {
    if (!(alpha > 0 && alpha < 1)) {
      throw new IllegalArgumentException("alpha must be between 0 and 1, got " + alpha);
    }
    BigDecimal product =
        BigDecimal.ONE
            .subtract(new BigDecimal(Double.toString(alpha)))
            .multiply(BigDecimal.valueOf(calibrationRows + 1));
    return new CoverageDistribution(
        calibrationRows, product.setScale(0, RoundingMode.CEILING).longValueExact());
  }

  /**
   * Whether there are too few rows for a finite threshold, so that sets hold every class.
   *
   * @return true if k exceeds n
   */
  public boolean isWhole() {
    return rank > calibrationRows;
  }

  /**
   * Expected coverage, k / (n + 1).
   *
   * @return the mean of the distribution, at least 1 - alpha
   */
  public double mean() {
    return isWhole() ? 1 : (double) rank / (calibrationRows + 1);
  }

  /**
   * Central interval of the coverage over infinitely many new rows.
   *
   * @param level level of the interval, in (0, 1)
   * @return quantiles of Beta(k, n + 1 - k)
   * @throws IllegalArgumentException if the level is not inside (0, 1)
   */
  public Interval interval(double level) {
    double tail = tail(level);
    if (isWhole()) {
      return new Interval(1, 1);
    }
    BetaDistribution beta = new BetaDistribution(null, rank, calibrationRows + 1.0 - rank);
    return new Interval(
        beta.inverseCumulativeProbability(tail), beta.inverseCumulativeProbability(1 - tail));
  }

  /**
   * Central interval of the coverage counted on a number of new rows.
   *
   * @param level level of the interval, in (0, 1)
   * @param rows number of new rows, at least 1
   * @return quantiles of BetaBinomial(rows, k, n + 1 - k), divided by rows
   * @throws IllegalArgumentException if the level is not inside (0, 1) or there is no row
   */
  public Interval interval(double level, long rows) {
    double tail = tail(level);
    if (rows < 1) {
      throw new IllegalArgumentException("rows must be at least 1, got " + rows);
    }
    if (isWhole()) {
      return new Interval(1, 1);
    }
    double a = rank;
    double b = calibrationRows + 1.0 - rank;
    double log = Beta.logBeta(a, rows + b) - Beta.logBeta(a, b);
    double cumulative = 0;
    long lower = -1;
    for (long j = 0; j < rows; j++) {
      cumulative += Math.exp(log);
      if (lower < 0 && cumulative >= tail) {
        lower = j;
      }
      if (cumulative >= 1 - tail) {
        return new Interval((double) lower / rows, (double) j / rows);
      }
      log += Math.log((rows - j) / (j + 1.0)) + Math.log((j + a) / (rows - j - 1 + b));
    }
    return new Interval(lower < 0 ? 1 : (double) lower / rows, 1);
  }

  private static double tail(double level) {
    if (!(level > 0 && level < 1)) {
      throw new IllegalArgumentException("level must be between 0 and 1, got " + level);
    }
    return 0.5 * (1 - level);
  }
}
