package io.github.swag4j.reports.posterior;

import io.github.swag4j.reports.PlottedChart;
import io.github.swag4j.reports.drawing.Axis;
import io.github.swag4j.reports.drawing.Checks;
import io.github.swag4j.reports.drawing.LineStyle;
import io.github.swag4j.reports.drawing.Numbers;
import io.github.swag4j.reports.drawing.Plot;
import io.github.swag4j.reports.drawing.Sheet;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Objects;

/**
 * Spectrum of the deviations that a posterior's low-rank part is made of: above, the variance along
 * each of its directions, the largest first; below, the share of the low-rank part's variance that
 * the first directions have together. A line that falls steeply says that fewer columns would do.
 */
public final class SpectrumChart extends PlottedChart {
  private final String title;
  private final Map<String, double[]> spectra;

  private SpectrumChart(String title, Map<String, double[]> spectra) {
    this.title = title;
    this.spectra = spectra;
  }

  /**
   * A chart of some posteriors.
   *
   * @param title what is shown, for example {@code "SWAG after 30 epochs"}
   * @param spectra variances along the directions of each posterior, such as {@code
   *     LowRankGaussian.spectrum()}, in any order; at least one above 0 in each, between 1 and 8
   * @return the chart
   * @throws IllegalArgumentException if there are none or too many, or one has no variance above 0
   *     or one that is negative or not finite
   */
  public static SpectrumChart of(String title, Map<String, double[]> spectra) {
    Map<String, double[]> sorted = new LinkedHashMap<>();
    Checks.series("spectra", spectra)
        .forEach((name, values) -> sorted.put(name, descending(name, values)));
    return new SpectrumChart(Objects.requireNonNull(title, "title"), sorted);
  }

  private static double[] descending(String name, double[] values) {
    double[] sorted = Checks.numbers(name, values);
    Arrays.sort(sorted);
    int n = sorted.length;
    if (sorted[0] < 0 || !(sorted[n - 1] > 0) || Double.isInfinite(sorted[n - 1])) {
      throw new IllegalArgumentException(
          name
              + " must have finite variances of at least 0, one of them above it, got "
              + sorted[0]
              + " to "
              + sorted[n - 1]);
    }
    double[] descending = new double[n];
    for (int i = 0; i < n; i++) {
      descending[i] = sorted[n - 1 - i];
    }
    return descending;
  }

  @Override
  protected Sheet sheet() {
    int most = 1;
    double low = Double.POSITIVE_INFINITY;
    double high = 0;
    for (double[] values : spectra.values()) {
      most = Math.max(most, values.length);
      for (double value : values) {
        // A direction without variance has no place on a logarithmic axis.
        low = value > 0 ? Math.min(low, value) : low;
        high = Math.max(high, value);
      }
    }
    low = Math.max(low, high * 1e-12);
    Axis directions = Axis.epochs(most, 6);
    Plot variances =
        new Plot(
                "Direction, the largest first",
                directions,
                "Variance (squared weights)",
                Axis.logarithmic(low / 1.1, high * 1.1))
            .logarithmicY()
            .height(160);
    Plot shares =
        new Plot("Direction, the largest first", directions, "Share up to here", Axis.percent())
            .height(130);
    Map<String, LineStyle> styles = LineStyle.of(spectra.keySet());
    StringBuilder words = new StringBuilder("Spectrum of the deviations.");
    spectra.forEach(
        (name, values) -> {
          double[] x = new double[values.length];
          double[] y = new double[values.length];
          double[] share = new double[values.length];
          double total = Arrays.stream(values).sum();
          double sum = 0;
          for (int i = 0; i < x.length; i++) {
            x[i] = i + 1.0;
            y[i] = values[i] > 0 ? values[i] : Double.NaN;
            sum += values[i];
            share[i] = Math.min(1, sum / total);
          }
          LineStyle style = styles.get(name);
          variances.line(name, style, x, y).marks(x, y, 5, style.ink());
          shares.line(name, style, x, share).marks(x, share, 5, style.ink());
          words.append(' ').append(name).append(": ").append(x.length).append(" directions, the");
          words.append(" first has ").append(Numbers.percent(share[0], 1)).append('.');
        });
    return new Sheet(title, words.toString()).plot(variances).plot(shares);
  }
}
