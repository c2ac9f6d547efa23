package io.github.swag4j.cli.run;

import com.google.gson.JsonObject;
import io.github.swag4j.calibration.Predictions;
import io.github.swag4j.calibration.binning.BinningConvention;
import io.github.swag4j.calibration.error.CalibrationError;
import io.github.swag4j.calibration.reliability.ReliabilityDiagram;
import io.github.swag4j.calibration.scores.ProperScores;
import io.github.swag4j.calibration.sketch.CalibrationSummary;
import io.github.swag4j.cli.page.PredictionMetrics;
import java.nio.file.Path;
import java.util.List;

/**
 * What {@code evaluate} has found out about a file; its rows are gone by then.
 *
 * @param file its path
 * @param numbers rows, classes, accuracy, NLL, Brier score and ECE
 * @param zeros rows that give their label probability 0
 * @param metrics every metric, or null where only the numbers were asked for
 * @param diagram what the page shows, or null where none was asked for
 * @param classNames names of the classes, empty where they are not known
 * @param weighted whether rows count by weights of their own
 * @param streamed whether the file was read once, row by row
 */
public record Evaluation(
    Path file,
    double[] numbers,
    long zeros,
    JsonObject metrics,
    ReliabilityDiagram diagram,
    List<String> classNames,
    boolean weighted,
    boolean streamed) {

  /** Of rows in memory. */
  public static Evaluation of(
      Path file, Predictions predictions, BinningConvention binning, boolean all, boolean page) {
    ProperScores scores = ProperScores.of(predictions);
    double[] numbers = {
      predictions.rows(),
      predictions.classes(),
      scores.accuracy(),
      scores.nll(),
      scores.brier(),
      CalibrationError.of(predictions, binning).ece()
    };
    return new Evaluation(
        file,
        numbers,
        scores.zeroProbabilityRows(),
        all || page ? PredictionMetrics.of(predictions, binning) : null,
        page ? ReliabilityDiagram.of(predictions, binning) : null,
        predictions.hasClassNames() ? predictions.classNames() : List.of(),
        predictions.hasWeights(),
        false);
  }

  /** Of streamed rows. */
  public static Evaluation of(Path file, CalibrationSummary summary) {
    double[] numbers = {
      summary.rows(),
      summary.classes(),
      summary.accuracy(),
      summary.nll(),
      summary.brier(),
      summary.ece()
    };
    return new Evaluation(
        file,
        numbers,
        summary.zeroProbabilityRows(),
        PredictionMetrics.of(summary),
        ReliabilityDiagram.of(summary),
        List.of(),
        summary.binning().bins().stream().anyMatch(bin -> bin.squaredWeight() != bin.count()),
        true);
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
