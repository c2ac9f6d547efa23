package io.github.swag4j.cli.chart;

import io.github.swag4j.calibration.Predictions;
import io.github.swag4j.calibration.binning.BinningConvention;
import io.github.swag4j.calibration.comparison.Bootstrap;
import io.github.swag4j.calibration.comparison.Metric;
import io.github.swag4j.calibration.ood.OodScore;
import io.github.swag4j.cli.run.Phase;
import java.nio.file.Path;
import java.util.Map;
import java.util.Optional;

/**
 * What a chart is made of.
 *
 * @param title its title
 * @param methods predictions of known rows by the name of their file; empty where a kind is of
 *     something else
 * @param unknown predictions of unknown rows by the name of their file
 * @param fitting predictions that something is fitted on first
 * @param others posteriors, runs or tables by name; empty for predictions
 * @param score how uncertain a row is
 * @param metric what methods are compared by
 * @param metricTitle its name on an axis, with its unit
 * @param bins bins of reliability
 * @param alpha share of sets that may miss the label
 * @param corp whether a reliability diagram has its CORP curve
 * @param course which training of a run; empty for the first that it has
 * @param bootstrap how intervals are made
 */
public record ChartInput(
    String title,
    Map<String, Predictions> methods,
    Map<String, Predictions> unknown,
    Optional<Predictions> fitting,
    Map<String, Path> others,
    OodScore score,
    Metric metric,
    String metricTitle,
    BinningConvention bins,
    double alpha,
    boolean corp,
    Optional<Phase> course,
    Bootstrap.Options bootstrap) {

  /** The predictions of the one file. */
  Predictions only() {
    return methods.values().iterator().next();
  }

  /** The one posterior, run or table. */
  Path other() {
    return others.values().iterator().next();
  }
}
