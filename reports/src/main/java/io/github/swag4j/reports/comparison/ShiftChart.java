package io.github.swag4j.reports.comparison;

import io.github.swag4j.reports.PlottedChart;
import io.github.swag4j.reports.drawing.Axis;
import io.github.swag4j.reports.drawing.Checks;
import io.github.swag4j.reports.drawing.LineStyle;
import io.github.swag4j.reports.drawing.Numbers;
import io.github.swag4j.reports.drawing.Plot;
import io.github.swag4j.reports.drawing.Sheet;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.TreeSet;
import java.util.function.ToDoubleFunction;

/**
 * Accuracy, NLL and ECE as data move away from those that were trained on, one line a method: at
 * each strength the mean over the corruptions, and a whisker over the middle half of them. Strength
 * 0 is of the data as they are. What holds at strength 0 need not hold further right; a method
 * whose ECE stays low knows that it has become worse. A metric without a finite mean is left out.
 *
 * @see <a href="https://arxiv.org/abs/1906.02530">Ovadia et al. 2019, Can You Trust Your Model's
 *     Uncertainty?, figure 1</a>
 */
public final class ShiftChart extends PlottedChart {

  /**
   * A method judged by one set.
   *
   * @param method what it is called
   * @param corruption what was done to the set, any name at strength 0
   * @param strength how much of it, 0 or more
   * @param accuracy share of rows that are right, in [0, 1]
   * @param nll mean negative log-likelihood in nats; NaN or infinite where there is none
   * @param ece expected calibration error, in [0, 1]
   */
  public record Point(
      String method, String corruption, int strength, double accuracy, double nll, double ece) {
    /**
     * Checks what can be drawn.
     *
     * @param method what it is called
     * @param corruption what was done
     * @param strength how much of it
     * @param accuracy share of rows that are right
     * @param nll negative log-likelihood
     * @param ece expected calibration error
     * @throws IllegalArgumentException if the strength is below 0
     */
    public Point {
      Objects.requireNonNull(method, "method");
      Objects.requireNonNull(corruption, "corruption");
      if (strength < 0) {
        throw new IllegalArgumentException("strength must be at least 0, got " + strength);
      }
    }
  }

  private record Metric(String axis, ToDoubleFunction<Point> value) {}

  private static final List<Metric> METRICS =
      List.of(
          new Metric("Accuracy", Point::accuracy),
          new Metric("NLL (nats)", Point::nll),
          new Metric("ECE", Point::ece));

  private static final int HEIGHT = 150;

  /** How far from a strength the lines of several methods may stand, so that whiskers show. */
  private static final double BESIDE = 0.4;

  private final String title;
  private final Map<String, Map<Integer, List<Point>>> methods;
  private final boolean ofSeeds;
  private final int corruptions;
  private final int[] strengths;

  private ShiftChart(
      String title, Map<String, Map<Integer, List<Point>>> methods, boolean ofSeeds) {
    this.title = title;
    this.methods = methods;
    this.ofSeeds = ofSeeds;
    TreeSet<Integer> all = new TreeSet<>();
    TreeSet<String> names = new TreeSet<>();
    methods
        .values()
        .forEach(
            byStrength ->
                byStrength.forEach(
                    (strength, points) -> {
                      all.add(strength);
                      points.stream()
                          .filter(p -> p.strength() > 0)
                          .forEach(p -> names.add(p.corruption()));
                    }));
    this.strengths = all.stream().mapToInt(Integer::intValue).toArray();
    this.corruptions = names.size();
  }

  /**
   * A chart of some methods.
   *
   * @param title what was judged, for example {@code "cnn on CIFAR-10"}
   * @param points every method, corruption and strength once, between 1 and 8 methods
   * @return the chart
   * @throws IllegalArgumentException if there are no or too many methods, one of them is judged
   *     twice by the same, no strength is above 0, or no metric has a finite mean
   */
  public static ShiftChart of(String title, List<Point> points) {
    Map<String, Map<Integer, List<Point>>> methods = new LinkedHashMap<>();
    for (Point point : points) {
      List<Point> same =
          methods
              .computeIfAbsent(point.method(), m -> new LinkedHashMap<>())
              .computeIfAbsent(point.strength(), s -> new ArrayList<>());
      if (same.stream().anyMatch(p -> p.corruption().equals(point.corruption()))) {
        throw new IllegalArgumentException(
            "a method must be judged once by each corruption and strength, got twice "
                + point.method()
                + ", "
                + point.corruption()
                + ", "
                + point.strength());
      }
      same.add(point);
    }
    ShiftChart chart =
        new ShiftChart(
            Objects.requireNonNull(title, "title"), Checks.series("methods", methods), false);
    if (chart.corruptions == 0) {
      throw new IllegalArgumentException("points must have a strength above 0, got none");
    }
    if (chart.metrics().isEmpty()) {
      throw new IllegalArgumentException(
          "a metric must have a finite mean, got none of " + points.size() + " points");
    }
    return chart;
  }

  /**
   * The same chart of points that are means over corruptions already, one for each seed: its texts
   * say seeds where they said corruptions.
   *
   * @return a new chart
   */
  public ShiftChart ofSeeds() {
    return new ShiftChart(title, methods, true);
  }

  @Override
  protected Sheet sheet() {
    Sheet sheet = new Sheet(title, describe());
    metrics().forEach(metric -> sheet.plot(plot(metric)));
    return sheet.caption(caption());
  }

  /** Those that have a place on an axis at some strength. */
  private List<Metric> metrics() {
    return METRICS.stream()
        .filter(
            metric ->
                methods.values().stream()
                    .map(byStrength -> course(byStrength, metric.value())[0])
                    .flatMapToDouble(Arrays::stream)
                    .anyMatch(Double::isFinite))
        .toList();
  }

  private String caption() {
    String none = "Strength 0: data as they are.";
    if (corruptions == 1) {
      return ofSeeds ? none + " Means over the corruptions." : none;
    }
    return none
        + (ofSeeds ? " Means over the corruptions and " : " Dots: means over ")
        + corruptions
        + (ofSeeds
            ? " seeds; whiskers: the middle half of the seeds."
            : " corruptions; whiskers: the middle half of them.");
  }

  private Plot plot(Metric metric) {
    Map<String, double[][]> courses = new LinkedHashMap<>();
    methods.forEach((name, byStrength) -> courses.put(name, course(byStrength, metric.value())));
    double low = Double.POSITIVE_INFINITY;
    double high = Double.NEGATIVE_INFINITY;
    for (double[][] course : courses.values()) {
      for (double[] values : course) {
        for (double value : values) {
          low = Double.isFinite(value) ? Math.min(low, value) : low;
          high = Double.isFinite(value) ? Math.max(high, value) : high;
        }
      }
    }
    double[] xs = Arrays.stream(strengths).asDoubleStream().toArray();
    Plot plot =
        new Plot("Strength of the corruption", strengthAxis(), metric.axis(), axis(low, high))
            .height(HEIGHT);
    Map<String, LineStyle> styles = LineStyle.of(courses.keySet());
    int at = 0;
    for (Map.Entry<String, double[][]> each : courses.entrySet()) {
      double shift = (at - (courses.size() - 1) / 2.0) * BESIDE / courses.size();
      double[][] v = each.getValue();
      plot.beside(each.getKey(), styles.get(each.getKey()), shift, xs, v[0], v[1], v[2]);
      at++;
    }
    return plot;
  }

  private Axis strengthAxis() {
    List<Axis.Tick> ticks =
        Arrays.stream(strengths).mapToObj(s -> new Axis.Tick(s, Integer.toString(s))).toList();
    return new Axis(strengths[0] - 0.3, strengths[strengths.length - 1] + 0.3, ticks);
  }

  /** From 0 where the numbers come near it: how many times as large one is can then be seen. */
  private static Axis axis(double low, double high) {
    return Axis.around(low >= 0 && low < 0.5 * high ? 0 : low, high, 4);
  }

  /** Mean and the ends of the middle half at each strength; NaN where there is none. */
  private double[][] course(Map<Integer, List<Point>> byStrength, ToDoubleFunction<Point> metric) {
    double[][] course = new double[3][strengths.length];
    for (int i = 0; i < strengths.length; i++) {
      double[] values =
          byStrength.getOrDefault(strengths[i], List.of()).stream()
              .mapToDouble(metric)
              .sorted()
              .toArray();
      // A mean that leaves out what is not finite would be that of the easier corruptions.
      double mean = Arrays.stream(values).average().orElse(Double.NaN);
      boolean known = Double.isFinite(mean);
      course[0][i] = known ? mean : Double.NaN;
      course[1][i] = known && values.length > 1 ? quantile(values, 0.25) : Double.NaN;
      course[2][i] = known && values.length > 1 ? quantile(values, 0.75) : Double.NaN;
    }
    return course;
  }

  /** Between neighbours in proportion (type 7 of Hyndman and Fan 1996). */
  private static double quantile(double[] sorted, double share) {
    double at = share * (sorted.length - 1);
    int below = (int) at;
    int above = Math.min(below + 1, sorted.length - 1);
    return sorted[below] + (at - below) * (sorted[above] - sorted[below]);
  }

  private String describe() {
    int last = strengths[strengths.length - 1];
    StringBuilder text = new StringBuilder("Means over " + corruptions);
    text.append(ofSeeds ? " seeds." : " corruptions.");
    methods.forEach(
        (name, byStrength) -> {
          text.append(' ').append(name).append(" from strength ").append(strengths[0]);
          text.append(" to ").append(last).append(':');
          for (int m = 0; m < METRICS.size(); m++) {
            double[] mean = course(byStrength, METRICS.get(m).value())[0];
            text.append(m == 0 ? " " : ", ").append(METRICS.get(m).axis()).append(' ');
            text.append(Numbers.metric(mean[0])).append(" to ");
            text.append(Numbers.metric(mean[mean.length - 1]));
          }
          text.append('.');
        });
    return text.toString();
  }
}
