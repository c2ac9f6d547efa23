package io.github.swag4j.reports.reliability;

import io.github.swag4j.calibration.Predictions;
import io.github.swag4j.calibration.binning.BinningConvention;
import io.github.swag4j.calibration.recalibration.TemperatureScaling;
import io.github.swag4j.calibration.reliability.ReliabilityDiagram;
import io.github.swag4j.calibration.scores.ProperScores;
import io.github.swag4j.reports.PlottedChart;
import io.github.swag4j.reports.drawing.Axis;
import io.github.swag4j.reports.drawing.Ink;
import io.github.swag4j.reports.drawing.LineStyle;
import io.github.swag4j.reports.drawing.Numbers;
import io.github.swag4j.reports.drawing.Plot;
import io.github.swag4j.reports.drawing.Sheet;
import java.util.Arrays;
import java.util.Objects;

/**
 * Negative log-likelihood and calibration error against temperature, with the temperature that fits
 * best and its interval.
 *
 * <p>The likelihood has one least value, at the marked temperature; where the calibration error has
 * another, bins and rows are few or the network is wrong in ways that no temperature mends. The
 * shaded range is the interval of the fit (Wald, of the logarithm of the temperature).
 */
public final class TemperatureChart extends PlottedChart {
  private static final int POINTS = 61;

  private final String title;
  private final TemperatureScaling fit;
  private final String rows;
  private final double[] temperatures = new double[POINTS];
  private final double[] nll = new double[POINTS];
  private final double[] ece = new double[POINTS];

  private TemperatureChart(
      String title, Predictions predictions, TemperatureScaling fit, BinningConvention bins) {
    this.title = title;
    this.fit = fit;
    double reach = Math.max(2.5, 1.3 * Math.abs(Math.log(fit.temperature()) / Math.log(2)));
    for (int i = 0; i < POINTS; i++) {
      temperatures[i] = Math.pow(2, reach * (2.0 * i / (POINTS - 1) - 1));
      Predictions at =
          TemperatureScaling.of(temperatures[i], predictions.classes()).apply(predictions);
      nll[i] = ProperScores.of(at).nll();
      ece[i] = ReliabilityDiagram.of(at, bins).ece();
    }
    this.rows = Numbers.count(predictions.rows()) + " rows; " + bins;
  }

  /**
   * A chart of a fit; evaluates the predictions at 61 temperatures.
   *
   * @param title what was judged, for example {@code "SGD, validation set"}
   * @param predictions labelled predictions of the rows that are to be judged, such as those of the
   *     fit
   * @param fit the temperature
   * @return the chart
   * @throws IllegalStateException if there are no labels
   */
  public static TemperatureChart of(String title, Predictions predictions, TemperatureScaling fit) {
    return of(title, predictions, fit, BinningConvention.GUO);
  }

  /**
   * A chart of a fit; evaluates the predictions at 61 temperatures.
   *
   * @param title what was judged
   * @param predictions labelled predictions
   * @param fit the temperature
   * @param convention the bins of the calibration error
   * @return the chart
   * @throws IllegalStateException if there are no labels
   */
  public static TemperatureChart of(
      String title, Predictions predictions, TemperatureScaling fit, BinningConvention convention) {
    return new TemperatureChart(
        Objects.requireNonNull(title, "title"), predictions, fit, convention);
  }

  @Override
  protected Sheet sheet() {
    double t = fit.temperature();
    boolean known = fit.lower() > 0 && fit.upper() < Double.POSITIVE_INFINITY;
    String interval =
        known ? Numbers.fixed(fit.lower(), 3) + " to " + Numbers.fixed(fit.upper(), 3) : "unknown";
    String words =
        "Negative log-likelihood and expected calibration error at temperatures from "
            + Numbers.digits(temperatures[0])
            + " to "
            + Numbers.digits(temperatures[POINTS - 1])
            + ". The fitted temperature is "
            + Numbers.fixed(t, 3)
            + ", its interval "
            + interval
            + ".";
    return new Sheet(title, words)
        .numbers(
            "Temperature",
            Numbers.fixed(t, 3),
            Numbers.percent(fit.level()) + " interval",
            interval)
        .plot(plot("Negative log-likelihood (nats)", "NLL", nll, Ink.BLUE, known))
        .plot(plot("Expected calibration error", "ECE", ece, Ink.VERMILION, known))
        .caption(rows);
  }

  private Plot plot(String axis, String series, double[] values, Ink ink, boolean known) {
    double low = Arrays.stream(values).min().orElseThrow();
    double high = Arrays.stream(values).max().orElseThrow();
    Plot plot =
        new Plot(
                "Temperature (logarithmic)",
                Axis.logarithmic(temperatures[0], temperatures[POINTS - 1]),
                axis,
                Axis.around(low < 0.4 * high ? 0 : low, high, 4))
            .logarithmicX()
            .height(160);
    if (known) {
      plot.range("its interval", Ink.GREEN, fit.lower(), fit.upper());
    }
    return plot.upright("fitted temperature", Ink.GREEN, fit.temperature(), 4, 3)
        .upright("as predicted", Ink.MUTED, 1, 2, 2.5f)
        .line(series, new LineStyle(ink), temperatures, values);
  }
}
