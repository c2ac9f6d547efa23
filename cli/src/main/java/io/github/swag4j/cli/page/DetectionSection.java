package io.github.swag4j.cli.page;

import io.github.swag4j.calibration.Interval;
import io.github.swag4j.calibration.Predictions;
import io.github.swag4j.calibration.ood.AurocComparison;
import io.github.swag4j.calibration.ood.DetectionCurve;
import io.github.swag4j.calibration.ood.OodScore;
import io.github.swag4j.cli.findings.DetectionFindings;
import io.github.swag4j.cli.findings.DetectionFindings.Scored;
import io.github.swag4j.cli.findings.Finding;
import io.github.swag4j.cli.findings.Ranking;
import io.github.swag4j.cli.run.RunDirectory;
import io.github.swag4j.reports.Chart;
import io.github.swag4j.reports.MetricsTable;
import io.github.swag4j.reports.ReportPage;
import io.github.swag4j.reports.ReportPage.Captioned;
import io.github.swag4j.reports.detection.RocChart;
import io.github.swag4j.reports.detection.ScoreHistogramChart;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * The part of a page about telling one set of unusual rows from ordinary ones: what is found, the
 * numbers, what each score is, and a chart for every row of the table, the best first with the
 * receiver operating characteristics beside it.
 */
public final class DetectionSection {
  private static final double LEVEL = 0.95;
  private static final String AUROC = "AUROC";

  /**
   * A score of a method's predictions.
   *
   * @param method the method; empty where there is only one
   * @param score the score
   * @param in predictions of ordinary rows
   * @param out predictions of unusual rows
   * @param curve how well the score tells them apart
   */
  public record Entry(
      String method, OodScore score, Predictions in, Predictions out, DetectionCurve curve) {

    /** In a sentence. */
    String words() {
      String name = ScoreWords.of(score).name();
      return method.isEmpty() ? name : method + "'s " + name;
    }

    /** Over a chart. */
    String title() {
      String name = ScoreWords.of(score).name();
      return method.isEmpty()
          ? Character.toUpperCase(name.charAt(0)) + name.substring(1)
          : method + ": " + name;
    }

    private String key() {
      return method.isEmpty() ? score.name() : method + ", " + score.name();
    }

    private Interval interval() {
      return curve.aurocInterval(LEVEL);
    }
  }

  private final String ordinary;
  private final String unusual;
  private final List<Entry> entries;
  private final Ranking ranking;

  /**
   * The part about some rows.
   *
   * @param ordinary name of the ordinary rows
   * @param unusual name of the unusual rows
   * @param entries the rows of the table, at least one; all of the same rows
   */
  public DetectionSection(String ordinary, String unusual, List<Entry> entries) {
    this.ordinary = ordinary;
    this.unusual = unusual;
    this.entries = List.copyOf(entries);
    this.ranking = ranking();
  }

  /** By DeLong's comparison of the AUROCs of the same rows; null of one score, or of weights. */
  private Ranking ranking() {
    if (entries.size() < 2
        || entries.stream().anyMatch(e -> e.curve().hasWeights())
        || entries.get(0).curve().inRows() < 2
        || entries.get(0).curve().outRows() < 2) {
      return null;
    }
    List<double[]> in = entries.stream().map(e -> e.score().score(e.in())).toList();
    List<double[]> out = entries.stream().map(e -> e.score().score(e.out())).toList();
    return Ranking.of(
        entries.stream().mapToDouble(e -> e.curve().auroc()).toArray(),
        (a, b) -> {
          AurocComparison compared =
              AurocComparison.paired(in.get(a), out.get(a), in.get(b), out.get(b));
          return new double[] {compared.difference(), compared.standardError()};
        },
        false);
  }

  /** What is found, in a few sentences. */
  public Finding finding() {
    List<Scored> scores =
        entries.stream()
            .map(e -> new Scored(e.words(), e.curve().auroc(), e.interval(), e.curve().fpr95()))
            .toList();
    return DetectionFindings.of(ordinary, unusual, scores, ranking);
  }

  /** Writes the section, and its charts into the directory under a name of their own. */
  public void write(ReportPage.Builder page, RunDirectory directory, String figures)
      throws IOException {
    page.section("Is it unusual? " + unusual + " against " + ordinary);
    page.table(table(), caption());
    Map<String, String> meanings = new LinkedHashMap<>();
    entries.forEach(e -> meanings.put(e.score().name(), ScoreWords.of(e.score()).meaning()));
    page.definitions(meanings);
    List<Entry> best = new ArrayList<>(entries);
    best.sort(Comparator.comparingDouble(e -> -e.curve().auroc()));
    RocChart roc = RocChart.of("Found against called out by mistake", curves(best));
    List<Captioned> charts = new ArrayList<>();
    for (Entry each : best) {
      charts.add(new Captioned(histogram(each, directory, figures), ""));
    }
    roc.write(directory.figure(figures + "-roc"));
    page.charts(List.of(charts.get(0), new Captioned(roc, "")), CHARTS);
    if (charts.size() > 1) {
      page.charts(charts.subList(1, charts.size()));
    }
  }

  private static final String CHARTS =
      "The score with the highest AUROC first; beside it the best score of each method, or the scores"
          + " of the one there is, five at most: a dot is where 95 % of the unusual rows are found."
          + " In histograms 5 % of the unusual rows lie left of the dashed line; every row right of"
          + " it is called unusual. Where scores pile up near 0 the axis is logarithmic, and its"
          + " first bin holds all that is smaller.";

  private static Chart histogram(Entry each, RunDirectory directory, String figures)
      throws IOException {
    ScoreHistogramChart chart =
        ScoreHistogramChart.of(each.title(), each.score(), each.in(), each.out());
    String method = each.method().isEmpty() ? "" : "-" + each.method().replaceAll("\\W+", "-");
    String name = figures + method + "-" + each.score().name().replace('_', '-');
    chart.write(directory.figure(name.toLowerCase(java.util.Locale.ROOT)));
    return chart;
  }

  /** The best score of each method, or the best few scores of the one there is. */
  private static Map<String, DetectionCurve> curves(List<Entry> best) {
    Map<String, DetectionCurve> curves = new LinkedHashMap<>();
    List<String> methods = new ArrayList<>();
    for (Entry each : best) {
      boolean first = each.method().isEmpty() || !methods.contains(each.method());
      if (first && curves.size() < RocChart.MAX_CURVES) {
        curves.put(each.key(), each.curve());
        methods.add(each.method());
      }
    }
    return curves;
  }

  /** The metrics that a row of the table is marked by: AUROC, where it is above every other. */
  public List<String> best(int row) {
    boolean best = ranking != null && ranking.isCertain() && ranking.best() == row;
    return best ? List.of(AUROC) : List.of();
  }

  MetricsTable table() {
    boolean methods = entries.stream().anyMatch(e -> !e.method().isEmpty());
    MetricsTable.Builder table =
        methods ? MetricsTable.builder("method", "score") : MetricsTable.builder("score");
    table.higherIsBetter(AUROC).lowerIsBetter("FPR95");
    if (!methods) {
      table.higherIsBetter("AUPR-out").higherIsBetter("AUPR-in");
      table.lowerIsBetter("FPR95 (ID positive)");
    }
    for (int i = 0; i < entries.size(); i++) {
      Entry e = entries.get(i);
      DetectionCurve curve = e.curve();
      if (methods) {
        table.row(List.of(e.method(), e.score().name()), curve.auroc(), curve.fpr95());
      } else {
        table.row(
            e.score().name(),
            curve.auroc(),
            curve.fpr95(),
            curve.auprOut(),
            curve.auprIn(),
            curve.fpr95IdPositive());
      }
      table.intervals(e.interval()).marked(best(i));
    }
    return table.build();
  }

  private String caption() {
    String text =
        "AUROC: share of pairs of an unusual and an ordinary row in which the unusual one scores"
            + " higher, with DeLong's 95 % interval. FPR95: share of ordinary rows called unusual when"
            + " 95 % of the unusual ones are found. ";
    return text + marks("Marked:", "Nothing is marked");
  }

  /** What a star on the terminal says, or why there is none. */
  public String stars() {
    return marks("* is", "No star");
  }

  private String marks(String marked, String nothing) {
    if (ranking == null) {
      return nothing + ": the scores were not compared.";
    }
    return ranking.isCertain()
        ? marked
            + " the AUROC that is higher than every other beyond chance (DeLong, 95 %, Holm's"
            + " correction); the other columns are not tested."
        : nothing
            + ": no AUROC is higher than all others beyond chance (DeLong, 95 %, Holm's"
            + " correction).";
  }
}
