package io.github.swag4j.cli.chart;

import io.github.swag4j.calibration.Predictions;
import io.github.swag4j.calibration.binning.BinningConvention;
import io.github.swag4j.calibration.comparison.Bootstrap;
import io.github.swag4j.calibration.comparison.Metric;
import io.github.swag4j.calibration.ood.OodScore;
import java.nio.file.Path;
import java.util.Map;
import java.util.Optional;

/**
 * What a chart is made of.
 *
 * @param title its title
 * @param methods predictions of known rows by the name of their file; empty for posteriors
 * @param unknown predictions of unknown rows by the name of their file
 * @param fitting predictions that something is fitted on first
 * @param posteriors posterior files by name; empty for predictions
 * @param score how uncertain a row is
 * @param metric what methods are compared by
 * @param metricTitle its name on an axis, with its unit
 * @param bins bins of reliability
 * @param alpha share of sets that may miss the label
 * @param corp whether a reliability diagram has its CORP curve
 * @param bootstrap how intervals are made
 */
public record ChartInput(
    String title,
    Map<String, Predictions> methods,
    Map<String, Predictions> unknown,
    Optional<Predictions> fitting,
    Map<String, Path> posteriors,
    OodScore score,
    Metric metric,
    String metricTitle,
    BinningConvention bins,
    double alpha,
    boolean corp,
    Bootstrap.Options bootstrap) {

  /** The predictions of the one file. */
  Predictions only() {
    return methods.values().iterator().next();
  }
}
