package io.github.swag4j.reports.detection;

import io.github.swag4j.calibration.Interval;
import io.github.swag4j.calibration.Predictions;
import io.github.swag4j.calibration.ood.DetectionCurve;
import io.github.swag4j.calibration.ood.OodScore;
import io.github.swag4j.reports.Chart;
import io.github.swag4j.reports.ChartData;
import io.github.swag4j.reports.drawing.Axis;
import io.github.swag4j.reports.drawing.Figure;
import io.github.swag4j.reports.drawing.Figure.Anchor;
import io.github.swag4j.reports.drawing.Figure.Style;
import io.github.swag4j.reports.drawing.Ink;
import io.github.swag4j.reports.drawing.Legend;
import io.github.swag4j.reports.drawing.Numbers;
import io.github.swag4j.reports.drawing.Panel;
import io.github.swag4j.reports.drawing.Polygons;
import java.awt.geom.Rectangle2D;
import java.util.Arrays;
import java.util.Objects;
import java.util.Set;
import java.util.function.IntToDoubleFunction;

/**
 * Histograms of an out-of-distribution score on in-distribution and on out-of-distribution rows.
 *
 * <p>Each histogram shows shares of its own set, so that sets of different sizes can be compared.
 * The vertical line is the threshold of FPR95: the largest score at or above which at least 95 % of
 * the out-of-distribution rows lie. Where no range is given and most scores lie near 0, the
 * horizontal axis is logarithmic. Scores beyond the axis are counted in the first and last bin; no
 * row is ever dropped.
 */
public final class ScoreHistogramChart extends Chart {

  /**
   * How scores are binned.
   *
   * @param bins number of bins, between 1 and 200
   * @param lower lower end of the range, NaN for the smallest finite score
   * @param upper upper end of the range, NaN for the largest finite score
   */
  public record Options(int bins, double lower, double upper) {

    /** The most bins that can still be told apart. */
    public static final int MAX_BINS = 200;

    /**
     * Checks the options.
     *
     * @param bins number of bins, between 1 and 200
     * @param lower lower end of the range, NaN for the smallest finite score
     * @param upper upper end of the range, NaN for the largest finite score
     * @throws IllegalArgumentException if a value is out of range
     */
    public Options {
      if (bins < 1 || bins > MAX_BINS) {
        throw new IllegalArgumentException(
            "bins must be between 1 and " + MAX_BINS + ", got " + bins);
      }
      if (Double.isInfinite(lower) || Double.isInfinite(upper) || lower >= upper) {
        throw new IllegalArgumentException(
            "range must be finite with lower < upper, got " + lower + " and " + upper);
      }
    }

    /**
     * 30 bins over the range of the scores.
     *
     * @return the defaults
     */
    public static Options defaults() {
      return new Options(30, Double.NaN, Double.NaN);
    }

    /**
     * These options with another number of bins.
     *
     * @param bins number of bins, between 1 and 200
     * @return new options
     */
    public Options withBins(int bins) {
      return new Options(bins, lower, upper);
    }

    /**
     * These options with a fixed range, so that several charts can be compared.
     *
     * @param lower lower end
     * @param upper upper end
     * @return new options
     */
    public Options withRange(double lower, double upper) {
      return new Options(bins, lower, upper);
    }
  }

  private static final int WIDTH = 360;
  private static final int WIDE = 540;
  private static final int LEFT = 60;
  private static final Set<String> NATS = Set.of("entropy", "mutual_information");

  private final String title;
  private final String score;
  private final double threshold;
  private final double inThreshold;
  private final DetectionCurve curve;
  private final ScoreAxis axis;
  private final ScoreBins in;
  private final ScoreBins out;

  private ScoreHistogramChart(
      String title,
      String score,
      DetectionCurve curve,
      ScoreAxis axis,
      ScoreBins in,
      ScoreBins out) {
    this.axis = axis;
    this.title = Objects.requireNonNull(title, "title");
    this.score = Objects.requireNonNull(score, "score");
    this.curve = curve;
    this.threshold = curve.thresholdAtTpr(0.95);
    this.inThreshold =
        curve.roc().stream()
            .filter(point -> point.falsePositiveRate() <= 0.05)
            .mapToDouble(DetectionCurve.RocPoint::threshold)
            .min()
            .orElse(Double.POSITIVE_INFINITY);
    this.in = in;
    this.out = out;
  }

  /**
   * A chart with default options of a score of predictions; shares are of the rows' weights.
   *
   * @param title what was judged, for example {@code "SWAG: Fashion-MNIST against MNIST"}
   * @param score the score, its name the label of the horizontal axis
   * @param in in-distribution rows
   * @param out out-of-distribution rows
   * @return the chart
   * @throws IllegalArgumentException if predictions lack what the score needs
   */
  public static ScoreHistogramChart of(
      String title, OodScore score, Predictions in, Predictions out) {
    return of(title, score, in, out, Options.defaults());
  }

  /**
   * A chart of a score of predictions; shares are of the rows' weights.
   *
   * @param title what was judged, for example {@code "SWAG: Fashion-MNIST against MNIST"}
   * @param score the score, its name the label of the horizontal axis
   * @param in in-distribution rows
   * @param out out-of-distribution rows
   * @param options how the scores are binned
   * @return the chart
   * @throws IllegalArgumentException if predictions lack what the score needs
   */
  public static ScoreHistogramChart of(
      String title, OodScore score, Predictions in, Predictions out, Options options) {
    double[] inScores = score.score(in);
    double[] outScores = score.score(out);
    return of(
        title,
        score.name(),
        curve(inScores, in, outScores, out),
        new Sample(inScores, in::weight),
        new Sample(outScores, out::weight),
        options);
  }

  /** Scores, and what each of them weighs. */
  private record Sample(double[] scores, IntToDoubleFunction weight) {
    ScoreBins bins(ScoreAxis axis, int bins, double[] range) {
      return ScoreBins.of(axis.places(scores), weight, bins, range[0], range[1]);
    }
  }

  private static ScoreHistogramChart of(
      String title, String score, DetectionCurve curve, Sample in, Sample out, Options options) {
    boolean open = Double.isNaN(options.lower()) && Double.isNaN(options.upper());
    ScoreAxis axis = open ? ScoreAxis.of(in.scores(), out.scores()) : ScoreAxis.EVEN;
    double lower = axis.logarithmic() ? axis.place(axis.floor()) : options.lower();
    double[] range =
        ScoreBins.range(
            lower, options.upper(), axis.places(in.scores()), axis.places(out.scores()));
    return new ScoreHistogramChart(
        title,
        score,
        curve,
        axis,
        in.bins(axis, options.bins(), range),
        out.bins(axis, options.bins(), range));
  }

  private static DetectionCurve curve(
      double[] inScores, Predictions in, double[] outScores, Predictions out) {
    return in.hasWeights() || out.hasWeights()
        ? DetectionCurve.of(inScores, weights(in), outScores, weights(out))
        : DetectionCurve.of(inScores, outScores);
  }

  private static double[] weights(Predictions predictions) {
    double[] weights = new double[predictions.rows()];
    Arrays.setAll(weights, predictions::weight);
    return weights;
  }

  /**
   * A chart with default options.
   *
   * @param title what was judged, for example {@code "SWAG: Fashion-MNIST against MNIST"}
   * @param score name of the score, the label of the horizontal axis
   * @param in scores of in-distribution rows, higher = more out-of-distribution; not empty, no NaN
   * @param out scores of out-of-distribution rows; not empty, no NaN
   * @return the chart
   * @throws IllegalArgumentException if a set is empty or a score is NaN
   */
  public static ScoreHistogramChart of(String title, String score, double[] in, double[] out) {
    return of(title, score, in, out, Options.defaults());
  }

  /**
   * A chart.
   *
   * @param title what was judged, for example {@code "SWAG: Fashion-MNIST against MNIST"}
   * @param score name of the score, the label of the horizontal axis
   * @param in scores of in-distribution rows, higher = more out-of-distribution; not empty, no NaN
   * @param out scores of out-of-distribution rows; not empty, no NaN
   * @param options how the scores are binned
   * @return the chart
   * @throws IllegalArgumentException if a set is empty or a score is NaN
   */
  public static ScoreHistogramChart of(
      String title, String score, double[] in, double[] out, Options options) {
    return of(
        title,
        score,
        DetectionCurve.of(in, out),
        new Sample(in, row -> 1),
        new Sample(out, row -> 1),
        options);
  }

  @Override
  protected boolean hasWideLayout() {
    return true;
  }

  @Override
  public ChartData data() {
    ChartData.Builder data =
        ChartData.builder(
            "score_lower", "score_upper", "in_rows", "in_share", "out_rows", "out_share");
    for (int b = 0; b < in.counts().length; b++) {
      data.row(
          axis.score(in.edge(b)),
          axis.score(in.edge(b + 1)),
          in.counts()[b],
          in.share(b),
          out.counts()[b],
          out.share(b));
    }
    return data.build();
  }

  @Override
  protected Figure figure(Layout layout) {
    int width = layout == Layout.WIDE ? WIDE : WIDTH;
    int right = width - 16;
    int top = (int) keys(new Figure(title, "", width, 0), width) - 2;
    int bottom = top + (layout == Layout.WIDE ? 300 : 210);
    Figure figure = new Figure(title, describe(), width, bottom + 48);
    keys(figure, width);
    boolean cut = in.below() + out.below() > 0;
    Axis horizontal = axis.between(in.lower(), in.upper(), cut);
    Panel panel =
        new Panel(LEFT, top, right - LEFT, bottom - top, horizontal, Axis.share(largestShare(), 4));
    histogram(panel, out, Ink.VERMILION);
    histogram(panel, in, Ink.BLUE);
    threshold(panel, threshold, Ink.TEXT, 5, 3);
    threshold(panel, inThreshold, Ink.BLUE, 2, 2);
    figure.panel(panel, "Share of its set", true);
    String unit = NATS.contains(score) ? " (nats)" : "";
    String name = axis.logarithmic() ? score + unit + ", logarithmic axis" : score + unit;
    double middle = (LEFT + right) / 2.0;
    figure.text(Legend.fit(name, 12, right - LEFT), middle, bottom + 38, Anchor.MIDDLE, Style.NOTE);
    for (int b = 0; b < in.counts().length; b++) {
      note(figure, panel, b);
    }
    return figure;
  }

  /** Title, numbers and keys; the place where the histograms begin. */
  private double keys(Figure figure, int width) {
    Interval auroc = curve.aurocInterval(0.95);
    String half = Numbers.metric((auroc.upper() - auroc.lower()) / 2);
    double y =
        Legend.heading(
            figure,
            Double.isNaN(auroc.lower()) ? "AUROC" : "AUROC (± " + half + ")",
            Numbers.metric(curve.auroc()),
            "FPR95",
            Numbers.metric(curve.fpr95()),
            "Threshold",
            axis.words(threshold));
    return legend().draw(figure, 12, width - 4, y);
  }

  private Legend legend() {
    return new Legend()
        .box("in-distribution (" + Numbers.count(in.rows()) + ")", Ink.BLUE, 0.45, true)
        .box("out-of-distribution (" + Numbers.count(out.rows()) + ")", Ink.VERMILION, 0.45, true)
        .line("95 % of out-of-distribution lie to the right", Ink.TEXT, 5, 3)
        .line("95 % of in-distribution lie to the left", Ink.BLUE, 2, 2);
  }

  private void threshold(Panel panel, double score, Ink ink, float... dash) {
    double at = Math.min(Math.max(axis.place(score), in.lower()), in.upper());
    panel.line(at, 0, at, panel.vertical().max(), ink, 1.5f, dash);
  }

  private static void histogram(Panel panel, ScoreBins bins, Ink ink) {
    Polygons outline = new Polygons();
    outline.point(bins.edge(0), 0);
    for (int b = 0; b < bins.counts().length; b++) {
      outline.point(bins.edge(b), bins.share(b)).point(bins.edge(b + 1), bins.share(b));
    }
    outline.point(bins.edge(bins.counts().length), 0);
    panel.area(outline.x(), outline.y(), ink, 0.4);
    panel.line(outline.x(), outline.y(), ink, 1.3f);
  }

  private void note(Figure figure, Panel panel, int b) {
    double x = panel.x(in.edge(b));
    Rectangle2D region =
        new Rectangle2D.Double(
            x, panel.top(), panel.x(in.edge(b + 1)) - x, panel.bottom() - panel.top());
    String text =
        bound(b)
            + ": "
            + Numbers.count(in.counts()[b])
            + " in-distribution ("
            + Numbers.percent(in.share(b), 1)
            + "), "
            + Numbers.count(out.counts()[b])
            + " out-of-distribution ("
            + Numbers.percent(out.share(b), 1)
            + ")";
    figure.note(region, "both", in.counts()[b] + out.counts()[b], text);
  }

  private String bound(int b) {
    boolean below = b == 0 && in.below() + out.below() > 0;
    boolean above = b == in.counts().length - 1 && in.above() + out.above() > 0;
    String from = axis.words(axis.score(in.edge(b)));
    String to = axis.words(axis.score(in.edge(b + 1)));
    if (below && above) {
      return score + ", all";
    }
    return score + " " + (below ? "below " + to : above ? "above " + from : from + " to " + to);
  }

  private double largestShare() {
    double largest = 0;
    for (int b = 0; b < in.counts().length; b++) {
      largest = Math.max(largest, Math.max(in.share(b), out.share(b)));
    }
    return largest;
  }

  private String describe() {
    long clamped = in.below() + in.above() + out.below() + out.above();
    return "Histograms of the score "
        + score
        + " for "
        + Numbers.count(in.rows())
        + " in-distribution and "
        + Numbers.count(out.rows())
        + " out-of-distribution rows. AUROC "
        + Numbers.metric(curve.auroc())
        + ", false-positive rate at 95 % true-positive rate "
        + Numbers.metric(curve.fpr95())
        + " at threshold "
        + Numbers.metric(threshold)
        + "."
        + (curve.hasWeights() ? " Shares are of the rows' weights." : "")
        + (clamped == 0
            ? ""
            : " "
                + Numbers.count(clamped)
                + " rows beyond the range are counted in the first and last bin.");
  }
}
