package io.github.swag4j.cli.page;

import com.google.gson.Gson;
import com.google.gson.JsonArray;
import com.google.gson.JsonObject;
import io.github.swag4j.calibration.binning.BinningConvention;
import io.github.swag4j.calibration.comparison.Holm;
import io.github.swag4j.calibration.comparison.PairedPermutationTest;
import io.github.swag4j.calibration.ood.OodScore;
import io.github.swag4j.cli.findings.RowMetric;
import io.github.swag4j.cli.run.Method;
import io.github.swag4j.cli.run.Results;
import io.github.swag4j.cli.run.RunDirectory;
import io.github.swag4j.reports.MetricsTable;
import io.github.swag4j.reports.MetricsTable.Better;
import io.github.swag4j.reports.ReportPage;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/** The same experiment under several seeds: mean, standard deviation, and paired tests. */
public final class SeedResults {
  private static final int SWAPS = 10_000;
  private static final double LEVEL = 0.05;

  /** A metric's name in JSON and at the head of its column. */
  private record Column(String key, String name, Better better) {}

  private static final List<Column> COLUMNS =
      List.of(
          new Column("accuracy", "accuracy", Better.HIGHER),
          new Column("nll", "NLL", Better.LOWER),
          new Column("brier", "Brier", Better.LOWER),
          new Column("ece", "ECE", Better.LOWER),
          new Column("nll_at_temperature", "NLL at T", Better.LOWER),
          new Column("ece_at_temperature", "ECE at T", Better.LOWER));

  /** A method's difference from the first in one metric. */
  private record Difference(
      Method method, Column column, double[] bySeed, double pRows, double pSeeds) {}

  private final List<Integer> seeds;
  private final List<Results> runs;
  private final List<Method> methods;
  private final String testSet;
  private final Map<Method, Map<String, double[]>> numbers = new LinkedHashMap<>();
  private final List<Difference> differences = new ArrayList<>();

  private SeedResults(Map<Integer, Results> bySeed) {
    this.seeds = List.copyOf(bySeed.keySet());
    this.runs = List.copyOf(bySeed.values());
    this.methods = runs.get(0).methods();
    this.testSet = runs.get(0).testSet();
    SeedNumbers all = new SeedNumbers(runs);
    methods.forEach(method -> numbers.put(method, all.of(method)));
    List<Difference> raw = new ArrayList<>();
    for (Method method : methods.subList(1, methods.size())) {
      for (Column column : COLUMNS) {
        if (numbers.get(method).containsKey(column.key())
            && numbers.get(methods.get(0)).containsKey(column.key())) {
          raw.add(difference(all, method, column));
        }
      }
    }
    // Rows say nothing of ECE, which has no value of a single one.
    double[] rows =
        Holm.adjust(
            raw.stream().mapToDouble(Difference::pRows).filter(p -> !Double.isNaN(p)).toArray());
    double[] bySeeds = Holm.adjust(raw.stream().mapToDouble(Difference::pSeeds).toArray());
    int next = 0;
    for (int i = 0; i < bySeeds.length; i++) {
      Difference d = raw.get(i);
      double p = Double.isNaN(d.pRows()) ? Double.NaN : rows[next++];
      differences.add(new Difference(d.method(), d.column(), d.bySeed(), p, bySeeds[i]));
    }
  }

  /** Takes the results of a run for each seed. */
  public static SeedResults of(Map<Integer, Results> bySeed) {
    return new SeedResults(bySeed);
  }

  private Difference difference(SeedNumbers all, Method method, Column column) {
    Method baseline = methods.get(0);
    double[] a = numbers.get(method).get(column.key());
    double[] b = numbers.get(baseline).get(column.key());
    double[] bySeed = new double[a.length];
    for (int i = 0; i < a.length; i++) {
      bySeed[i] = a[i] - b[i];
    }
    double p = Double.NaN;
    for (RowMetric metric : RowMetric.TABLE) {
      if (metric.key().equals(column.key())) {
        p =
            PairedPermutationTest.ofLosses(
                    all.rows(method, metric), all.rows(baseline, metric), SWAPS, 0)
                .pValue();
      }
    }
    return new Difference(
        method, column, bySeed, p, PairedPermutationTest.ofLosses(a, b, SWAPS, 0).pValue());
  }

  /** One row for each method, mean and standard deviation of each metric. */
  MetricsTable means() {
    List<Column> shown =
        COLUMNS.stream()
            .filter(c -> numbers.values().stream().allMatch(n -> n.containsKey(c.key())))
            .toList();
    MetricsTable.Builder table = MetricsTable.builder("method");
    for (Column column : shown) {
      table.metric(new MetricsTable.Metric(column.name(), 4, column.better()));
      table.metric(new MetricsTable.Metric("sd " + column.name(), 4, Better.NEITHER));
    }
    numbers.forEach(
        (method, values) -> {
          double[] row = new double[2 * shown.size()];
          for (int c = 0; c < shown.size(); c++) {
            double[] bySeed = values.get(shown.get(c).key());
            row[2 * c] = SeedNumbers.mean(bySeed);
            row[2 * c + 1] = SeedNumbers.deviation(bySeed);
          }
          table.row(method.title(), row).marked(List.of());
        });
    return table.build();
  }

  /** One row for each method and metric. */
  MetricsTable differences() {
    MetricsTable.Builder table = MetricsTable.builder("method", "metric");
    table.metric(new MetricsTable.Metric("difference", 4, Better.NEITHER));
    table.metric(new MetricsTable.Metric("sd", 4, Better.NEITHER));
    table.metric(new MetricsTable.Metric("better seeds", 0, Better.NEITHER));
    table.metric(new MetricsTable.Metric("p rows", 4, Better.P_VALUE));
    table.metric(new MetricsTable.Metric("p seeds", 4, Better.P_VALUE));
    for (Difference d : differences) {
      table.row(
          List.of(d.method().title(), d.column().name()),
          SeedNumbers.mean(d.bySeed()),
          SeedNumbers.deviation(d.bySeed()),
          better(d),
          d.pRows(),
          d.pSeeds());
    }
    return table.build();
  }

  private static double better(Difference d) {
    int sign = d.column().better() == Better.HIGHER ? 1 : -1;
    int count = 0;
    for (double difference : d.bySeed()) {
      count += sign * difference > 0 ? 1 : 0;
    }
    return count;
  }

  private String differencesCaption() {
    return String.format(
        Locale.ROOT,
        "Method minus %s under the same seed: mean and standard deviation over %d seeds, and under"
            + " how many of them the method is the better. p rows: paired permutation test of the"
            + " rows' losses, averaged over the seeds, which says whether other test rows could turn"
            + " the difference round; p seeds: that of the seeds' numbers, at least %.3g with so"
            + " few, which says it of other trainings. Both with Holm's correction over the table.",
        methods.get(0).title(),
        seeds.size(),
        Math.pow(2, 1 - seeds.size()));
  }

  /** One row for each method and score, mean and standard deviation. */
  MetricsTable detection(String ood) {
    MetricsTable.Builder table = MetricsTable.builder("method", "score");
    table.metric(new MetricsTable.Metric("AUROC", 4, Better.HIGHER));
    table.metric(new MetricsTable.Metric("sd AUROC", 4, Better.NEITHER));
    table.metric(new MetricsTable.Metric("FPR95", 4, Better.LOWER));
    table.metric(new MetricsTable.Metric("sd FPR95", 4, Better.NEITHER));
    for (Method method : methods) {
      for (OodScore score : Results.scores(method)) {
        double[] auroc =
            runs.stream().mapToDouble(r -> r.detection(method, ood, score).auroc()).toArray();
        double[] fpr =
            runs.stream().mapToDouble(r -> r.detection(method, ood, score).fpr95()).toArray();
        table
            .row(
                List.of(method.title(), score.name()),
                SeedNumbers.mean(auroc),
                SeedNumbers.deviation(auroc),
                SeedNumbers.mean(fpr),
                SeedNumbers.deviation(fpr))
            .marked(List.of());
      }
    }
    return table.build();
  }

  /** Prints the tables, and writes them as a page and as JSON. */
  public void write(PrintWriter out, Path directory, boolean json) throws IOException {
    RunDirectory run = new RunDirectory(directory);
    JsonObject all = json();
    RunDirectory.writeJson(run.metrics(), all);
    writePage(run);
    if (json) {
      JsonObject line = new JsonObject();
      line.addProperty("run", directory.toString());
      all.entrySet().forEach(e -> line.add(e.getKey(), e.getValue()));
      out.println(new Gson().toJson(line));
      return;
    }
    out.println("Mean over seeds " + words() + ", " + testSet);
    out.println(means().toText().stripTrailing());
    if (!differences.isEmpty()) {
      out.println();
      out.println("Differences from " + methods.get(0).title());
      out.println(differences().toText().stripTrailing());
      out.println(differencesCaption());
    }
    for (String ood : runs.get(0).oodSets()) {
      out.println();
      out.println("Out-of-distribution detection: " + ood + " against " + testSet);
      out.println(detection(ood).toText().stripTrailing());
    }
  }

  /** Which differences are more than chance, over other rows and over other seeds. */
  private String conclusion() {
    if (differences.isEmpty()) {
      return "";
    }
    List<String> rows = new ArrayList<>();
    List<String> bySeeds = new ArrayList<>();
    for (Difference d : differences) {
      boolean better = (SeedNumbers.mean(d.bySeed()) < 0) == (d.column().better() == Better.LOWER);
      String text =
          d.method().title()
              + (better ? " better than " : " worse than ")
              + methods.get(0).title()
              + " in "
              + d.column().name();
      if (d.pRows() <= LEVEL) {
        rows.add(text);
      }
      if (d.pSeeds() <= LEVEL) {
        bySeeds.add(text);
      }
    }
    return "On other test rows these differences would hold beyond chance: "
        + (rows.isEmpty() ? "none" : String.join(", ", rows))
        + ". Under other seeds, too: "
        + (bySeeds.isEmpty()
            ? "not shown of any by " + seeds.size() + " seeds"
            : String.join(", ", bySeeds))
        + " (5 %, Holm's correction).";
  }

  private String words() {
    return seeds.toString().replaceAll("[\\[\\]]", "");
  }

  private void writePage(RunDirectory run) throws IOException {
    PageStamp stamp = PageStamp.now();
    ReportPage.Builder page =
        ReportPage.titled(testSet + ", " + seeds.size() + " seeds")
            .lead(
                "The same experiment under seeds "
                    + words()
                    + ". Each run has its own page in"
                    + " seed-N/report.html. "
                    + conclusion());
    page.section("Mean over the seeds")
        .table(
            means(),
            "sd: standard deviation over the seeds. ECE: "
                + BinningConvention.GUO
                + ". NLL in"
                + " nats. At T: after temperature scaling, fitted on each run's held-out rows. None is"
                + " marked as best: whether means differ beyond chance is said below.");
    if (!differences.isEmpty()) {
      page.section("Differences from " + methods.get(0).title())
          .table(differences(), differencesCaption());
    }
    for (String ood : runs.get(0).oodSets()) {
      page.section("Unlike the training data: " + ood)
          .table(detection(ood), "Telling " + ood + " from " + testSet + ", mean over the seeds.");
    }
    for (int i = 0; i < runs.size(); i++) {
      page.details(
          "Seed " + seeds.get(i),
          false,
          ResultTables.unmarked(runs.get(i)),
          "Test rows. None is marked as best: the page of the seed says what is more than chance.");
    }
    page.section("How it was made").settings(stamp.settings()).footer(stamp.footer());
    page.build().write(run.report());
  }

  private JsonObject json() {
    JsonObject json = new JsonObject();
    json.addProperty("format", 1);
    JsonArray list = new JsonArray();
    seeds.forEach(list::add);
    json.add("seeds", list);
    json.addProperty("test", testSet);
    JsonObject byMethod = new JsonObject();
    numbers.forEach(
        (method, values) -> {
          JsonObject one = new JsonObject();
          values.forEach((name, bySeed) -> one.add(name, spread(bySeed)));
          byMethod.add(method.id(), one);
        });
    json.add("methods", byMethod);
    JsonObject compared = new JsonObject();
    for (Difference d : differences) {
      JsonObject one = spread(d.bySeed());
      PredictionMetrics.number(one, "p_rows_holm", d.pRows());
      PredictionMetrics.number(one, "p_seeds_holm", d.pSeeds());
      if (!compared.has(d.method().id())) {
        compared.add(d.method().id(), new JsonObject());
      }
      compared.getAsJsonObject(d.method().id()).add(d.column().key(), one);
    }
    JsonObject all = new JsonObject();
    all.addProperty("baseline", methods.get(0).id());
    all.add("methods", compared);
    json.add("differences", all);
    return json;
  }

  private static JsonObject spread(double[] bySeed) {
    JsonObject one = new JsonObject();
    PredictionMetrics.number(one, "mean", SeedNumbers.mean(bySeed));
    PredictionMetrics.number(one, "sd", SeedNumbers.deviation(bySeed));
    JsonArray values = new JsonArray();
    for (double value : bySeed) {
      values.add(value);
    }
    one.add("values", values);
    return one;
  }
}
