package io.github.swag4j.calibration.ood;

import io.github.swag4j.calibration.Predictions;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.function.ToDoubleFunction;

/**
 * Scores against several out-of-distribution data sets, grouped into near and far ones, with the
 * mean of each group over its data sets. Immutable.
 *
 * @see <a href="https://arxiv.org/abs/2306.09301">Zhang et al. 2023, OpenOOD v1.5, section 3</a>
 */
public final class DetectionTable {

  /** How far a data set is from the training data. */
  public enum Distance {
    /** Shares the kind of content, such as other classes of the same collection. */
    NEAR,
    /** Another kind of content. */
    FAR,
    /** Nobody said. */
    UNKNOWN
  }

  /**
   * Predictions for an out-of-distribution data set.
   *
   * @param name its name
   * @param distance how far it is
   * @param predictions its rows
   */
  public record OutDataSet(String name, Distance distance, Predictions predictions) {}

  /**
   * One score on one data set.
   *
   * @param score the score's name
   * @param dataSet the data set's name
   * @param distance how far the data set is
   * @param result the numbers
   */
  public record Row(String score, String dataSet, Distance distance, DetectionSummary result) {}

  /**
   * A score's means over the data sets of one distance, each data set counted once.
   *
   * @param score the score's name
   * @param distance the distance
   * @param dataSets how many data sets
   * @param auroc mean AUROC
   * @param auprIn mean AUPR, in-distribution positive
   * @param auprOut mean AUPR, out-of-distribution positive
   * @param fpr95 mean FPR95, out-of-distribution positive
   * @param fpr95IdPositive mean FPR95, in-distribution positive
   */
  public record Mean(
      String score,
      Distance distance,
      int dataSets,
      double auroc,
      double auprIn,
      double auprOut,
      double fpr95,
      double fpr95IdPositive) {}

  private final List<Row> rows;

  private DetectionTable(List<Row> rows) {
    this.rows = List.copyOf(rows);
  }

  /**
   * The table of given results.
   *
   * @param rows in the order of the table
   * @return the table
   * @throws IllegalArgumentException if two rows have the same score and data set
   */
  public static DetectionTable of(List<Row> rows) {
    for (int i = 0; i < rows.size(); i++) {
      for (int j = 0; j < i; j++) {
        Row a = rows.get(i);
        Row b = rows.get(j);
        if (a.score().equals(b.score()) && a.dataSet().equals(b.dataSet())) {
          throw new IllegalArgumentException(
              "a score must appear once for a data set, got "
                  + a.score()
                  + " twice for "
                  + a.dataSet());
        }
      }
    }
    return new DetectionTable(rows);
  }

  /**
   * Scores everything: each score on each data set.
   *
   * @param in in-distribution rows, weighing as they say
   * @param outs out-of-distribution data sets, at least 1
   * @param scores the scores, at least 1
   * @return the table, by score, then data set
   * @throws IllegalArgumentException if a list is empty, predictions lack what a score needs, or a
   *     score and data set come twice
   */
  public static DetectionTable of(
      Predictions in, List<OutDataSet> outs, List<? extends OodScore> scores) {
    if (outs.isEmpty() || scores.isEmpty()) {
      throw new IllegalArgumentException(
          "a detection table needs at least 1 data set and 1 score, got "
              + outs.size()
              + " and "
              + scores.size());
    }
    List<Row> rows = new ArrayList<>();
    for (OodScore score : scores) {
      double[] inScores = score.score(in);
      for (OutDataSet out : outs) {
        rows.add(
            new Row(
                score.name(),
                out.name(),
                out.distance(),
                DetectionCurve.of(inScores, in, score.score(out.predictions()), out.predictions())
                    .summary()));
      }
    }
    return of(rows);
  }

  /**
   * All results.
   *
   * @return rows in the order given
   */
  public List<Row> rows() {
    return rows;
  }

  /**
   * The names of the scores.
   *
   * @return each once, in the order of the rows
   */
  public List<String> scores() {
    return rows.stream().map(Row::score).distinct().toList();
  }

  /**
   * Means of a score over the data sets of a distance.
   *
   * @param score the score's name
   * @param distance the distance
   * @return the means; empty if the table has no such row
   */
  public Optional<Mean> mean(String score, Distance distance) {
    List<DetectionSummary> chosen =
        rows.stream()
            .filter(r -> r.score().equals(score) && r.distance() == distance)
            .map(Row::result)
            .toList();
    if (chosen.isEmpty()) {
      return Optional.empty();
    }
    return Optional.of(
        new Mean(
            score,
            distance,
            chosen.size(),
            mean(chosen, DetectionSummary::auroc),
            mean(chosen, DetectionSummary::auprIn),
            mean(chosen, DetectionSummary::auprOut),
            mean(chosen, DetectionSummary::fpr95),
            mean(chosen, DetectionSummary::fpr95IdPositive)));
  }

  private static double mean(
      List<DetectionSummary> results, ToDoubleFunction<DetectionSummary> number) {
    return results.stream().mapToDouble(number).sum() / results.size();
  }

  /**
   * The table as comma-separated values at full precision, with a header.
   *
   * @return lines ending in a line feed; names with a comma or quote are quoted
   */
  public String toCsv() {
    StringBuilder csv =
        new StringBuilder(
            "score,data_set,distance,in_rows,out_rows,auroc,auroc_se,aupr_in,aupr_out,fpr95,"
                + "fpr95_id_positive,detection_error\n");
    for (Row row : rows) {
      DetectionSummary r = row.result();
      csv.append(quoted(row.score())).append(',').append(quoted(row.dataSet())).append(',');
      csv.append(row.distance().name().toLowerCase(Locale.ROOT)).append(',');
      csv.append(r.inRows()).append(',').append(r.outRows()).append(',');
      csv.append(r.auroc()).append(',').append(r.aurocStandardError()).append(',');
      csv.append(r.auprIn()).append(',').append(r.auprOut()).append(',');
      csv.append(r.fpr95()).append(',').append(r.fpr95IdPositive()).append(',');
      csv.append(r.detectionError()).append('\n');
    }
    return csv.toString();
  }

  private static String quoted(String name) {
    return name.matches("[^,\"\r\n]*") ? name : '"' + name.replace("\"", "\"\"") + '"';
  }

  /** The table as text, with means where a distance has more than one data set. */
  @Override
  public String toString() {
    StringBuilder text =
        new StringBuilder(
            String.format(
                Locale.ROOT,
                "%-20s %-24s %7s %7s %8s %9s %7s %10s\n",
                "score",
                "data set",
                "AUROC",
                "+- SE",
                "AUPR-in",
                "AUPR-out",
                "FPR95",
                "FPR95 (ID)"));
    for (String score : scores()) {
      for (Distance distance : Distance.values()) {
        List<Row> group =
            rows.stream().filter(r -> r.score().equals(score) && r.distance() == distance).toList();
        for (Row row : group) {
          DetectionSummary r = row.result();
          line(
              text,
              score,
              row.dataSet(),
              r.auroc(),
              String.format(Locale.ROOT, "%.4f", r.aurocStandardError()),
              r.auprIn(),
              r.auprOut(),
              r.fpr95(),
              r.fpr95IdPositive());
        }
        if (group.size() > 1) {
          Mean m = mean(score, distance).orElseThrow();
          String name = "mean of " + m.dataSets() + " " + distance.name().toLowerCase(Locale.ROOT);
          line(
              text,
              score,
              name,
              m.auroc(),
              "",
              m.auprIn(),
              m.auprOut(),
              m.fpr95(),
              m.fpr95IdPositive());
        }
      }
    }
    return text.toString();
  }

  private static void line(
      StringBuilder text,
      String score,
      String dataSet,
      double auroc,
      String standardError,
      double auprIn,
      double auprOut,
      double fpr95,
      double fpr95IdPositive) {
    text.append(
        String.format(
            Locale.ROOT,
            "%-20s %-24s %7.4f %7s %8.4f %9.4f %7.4f %10.4f\n",
            score,
            dataSet,
            auroc,
            standardError,
            auprIn,
            auprOut,
            fpr95,
            fpr95IdPositive));
  }
}
