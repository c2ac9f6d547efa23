package io.github.swag4j.studies.lowprecision;

import static io.github.swag4j.studies.frame.OverSeeds.mean;

import io.github.swag4j.reports.CurveChart;
import io.github.swag4j.reports.CurveChart.Dimension;
import io.github.swag4j.reports.CurveChart.Scale;
import io.github.swag4j.reports.MetricsTable;
import io.github.swag4j.reports.MetricsTable.Better;
import io.github.swag4j.reports.MetricsTable.Metric;
import io.github.swag4j.studies.frame.OverSeeds;
import io.github.swag4j.studies.frame.StudyPage;
import io.github.swag4j.studies.frame.StudyRun;
import io.github.swag4j.studies.lowprecision.LinearCommand.Setting;
import io.github.swag4j.studies.lowprecision.LinearTask.Found;
import java.io.IOException;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.function.DoubleUnaryOperator;
import java.util.function.Function;
import picocli.CommandLine.Model.CommandSpec;

/** What the linear regression found, beside what theory expects. */
final class LinearPage {
  private final LinearTask.Sizes sizes;
  private final List<Integer> seeds;
  private final Map<Setting, List<Found>> found;

  LinearPage(LinearTask.Sizes sizes, List<Integer> seeds, Map<Setting, List<Found>> found) {
    this.sizes = sizes;
    this.seeds = seeds;
    this.found = found;
  }

  void write(StudyRun run, CommandSpec spec, boolean json) throws IOException {
    Setting main = found.keySet().iterator().next();
    StudyPage page = new StudyPage(run, "Linear regression in fixed point");
    page.finding(ballFinding()).finding(slopeFinding(main));
    page.section(
        "Distance to the solution",
        "Mean squared distance of the weights to the solution of least squares, over "
            + seeds.size()
            + " seeds; bands reach from the smallest to the largest seed.");
    page.chart(
        "linear",
        chart(main),
        "Dashed: what theory expects. SGD in fixed point stays where it is; its average comes nearer"
            + " as 1/T.");
    page.section("Against the closed forms", "");
    page.table(
        "linear",
        table(),
        "Squared distance to the solution, mean over seeds; T = "
            + sizes.steps()
            + " averaged steps");
    page.result("linear", results());
    Map<String, String> settings = new LinkedHashMap<>();
    settings.put("weights, rows", sizes.dimensions() + ", " + sizes.rows());
    settings.put("noise of targets", Double.toString(sizes.noise()));
    settings.put("warm-up, averaged steps", sizes.warmUp() + ", " + sizes.steps());
    settings.put("word", "2 bits before the point with the sign, stochastic rounding");
    settings.put("seeds", seeds.toString());
    page.write(settings, spec, json);
  }

  private List<Map<String, Object>> results() {
    return found.entrySet().stream()
        .map(
            e ->
                Map.<String, Object>of(
                    "fraction_bits", e.getKey().fractionBits(),
                    "rate", e.getKey().rate(),
                    "seeds", e.getValue()))
        .toList();
  }

  private String ballFinding() {
    StringBuilder text = new StringBuilder("SGD stays at a squared distance of ");
    int sixBits = found.keySet().iterator().next().fractionBits();
    LinearTheory theory = new LinearTheory(sizes, sixBits);
    String between = "";
    for (Map.Entry<Setting, List<Found>> e : found.entrySet()) {
      if (e.getKey().fractionBits() == sixBits) {
        text.append(between).append(digits(mean(e.getValue(), Found::ball)));
        text.append(" at rate ").append(e.getKey().rateText());
        between = ", ";
      }
    }
    return text
        + " with "
        + sixBits
        + " fractional bits; the closed form, which the rate is not in, says "
        + digits(theory.ball())
        + ".";
  }

  private String slopeFinding(Setting setting) {
    List<Found> of = found.get(setting);
    double[] steps = steps(of);
    int last = steps.length - 1;
    int from = Math.max(0, last - 3);
    double average = mean(of, f -> f.average().get(last));
    double before = mean(of, f -> f.average().get(from));
    double slope = Math.log(average / before) / Math.log(steps[last] / steps[from]);
    return "The average's squared distance falls as T to the power of "
        + String.format(Locale.ROOT, "%.2f", slope)
        + String.format(
            Locale.ROOT, " from T = %,.0f to %,.0f (theory: -1), to ", steps[from], steps[last])
        + digits(average)
        + "; the closed form says "
        + digits(
            new LinearTheory(sizes, setting.fractionBits()).average(setting.rate(), steps[last]))
        + ".";
  }

  private CurveChart chart(Setting setting) {
    List<Found> of = found.get(setting);
    double[] steps = steps(of);
    LinearTheory theory = new LinearTheory(sizes, setting.fractionBits());
    CurveChart.Builder chart =
        CurveChart.titled(
            "Linear regression, "
                + (setting.fractionBits() + 2)
                + " bits, "
                + setting.fractionBits()
                + " of them fractional",
            new Dimension("Averaged steps T", Scale.LOGARITHMIC),
            new Dimension("Squared distance to the solution", Scale.LOGARITHMIC));
    add(chart, "SGD, fixed point", of, Found::last);
    chart.expected("its closed form", steps, filled(steps, t -> theory.ball()));
    add(chart, "SWALP", of, Found::average);
    // The expectation is that of many steps: before the slowest direction has been forgotten a few
    // times, steps are too alike to count as that many.
    double[] late = filled(steps, t -> t < 3 / setting.rate() ? Double.NaN : t);
    chart.expected(
        "its closed form, 1/T", steps, filled(late, t -> theory.average(setting.rate(), t)));
    add(chart, "SWALP, rounded to the grid", of, Found::rounded);
    add(chart, "SGD, floats", of, Found::floatLast);
    add(chart, "SWA, floats", of, Found::floatAverage);
    return chart.build();
  }

  private static void add(
      CurveChart.Builder chart, String name, List<Found> of, Function<Found, List<Double>> value) {
    double[] steps = steps(of);
    OverSeeds.Curve curve =
        OverSeeds.curve(steps.length, i -> of.stream().mapToDouble(f -> value.apply(f).get(i)));
    chart.curve(name, steps, curve.mean(), curve.low(), curve.high());
  }

  private MetricsTable table() {
    MetricsTable.Builder table = MetricsTable.builder("Fractional bits", "Rate");
    for (String name :
        List.of(
            "SGD, expected",
            "SGD",
            "SWALP, expected",
            "SWALP",
            "SWALP on the grid",
            "SGD, floats",
            "SWA, floats")) {
      table.metric(new Metric(name, 5, Better.NEITHER));
    }
    found.forEach(
        (setting, of) -> {
          LinearTheory theory = new LinearTheory(sizes, setting.fractionBits());
          int last = of.get(0).steps().size() - 1;
          table.row(
              List.of(Integer.toString(setting.fractionBits()), setting.rateText()),
              theory.ball(),
              mean(of, Found::ball),
              theory.average(setting.rate(), sizes.steps()),
              mean(of, f -> f.average().get(last)),
              mean(of, f -> f.rounded().get(last)),
              mean(of, Found::floatBall),
              mean(of, f -> f.floatAverage().get(last)));
        });
    return table.build();
  }

  private static double[] steps(List<Found> of) {
    return of.get(0).steps().stream().mapToDouble(Integer::doubleValue).toArray();
  }

  private static double[] filled(double[] at, DoubleUnaryOperator value) {
    return Arrays.stream(at).map(value).toArray();
  }

  private static String digits(double value) {
    return String.format(Locale.ROOT, "%.3g", value);
  }
}
