package io.github.swag4j.reports.selection;

import io.github.swag4j.calibration.Predictions;
import io.github.swag4j.reports.PlottedChart;
import io.github.swag4j.reports.drawing.Axis;
import io.github.swag4j.reports.drawing.Ink;
import io.github.swag4j.reports.drawing.Numbers;
import io.github.swag4j.reports.drawing.Plot;
import io.github.swag4j.reports.drawing.Sheet;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;

/**
 * The two parts of a row's uncertainty against each other: the expected entropy of single posterior
 * samples, which more data would not lower (aleatoric), and the mutual information, by which the
 * samples disagree and which more data would lower (epistemic). Both in nats; they sum to the
 * entropy of the average.
 *
 * <p>Right and wrong rows differ in colour where there are labels. Of many rows a sample is drawn,
 * spread evenly over the file; the means in the head are of all.
 *
 * @see <a href="https://arxiv.org/abs/1710.07283">Depeweg et al. 2018, Decomposition of Uncertainty
 *     in Bayesian Deep Learning</a>
 */
public final class UncertaintyPartsChart extends PlottedChart {

  /** The most rows that are drawn. */
  public static final int MAX_DRAWN = 400;

  private final String title;
  private final int rows;
  private final double meanAleatoric;
  private final double meanEpistemic;

  /** Series by name: aleatoric and epistemic parts. */
  private final List<String> names = new ArrayList<>();

  private final List<double[][]> series = new ArrayList<>();

  private UncertaintyPartsChart(String title, Predictions p) {
    this.title = title;
    this.rows = p.rows();
    double aleatoric = 0;
    double epistemic = 0;
    for (int row = 0; row < rows; row++) {
      aleatoric += p.expectedEntropy(row) / rows;
      epistemic += epistemic(p, row) / rows;
    }
    this.meanAleatoric = aleatoric;
    this.meanEpistemic = epistemic;
    if (p.hasLabels()) {
      add("right", p, true);
      add("wrong", p, false);
    } else {
      add("rows", p, null);
    }
  }

  /**
   * A chart of predictions.
   *
   * @param title what was judged, for example {@code "SWAG, Fashion-MNIST test"}
   * @param predictions with expected entropy
   * @return the chart
   * @throws IllegalArgumentException if the predictions have no expected entropy
   */
  public static UncertaintyPartsChart of(String title, Predictions predictions) {
    if (!predictions.hasExpectedEntropy()) {
      throw new IllegalArgumentException(
          "the parts of uncertainty need expected_entropy beside the probabilities: predict with"
              + " several posterior samples");
    }
    return new UncertaintyPartsChart(Objects.requireNonNull(title, "title"), predictions);
  }

  /** Rounding can put the difference a little below 0, where no mutual information is. */
  private static double epistemic(Predictions p, int row) {
    return Math.max(0, p.entropy(row) - p.expectedEntropy(row));
  }

  private void add(String name, Predictions p, Boolean correct) {
    List<double[]> points = new ArrayList<>();
    int drawn = Math.min(rows, MAX_DRAWN);
    for (int i = 0; i < drawn; i++) {
      int row = (int) ((long) i * rows / drawn);
      if (correct == null || p.isCorrect(row) == correct) {
        points.add(new double[] {p.expectedEntropy(row), epistemic(p, row)});
      }
    }
    names.add(name);
    series.add(
        new double[][] {
          points.stream().mapToDouble(point -> point[0]).toArray(),
          points.stream().mapToDouble(point -> point[1]).toArray()
        });
  }

  @Override
  protected Sheet sheet() {
    double right = 0;
    double top = 0;
    for (double[][] each : series) {
      for (int i = 0; i < each[0].length; i++) {
        right = Math.max(right, each[0][i]);
        top = Math.max(top, each[1][i]);
      }
    }
    Plot plot =
        new Plot(
                "Aleatoric: expected entropy (nats)",
                Axis.around(0, right > 0 ? right : 1, 5),
                "Epistemic: mutual information (nats)",
                Axis.around(0, top > 0 ? top : 0.1, 5))
            .height(250);
    for (int i = 0; i < series.size(); i++) {
      Ink ink = names.get(i).equals("wrong") ? Ink.VERMILION : Ink.BLUE;
      plot.cloud(names.get(i), ink, 0.6, series.get(i)[0], series.get(i)[1]);
    }
    String words =
        "Mutual information against expected entropy of "
            + Numbers.count(rows)
            + " rows; means "
            + Numbers.metric(meanEpistemic)
            + " and "
            + Numbers.metric(meanAleatoric)
            + " nats.";
    return new Sheet(title, words)
        .numbers(
            "Mean aleatoric",
            Numbers.metric(meanAleatoric),
            "Mean epistemic",
            Numbers.metric(meanEpistemic))
        .plot(plot)
        .caption(
            rows > MAX_DRAWN
                ? "Drawn: " + MAX_DRAWN + " of " + Numbers.count(rows) + " rows."
                : Numbers.count(rows) + (rows == 1 ? " row." : " rows."));
  }
}
