package io.github.swag4j.cli.page;

import io.github.swag4j.calibration.Predictions;
import io.github.swag4j.calibration.binning.BinningConvention;
import io.github.swag4j.calibration.scores.ProperScores;
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

  /** Losses of single rows that are averaged over the seeds; the metrics they make. */
  static final List<String> OF_ROWS = List.of("accuracy", "nll", "brier");

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
  double[] rows(Method method, String metric) {
    double[] mean = null;
    for (Results run : runs) {
      Predictions p = run.test(method);
      if (mean == null) {
        mean = new double[p.rows()];
      }
      for (int r = 0; r < mean.length; r++) {
        mean[r] += value(p, r, metric) / runs.size();
      }
    }
    return mean;
  }

  private static double value(Predictions p, int row, String metric) {
    double label = p.probability(row, p.label(row));
    return switch (metric) {
      case "accuracy" -> p.predictedClass(row) == p.label(row) ? 1 : 0;
      case "nll" -> -Math.log(Math.max(label, ProperScores.NLL_FLOOR));
      case "brier" -> {
        double sum = 1 - 2 * label;
        for (int k = 0; k < p.classes(); k++) {
          sum += p.probability(row, k) * p.probability(row, k);
        }
        yield sum;
      }
      default -> throw new IllegalArgumentException("no row has a value of " + metric);
    };
  }
}
