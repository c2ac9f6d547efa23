package io.github.swag4j.cli.page;

import com.google.gson.JsonElement;
import io.github.swag4j.calibration.Interval;
import io.github.swag4j.calibration.binning.BinningConvention;
import io.github.swag4j.calibration.reliability.ReliabilityDiagram;
import io.github.swag4j.reports.MetricsTable;
import io.github.swag4j.reports.MetricsTable.Better;
import io.github.swag4j.reports.MetricsTable.Metric;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;

/** The tables of a page about files of predictions, and what is said below them. */
final class PredictionTables {

  /** Of more bins than can be read the table shows those with the most rows. */
  private static final int MOST_BINS = 100;

  private final List<Evaluation> judged;
  private final BinningConvention binning;

  PredictionTables(List<Evaluation> judged, BinningConvention binning) {
    this.judged = judged;
    this.binning = binning;
  }

  /** A file's name, with its folders where another file has the same one. */
  String name(Evaluation each) {
    long same = judged.stream().filter(other -> other.name().equals(each.name())).count();
    return same == 1 ? each.name() : each.file().toString();
  }

  /** What the files hold. */
  MetricsTable data() {
    MetricsTable.Builder table =
        MetricsTable.builder("file", "class names", "judged", "row weights")
            .metric(count("rows"))
            .metric(count("classes"))
            .metric(count("confidence = 1"))
            .metric(count("p(label) = 0"));
    for (Evaluation each : judged) {
      table.row(
          List.of(
              name(each),
              each.classNames().isEmpty() ? "not known" : PageWords.names(each.classNames()),
              each.diagram().binning().event(),
              each.weighted() ? "weighted" : "none"),
          each.diagram().rows(),
          number(each, "classes"),
          number(each, "saturated"),
          number(each, "zero_probability_rows"));
    }
    return table.build();
  }

  String dataCaption() {
    boolean lost = judged.stream().anyMatch(each -> each.diagram().binning().lostRows() > 0);
    StringBuilder text =
        new StringBuilder(
            "Rows whose largest probability is exactly 1, and rows that give their label probability"
                + " 0, are counted on the right.");
    if (lost) {
      text.append(
          " Rows that the convention leaves out of its bins are counted beside the charts.");
    }
    return text.toString();
  }

  /** One row for each metric, one column for each file. */
  MetricsTable everyMetric() {
    MetricsTable.Builder table = MetricsTable.builder("metric");
    judged.forEach(each -> table.metric(plain(name(each))));
    for (MetricWords metric : MetricWords.all(binning)) {
      double[] row = judged.stream().mapToDouble(each -> number(each, metric.key())).toArray();
      table.row(metric.name(), row);
      table.intervals(
          judged.stream()
              .map(each -> PageNumbers.interval(each.grounds().intervals(), metric.key()))
              .toArray(Interval[]::new));
      if (metric.isPValue()) {
        table.pValues();
      }
    }
    return table.build();
  }

  /** What the rows of {@link #everyMetric} are. */
  Map<String, String> meanings() {
    Map<String, String> meanings = new LinkedHashMap<>();
    MetricWords.all(binning).forEach(metric -> meanings.put(metric.name(), metric.how()));
    return meanings;
  }

  String everyMetricCaption() {
    List<String> streamed = new ArrayList<>();
    judged.stream().filter(Evaluation::streamed).forEach(each -> streamed.add(name(each)));
    String text =
        intervalsCaption() + "metrics.json beside this page has the numbers at full precision.";
    return streamed.isEmpty()
        ? text
        : text
            + " A dash: the metric needs all rows at once, and these files were read row by row: "
            + String.join(", ", streamed)
            + ".";
  }

  /** How the intervals were made, and which numbers have none. */
  private String intervalsCaption() {
    Set<String> with = new HashSet<>();
    judged.forEach(each -> with.addAll(each.grounds().intervals().byKey().keySet()));
    if (with.isEmpty()) {
      return "";
    }
    double level = judged.get(0).grounds().intervals().options().level();
    List<String> without =
        MetricWords.all(binning).stream()
            .filter(metric -> !metric.isPValue() && !with.contains(metric.key()))
            .map(MetricWords::name)
            .toList();
    return PageNumbers.intervals(level)
        + " By resamples of the rows, of very many or streamed rows of their bins' sums; those of MCE"
        + " and ACE hold for all bins at once, which makes them wide where a bin has few rows. "
        + (without.isEmpty()
            ? ""
            : "Without an interval, for they would need all rows again and again: "
                + String.join(", ", without)
                + ". ");
  }

  /** The bins that hold rows. */
  MetricsTable bins(Evaluation each) {
    boolean oneClass = each.judgesOneClass();
    MetricsTable.Builder table =
        MetricsTable.builder(oneClass ? "probability" : "confidence")
            .metric(count("rows"))
            .metric(plain(oneClass ? "mean probability" : "mean confidence"))
            .metric(plain(oneClass ? "observed share" : "accuracy"))
            .metric(plain("95 % from"))
            .metric(plain("to"))
            .metric(plain("gap"));
    for (ReliabilityDiagram.Bin bin : shown(each)) {
      table.row(
          String.format(Locale.ROOT, "%.4f to %.4f", bin.lower(), bin.upper()),
          bin.count(),
          bin.meanConfidence(),
          bin.accuracy(),
          bin.clopperPearson().lower(),
          bin.clopperPearson().upper(),
          bin.overconfidence());
    }
    return table.build();
  }

  String binsCaption(Evaluation each) {
    String of =
        each.judgesOneClass() ? "probability minus observed share" : "confidence minus accuracy";
    long filled = each.diagram().bins().stream().filter(bin -> !bin.isEmpty()).count();
    String text =
        each.diagram().binning().describe()
            + ". Empty bins are left out. 95 %: Clopper-Pearson interval. Gap: mean "
            + of
            + ".";
    return filled <= MOST_BINS
        ? text
        : text + String.format(Locale.ROOT, " The fullest %d of %,d bins.", MOST_BINS, filled);
  }

  private static List<ReliabilityDiagram.Bin> shown(Evaluation each) {
    List<ReliabilityDiagram.Bin> filled =
        each.diagram().bins().stream().filter(bin -> !bin.isEmpty()).toList();
    if (filled.size() <= MOST_BINS) {
      return filled;
    }
    List<ReliabilityDiagram.Bin> byRows = new ArrayList<>(filled);
    byRows.sort((a, b) -> Long.compare(b.count(), a.count()));
    Set<ReliabilityDiagram.Bin> fullest = new HashSet<>(byRows.subList(0, MOST_BINS));
    return filled.stream().filter(fullest::contains).toList();
  }

  private static Metric count(String name) {
    return new Metric(name, 0, Better.NEITHER);
  }

  private static Metric plain(String name) {
    return new Metric(name, 4, Better.NEITHER);
  }

  /** A metric by its name in JSON, NaN where it has no value. */
  private static double number(Evaluation each, String key) {
    JsonElement value = each.metrics().get(key);
    return value.isJsonNull() ? Double.NaN : value.getAsDouble();
  }
}
