package io.github.swag4j.cli.page;

import com.google.gson.JsonObject;
import io.github.swag4j.calibration.Predictions;
import io.github.swag4j.calibration.binning.BinningConvention;
import io.github.swag4j.calibration.error.CalibrationError;
import io.github.swag4j.calibration.reliability.ReliabilityDiagram;
import io.github.swag4j.calibration.scores.ProperScores;
import io.github.swag4j.calibration.sketch.CalibrationSummary;
import java.nio.file.Path;
import java.util.List;

/**
 * What {@code evaluate} has found out about a file; its rows are gone by then.
 *
 * @param file its path
 * @param rows rows judged
 * @param classes classes they have
 * @param scores what every table shows
 * @param zeros rows that give their label probability 0
 * @param metrics every metric, or null where only the numbers were asked for
 * @param diagram what the page shows, or null where none was asked for
 * @param classNames names of the classes, empty where they are not known
 * @param weighted whether rows count by weights of their own
 * @param streamed whether the file was read once, row by row
 * @param grounds what the page's conclusion is made of, or null where no page was asked for
 */
public record Evaluation(
    Path file,
    long rows,
    int classes,
    Scores scores,
    long zeros,
    JsonObject metrics,
    ReliabilityDiagram diagram,
    List<String> classNames,
    boolean weighted,
    boolean streamed,
    Grounds grounds) {

  /**
   * The numbers of every table.
   *
   * @param accuracy share of rows whose most probable class is right
   * @param nll mean negative log likelihood, nats
   * @param brier Brier score, summed over the classes
   * @param ece expected calibration error
   */
  public record Scores(double accuracy, double nll, double brier, double ece) {

    /** Of labelled rows in memory. */
    public static Scores of(Predictions predictions, BinningConvention binning) {
      ProperScores scores = ProperScores.of(predictions);
      return new Scores(
          scores.accuracy(),
          scores.nll(),
          scores.brier(),
          CalibrationError.of(predictions, binning).ece());
    }

    static Scores of(CalibrationSummary summary) {
      return new Scores(summary.accuracy(), summary.nll(), summary.brier(), summary.ece());
    }
  }

  /**
   * Of rows in memory.
   *
   * @param all whether every metric is wanted, not only what every table shows
   * @param intervals those that a page shows, or null where no page is asked for
   */
  public static Evaluation of(
      Path file,
      Predictions predictions,
      BinningConvention binning,
      boolean all,
      MetricIntervals intervals) {
    boolean page = intervals != null;
    return new Evaluation(
        file,
        predictions.rows(),
        predictions.classes(),
        Scores.of(predictions, binning),
        ProperScores.of(predictions).zeroProbabilityRows(),
        all || page ? PredictionMetrics.of(predictions, binning) : null,
        page ? ReliabilityDiagram.of(predictions, binning) : null,
        predictions.hasClassNames() ? predictions.classNames() : List.of(),
        predictions.hasWeights(),
        false,
        page ? Grounds.of(file.getFileName().toString(), predictions, binning, intervals) : null);
  }

  /** Of streamed rows. */
  public static Evaluation of(Path file, CalibrationSummary summary, MetricIntervals intervals) {
    return new Evaluation(
        file,
        summary.rows(),
        summary.classes(),
        Scores.of(summary),
        summary.zeroProbabilityRows(),
        PredictionMetrics.of(summary),
        summary.reliabilityDiagram(),
        List.of(),
        SummaryIntervals.isWeighted(summary),
        true,
        Grounds.of(file.getFileName().toString(), summary, intervals));
  }

  /** The file's name without its folders. */
  public String name() {
    return file.getFileName().toString();
  }

  /** Whether the probability of one class is judged, not that of each row's most probable one. */
  public boolean judgesOneClass() {
    return !diagram.binning().event().equals("top label");
  }
}
