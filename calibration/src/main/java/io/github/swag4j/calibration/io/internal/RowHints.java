package io.github.swag4j.calibration.io.internal;

import io.github.swag4j.base.Refusal;
import io.github.swag4j.calibration.InvalidRowException;
import io.github.swag4j.calibration.PredictionRemedy;
import io.github.swag4j.calibration.internal.Simplex;
import io.github.swag4j.calibration.io.format.ReadOptions;
import java.util.function.Consumer;

/**
 * What rows of an array could be that are no distributions, by looking at all of them: a remedy is
 * named only if every row is valid with it.
 */
public final class RowHints {
  /** How far sums may be from 1 for rounding to be what is wrong with them. */
  public static final double ROUNDING = 0.05;

  private boolean percent = true;
  private boolean rounded = true;
  private boolean logits = true;
  private boolean outside;

  private RowHints() {}

  /**
   * A refusal of rows, with the remedy that helps all of them, or without one.
   *
   * @param e what was refused
   * @param rows gives all rows to the hints
   */
  public static Refusal of(InvalidRowException e, Consumer<RowHints> rows, ReadOptions options) {
    if (!isOfNumbers(e)) {
      return e.refusal();
    }
    RowHints hints = new RowHints();
    rows.accept(hints);
    Refusal remedy = hints.remedy(options);
    return Refusal.of(without(e)).and(remedy.isEmpty() ? remedy : remedy.after(": "));
  }

  /** Whether what was refused is the numbers of a row, and not its label or weight. */
  public static boolean isOfNumbers(InvalidRowException e) {
    return e.getMessage().startsWith("probabilities")
        || e.getMessage().startsWith("positive probabilities");
  }

  /** What is wrong, without the remedy that is named to all. */
  public static String without(InvalidRowException e) {
    return e.refusal().text().replaceFirst("(?s) not valid\\).*", " not valid)");
  }

  /** Looks at rows as they are written. */
  public void add(double[] values, int rows, int columns) {
    for (int r = 0; r < rows; r++) {
      double sum = 0;
      boolean positive = true;
      for (int i = r * columns; i < (r + 1) * columns; i++) {
        logits &= Double.isFinite(values[i]);
        outside |= values[i] < 0 || values[i] > 1;
        positive &= values[i] >= 0;
        sum += values[i];
      }
      rounded &= positive && columns > 1 && Math.abs(sum - 1) <= ROUNDING;
      percent &=
          positive
              && (columns > 1 ? Simplex.sumsToOne(sum / 100) : Simplex.isProbability(sum / 100));
    }
  }

  private Refusal remedy(ReadOptions options) {
    if (options.logits() || options.renormalise() || options.percent()) {
      return Refusal.of();
    }
    if (percent) {
      return Refusal.of("if these are percentages, ", PredictionRemedy.PERCENT);
    }
    if (rounded) {
      return Refusal.of("if they are rounded, ", PredictionRemedy.RENORMALISE);
    }
    return logits && outside
        ? Refusal.of("if these are logits, ", PredictionRemedy.AS_LOGITS)
        : Refusal.of();
  }
}
