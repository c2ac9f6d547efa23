package io.github.swag4j.reports.comparison;

import io.github.swag4j.calibration.Interval;
import io.github.swag4j.reports.Chart;
import io.github.swag4j.reports.ChartData;
import io.github.swag4j.reports.drawing.Figure;
import io.github.swag4j.reports.drawing.Figure.Anchor;
import io.github.swag4j.reports.drawing.Figure.Style;
import io.github.swag4j.reports.drawing.Ink;
import io.github.swag4j.reports.drawing.Legend;
import io.github.swag4j.reports.drawing.Numbers;
import java.awt.geom.Ellipse2D;
import java.awt.geom.Line2D;
import java.awt.geom.Rectangle2D;
import java.util.List;
import java.util.Objects;

/**
 * Differences between methods as dots with whiskers, one row each, better to the right: whether an
 * interval reaches the line of no difference is seen at a glance.
 *
 * <p>Every row has a scale of its own, since metrics differ in theirs: its whole interval and 0 lie
 * inside it, and the numbers stand at the right.
 */
public final class DifferenceChart extends Chart {

  /**
   * A difference.
   *
   * @param name what differs, for example {@code "SWAG, NLL"}
   * @param value the difference
   * @param interval its interval, {@link Interval#UNKNOWN} where it has none
   * @param lowerIsBetter whether a difference below 0 is one for the better
   */
  public record Row(String name, double value, Interval interval, boolean lowerIsBetter) {
    /**
     * Checks that all are there.
     *
     * @param name what differs
     * @param value the difference
     * @param interval its interval
     * @param lowerIsBetter whether a difference below 0 is one for the better
     */
    public Row {
      Objects.requireNonNull(name, "name");
      Objects.requireNonNull(interval, "interval");
    }

    /** The end nearer to worse, and the one nearer to better, both as better is positive. */
    private double end(boolean better) {
      return lowerIsBetter
          ? -(better ? interval.lower() : interval.upper())
          : better ? interval.upper() : interval.lower();
    }

    private boolean hasInterval() {
      return !Double.isNaN(interval.lower());
    }

    private double gain() {
      return lowerIsBetter ? -value : value;
    }
  }

  private static final int WIDTH = 360;
  private static final int WIDE = 1120;
  private static final int PITCH = 26;
  private static final int HEAD = 66;
  private static final int MARGIN = 12;
  private static final int LINE = 16;

  /** Names on the left and numbers on the right of a wide drawing. */
  private static final int SIDE = 260;

  private final String title;
  private final String baseline;
  private final List<Row> rows;

  private DifferenceChart(String title, String baseline, List<Row> rows) {
    this.title = title;
    this.baseline = baseline;
    this.rows = rows;
  }

  /**
   * A chart of differences.
   *
   * @param title what is compared
   * @param baseline the method that the others are held against
   * @param rows the differences from top to bottom; at least one
   * @return the chart
   * @throws IllegalArgumentException if there are none
   */
  public static DifferenceChart of(String title, String baseline, List<Row> rows) {
    if (rows.isEmpty()) {
      throw new IllegalArgumentException("a chart needs at least 1 difference, got 0");
    }
    return new DifferenceChart(Objects.requireNonNull(title, "title"), baseline, List.copyOf(rows));
  }

  @Override
  protected boolean hasNarrowLayout() {
    return true;
  }

  @Override
  public ChartData data() {
    ChartData.Builder data =
        ChartData.builder("difference", "value", "lower", "upper", "lower_is_better");
    for (Row row : rows) {
      data.row(
          row.name(),
          row.value(),
          row.interval().lower(),
          row.interval().upper(),
          String.valueOf(row.lowerIsBetter()));
    }
    return data.build();
  }

  @Override
  protected Figure figure(Layout layout) {
    boolean narrow = layout == Layout.NARROW;
    int width = narrow ? WIDTH : WIDE;
    int text = textHeight(narrow);
    int pitch = PITCH + text;
    Figure figure = new Figure(title, describe(), width, HEAD + rows.size() * pitch + 10);
    Legend.head(figure);
    double left = narrow ? 16 : SIDE;
    double right = width - left;
    double zero = (left + right) / 2;
    String name = Legend.fit(baseline, 12, zero - 22 - Legend.width("better than ", 12));
    figure.text(name + " better", zero - 10, 50, Anchor.END, Style.NOTE);
    figure.text("better than " + name, zero + 10, 50, Anchor.START, Style.NOTE);
    double end = HEAD + rows.size() * pitch;
    figure.stroke(new Line2D.Double(zero, 40, zero, narrow ? HEAD - 10 : end), Ink.AXIS, 1.2f);
    for (int i = 0; i < rows.size(); i++) {
      Row row = rows.get(i);
      double top = HEAD + i * pitch;
      double y = top + text + (narrow ? 12 : 13);
      if (narrow) {
        // Between the lines of text, not through them.
        figure.stroke(new Line2D.Double(zero, y - 9, zero, y + 9), Ink.AXIS, 1.2f);
      }
      row(figure, row, left, right, y);
      double names = narrow ? width - 2 * MARGIN : SIDE - 2 * MARGIN;
      double first = narrow ? top + 13 : y + 4;
      double numbers = text > LINE ? first + LINE : first;
      figure.text(Legend.fit(row.name(), 12, names), MARGIN, first, Anchor.START, Style.LEGEND);
      figure.text(numbers(row), width - MARGIN, numbers, Anchor.END, Style.NOTE);
      figure.note(new Rectangle2D.Double(0, top, width, pitch), "difference", 1, words(row));
    }
    return figure;
  }

  /** The text above each row where it does not stand beside it: two lines if one is too narrow. */
  private int textHeight(boolean narrow) {
    if (!narrow) {
      return 0;
    }
    boolean fits =
        rows.stream()
            .mapToDouble(row -> Legend.width(row.name(), 12) + Legend.width(numbers(row), 12))
            .allMatch(taken -> taken + 2 * MARGIN + 8 <= WIDTH);
    return fits ? LINE : 2 * LINE;
  }

  private static void row(Figure figure, Row row, double left, double right, double y) {
    double reach = Math.abs(row.value());
    if (row.hasInterval()) {
      reach = Math.max(reach, Math.max(Math.abs(row.end(true)), Math.abs(row.end(false))));
    }
    double unit = reach > 0 ? (right - left) / 2 / (1.05 * reach) : 0;
    double zero = (left + right) / 2;
    boolean better = row.end(false) > 0;
    boolean worse = row.end(true) < 0;
    Ink ink = better ? Ink.GREEN : worse ? Ink.VERMILION : Ink.MUTED;
    if (row.hasInterval()) {
      double from = zero + unit * row.end(false);
      double to = zero + unit * row.end(true);
      figure.stroke(new Line2D.Double(from, y, to, y), ink, 2);
      figure.stroke(new Line2D.Double(from, y - 4, from, y + 4), ink, 1.5f);
      figure.stroke(new Line2D.Double(to, y - 4, to, y + 4), ink, 1.5f);
    }
    double at = zero + unit * row.gain();
    figure.fill(new Ellipse2D.Double(at - 4, y - 4, 8, 8), ink, 1);
  }

  private static String numbers(Row row) {
    return row.hasInterval()
        ? signed(row.value())
            + " ("
            + signed(row.interval().lower())
            + " to "
            + signed(row.interval().upper())
            + ")"
        : signed(row.value()) + " (no interval)";
  }

  private static String signed(double value) {
    String text = Numbers.metric(value);
    return value > 0 && !text.equals("0.0000") ? "+" + text : text;
  }

  private String words(Row row) {
    String verdict =
        row.end(false) > 0
            ? "better than " + baseline
            : row.end(true) < 0 ? "worse than " + baseline : "no difference beyond chance";
    return row.name() + ": " + numbers(row) + ", " + verdict;
  }

  private String describe() {
    StringBuilder text = new StringBuilder("Differences from ").append(baseline).append('.');
    rows.forEach(row -> text.append(' ').append(words(row)).append('.'));
    return text.toString();
  }
}
