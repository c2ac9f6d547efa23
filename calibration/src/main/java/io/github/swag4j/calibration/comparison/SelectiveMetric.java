package io.github.swag4j.calibration.comparison;

import io.github.swag4j.calibration.Predictions;
import io.github.swag4j.calibration.internal.HarmonicSum;
import io.github.swag4j.calibration.selective.SelectivePrediction;
import java.util.function.ToDoubleFunction;

/**
 * Areas of failure detection by confidence for many evaluations on the same rows: the rows are
 * sorted once, and a resample walks through them from the most confident on. A row that was drawn
 * several times ties with itself, and ties are treated as in {@link SelectivePrediction}.
 */
record SelectiveMetric(
    String name, Direction direction, Area area, ToDoubleFunction<SelectivePrediction> exact)
    implements Metric {

  /** Which area. */
  enum Area {
    AURC,
    AUGRC,
    FAILURE_AUROC
  }

  @Override
  public double of(Predictions predictions) {
    return exact.applyAsDouble(SelectivePrediction.of(predictions));
  }

  @Override
  public OnRows on(Predictions predictions) {
    if (predictions.hasWeights()) {
      return Metric.super.on(predictions); // what stands for one row changes with the rows
    }
    JudgedRows rows = JudgedRows.of(predictions, false);
    return times -> walk(rows, times);
  }

  private double walk(JudgedRows rows, int[] times) {
    double[] forecasts = rows.forecasts();
    double[] came = rows.came();
    int[] order = rows.rows();
    double accepted = 0;
    double errors = 0;
    double prefixes = 0;
    double generalised = 0;
    double pairs = 0;
    for (int i = order.length - 1; i >= 0; ) {
      double confidence = forecasts[i];
      double size = 0;
      double wrong = 0;
      for (; i >= 0 && forecasts[i] == confidence; i--) {
        int m = times[order[i]];
        size += m;
        wrong += m * (1 - came[i]);
      }
      if (size > 0) {
        prefixes += prefixes(accepted, errors, size, wrong);
        generalised += size * (errors + 0.5 * wrong);
        pairs += wrong * (accepted - errors + 0.5 * (size - wrong));
        accepted += size;
        errors += wrong;
      }
    }
    return switch (area) {
      case AURC -> prefixes / accepted;
      case AUGRC -> generalised / accepted / accepted;
      case FAILURE_AUROC -> pairs / errors / (accepted - errors);
    };
  }

  /** Sum of the error rates expected as a plateau is accepted row by row in random order. */
  private static double prefixes(double accepted, double errors, double size, double wrong) {
    double bend = accepted == 0 ? 0 : (errors * size - wrong * accepted) / size;
    return bend == 0 ? wrong : wrong + bend * HarmonicSum.of(accepted, size);
  }

  /** One of the three. */
  static Metric of(Area area) {
    return switch (area) {
      case AURC ->
          new SelectiveMetric("AURC", Direction.LOWER_IS_BETTER, area, SelectivePrediction::aurc);
      case AUGRC ->
          new SelectiveMetric("AUGRC", Direction.LOWER_IS_BETTER, area, SelectivePrediction::augrc);
      case FAILURE_AUROC ->
          new SelectiveMetric(
              "failure AUROC", Direction.HIGHER_IS_BETTER, area, SelectivePrediction::failureAuroc);
    };
  }
}
