package io.github.swag4j.studies.semisupervised;

import io.github.swag4j.reports.CurveGridChart;
import io.github.swag4j.reports.MetricsTable;
import io.github.swag4j.reports.MetricsTable.Better;
import io.github.swag4j.reports.MetricsTable.Metric;
import io.github.swag4j.studies.frame.OverSeeds;
import io.github.swag4j.studies.frame.StudyPage;
import io.github.swag4j.studies.frame.StudyRun;
import io.github.swag4j.studies.semisupervised.FewLabelsTask.Found;
import io.github.swag4j.studies.semisupervised.FewLabelsTask.Measured;
import io.github.swag4j.studies.semisupervised.SemiSupervisedSettings.Choice;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.function.ToDoubleFunction;
import java.util.stream.DoubleStream;
import picocli.CommandLine.Model.CommandSpec;

/** What few labels give by each method, with and without averages. */
final class SemiSupervisedPage {
  private final String data;
  private final SemiSupervisedSettings settings;
  private final Map<String, String> how;
  private final List<Integer> seeds;
  private final Map<Way, Choice> chosen;
  private final Map<Way, Map<Choice, Found>> tried;
  private final Map<Integer, Map<Way, List<Found>>> found;

  SemiSupervisedPage(
      String data,
      SemiSupervisedSettings settings,
      Map<String, String> how,
      List<Integer> seeds,
      Map<Way, Choice> chosen,
      Map<Way, Map<Choice, Found>> tried,
      Map<Integer, Map<Way, List<Found>>> found) {
    this.data = data;
    this.settings = settings;
    this.how = how;
    this.seeds = seeds;
    this.chosen = chosen;
    this.tried = tried;
    this.found = found;
  }

  void write(StudyRun run, CommandSpec spec, boolean json) throws IOException {
    StudyPage page = new StudyPage(run, "Few labels of " + data);
    found.forEach((labels, of) -> page.finding(finding(labels, of)));
    page.finding(ReachedErrors.sentence(found));
    page.finding(
        GridEnds.sentence(
            chosen, tried, "Wider lists of --peaks, --half-waves and --consistency tell."));
    page.section("Error and calibration", "All at the same step of the same trainings.");
    page.table(
        "semi-supervised",
        table(),
        "Test error and its spread over seeds in percent, negative log-likelihood in nats, expected"
            + " calibration error of 15 bins in percent, and the error of each seed");
    page.section("Error by epochs", "");
    for (Map.Entry<Integer, Map<Way, List<Found>>> each : found.entrySet()) {
      String title = String.format(Locale.ROOT, "%s, %,d labels", data, each.getKey());
      Optional<CurveGridChart> chart = ErrorCurves.chart(title, settings.epochs(), each.getValue());
      if (chart.isPresent()) {
        page.chart(
            "labels-" + each.getKey(),
            chart.get(),
            "Means of "
                + seeds.size()
                + " seeds, on some of the test images; averages begin where they have weights.");
      }
    }
    page.table(
        "reached",
        ReachedErrors.table(found),
        "Epochs until the mean error is no more than SGD's at the end; of averages, epochs of the"
            + " training they are collected from");
    page.section(
        "Rates and weights",
        "Chosen by method before any test image was seen, on labels held out.");
    page.table("choices", choices(), "Error in percent on the held-out labels, one seed");
    page.result("found", byWords()).result("choices", triedByWords());
    how.put(
        "epochs",
        settings.epochs()
            + ", cycles of "
            + settings.cycle()
            + " from "
            + settings.decay()
            + " on");
    how.put("fast-SWA", settings.collections() + " collections a cycle");
    chosen.forEach((way, choice) -> how.put(way.title(), settings.options(way, choice).toString()));
    how.put("network", "2 convolutions of 16 and 32 channels with batch norm, dropout, linear");
    how.put("seeds", seeds.toString());
    page.write(how, spec, json);
  }

  private String finding(int labels, Map<Way, List<Found>> of) {
    List<String> errors = new ArrayList<>();
    List<String> changes = new ArrayList<>();
    int better = 0;
    int all = 0;
    for (Map.Entry<Way, List<Found>> each : of.entrySet()) {
      double sgd = percent(each.getValue(), FewLabelsTask.SGD);
      double fast = percent(each.getValue(), FewLabelsTask.FAST_SWA);
      errors.add(String.format(Locale.ROOT, "%s %.2f %%", each.getKey().title(), sgd));
      changes.add(String.format(Locale.ROOT, "%+.2f", fast - sgd));
      for (Found one : Found.finite(each.getValue())) {
        all++;
        better += one.error(FewLabelsTask.FAST_SWA) < one.error(FewLabelsTask.SGD) ? 1 : 0;
      }
    }
    return String.format(
        Locale.ROOT,
        "Test error with %,d labels and SGD: %s (means of %d seeds). fast-SWA changes it by %s"
            + " points; it is better in %d of %d trainings.",
        labels,
        String.join(", ", errors),
        seeds.size(),
        String.join(", ", changes),
        better,
        all);
  }

  private MetricsTable table() {
    MetricsTable.Builder table =
        MetricsTable.builder("Labels", "Training", "Weights").comparedWithinFirstLabel();
    table
        .metric(new Metric("Error", 2, Better.LOWER))
        .metric(new Metric("sd", 2, Better.NEITHER))
        .metric(new Metric("NLL", 3, Better.LOWER))
        .metric(new Metric("ECE", 2, Better.LOWER));
    seeds.forEach(seed -> table.metric(new Metric("Seed " + seed, 2, Better.NEITHER)));
    found.forEach(
        (labels, of) ->
            of.forEach(
                (way, seedsOf) -> {
                  List<Found> ended = Found.finite(seedsOf);
                  int lost = seedsOf.size() - ended.size();
                  String title =
                      lost == 0
                          ? way.title()
                          : way.title() + ", " + lost + " of " + seedsOf.size() + " diverged";
                  for (String weights :
                      ended.isEmpty() ? List.of(FewLabelsTask.SGD) : ended.get(0).last().keySet()) {
                    table.row(
                        List.of(String.format(Locale.ROOT, "%,d", labels), title, weights),
                        numbers(seedsOf, weights));
                  }
                }));
    return table.build();
  }

  /** Mean error, its deviation, NLL and ECE of what did not diverge, and the error of each seed. */
  private static double[] numbers(List<Found> all, String weights) {
    List<Found> of = Found.finite(all);
    if (of.isEmpty()) {
      double[] none = new double[4 + all.size()];
      Arrays.fill(none, Double.NaN);
      return none;
    }
    DoubleStream means =
        DoubleStream.of(
            percent(of, weights),
            100 * OverSeeds.deviation(of, f -> f.error(weights)),
            OverSeeds.mean(of, of(weights, Measured::nll)),
            100 * OverSeeds.mean(of, of(weights, Measured::ece)));
    DoubleStream each = all.stream().mapToDouble(f -> 100 * f.error(weights));
    return DoubleStream.concat(means, each).toArray();
  }

  private MetricsTable choices() {
    MetricsTable.Builder table =
        MetricsTable.builder("Training", "Settings").comparedWithinFirstLabel();
    for (String name : List.of(FewLabelsTask.SGD, FewLabelsTask.SWA, FewLabelsTask.FAST_SWA)) {
      table.metric(new Metric(name, 2, Better.LOWER));
    }
    table.metric(new Metric("Mean", 2, Better.LOWER));
    tried.forEach(
        (way, of) ->
            of.forEach(
                (choice, one) ->
                    table.row(
                        List.of(
                            way.title(),
                            one.diverged() ? choice + ": diverged" : choice.toString()),
                        100 * one.error(FewLabelsTask.SGD),
                        100 * one.error(FewLabelsTask.SWA),
                        100 * one.error(FewLabelsTask.FAST_SWA),
                        100 * SemiSupervisedCommand.error(one))));
    return table.build();
  }

  private Map<String, Object> byWords() {
    Map<String, Object> out = new LinkedHashMap<>();
    found.forEach(
        (labels, of) -> of.forEach((way, seedsOf) -> out.put(labels + "-" + way.word(), seedsOf)));
    return out;
  }

  private Map<String, Object> triedByWords() {
    Map<String, Object> out = new LinkedHashMap<>();
    tried.forEach(
        (way, of) -> of.forEach((choice, one) -> out.put(way.word() + ", " + choice, one.last())));
    return out;
  }

  private static ToDoubleFunction<Found> of(String weights, ToDoubleFunction<Measured> value) {
    return found -> value.applyAsDouble(found.last().get(weights));
  }

  private static double percent(List<Found> of, String weights) {
    List<Found> finite = Found.finite(of);
    return finite.isEmpty() ? Double.NaN : 100 * OverSeeds.mean(finite, f -> f.error(weights));
  }
}
