package io.github.swag4j.studies.lowprecision;

import io.github.swag4j.reports.CurveChart;
import io.github.swag4j.reports.CurveChart.Dimension;
import io.github.swag4j.reports.CurveChart.Scale;
import io.github.swag4j.reports.MetricsTable;
import io.github.swag4j.reports.MetricsTable.Better;
import io.github.swag4j.reports.MetricsTable.Metric;
import io.github.swag4j.studies.frame.OverSeeds;
import io.github.swag4j.studies.frame.StudyPage;
import io.github.swag4j.studies.frame.StudyRun;
import io.github.swag4j.studies.lowprecision.LogisticTask.Found;
import java.io.IOException;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.function.ToDoubleFunction;
import picocli.CommandLine.Model.CommandSpec;

/** Errors of logistic regression by word length. */
final class LogisticPage {
  private final ImageRows.Parts images;
  private final LogisticTask.Settings settings;
  private final List<Integer> seeds;
  private final Map<Double, Found> tried;
  private final Map<Integer, List<Found>> found;

  LogisticPage(
      ImageRows.Parts images,
      LogisticTask.Settings settings,
      List<Integer> seeds,
      Map<Double, Found> tried,
      Map<Integer, List<Found>> found) {
    this.images = images;
    this.settings = settings;
    this.seeds = seeds;
    this.tried = tried;
    this.found = found;
  }

  void write(StudyRun run, CommandSpec spec, boolean json) throws IOException {
    String data = images.test().name();
    StudyPage page = new StudyPage(run, "Logistic regression in few bits on " + data);
    page.finding(wordFinding()).finding(halfFinding());
    page.section("Error by word length", "Test error, mean over " + seeds.size() + " seeds.");
    page.chart(
        "logistic",
        chart(),
        "Bands reach from the smallest to the largest seed. Dashed: floats, last weights and average.");
    page.table(
        "logistic", table(), "Test error in percent, mean and standard deviation over seeds");
    page.section(
        "The learning rate", "Chosen before any test row was seen, by the average in floats.");
    page.table(
        "rates",
        TriedRates.table(tried, Found::last, Found::average),
        "Error in percent on held-out training rows, one seed");
    page.result("logistic", found).result("rates", tried);
    Map<String, String> how = new LinkedHashMap<>();
    how.put("data", data);
    how.put("rows", images.train().rows() + " to train on, " + images.test().rows() + " test rows");
    how.put("rate, batch", settings.rate() + ", " + settings.batch());
    how.put("epochs", settings.epochs() + ", every step of the second half averaged");
    how.put("l2", Double.toString(settings.l2()));
    how.put("word", "2 bits before the point with the sign, stochastic rounding of weights");
    how.put("seeds", seeds.toString());
    page.write(how, spec, json);
  }

  private String wordFinding() {
    List<Found> eight = found.get(8);
    List<Found> floats = found.get(LogisticTask.FLOATS);
    return String.format(
        Locale.ROOT,
        "With 8 fractional bits, averaging takes the test error from %.2f %% to %.2f %%; that of"
            + " floats goes from %.2f %% to %.2f %%.",
        percent(eight, Found::last),
        percent(eight, Found::average),
        percent(floats, Found::last),
        percent(floats, Found::average));
  }

  private String halfFinding() {
    double six = percent(found.get(6), Found::average);
    double eight = percent(found.get(8), Found::last);
    return String.format(
        Locale.ROOT,
        six < eight
            ? "The average of weights with 6 fractional bits (%.2f %%) is better than last weights"
                + " with 8 (%.2f %%)."
            : "The average of weights with 6 fractional bits (%.2f %%) is no better than last weights"
                + " with 8 (%.2f %%).",
        six,
        eight);
  }

  private CurveChart chart() {
    List<Integer> words =
        found.keySet().stream().filter(w -> w != LogisticTask.FLOATS).sorted().toList();
    double[] x = words.stream().mapToDouble(Integer::doubleValue).toArray();
    CurveChart.Builder chart =
        CurveChart.titled(
            "Test error by word length, " + images.test().name(),
            new Dimension("Fractional bits", Scale.LINEAR),
            new Dimension("Test error, %", Scale.LINEAR));
    add(chart, "SGD, last weights", words, x, Found::last);
    add(chart, "SWALP, average", words, x, Found::average);
    return chart.build();
  }

  private void add(
      CurveChart.Builder chart,
      String name,
      List<Integer> words,
      double[] x,
      ToDoubleFunction<Found> value) {
    OverSeeds.Curve curve =
        OverSeeds.curve(
            x.length,
            i -> found.get(words.get(i)).stream().mapToDouble(value).map(error -> 100 * error));
    double[] floats = new double[x.length];
    Arrays.fill(floats, percent(found.get(LogisticTask.FLOATS), value));
    chart
        .curve(name, x, curve.mean(), curve.low(), curve.high())
        .expected(name + ", floats", x, floats);
  }

  private MetricsTable table() {
    MetricsTable.Builder table = MetricsTable.builder("Fractional bits");
    for (String name : List.of("SGD", "SWALP", "SWALP on the grid")) {
      table.metric(new Metric(name, 2, Better.LOWER));
      table.metric(new Metric(name + " sd", 2, Better.NEITHER));
    }
    table.metric(new Metric("Train loss SGD", 3, Better.LOWER));
    table.metric(new Metric("Train loss SWALP", 3, Better.LOWER));
    found.forEach(
        (word, of) ->
            table.row(
                word == LogisticTask.FLOATS ? "floats" : Integer.toString(word),
                percent(of, Found::last),
                spread(of, Found::last),
                percent(of, Found::average),
                spread(of, Found::average),
                word == LogisticTask.FLOATS ? Double.NaN : percent(of, Found::rounded),
                word == LogisticTask.FLOATS ? Double.NaN : spread(of, Found::rounded),
                percent(of, Found::lastLoss) / 100,
                percent(of, Found::averageLoss) / 100));
    return table.build();
  }

  private static double percent(List<Found> of, ToDoubleFunction<Found> value) {
    return 100 * OverSeeds.mean(of, value);
  }

  private static double spread(List<Found> of, ToDoubleFunction<Found> value) {
    return 100 * OverSeeds.deviation(of, value);
  }
}
