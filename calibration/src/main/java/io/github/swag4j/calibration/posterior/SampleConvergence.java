package io.github.swag4j.calibration.posterior;

import io.github.swag4j.calibration.Predictions;
import io.github.swag4j.calibration.PredictionsBuilder;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.OptionalInt;
import java.util.function.ToDoubleFunction;

/**
 * A metric against the number of posterior samples, with its Monte Carlo standard error: are S
 * samples enough?
 *
 * <p>At each number s the metric is that of the average of the first s samples. Its standard error
 * is the jackknife's over these samples, sqrt((s-1)/s sum_i (m_(-i) - mean m_(-i))^2), where m_(-i)
 * leaves sample i out: how much the number would change with other draws from the same posterior on
 * the same rows. Its square is too large rather than too small in expectation: little for metrics
 * that vary smoothly with the probabilities such as NLL, but several times for accuracy, which
 * jumps. Immutable.
 *
 * @see <a href="https://doi.org/10.1214/aos/1176345462">Efron and Stein 1981, The Jackknife
 *     Estimate of Variance</a>
 */
public final class SampleConvergence {

  /**
   * The metric with some of the samples.
   *
   * @param samples how many samples, from the first on
   * @param value the metric of their average
   * @param standardError Monte Carlo standard error; NaN with one sample
   */
  public record Point(int samples, double value, double standardError) {}

  private final List<Point> points;
  private final SampleMean mean;
  private final String metric;

  private SampleConvergence(String metric, SampleMean mean, List<Point> points) {
    this.metric = metric;
    this.mean = mean;
    this.points = List.copyOf(points);
  }

  /**
   * Follows a metric over 1, 2, 3, 5, 7, 10, 15, 20, 30, 50, 70, 100, ... samples and all of them.
   *
   * @param predictions with at least 2 posterior samples
   * @param mean how samples are averaged
   * @param metricName what to call the metric
   * @param metric of averaged predictions, for instance {@code p -> ProperScores.of(p).nll()}
   * @return the points
   * @throws IllegalArgumentException if there are fewer than 2 samples
   */
  public static SampleConvergence of(
      Predictions predictions,
      SampleMean mean,
      String metricName,
      ToDoubleFunction<Predictions> metric) {
    return of(predictions, mean, metricName, metric, counts(Math.max(1, predictions.samples())));
  }

  /**
   * The numbers of samples that a curve is drawn at: 1, 2, 3, 5, 7, 10, 15, 20, 30, 50, 70, 100,
   * ... and all of them.
   *
   * @param samples how many there are, at least 1
   * @return growing numbers, the last being {@code samples}
   * @throws IllegalArgumentException if there are none
   */
  public static int[] counts(int samples) {
    if (samples < 1) {
      throw new IllegalArgumentException("samples must be at least 1, got " + samples);
    }
    List<Integer> counts = new ArrayList<>();
    int[] steps = {10, 15, 20, 30, 50, 70};
    for (int s : new int[] {1, 2, 3, 5, 7}) {
      counts.add(s);
    }
    for (long ten = 1; ten < samples; ten *= 10) {
      for (int step : steps) {
        counts.add((int) Math.min(Integer.MAX_VALUE, step * ten));
      }
    }
    counts.removeIf(s -> s >= samples);
    counts.add(samples);
    return counts.stream().mapToInt(Integer::intValue).distinct().toArray();
  }

  /**
   * Follows a metric over chosen numbers of samples; each costs as many evaluations of the metric.
   *
   * @param predictions with at least 2 posterior samples
   * @param mean how samples are averaged
   * @param metricName what to call the metric
   * @param metric of averaged predictions
   * @param counts numbers of samples, growing, between 1 and all
   * @return the points
   * @throws IllegalArgumentException if there are fewer than 2 samples, or the counts are not
   *     growing or out of range
   */
  public static SampleConvergence of(
      Predictions predictions,
      SampleMean mean,
      String metricName,
      ToDoubleFunction<Predictions> metric,
      int[] counts) {
    if (predictions.samples() < 2) {
      throw new IllegalArgumentException(
          "posterior samples must be at least 2, got "
              + predictions.samples()
              + ": keep the probabilities of single samples when predicting");
    }
    List<Point> points = new ArrayList<>();
    int previous = 0;
    for (int s : counts) {
      if (s <= previous || s > predictions.samples()) {
        throw new IllegalArgumentException(
            "counts must grow from 1 to at most " + predictions.samples() + ", got " + s);
      }
      previous = s;
      double value = metric.applyAsDouble(average(predictions, mean, s, -1).build());
      points.add(new Point(s, value, jackknife(predictions, mean, metric, s)));
    }
    return new SampleConvergence(metricName, mean, points);
  }

  private static double jackknife(
      Predictions p, SampleMean mean, ToDoubleFunction<Predictions> metric, int samples) {
    if (samples < 2) {
      return Double.NaN;
    }
    double[] without = new double[samples];
    double centre = 0;
    for (int i = 0; i < samples; i++) {
      without[i] = metric.applyAsDouble(average(p, mean, samples, i).build());
      centre += without[i] / samples;
    }
    double sum = 0;
    for (double m : without) {
      sum += (m - centre) * (m - centre);
    }
    return Math.sqrt(sum * (samples - 1) / samples);
  }

  /** Average of the first samples but one, as a builder with everything else the rows carry. */
  static PredictionsBuilder average(Predictions p, SampleMean mean, int first, int skip) {
    int classes = p.classes();
    double[] averaged = new double[Math.multiplyExact(p.rows(), classes)];
    double[] row = new double[classes];
    for (int r = 0; r < p.rows(); r++) {
      mean.of(p, r, first, skip, row);
      System.arraycopy(row, 0, averaged, r * classes, classes);
    }
    PredictionsBuilder builder =
        Predictions.builder().probabilities(averaged, classes).observations(p.observations());
    return p.hasClassNames() ? builder.classNames(p.classNames()) : builder;
  }

  /**
   * The metric by number of samples.
   *
   * @return points with growing numbers of samples
   */
  public List<Point> points() {
    return points;
  }

  /**
   * How samples were averaged.
   *
   * @return the choice
   */
  public SampleMean mean() {
    return mean;
  }

  /**
   * The stopping rule: from how many samples on is the standard error within a tolerance?
   *
   * @param tolerance greatest standard error wanted, above 0
   * @return the least number of samples followed whose standard error, and every later one, is at
   *     most the tolerance; empty if the last one's is not
   * @throws IllegalArgumentException if the tolerance is not above 0
   */
  public OptionalInt enough(double tolerance) {
    check(tolerance);
    OptionalInt enough = OptionalInt.empty();
    for (int i = points.size() - 1; i >= 0 && points.get(i).standardError() <= tolerance; i--) {
      enough = OptionalInt.of(points.get(i).samples());
    }
    return enough;
  }

  /**
   * How many samples a tolerance asks for, by the last point's standard error and the 1/sqrt(S) law
   * of Monte Carlo errors.
   *
   * @param tolerance greatest standard error wanted, above 0
   * @return an estimate, at least 1
   * @throws IllegalArgumentException if the tolerance is not above 0
   * @throws IllegalStateException if the last point has no standard error: with 1 sample, or where
   *     the metric is not a number
   */
  public long samplesFor(double tolerance) {
    check(tolerance);
    Point last = points.get(points.size() - 1);
    if (Double.isNaN(last.standardError())) {
      throw new IllegalStateException(
          "the number of samples for a tolerance needs a standard error, got NaN with "
              + (last.samples() == 1
                  ? "1 sample: follow the metric to at least 2 samples"
                  : last.samples()
                      + " samples: the metric "
                      + metric
                      + " is not a number for some of them"));
    }
    double ratio = last.standardError() / tolerance;
    return Math.max(1, (long) Math.ceil(last.samples() * ratio * ratio));
  }

  private static void check(double tolerance) {
    if (!(tolerance > 0)) {
      throw new IllegalArgumentException("tolerance must be above 0, got " + tolerance);
    }
  }

  @Override
  public String toString() {
    Point last = points.get(points.size() - 1);
    return String.format(
        Locale.ROOT,
        "%s %.4f +- %.4f Monte Carlo (%d samples, %s)",
        metric,
        last.value(),
        last.standardError(),
        last.samples(),
        mean);
  }
}
