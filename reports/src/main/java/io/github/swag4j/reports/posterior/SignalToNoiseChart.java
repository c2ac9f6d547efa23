package io.github.swag4j.reports.posterior;

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
import java.awt.geom.Ellipse2D;
import java.awt.geom.Line2D;
import java.awt.geom.Rectangle2D;
import java.util.Arrays;
import java.util.List;
import java.util.Objects;

/**
 * Signal to noise of a posterior's weights, layer by layer: |mean| / standard deviation, its median
 * as a dot and the middle half of the layer's weights as a bar, on a logarithmic axis. Weights left
 * of 1 are not told from 0 by the posterior; layers there could be pruned first.
 *
 * @see <a href="https://arxiv.org/abs/1505.05424">Blundell et al. 2015, Weight Uncertainty in
 *     Neural Networks, section 5</a>
 */
public final class SignalToNoiseChart extends Chart {

  /** The most layers of one chart. */
  public static final int MAX_LAYERS = 200;

  private static final int WIDTH = 360;
  private static final int PITCH = 22;
  private static final double SMALLEST = 1e-6;
  private static final double LARGEST = 1e6;

  /**
   * A layer's ratios.
   *
   * @param name the layer or tensor
   * @param lowerQuartile a quarter of the weights is below this
   * @param median half of the weights are below this
   * @param upperQuartile three quarters of the weights are below this
   * @param weights how many weights it has
   */
  public record Layer(
      String name, double lowerQuartile, double median, double upperQuartile, long weights) {
    /**
     * Checks the order.
     *
     * @param name the layer or tensor
     * @param lowerQuartile a quarter of the weights is below this
     * @param median half of the weights are below this
     * @param upperQuartile three quarters of the weights are below this
     * @param weights how many weights it has
     */
    public Layer {
      Objects.requireNonNull(name, "name");
      if (!(0 <= lowerQuartile && lowerQuartile <= median && median <= upperQuartile)) {
        throw new IllegalArgumentException(
            "quartiles must be at least 0 and grow, got "
                + lowerQuartile
                + ", "
                + median
                + " and "
                + upperQuartile
                + " for "
                + name);
      }
    }

    /**
     * The ratios of a tensor's weights. A weight without variance has an infinite ratio, and 0
     * without variance has ratio 0.
     *
     * @param name the layer or tensor
     * @param mean the means of its weights
     * @param standardDeviation their standard deviations, at least 0
     * @return the quartiles
     * @throws IllegalArgumentException if the arrays are empty or differ in length, or a number is
     *     NaN or a deviation negative
     */
    public static Layer of(String name, float[] mean, float[] standardDeviation) {
      int n = mean.length;
      if (n == 0 || n != standardDeviation.length) {
        throw new IllegalArgumentException(
            "means and deviations must be as many and at least 1, got "
                + n
                + " and "
                + standardDeviation.length);
      }
      double[] ratios = new double[n];
      for (int i = 0; i < n; i++) {
        double size = Math.abs((double) mean[i]);
        double noise = standardDeviation[i];
        if (Double.isNaN(size) || !(noise >= 0)) {
          throw new IllegalArgumentException(
              name
                  + "["
                  + i
                  + "] must have a mean and a deviation of at least 0, got "
                  + mean[i]
                  + " and "
                  + noise);
        }
        ratios[i] = size == 0 ? 0 : size / noise;
      }
      Arrays.sort(ratios);
      return new Layer(name, ratios[(n - 1) / 4], ratios[(n - 1) / 2], ratios[3 * (n - 1) / 4], n);
    }
  }

  private final String title;
  private final List<Layer> layers;

  private SignalToNoiseChart(String title, List<Layer> layers) {
    this.title = title;
    this.layers = layers;
  }

  /**
   * A chart of a posterior.
   *
   * @param title what is shown, for example {@code "SWAG, cnn on Fashion-MNIST"}
   * @param layers the layers from input to output, between 1 and {@value #MAX_LAYERS}
   * @return the chart
   * @throws IllegalArgumentException if there are none or too many
   */
  public static SignalToNoiseChart of(String title, List<Layer> layers) {
    if (layers.isEmpty() || layers.size() > MAX_LAYERS) {
      throw new IllegalArgumentException(
          "layers must be between 1 and " + MAX_LAYERS + ", got " + layers.size());
    }
    return new SignalToNoiseChart(Objects.requireNonNull(title, "title"), List.copyOf(layers));
  }

  @Override
  public ChartData data() {
    ChartData.Builder data =
        ChartData.builder("layer", "lower_quartile", "median", "upper_quartile", "weights");
    for (Layer layer : layers) {
      data.row(
          layer.name(),
          layer.lowerQuartile(),
          layer.median(),
          layer.upperQuartile(),
          layer.weights());
    }
    return data.build();
  }

  @Override
  protected Figure figure(Layout layout) {
    int top = (int) keys(new Figure(title, "", WIDTH, 0));
    int bottom = top + PITCH * layers.size() + 4;
    Figure figure = new Figure(title, describe(), WIDTH, bottom + 46);
    keys(figure);
    double names = 0;
    for (Layer layer : layers) {
      names = Math.max(names, Legend.width(layer.name(), 12));
    }
    int left = (int) Math.min(150, 12 + names + 10);
    int right = WIDTH - 18;
    Panel panel = new Panel(left, top, right - left, bottom - top, axis(), rows());
    panel.line(0, 0, 0, layers.size(), Ink.MUTED, 1.3f, 5, 4);
    figure.plain(panel);
    figure.stroke(new Line2D.Double(left, bottom, right, bottom), Ink.AXIS, 1);
    for (Axis.Tick tick : panel.horizontal().ticks()) {
      double x = panel.x(tick.value());
      figure.stroke(new Line2D.Double(x, bottom, x, bottom + 4), Ink.AXIS, 1);
      double half = Legend.width(tick.label(), 12) / 2;
      figure.text(
          tick.label(), Math.min(x, WIDTH - 2 - half), bottom + 17, Anchor.MIDDLE, Style.TICK);
    }
    for (int i = 0; i < layers.size(); i++) {
      Layer layer = layers.get(i);
      double y = top + PITCH * (i + 0.5) + 2;
      figure.text(Legend.fit(layer.name(), 12, left - 16), 10, y + 4, Anchor.START, Style.LEGEND);
      double from = panel.x(place(layer.lowerQuartile()));
      double to = panel.x(place(layer.upperQuartile()));
      figure.fill(new Rectangle2D.Double(from, y - 4, Math.max(1, to - from), 8), Ink.BLUE, 0.3);
      figure.fill(
          new Ellipse2D.Double(panel.x(place(layer.median())) - 4, y - 4, 8, 8), Ink.BLUE, 1);
      figure.note(
          new Rectangle2D.Double(left, y - PITCH / 2.0, right - left, PITCH),
          "layer",
          layer.weights(),
          words(layer));
    }
    double middle = (left + right) / 2.0;
    figure.text("|mean| / standard deviation", middle, bottom + 36, Anchor.MIDDLE, Style.NOTE);
    return figure;
  }

  private double keys(Figure figure) {
    double y = Legend.heading(figure);
    return new Legend()
            .dot("median of the layer", Ink.BLUE)
            .box("middle half", Ink.BLUE, 0.3, false)
            .line("mean = deviation", Ink.MUTED, 5, 4)
            .draw(figure, 12, WIDTH - 4, y)
        - 8;
  }

  private static double place(double ratio) {
    return Math.log10(Math.min(LARGEST, Math.max(SMALLEST, ratio)));
  }

  private Axis axis() {
    double low = 0.5;
    double high = 2;
    for (Layer layer : layers) {
      low = Math.min(low, Math.max(SMALLEST, layer.lowerQuartile()));
      high = Math.max(high, Math.min(LARGEST, layer.upperQuartile()));
    }
    return Axis.logarithmic(low / 1.2, high * 1.2);
  }

  /** Rows from top to bottom, without ticks. */
  private Axis rows() {
    return new Axis(0, layers.size(), List.of());
  }

  private static String words(Layer layer) {
    return layer.name()
        + ": median "
        + Numbers.digits(layer.median())
        + ", middle half "
        + Numbers.digits(layer.lowerQuartile())
        + " to "
        + Numbers.digits(layer.upperQuartile())
        + ", "
        + Numbers.count(layer.weights())
        + (layer.weights() == 1 ? " weight" : " weights");
  }

  private String describe() {
    StringBuilder text = new StringBuilder("Signal to noise of the weights of each layer.");
    layers.forEach(layer -> text.append(' ').append(words(layer)).append('.'));
    return text.toString();
  }
}
