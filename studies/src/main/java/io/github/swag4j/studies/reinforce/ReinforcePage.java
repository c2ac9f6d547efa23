package io.github.swag4j.studies.reinforce;

import io.github.swag4j.reports.CurveChart;
import io.github.swag4j.reports.CurveChart.Dimension;
import io.github.swag4j.reports.CurveChart.Scale;
import io.github.swag4j.reports.MetricsTable;
import io.github.swag4j.reports.MetricsTable.Better;
import io.github.swag4j.reports.MetricsTable.Metric;
import io.github.swag4j.studies.frame.OverSeeds;
import io.github.swag4j.studies.frame.StudyPage;
import io.github.swag4j.studies.frame.StudyRun;
import io.github.swag4j.studies.reinforce.AveragedTraining.Found;
import io.github.swag4j.studies.reinforce.AveragedTraining.Plan;
import io.github.swag4j.studies.reinforce.environment.ControlTask;
import java.io.IOException;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.function.Function;
import org.apache.commons.math3.distribution.TDistribution;
import picocli.CommandLine.Model.CommandSpec;

/** Returns of the last weights and of averages. */
final class ReinforcePage {
  private final ControlTask task;
  private final String agent;
  private final String settings;
  private final Plan plan;
  private final List<Integer> seeds;
  private final List<Found> found;

  ReinforcePage(
      ControlTask task,
      String agent,
      String settings,
      Plan plan,
      List<Integer> seeds,
      List<Found> found) {
    this.task = task;
    this.agent = agent;
    this.settings = settings;
    this.plan = plan;
    this.seeds = seeds;
    this.found = found;
  }

  void write(StudyRun run, CommandSpec spec, boolean json) throws IOException {
    String title = agent.toUpperCase(Locale.ROOT) + " on " + task.gymnasium();
    StudyPage page = new StudyPage(run, "Averaged actors: " + title);
    page.finding(difference("the mean return at the end", Found::finalReturn))
        .finding(difference("the spread of late evaluations", Found::spread))
        .finding(values());
    page.section(
        "Return over training",
        "Mean return of the same "
            + plan.starts()
            + " starts, without noise; averages begin after "
            + plan.start()
            + " of "
            + plan.updates()
            + " updates and take in weights every "
            + plan.every()
            + ".");
    page.chart(
        "returns",
        chart(title),
        "Means over " + seeds.size() + " seeds, bands from the smallest to the largest.");
    page.table(
        "returns",
        table(),
        "Return at the end over "
            + plan.finalStarts()
            + " other starts; spread and worst of the evaluations after averages began, means over"
            + " seeds. The best checkpoint is the one of those evaluations that brought most, and"
            + " costs them. Value error: root mean square of the critic's value minus the"
            + " discounted return, over the starts of the end; the last critic for the last weights,"
            + " the averaged critic for the average");
    page.table("seeds", bySeed(), "Return at the end, each seed");
    page.result("found", found);
    Map<String, String> how = new LinkedHashMap<>();
    how.put(
        "task",
        task.gymnasium() + (Double.isNaN(task.solved()) ? "" : ", solved from " + task.solved()));
    how.put("agent", settings.replaceFirst("^Options\\[(.*)]$", "$1").replace("=", " "));
    how.put("updates", Long.toString(plan.updates()));
    how.put(
        "averages",
        "from update "
            + plan.start()
            + ", every "
            + plan.every()
            + "; exponential with decay "
            + AveragedTraining.DECAY
            + ", warmed up");
    how.put("judged", plan.evaluations() + " times on " + plan.starts() + " starts");
    how.put("seeds", seeds.toString());
    page.write(how, spec, json);
  }

  private List<String> names() {
    return List.copyOf(found.get(0).finalReturn().keySet());
  }

  /** Average minus last weights, paired by seed, with Student's interval. */
  private String difference(String what, Function<Found, Map<String, Double>> numbers) {
    List<Double> differences =
        found.stream()
            .map(numbers)
            .map(of -> of.get(AveragedTraining.AVERAGE) - of.get(AveragedTraining.LAST))
            .toList();
    double mean = OverSeeds.mean(differences, x -> x);
    String words =
        String.format(
            Locale.ROOT,
            "Averaging changes %s from %.1f to %.1f",
            what,
            OverSeeds.mean(found, f -> numbers.apply(f).get(AveragedTraining.LAST)),
            OverSeeds.mean(found, f -> numbers.apply(f).get(AveragedTraining.AVERAGE)));
    if (differences.size() < 2) {
      return words + " (one seed).";
    }
    int n = differences.size();
    double half =
        new TDistribution(null, n - 1.0).inverseCumulativeProbability(0.975)
            * OverSeeds.deviation(differences, x -> x)
            / Math.sqrt(n);
    String verdict =
        Math.abs(mean) > half ? "more than seeds explain." : "which is within what seeds change.";
    return String.format(
        Locale.ROOT,
        "%s: by %.1f, with 95 %% from %.1f to %.1f over %d seeds, %s",
        words,
        mean,
        mean - half,
        mean + half,
        n,
        verdict);
  }

  private String values() {
    return String.format(
        Locale.ROOT,
        "Critics miss the discounted returns of their actors by %.1f (last weights) and %.1f"
            + " (averaged critic, averaged actor).",
        OverSeeds.mean(found, f -> f.valueErrors().get(AveragedTraining.LAST)),
        OverSeeds.mean(found, f -> f.valueErrors().get(AveragedTraining.AVERAGE)));
  }

  private CurveChart chart(String title) {
    double[] x = found.get(0).steps().stream().mapToDouble(n -> n / 1e3).toArray();
    CurveChart.Builder chart =
        CurveChart.titled(
            title,
            new Dimension("Thousand steps in environments", Scale.LINEAR),
            new Dimension("Mean return", Scale.LINEAR));
    for (String name : List.of(AveragedTraining.LAST, AveragedTraining.AVERAGE)) {
      OverSeeds.Curve curve =
          OverSeeds.curve(
              x.length, i -> found.stream().mapToDouble(f -> f.curves().get(name).get(i)));
      chart.curve(name, x, curve.mean(), curve.low(), curve.high());
    }
    return chart.build();
  }

  private MetricsTable table() {
    MetricsTable.Builder table =
        MetricsTable.builder("What acts")
            .metric(new Metric("Return", 1, Better.HIGHER))
            .metric(new Metric("sd", 1, Better.NEITHER))
            .metric(new Metric("Spread", 1, Better.LOWER))
            .metric(new Metric("Worst", 1, Better.HIGHER))
            .metric(new Metric("Value error", 1, Better.LOWER));
    for (String name : names()) {
      table.row(
          name,
          OverSeeds.mean(found, f -> f.finalReturn().get(name)),
          OverSeeds.deviation(found, f -> f.finalReturn().get(name)),
          OverSeeds.mean(found, f -> f.spread().getOrDefault(name, Double.NaN)),
          OverSeeds.mean(found, f -> f.worst().getOrDefault(name, Double.NaN)),
          OverSeeds.mean(found, f -> f.valueErrors().getOrDefault(name, Double.NaN)));
      table.marked(List.of()); // what is beyond chance is said in words
    }
    return table.build();
  }

  private MetricsTable bySeed() {
    MetricsTable.Builder table = MetricsTable.builder("What acts");
    seeds.forEach(seed -> table.metric(new Metric("Seed " + seed, 1, Better.HIGHER)));
    for (String name : names()) {
      table.row(name, found.stream().mapToDouble(f -> f.finalReturn().get(name)).toArray());
      table.marked(List.of());
    }
    return table.build();
  }
}
