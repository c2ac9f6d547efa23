package io.github.swag4j.reports.detection;

import io.github.swag4j.reports.PlottedChart;
import io.github.swag4j.reports.drawing.Axis;
import io.github.swag4j.reports.drawing.Checks;
import io.github.swag4j.reports.drawing.LineStyle;
import io.github.swag4j.reports.drawing.Numbers;
import io.github.swag4j.reports.drawing.Plot;
import io.github.swag4j.reports.drawing.Sheet;
import io.github.swag4j.reports.drawing.Thinning;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Objects;

/**
 * Empirical distribution functions of a score, one line for each method or data set: the share of
 * rows whose score is at most so large. Drawn of the predictive entropy it is the figure by which
 * ensembles are usually judged on unknown data: the further to the right the line of unknown data
 * rises, the better.
 *
 * @see <a href="https://arxiv.org/abs/1612.01474">Lakshminarayanan et al. 2017, Deep Ensembles</a>
 */
public final class ScoreDistributionChart extends PlottedChart {
  private final String title;
  private final String score;
  private final Map<String, double[][]> steps;

  private ScoreDistributionChart(String title, String score, Map<String, double[][]> steps) {
    this.title = title;
    this.score = score;
    this.steps = steps;
  }

  /**
   * A chart of some sets of scores.
   *
   * @param title what is shown, for example {@code "Entropy of MNIST, unknown to the models"}
   * @param score name and unit of the score, for example {@code "Entropy (nats)"}
   * @param scores scores by the name of the method or set, between 1 and 8; none empty, no NaN
   * @return the chart
   * @throws IllegalArgumentException if there are none or too many, one is empty or has NaN
   */
  public static ScoreDistributionChart of(
      String title, String score, Map<String, double[]> scores) {
    Map<String, double[][]> steps = new LinkedHashMap<>();
    Checks.series("sets", scores)
        .forEach((name, values) -> steps.put(name, steps(Checks.numbers(name, values))));
    return new ScoreDistributionChart(
        Objects.requireNonNull(title, "title"), Objects.requireNonNull(score, "score"), steps);
  }

  /** The corners of the steps, as many as the eye can tell apart. */
  private static double[][] steps(double[] values) {
    Arrays.sort(values);
    int n = values.length;
    double[] x = new double[2 * n];
    double[] y = new double[2 * n];
    for (int i = 0; i < n; i++) {
      x[2 * i] = values[i];
      y[2 * i] = (double) i / n;
      x[2 * i + 1] = values[i];
      y[2 * i + 1] = (i + 1.0) / n;
    }
    int[] kept = Thinning.keep(x, y);
    return new double[][] {Thinning.at(x, kept), Thinning.at(y, kept)};
  }

  @Override
  protected Sheet sheet() {
    double low = Double.POSITIVE_INFINITY;
    double high = Double.NEGATIVE_INFINITY;
    for (double[][] each : steps.values()) {
      for (double value : each[0]) {
        if (Double.isFinite(value)) {
          low = Math.min(low, value);
          high = Math.max(high, value);
        }
      }
    }
    if (low > high) {
      low = 0;
      high = 1;
    }
    Axis axis = Axis.around(low >= 0 && low < 0.4 * high ? 0 : low, high, 5);
    Plot plot = new Plot(score, axis, "Share of rows with at most so much", Axis.unit());
    Map<String, LineStyle> styles = LineStyle.of(steps.keySet());
    StringBuilder words = new StringBuilder("Distribution of ").append(score).append('.');
    steps.forEach(
        (name, line) -> {
          plot.height(240).line(name, styles.get(name), line[0], line[1]);
          words.append(' ').append(name).append(": median ");
          words.append(Numbers.metric(median(line))).append('.');
        });
    return new Sheet(title, words.toString()).plot(plot);
  }

  private static double median(double[][] line) {
    int i = 0;
    while (line[1][i] < 0.5) {
      i++;
    }
    return line[0][i];
  }
}
