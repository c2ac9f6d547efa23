package io.github.swag4j.cli.page;

import io.github.swag4j.calibration.Predictions;
import io.github.swag4j.calibration.binning.BinningConvention;
import io.github.swag4j.cli.findings.RowMetric;
import io.github.swag4j.cli.run.Method;
import io.github.swag4j.cli.run.Results;
import java.util.Arrays;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** The numbers of several runs of one experiment, by metric and seed. */
final class SeedNumbers {

  private final Collection<Results> runs;

  SeedNumbers(Collection<Results> runs) {
    this.runs = runs;
  }

  /** Mean over the seeds. */
  static double mean(double[] values) {
    return Arrays.stream(values).sum() / values.length;
  }

  /** Standard deviation over the seeds, dividing by one less than there are. */
  static double deviation(double[] values) {
    double mean = mean(values);
    double squares = Arrays.stream(values).map(v -> (v - mean) * (v - mean)).sum();
    return Math.sqrt(squares / (values.length - 1));
  }

  /** A method's metrics, each {@code [seeds]}; those at its temperature if every seed has one. */
  Map<String, double[]> of(Method method) {
    Map<String, double[]> out = new LinkedHashMap<>();
    put(out, "", runs.stream().map(r -> r.test(method)).toList());
    List<Optional<Predictions>> scaled =
        runs.stream().map(r -> r.temperatures().scaled(method)).toList();
    if (scaled.stream().allMatch(Optional::isPresent)) {
      put(out, "_at_temperature", scaled.stream().map(Optional::orElseThrow).toList());
    }
    return out;
  }

  private static void put(Map<String, double[]> out, String suffix, List<Predictions> predictions) {
    List<Evaluation.Scores> scores =
        predictions.stream().map(p -> Evaluation.Scores.of(p, BinningConvention.GUO)).toList();
    if (suffix.isEmpty()) {
      out.put("accuracy", scores.stream().mapToDouble(Evaluation.Scores::accuracy).toArray());
    }
    out.put("nll" + suffix, scores.stream().mapToDouble(Evaluation.Scores::nll).toArray());
    out.put("brier" + suffix, scores.stream().mapToDouble(Evaluation.Scores::brier).toArray());
    out.put("ece" + suffix, scores.stream().mapToDouble(Evaluation.Scores::ece).toArray());
  }

  /** A metric's value of each row of the test set, {@code [rows]}, the mean over the seeds. */
  double[] rows(Method method, RowMetric metric) {
    double[] mean = null;
    for (Results run : runs) {
      double[] values = metric.of(run.test(method));
      mean = mean == null ? new double[values.length] : mean;
      for (int r = 0; r < mean.length; r++) {
        mean[r] += values[r] / runs.size();
      }
    }
    return mean;
  }
}
