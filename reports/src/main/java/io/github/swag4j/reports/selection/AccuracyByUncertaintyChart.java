package io.github.swag4j.reports.selection;

import io.github.swag4j.calibration.Interval;
import io.github.swag4j.calibration.Predictions;
import io.github.swag4j.calibration.ood.OodScore;
import io.github.swag4j.calibration.reliability.BinomialInterval;
import io.github.swag4j.reports.PlottedChart;
import io.github.swag4j.reports.drawing.Axis;
import io.github.swag4j.reports.drawing.Checks;
import io.github.swag4j.reports.drawing.LineStyle;
import io.github.swag4j.reports.drawing.Numbers;
import io.github.swag4j.reports.drawing.Plot;
import io.github.swag4j.reports.drawing.Sheet;
import java.util.Arrays;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.stream.IntStream;

/**
 * Accuracy of each tenth of the rows in the order of their uncertainty, with its 95 % interval
 * (Wilson): a method that knows what it does not know falls steeply from left to right.
 *
 * <p>Rows of equal uncertainty are not torn apart by their order: each carries the accuracy of all
 * rows that tie with it.
 */
public final class AccuracyByUncertaintyChart extends PlottedChart {
  private static final int TENTHS = 10;
  private static final double LEVEL = 0.95;

  /** Uncertainties and who was right, row by row. */
  private record Judged(double[] uncertainties, boolean[] correct) {}

  private final String title;
  private final String score;
  private final Map<String, double[][]> tenths;

  private AccuracyByUncertaintyChart(String title, String score, Map<String, double[][]> tenths) {
    this.title = title;
    this.score = score;
    this.tenths = tenths;
  }

  /**
   * A chart of some methods.
   *
   * @param title what was judged, for example {@code "Fashion-MNIST test"}
   * @param score how uncertain a row is
   * @param methods labelled predictions by name, between 1 and 8
   * @return the chart
   * @throws IllegalArgumentException if there are none or too many, or the predictions lack what
   *     the score needs
   * @throws IllegalStateException if there are no labels
   */
  public static AccuracyByUncertaintyChart of(
      String title, OodScore score, Map<String, Predictions> methods) {
    Map<String, double[][]> tenths = new LinkedHashMap<>();
    Checks.series("methods", methods)
        .forEach(
            (name, predictions) -> {
              boolean[] correct = new boolean[predictions.rows()];
              for (int row = 0; row < correct.length; row++) {
                correct[row] = predictions.isCorrect(row);
              }
              tenths.put(name, tenths(new Judged(score.score(predictions), correct)));
            });
    return new AccuracyByUncertaintyChart(
        Objects.requireNonNull(title, "title"), score.name(), tenths);
  }

  /** Tenth, accuracy, and the ends of its interval. */
  private static double[][] tenths(Judged judged) {
    int n = judged.correct().length;
    double[] uncertainty = Checks.numbers("uncertainties", judged.uncertainties());
    int[] order =
        IntStream.range(0, n)
            .boxed()
            .sorted(Comparator.comparingDouble(row -> uncertainty[row]))
            .mapToInt(Integer::intValue)
            .toArray();
    double[] share = new double[n];
    for (int from = 0; from < n; ) {
      int to = from;
      int right = 0;
      while (to < n && uncertainty[order[to]] == uncertainty[order[from]]) {
        right += judged.correct()[order[to]] ? 1 : 0;
        to++;
      }
      Arrays.fill(share, from, to, (double) right / (to - from));
      from = to;
    }
    double[][] result = new double[4][TENTHS];
    for (int t = 0; t < TENTHS; t++) {
      int from = (int) ((long) n * t / TENTHS);
      int to = (int) ((long) n * (t + 1) / TENTHS);
      double right = Arrays.stream(share, from, to).sum();
      Interval interval =
          to > from ? BinomialInterval.wilson(right, to - from, LEVEL) : Interval.UNKNOWN;
      result[0][t] = t + 1;
      result[1][t] = to > from ? right / (to - from) : Double.NaN;
      result[2][t] = interval.lower();
      result[3][t] = interval.upper();
    }
    return result;
  }

  @Override
  protected Sheet sheet() {
    double low = 1;
    for (double[][] each : tenths.values()) {
      for (int t = 0; t < TENTHS; t++) {
        double end = Double.isNaN(each[2][t]) ? each[1][t] : each[2][t];
        low = Double.isNaN(end) ? low : Math.min(low, end);
      }
    }
    List<Axis.Tick> ticks =
        IntStream.rangeClosed(1, TENTHS)
            .mapToObj(t -> new Axis.Tick(t, String.valueOf(t)))
            .toList();
    Plot plot =
        new Plot(
                "Tenth of the rows, the least uncertain first",
                new Axis(0.6, TENTHS + 0.4, ticks),
                "Accuracy",
                Axis.around(low < 0.6 ? 0 : low, 1, 5))
            .height(230);
    Map<String, LineStyle> styles = LineStyle.of(tenths.keySet());
    StringBuilder words =
        new StringBuilder("Accuracy by tenths of the rows in the order of ")
            .append(score)
            .append('.');
    int at = 0;
    for (Map.Entry<String, double[][]> each : tenths.entrySet()) {
      double[][] v = each.getValue();
      // Methods stand a little beside each other, so that whiskers do not hide each other.
      double shift = (at - (tenths.size() - 1) / 2.0) * 0.6 / TENTHS;
      plot.beside(each.getKey(), styles.get(each.getKey()), shift, v[0], v[1], v[2], v[3]);
      words.append(' ').append(each.getKey()).append(": from ");
      words.append(Numbers.percent(v[1][0], 1)).append(" to ");
      words.append(Numbers.percent(v[1][TENTHS - 1], 1)).append('.');
      at++;
    }
    return new Sheet(title, words.toString())
        .plot(plot)
        .caption("Uncertainty is " + score + ". Whiskers are 95 % intervals (Wilson).");
  }
}
