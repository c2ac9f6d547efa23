package io.github.swag4j.studies.transfer;

import io.github.swag4j.reports.CurveChart;
import io.github.swag4j.reports.CurveChart.Dimension;
import io.github.swag4j.reports.CurveChart.Scale;
import io.github.swag4j.reports.MetricsTable;
import io.github.swag4j.reports.MetricsTable.Better;
import io.github.swag4j.reports.MetricsTable.Metric;
import io.github.swag4j.studies.frame.OverSeeds;
import io.github.swag4j.studies.frame.StudyPage;
import io.github.swag4j.studies.transfer.MoreEpochs.Course;
import java.io.IOException;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.function.Function;
import java.util.function.ToDoubleFunction;

/** What more epochs give a trained network, by SWA and by SGD. */
final class MorePage {
  private static final String SWA = "SWA";
  private static final String LOW = "SGD at the low rate";
  private static final String FALLING = "SGD, falling";
  private static final String BEFORE = "as it was";

  private final TransferPlan plan;
  private final TransferImages source;
  private final List<Integer> seeds;
  private final TransferStudy.Found found;
  private final List<MoreEpochs.Found> more;

  MorePage(
      TransferPlan plan, TransferImages source, List<Integer> seeds, TransferStudy.Found found) {
    this.plan = plan;
    this.source = source;
    this.seeds = seeds;
    this.found = found;
    this.more = found.more();
  }

  /** What was judged after all more epochs, SGD first, which is the fair baseline. */
  private Map<String, List<Judged>> atTheEnd() {
    int last = plan.more().epochs().size() - 1;
    Map<String, List<Judged>> byWay = new LinkedHashMap<>();
    byWay.put(LOW, more.stream().map(f -> f.sgd().judged().get(last)).toList());
    byWay.put(SWA, more.stream().map(f -> f.swa().judged().get(last)).toList());
    byWay.put(FALLING, more.stream().map(f -> f.falling().judged().get(last)).toList());
    byWay.put(BEFORE, more.stream().map(MoreEpochs.Found::before).toList());
    return byWay;
  }

  void findings(StudyPage page) {
    Map<String, List<Judged>> byWay = atTheEnd();
    List<Judged> before = byWay.get(BEFORE);
    int last = plan.more().epochs().size() - 1;
    page.finding(
        String.format(
            Locale.ROOT,
            "%d more epochs on %s take a trained network from %.2f %% and NLL %.4f to %.2f %% and"
                + " %.4f by SWA in %.1f s, to %.2f %% and %.4f by SGD at the low rate in %.1f s,"
                + " and to %.2f %% and %.4f by SGD from SWA's rate, falling; training it took %.1f"
                + " s. %s",
            plan.more().last(),
            source.pool().name(),
            percent(before),
            OverSeeds.mean(before, Judged::nll),
            percent(byWay.get(SWA)),
            OverSeeds.mean(byWay.get(SWA), Judged::nll),
            OverSeeds.mean(more, f -> f.swa().seconds().get(last)),
            percent(byWay.get(LOW)),
            OverSeeds.mean(byWay.get(LOW), Judged::nll),
            OverSeeds.mean(more, f -> f.sgd().seconds().get(last)),
            percent(byWay.get(FALLING)),
            OverSeeds.mean(byWay.get(FALLING), Judged::nll),
            OverSeeds.mean(found.sources(), SourceNetwork.Found::seconds),
            PairedSeeds.of(byWay).conclusion()));
  }

  private static double percent(List<Judged> judged) {
    return 100 * OverSeeds.mean(judged, Judged::accuracy);
  }

  void write(StudyPage page) throws IOException {
    page.section(
        "A trained network, trained on",
        String.format(
            Locale.ROOT,
            "The network of %,d rows of %s goes on with the same rows: at the constant rate %s, %d"
                + " weights being averaged in an epoch (SWA), at the rate %s that its training"
                + " ended with (SGD at the low rate), or from SWA's rate, falling to a hundredth"
                + " over so many epochs, each number a training of its own (SGD, falling).",
            plan.source().rows(),
            source.pool().name(),
            found.moreRate().rate(),
            plan.collections(),
            plan.lowRate()));
    page.table(
        "more-epochs",
        table(),
        "Gains over the trained network, mean over "
            + seeds.size()
            + " seeds: accuracy in points (more is better), NLL in nats and ECE (less is better);"
            + " seconds of the clock that training took from the trained network on, SWA's with the"
            + " pass that gives the average its batch-norm statistics, and their deviation over"
            + " seeds: where that is large, the machine had other work");
    PairedSeeds paired = PairedSeeds.of(atTheEnd());
    page.table("more-epochs-differences", paired.table(), paired.caption());
    page.chart(
        "more-epochs-nll",
        chart("NLL gained, nats", judged -> -judged.nll()),
        "What the NLL falls by; bands reach from the smallest to the largest seed.");
    page.chart(
        "more-epochs-accuracy",
        chart("Accuracy gained, points", judged -> 100 * judged.accuracy()),
        "Gain in accuracy; bands reach from the smallest to the largest seed.");
    Map<String, Object> numbers = new LinkedHashMap<>();
    numbers.put("epochs", plan.more().epochs());
    numbers.put("before", more.stream().map(f -> f.before().numbers()).toList());
    numbers.put("swa", numbers(MoreEpochs.Found::swa));
    numbers.put("sgd", numbers(MoreEpochs.Found::sgd));
    numbers.put("sgd_falling", numbers(MoreEpochs.Found::falling));
    numbers.put(
        "source_seconds", found.sources().stream().map(SourceNetwork.Found::seconds).toList());
    page.result("more_epochs", numbers);
  }

  /** For each seed the numbers after each number of epochs. */
  private List<Map<String, Object>> numbers(Function<MoreEpochs.Found, Course> way) {
    return more.stream()
        .map(way)
        .map(
            course -> {
              Map<String, Object> of = new LinkedHashMap<>();
              of.put("judged", course.judged().stream().map(Judged::numbers).toList());
              of.put("seconds", course.seconds());
              return of;
            })
        .toList();
  }

  private MetricsTable table() {
    MetricsTable.Builder table =
        MetricsTable.builder("Epochs", "Way")
            .metric(new Metric("Accuracy", 2, Better.HIGHER))
            .metric(new Metric("sd accuracy", 2, Better.NEITHER))
            .metric(new Metric("NLL", 4, Better.LOWER))
            .metric(new Metric("sd NLL", 4, Better.NEITHER))
            .metric(new Metric("ECE", 4, Better.LOWER))
            .metric(new Metric("Seconds", 1, Better.NEITHER))
            .metric(new Metric("sd seconds", 1, Better.NEITHER));
    for (int i = 0; i < plan.more().epochs().size(); i++) {
      row(table, i, SWA, MoreEpochs.Found::swa);
      row(table, i, LOW, MoreEpochs.Found::sgd);
      row(table, i, FALLING, MoreEpochs.Found::falling);
    }
    return table.build();
  }

  private void row(
      MetricsTable.Builder table, int at, String name, Function<MoreEpochs.Found, Course> way) {
    ToDoubleFunction<MoreEpochs.Found> accuracy = gain(way, at, j -> 100 * j.accuracy());
    ToDoubleFunction<MoreEpochs.Found> nll = gain(way, at, Judged::nll);
    ToDoubleFunction<MoreEpochs.Found> seconds = f -> way.apply(f).seconds().get(at);
    table
        .row(
            List.of(Integer.toString(plan.more().epochs().get(at)), name),
            OverSeeds.mean(more, accuracy),
            OverSeeds.deviation(more, accuracy),
            OverSeeds.mean(more, nll),
            OverSeeds.deviation(more, nll),
            OverSeeds.mean(more, gain(way, at, Judged::ece)),
            OverSeeds.mean(more, seconds),
            OverSeeds.deviation(more, seconds))
        .marked(List.of());
  }

  private static ToDoubleFunction<MoreEpochs.Found> gain(
      Function<MoreEpochs.Found, Course> way, int at, ToDoubleFunction<Judged> number) {
    return f ->
        number.applyAsDouble(way.apply(f).judged().get(at)) - number.applyAsDouble(f.before());
  }

  private CurveChart chart(String title, ToDoubleFunction<Judged> number) {
    int points = plan.more().epochs().size() + 1;
    double[] x = new double[points];
    for (int i = 1; i < points; i++) {
      x[i] = plan.more().epochs().get(i - 1);
    }
    CurveChart.Builder chart =
        CurveChart.titled(
            "A trained network, trained on: " + source.pool().name(),
            new Dimension("More epochs", Scale.LINEAR),
            new Dimension(title, Scale.LINEAR));
    add(chart, SWA, MoreEpochs.Found::swa, number, x);
    add(chart, LOW, MoreEpochs.Found::sgd, number, x);
    add(chart, FALLING, MoreEpochs.Found::falling, number, x);
    return chart.build();
  }

  private void add(
      CurveChart.Builder chart,
      String name,
      Function<MoreEpochs.Found, Course> way,
      ToDoubleFunction<Judged> number,
      double[] x) {
    OverSeeds.Curve curve =
        OverSeeds.curve(
            x.length,
            i ->
                i == 0
                    ? more.stream().mapToDouble(f -> 0)
                    : more.stream().mapToDouble(gain(way, i - 1, number)));
    chart.curve(name, x, curve.mean(), curve.low(), curve.high());
  }
}
