package io.github.swag4j.reports.training;

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
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.function.ToDoubleFunction;

/**
 * Training loss, validation accuracy and learning rate of each epoch, one panel each.
 *
 * <p>What was not measured in an epoch is NaN and leaves a gap; a panel without any number is left
 * out. The epochs whose weights are averaged can be shaded. On a wide page the panels stand side by
 * side, on a phone below each other.
 */
public final class TrainingChart extends Chart {

  /**
   * What is known about an epoch.
   *
   * @param trainingLoss mean training loss in nats, NaN if not measured
   * @param validationAccuracy accuracy in [0, 1], NaN if not measured
   * @param learningRate learning rate of the epoch, NaN if not known
   */
  public record Epoch(double trainingLoss, double validationAccuracy, double learningRate) {}

  private record Curve(String name, Ink ink, ToDoubleFunction<Epoch> value, int decimals) {}

  private static final List<Curve> CURVES =
      List.of(
          new Curve("Training loss (nats)", Ink.BLUE, Epoch::trainingLoss, 4),
          new Curve("Validation accuracy", Ink.GREEN, Epoch::validationAccuracy, 4),
          new Curve("Learning rate", Ink.VERMILION, Epoch::learningRate, 6));

  private static final int NARROW = 380;
  private static final int PANEL = 190;
  private static final int HEAD = 36;
  private static final int PITCH = 70;

  private final String title;
  private final List<Epoch> epochs;
  private final int averagedAfter;

  private TrainingChart(String title, List<Epoch> epochs, int averagedAfter) {
    this.title = title;
    this.epochs = epochs;
    this.averagedAfter = averagedAfter;
  }

  /**
   * A chart of a training run.
   *
   * @param title what was trained, for example {@code "cnn-small on Fashion-MNIST"}
   * @param epochs epochs in their order, at least one
   * @return the chart
   * @throws IllegalArgumentException if there is no epoch, or no epoch has a finite number
   */
  public static TrainingChart of(String title, List<Epoch> epochs) {
    TrainingChart chart =
        new TrainingChart(Objects.requireNonNull(title, "title"), List.copyOf(epochs), -1);
    if (chart.curves().isEmpty()) {
      throw new IllegalArgumentException(
          "epochs must hold at least one finite number, got " + epochs.size() + " epochs");
    }
    return chart;
  }

  /**
   * The same chart with the averaged epochs shaded.
   *
   * @param epoch finished epochs after which averaging starts, between 0 and the number of epochs
   * @return a new chart
   * @throws IllegalArgumentException if the epoch is out of range
   */
  public TrainingChart averagingAfter(int epoch) {
    if (epoch < 0 || epoch > epochs.size()) {
      throw new IllegalArgumentException(
          "averaging must start after between 0 and " + epochs.size() + " epochs, got " + epoch);
    }
    return new TrainingChart(title, epochs, epoch);
  }

  @Override
  protected boolean hasNarrowLayout() {
    return curves().size() > 1;
  }

  @Override
  public ChartData data() {
    ChartData.Builder data =
        ChartData.builder("epoch", "training_loss", "validation_accuracy", "learning_rate");
    for (int e = 0; e < epochs.size(); e++) {
      Epoch epoch = epochs.get(e);
      data.row(e + 1, epoch.trainingLoss(), epoch.validationAccuracy(), epoch.learningRate());
    }
    return data.build();
  }

  @Override
  protected Figure figure(Layout layout) {
    boolean narrow = layout == Layout.NARROW;
    List<Curve> curves = curves();
    int columns = narrow ? 1 : curves.size();
    int rows = narrow ? curves.size() : 1;
    int width = columns * NARROW;
    boolean shaded = averagedAfter >= 0 && averagedAfter < epochs.size();
    int head = HEAD + (shaded ? 20 : 0);
    Figure figure = new Figure(title, describe(curves), width, head + rows * (PANEL + PITCH));
    Legend.head(figure);
    if (shaded) {
      new Legend()
          .box("epochs whose weights are averaged", Ink.GREEN, 0.16, false)
          .draw(figure, 12, width, 46);
    }
    for (int i = 0; i < curves.size(); i++) {
      int left = narrow ? 0 : i * NARROW;
      int top = head + (narrow ? i * (PANEL + PITCH) : 0) + 28;
      draw(figure, curves.get(i), left, top);
    }
    return figure;
  }

  private void draw(Figure figure, Curve curve, int left, int top) {
    int from = left + 62;
    int to = left + NARROW - 18;
    Panel panel =
        new Panel(from, top, to - from, PANEL, Axis.epochs(epochs.size(), 6), axis(curve));
    if (averagedAfter >= 0 && averagedAfter < epochs.size()) {
      double start = Math.max(panel.horizontal().min(), averagedAfter + 0.5);
      Polygons shade =
          new Polygons()
              .box(start, panel.vertical().min(), panel.horizontal().max(), panel.vertical().max());
      panel.area(shade.x(), shade.y(), Ink.GREEN, 0.16);
    }
    double[] x = new double[epochs.size()];
    double[] y = new double[epochs.size()];
    for (int e = 0; e < x.length; e++) {
      double value = curve.value().applyAsDouble(epochs.get(e));
      x[e] = Double.isFinite(value) ? e + 1 : Double.NaN;
      y[e] = Double.isFinite(value) ? value : Double.NaN;
    }
    panel.line(x, y, curve.ink(), 2);
    figure.panel(panel, "", true);
    figure.text(curve.name(), left + 12, top - 12, Anchor.START, Style.LEGEND);
    figure.text("Epoch", to, top + PANEL + 34, Anchor.END, Style.NOTE);
    double radius = epochs.size() > 60 ? 1.5 : 2.6;
    double step = x.length == 1 ? to - from : (to - from) / (x.length - 1.0);
    for (int e = 0; e < x.length; e++) {
      if (!Double.isNaN(y[e])) {
        double cx = panel.x(x[e]);
        figure.fill(
            new java.awt.geom.Ellipse2D.Double(
                cx - radius, panel.y(y[e]) - radius, 2 * radius, 2 * radius),
            curve.ink(),
            1);
        double low = Math.max(from, cx - step / 2);
        double high = Math.min(to, cx + step / 2);
        figure.note(
            new Rectangle2D.Double(low, top, high - low, PANEL),
            curve.name(),
            1,
            "Epoch " + (e + 1) + ": " + curve.name() + " " + number(curve, y[e]));
      }
    }
  }

  private Axis axis(Curve curve) {
    double low = Double.POSITIVE_INFINITY;
    double high = Double.NEGATIVE_INFINITY;
    for (Epoch epoch : epochs) {
      double value = curve.value().applyAsDouble(epoch);
      if (Double.isFinite(value)) {
        low = Math.min(low, value);
        high = Math.max(high, value);
      }
    }
    // Rates are read as proportions, so their axis starts at zero; losses if they come near it.
    boolean fromZero = curve.ink() == Ink.VERMILION || (low > 0 && low < 0.4 * high);
    return Axis.around(fromZero ? Math.min(0, low) : low, high, 4);
  }

  private List<Curve> curves() {
    List<Curve> measured = new ArrayList<>();
    for (Curve curve : CURVES) {
      if (epochs.stream().mapToDouble(curve.value()).anyMatch(Double::isFinite)) {
        measured.add(curve);
      }
    }
    return measured;
  }

  private String describe(List<Curve> curves) {
    StringBuilder text = new StringBuilder("Curves over " + epochs.size() + " epochs.");
    for (Curve curve : curves) {
      double[] values =
          epochs.stream().mapToDouble(curve.value()).filter(Double::isFinite).toArray();
      text.append(' ').append(curve.name()).append(" from ").append(number(curve, values[0]));
      text.append(" to ").append(number(curve, values[values.length - 1])).append('.');
    }
    if (averagedAfter >= 0) {
      text.append(" Weights are averaged after epoch ").append(averagedAfter).append('.');
    }
    return text.toString();
  }

  private static String number(Curve curve, double value) {
    return curve.decimals() > 4
        ? Numbers.tick(
            Double.parseDouble(String.format(java.util.Locale.ROOT, "%.3g", value)), 1e-5)
        : Numbers.fixed(value, curve.decimals());
  }
}
