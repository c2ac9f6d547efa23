package io.github.swag4j.cli;

import com.google.gson.JsonArray;
import com.google.gson.JsonObject;
import io.github.swag4j.calibration.selection.RecalibrationChoice;
import io.github.swag4j.calibration.selection.RecalibrationChoice.Candidate;
import io.github.swag4j.cli.page.PredictionMetrics;
import java.util.Locale;

/** What was compared for the best recalibration, and what came out. */
final class ChoiceWords {
  private static final String SCORE =
      "mean NLL of rows recalibrated by maps that were fitted without them";

  private ChoiceWords() {}

  /** A line a method, and the conclusion. */
  static String text(RecalibrationChoice choice) {
    StringBuilder text = new StringBuilder();
    text.append(
        String.format(
            Locale.ROOT,
            "Compared by %s (%d folds); the difference is to the rows as they are, with its 95 %%"
                + " interval:%n",
            SCORE,
            choice.folds()));
    for (Candidate each : choice.candidates()) {
      text.append(each.compared() ? numbers(each) : "  " + each.method() + ": " + each.problem());
      text.append(System.lineSeparator());
    }
    return text.append(conclusion(choice.best())).append(System.lineSeparator()).toString();
  }

  private static String numbers(Candidate each) {
    String numbers =
        String.format(
            Locale.ROOT,
            "  %-16s NLL %.4f  Brier %.4f  ECE %.4f",
            each.method(),
            each.nll(),
            each.brier(),
            each.ece());
    return each.method().equals(RecalibrationChoice.NONE)
        ? numbers
        : numbers
            + String.format(
                Locale.ROOT,
                "  %+.4f (%+.4f to %+.4f)",
                each.difference(),
                each.interval().lower(),
                each.interval().upper());
  }

  private static String conclusion(Candidate best) {
    if (best.method().equals(RecalibrationChoice.NONE)) {
      return "Chosen: none; no method lowers the NLL, the probabilities stay as they are";
    }
    return "Chosen: "
        + best.method()
        + (best.clearlyBetter()
            ? ", the least NLL"
            : ", the least NLL, but the gain over the rows as they are is within noise");
  }

  /** The same as an object. */
  static JsonObject json(RecalibrationChoice choice) {
    JsonObject object = new JsonObject();
    object.addProperty("method", choice.best().method());
    object.addProperty("score", SCORE);
    object.addProperty("folds", choice.folds());
    object.addProperty("clearly_better", choice.best().clearlyBetter());
    JsonArray compared = new JsonArray();
    for (Candidate each : choice.candidates()) {
      JsonObject one = new JsonObject();
      one.addProperty("method", each.method());
      PredictionMetrics.number(one, "nll", each.nll());
      PredictionMetrics.number(one, "brier", each.brier());
      PredictionMetrics.number(one, "ece", each.ece());
      PredictionMetrics.number(one, "nll_difference", each.difference());
      PredictionMetrics.number(one, "lower", each.interval().lower());
      PredictionMetrics.number(one, "upper", each.interval().upper());
      if (!each.compared()) {
        one.addProperty("problem", each.problem());
      }
      compared.add(one);
    }
    object.add("compared", compared);
    return object;
  }
}
