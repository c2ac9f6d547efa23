package io.github.swag4j.studies.transfer;

import io.github.swag4j.reports.MetricsTable;
import io.github.swag4j.reports.MetricsTable.Better;
import io.github.swag4j.reports.MetricsTable.Metric;
import io.github.swag4j.studies.frame.OverSeeds;
import io.github.swag4j.studies.frame.StudyPage;
import io.github.swag4j.studies.frame.StudyRun;
import java.io.IOException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import picocli.CommandLine.Model.CommandSpec;

/** The tables of fine-tuning and of training on, on one page. */
final class TransferPage {
  private static final String SGD = "SGD";
  private static final String SCRATCH = "SGD from scratch";

  private final TransferPlan plan;
  private final TransferImages source;
  private final TransferImages target;
  private final List<Integer> seeds;
  private final TransferStudy.Found found;

  /** Takes no target, null, if the plan has no rows of it. */
  TransferPage(
      TransferPlan plan,
      TransferImages source,
      TransferImages target,
      List<Integer> seeds,
      TransferStudy.Found found) {
    this.plan = plan;
    this.source = source;
    this.target = target;
    this.seeds = seeds;
    this.found = found;
  }

  void write(StudyRun run, CommandSpec spec, boolean json) throws IOException {
    String from = source.pool().name();
    String title =
        target == null
            ? "More epochs on " + from
            : "Transfer: from " + from + " to " + target.pool().name();
    StudyPage page = new StudyPage(run, title);
    Map<String, Object> tuned = new LinkedHashMap<>();
    found
        .ofRows()
        .forEach(
            (rows, of) -> {
              page.finding(words(rows, byWay(of)));
              tuned.put(Integer.toString(rows), numbers(byWay(of)));
            });
    MorePage more = new MorePage(plan, source, seeds, found);
    more.findings(page);
    for (Map.Entry<Integer, TransferStudy.OfRows> each : found.ofRows().entrySet()) {
      fineTuned(page, each.getKey(), each.getValue(), target.pool().name());
    }
    more.write(page);
    choices(page);
    if (target != null) {
      page.result("fine_tuned", tuned);
    }
    page.write(settings(), spec, json);
  }

  /** What was judged, by way, the baseline first. */
  private static Map<String, List<Judged>> byWay(TransferStudy.OfRows of) {
    Map<String, List<Judged>> byWay = new LinkedHashMap<>();
    for (FineTuning.Found seed : of.tuned()) {
      seed.byName()
          .forEach((way, judged) -> byWay.computeIfAbsent(way, w -> new ArrayList<>()).add(judged));
    }
    byWay.put(SCRATCH, of.scratch());
    return byWay;
  }

  private static String words(int rows, Map<String, List<Judged>> byWay) {
    List<String> parts = new ArrayList<>();
    byWay.forEach(
        (way, judged) ->
            parts.add(
                String.format(
                    Locale.ROOT,
                    "%s %.2f %% and %.3f",
                    way,
                    100 * OverSeeds.mean(judged, Judged::accuracy),
                    OverSeeds.mean(judged, Judged::nll))));
    return String.format(
        Locale.ROOT,
        "%,d rows, accuracy and NLL: %s. %s",
        rows,
        String.join(", ", parts),
        PairedSeeds.of(byWay).conclusion());
  }

  private void fineTuned(StudyPage page, int rows, TransferStudy.OfRows of, String to)
      throws IOException {
    Map<String, List<Judged>> byWay = byWay(of);
    String head = String.format(Locale.ROOT, "%,d rows of %s", rows, to);
    page.section(
        "Fine-tuned on " + head,
        String.format(
            Locale.ROOT,
            "%d epochs, the averages of %d weights. Temperatures are fitted on %,d held-out rows.",
            plan.epochs(),
            of.tuned().get(0).collected(),
            target.validation().size()));
    page.table(
        "rows-" + rows,
        means(byWay),
        head
            + ", fine-tuned: mean over "
            + seeds.size()
            + " seeds and standard deviation. NLL in nats; at T: after temperature scaling");
    PairedSeeds paired = PairedSeeds.of(byWay);
    page.table("rows-" + rows + "-differences", paired.table(), paired.caption());
  }

  /** One row for each way, mean and standard deviation of each metric. */
  static MetricsTable means(Map<String, List<Judged>> byWay) {
    MetricsTable.Builder table =
        MetricsTable.builder("Way")
            .metric(new Metric("Accuracy", 4, Better.HIGHER))
            .metric(new Metric("sd accuracy", 4, Better.NEITHER))
            .metric(new Metric("NLL", 4, Better.LOWER))
            .metric(new Metric("sd NLL", 4, Better.NEITHER))
            .metric(new Metric("ECE", 4, Better.LOWER))
            .metric(new Metric("sd ECE", 4, Better.NEITHER))
            .metric(new Metric("NLL at T", 4, Better.LOWER))
            .metric(new Metric("ECE at T", 4, Better.LOWER));
    byWay.forEach(
        (way, judged) ->
            table
                .row(
                    way,
                    OverSeeds.mean(judged, Judged::accuracy),
                    OverSeeds.deviation(judged, Judged::accuracy),
                    OverSeeds.mean(judged, Judged::nll),
                    OverSeeds.deviation(judged, Judged::nll),
                    OverSeeds.mean(judged, Judged::ece),
                    OverSeeds.deviation(judged, Judged::ece),
                    OverSeeds.mean(judged, Judged::scaledNll),
                    OverSeeds.mean(judged, Judged::scaledEce))
                // What is beyond chance is said by the differences.
                .marked(List.of()));
    return table.build();
  }

  /** The numbers of every seed, those of rows left out. */
  static Map<String, List<Map<String, Double>>> numbers(Map<String, List<Judged>> byWay) {
    Map<String, List<Map<String, Double>>> numbers = new LinkedHashMap<>();
    byWay.forEach((way, judged) -> numbers.put(way, judged.stream().map(Judged::numbers).toList()));
    return numbers;
  }

  private void choices(StudyPage page) throws IOException {
    MetricsTable.Builder table = MetricsTable.builder("Training");
    plan.rates().forEach(rate -> table.metric(new Metric("Rate " + rate, 4, Better.LOWER)));
    Map<String, TransferStudy.Chosen> choices = new LinkedHashMap<>();
    choices.put("SWA from the trained network", found.moreRate());
    found
        .ofRows()
        .forEach(
            (rows, of) -> {
              choices.put(rows + " rows, " + SGD, of.rate());
              choices.put(rows + " rows, while averaging", of.averagedRate());
              choices.put(rows + " rows, " + SCRATCH, of.scratchRate());
            });
    choices.forEach(
        (name, chosen) ->
            table.row(
                name,
                plan.rates().stream()
                    .map(rate -> chosen.scores().get(Double.toString(rate)))
                    .mapToDouble(score -> score.diverged() ? Double.NaN : score.nll())
                    .toArray()));
    page.section(
        "The learning rates", "Chosen under the first seed, before any test row was seen.");
    page.table(
        "rates",
        table.build(),
        "NLL of held-out training rows at each rate, the least was taken; none where it diverged");
    page.result("rates", choices);
  }

  private Map<String, String> settings() {
    Map<String, String> how = new LinkedHashMap<>();
    how.put("source", source.pool().name() + ", " + plan.source().rows() + " training rows");
    if (target != null) {
      String rows = plan.rows().toString().replaceAll("[\\[\\]]", "");
      how.put("target", target.pool().name() + ", " + rows + " rows");
    }
    how.put(
        "judged by",
        source.test().size()
            + (target == null ? "" : " and " + target.test().size())
            + " test rows, the same of all seeds");
    how.put(
        "held out",
        source.validation().size() + " training rows" + (target == null ? "" : " of each"));
    how.put("network", plan.network().id());
    how.put(
        "on the source",
        plan.source().epochs() + " epochs at rates that fall from " + plan.source().rate());
    if (target != null) {
      fineTuning(how);
    }
    how.put(
        "steps",
        "batches of "
            + plan.source().steps().batch()
            + ", momentum "
            + plan.source().steps().momentum()
            + ", weight decay "
            + plan.source().steps().weightDecay());
    how.put("batch norm", "statistics recomputed on the training rows for all weights and samples");
    how.put("seeds", seeds.toString().replaceAll("[\\[\\]]", ""));
    how.put("threads", Integer.toString(plan.threads()));
    return how;
  }

  private void fineTuning(Map<String, String> how) {
    how.put("last layer", plan.head() == Learner.Head.NEW ? "begins anew" : "kept");
    how.put(
        "on the target",
        plan.epochs()
            + " epochs; the second half falls to a hundredth, or is constant and averaged, "
            + plan.collections()
            + " weights an epoch, more where its steps cannot be so divided");
    how.put(
        "SWAG",
        "rank "
            + plan.sampling().rank()
            + ", scale "
            + plan.sampling().scale()
            + ", "
            + plan.sampling().samples()
            + " samples");
  }
}
