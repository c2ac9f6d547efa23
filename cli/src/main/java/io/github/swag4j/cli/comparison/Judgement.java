package io.github.swag4j.cli.comparison;

import io.github.swag4j.calibration.Predictions;
import io.github.swag4j.calibration.binning.BinningConvention;
import io.github.swag4j.calibration.ood.DetectionCurve;
import io.github.swag4j.calibration.reliability.ReliabilityDiagram;
import io.github.swag4j.cli.page.Evaluation;
import java.util.EnumMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * What is known of the predictions of one method under one seed; the predictions are gone by then.
 *
 * @param numbers each metric that there is
 * @param rows what each row of the test set adds to the metrics that are means over rows; empty
 *     where rows have weights
 * @param detections how well unusual rows are told apart, by data set and score
 * @param shifts metrics on images made worse, by strength; empty where that is not known
 * @param diagram confidence against accuracy
 */
record Judgement(
    Map<Column, Double> numbers,
    Map<Column, double[]> rows,
    Map<List<String>, Detection> detections,
    Map<Integer, Map<Column, Double>> shifts,
    ReliabilityDiagram diagram) {

  /**
   * Telling rows apart.
   *
   * @param auroc area under the curve
   * @param fpr95 false positives where 95 % are found
   */
  record Detection(double auroc, double fpr95) {
    static Detection of(DetectionCurve curve) {
      return new Detection(curve.auroc(), curve.fpr95());
    }
  }

  /**
   * Judges predictions.
   *
   * @param test of the rows they are judged by
   * @param scaled the same with a temperature, where there is one
   */
  static Judgement of(
      Predictions test, Optional<Predictions> scaled, Map<List<String>, Detection> detections) {
    Map<Column, Double> numbers = new EnumMap<>(Column.class);
    Evaluation.Scores scores = Evaluation.Scores.of(test, BinningConvention.GUO);
    numbers.put(Column.ACCURACY, scores.accuracy());
    numbers.put(Column.NLL, scores.nll());
    numbers.put(Column.BRIER, scores.brier());
    numbers.put(Column.ECE, scores.ece());
    if (scaled.isPresent()) {
      Evaluation.Scores at = Evaluation.Scores.of(scaled.get(), BinningConvention.GUO);
      numbers.put(Column.NLL_AT_TEMPERATURE, at.nll());
      numbers.put(Column.ECE_AT_TEMPERATURE, at.ece());
    }
    Map<Column, double[]> rows = new EnumMap<>(Column.class);
    if (!test.hasWeights()) {
      for (Column column : Column.values()) {
        column.rows().ifPresent(metric -> rows.put(column, metric.of(test)));
      }
    }
    return new Judgement(
        numbers, rows, new LinkedHashMap<>(detections), Map.of(), ReliabilityDiagram.of(test));
  }

  /** The same with what is known of images made worse. */
  Judgement with(Map<Integer, Map<Column, Double>> known) {
    return new Judgement(numbers, rows, detections, known, diagram);
  }
}
