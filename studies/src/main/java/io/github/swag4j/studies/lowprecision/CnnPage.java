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
import io.github.swag4j.studies.lowprecision.CnnTask.Found;
import io.github.swag4j.swa.quantize.Blocks;
import java.io.IOException;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.function.ToDoubleFunction;
import picocli.CommandLine.Model.CommandSpec;

/** Errors of a network in few bits beside those of floats. */
final class CnnPage {
  private final ImageRows.Parts images;
  private final CnnTask.Settings settings;
  private final Blocks blocks;
  private final List<Integer> seeds;
  private final Map<Double, Found> tried;
  private final Map<Integer, List<Found>> found;

  CnnPage(
      ImageRows.Parts images,
      CnnTask.Settings settings,
      Blocks blocks,
      List<Integer> seeds,
      Map<Double, Found> tried,
      Map<Integer, List<Found>> found) {
    this.images = images;
    this.settings = settings;
    this.blocks = blocks;
    this.seeds = seeds;
    this.tried = tried;
    this.found = found;
  }

  void write(StudyRun run, CommandSpec spec, boolean json) throws IOException {
    int word = found.keySet().stream().mapToInt(w -> w).max().orElseThrow();
    List<Found> floats = found.get(CnnTask.FLOATS);
    List<Found> low = found.get(word);
    StudyPage page =
        new StudyPage(run, "A network in " + word + " bits on " + images.test().name());
    page.finding(
        String.format(
            Locale.ROOT,
            "Test error: SGD in %d bits %.2f %%, SWALP %.2f %%; in floats SGD %.2f %%, SWA %.2f %%"
                + " (means of %d seeds).",
            word,
            percent(low, Found::sgd),
            percent(low, Found::average),
            percent(floats, Found::sgd),
            percent(floats, Found::average),
            seeds.size()));
    page.section("Test error", "");
    page.table("cnn", table(word), "Test error in percent, each seed");
    page.chart(
        "cnn",
        chart(word),
        "Error of the average of the first n averaged epochs; bands reach from the smallest to the"
            + " largest seed. Dashed: SGD before averaging.");
    page.section("The learning rate", "Chosen before any test row was seen, by SGD in floats.");
    page.table(
        "rates",
        TriedRates.table(tried, Found::sgd, Found::average),
        "Error in percent on held-out training rows, one seed");
    page.result("cnn", found).result("rates", tried);
    Map<String, String> how = new LinkedHashMap<>();
    how.put("data", images.test().name());
    how.put("rows", images.train().rows() + " to train on, " + images.test().rows() + " test rows");
    how.put("network", "3 convolutions of 8, 16 and 32 channels, a linear layer, no batch norm");
    how.put("rates", settings.rate() + " falling, " + settings.averagedRate() + " while averaging");
    how.put("epochs", settings.epochs() + ", then " + settings.averagedEpochs() + " averaged");
    how.put("batch, momentum", settings.batch() + ", " + settings.momentum());
    how.put("weight decay", Double.toString(settings.weightDecay()));
    how.put(
        "format",
        word
            + " bits, exponents of 8 bits, stochastic rounding of all five roles, blocks "
            + blocks);
    how.put("seeds", seeds.toString());
    page.write(how, spec, json);
  }

  private MetricsTable table(int word) {
    MetricsTable.Builder table = MetricsTable.builder("Training");
    table.metric(new Metric("Mean", 2, Better.LOWER)).metric(new Metric("sd", 2, Better.NEITHER));
    seeds.forEach(seed -> table.metric(new Metric("Seed " + seed, 2, Better.LOWER)));
    row(table, "SGD, floats", found.get(CnnTask.FLOATS), Found::sgd);
    row(table, "SWA, floats", found.get(CnnTask.FLOATS), Found::average);
    row(table, "SGD, " + word + " bits", found.get(word), Found::sgd);
    row(table, "last averaged epoch, " + word + " bits", found.get(word), Found::iterate);
    row(table, "SWALP", found.get(word), Found::average);
    row(table, "SWALP rounded to " + word + " bits", found.get(word), Found::rounded);
    return table.build();
  }

  private static void row(
      MetricsTable.Builder table, String name, List<Found> of, ToDoubleFunction<Found> value) {
    double[] numbers = new double[of.size() + 2];
    numbers[0] = percent(of, value);
    numbers[1] = 100 * OverSeeds.deviation(of, value);
    for (int s = 0; s < of.size(); s++) {
      numbers[s + 2] = 100 * value.applyAsDouble(of.get(s));
    }
    table.row(name, numbers);
  }

  private CurveChart chart(int word) {
    double[] x = new double[settings.averagedEpochs()];
    for (int e = 0; e < x.length; e++) {
      x[e] = e + 1;
    }
    CurveChart.Builder chart =
        CurveChart.titled(
            "Test error of the average, " + images.test().name(),
            new Dimension("Averaged epochs", Scale.LINEAR),
            new Dimension("Test error, %", Scale.LINEAR));
    add(chart, "SWALP, " + word + " bits", "SGD, " + word + " bits", found.get(word), x);
    add(chart, "SWA, floats", "SGD, floats", found.get(CnnTask.FLOATS), x);
    return chart.build();
  }

  private static void add(
      CurveChart.Builder chart, String name, String before, List<Found> of, double[] x) {
    OverSeeds.Curve curve =
        OverSeeds.curve(
            x.length, e -> of.stream().mapToDouble(f -> 100 * f.averageByEpoch().get(e)));
    double[] sgd = new double[x.length];
    Arrays.fill(sgd, percent(of, Found::sgd));
    chart.curve(name, x, curve.mean(), curve.low(), curve.high()).expected(before, x, sgd);
  }

  private static double percent(List<Found> of, ToDoubleFunction<Found> value) {
    return 100 * OverSeeds.mean(of, value);
  }
}
