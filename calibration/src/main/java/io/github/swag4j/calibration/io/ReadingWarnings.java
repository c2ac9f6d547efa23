package io.github.swag4j.calibration.io;

import io.github.swag4j.calibration.Predictions;
import io.github.swag4j.calibration.io.format.Noted;
import io.github.swag4j.calibration.io.format.ReadingNote;
import io.github.swag4j.calibration.io.internal.ConstantClasses;
import io.github.swag4j.calibration.sketch.CalibrationSketch;
import io.github.swag4j.calibration.sketch.CalibrationSummary;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/** What looks odd in predictions that were read, with what it may mean. */
final class ReadingWarnings {
  private ReadingWarnings() {}

  /** Predictions with what is odd about them noted. */
  static Noted<Predictions> added(Noted<Predictions> read) {
    return new Noted<>(read.value(), read.note().withWarnings(of(read.value(), read.note())));
  }

  /** Warnings of rows in memory. */
  static List<String> of(Predictions read, ReadingNote note) {
    List<String> warnings = new ArrayList<>();
    for (int k = 0; k < read.classes() && read.rows() > 1 && !read.isBinary(); k++) {
      if (isConstant(read, k)) {
        warnings.add(ConstantClasses.said(note.classes().get(k), read.probability(0, k)));
      }
    }
    if (read.isBinary() && read.rows() > 1 && isConstant(read, 1)) {
      warnings.add(ConstantClasses.said(note.classes().get(1), read.probability(0, 1)));
    }
    if (read.hasLabels()) {
      double right = 0;
      double all = 0;
      for (int r = 0; r < read.rows(); r++) {
        right += read.isCorrect(r) ? read.weight(r) : 0;
        all += read.weight(r);
      }
      accuracy(right / all, read.rows(), note, warnings);
      fromOne(read, note, warnings);
    }
    return warnings;
  }

  /** Indices of which none is 0, and that agree better with the rows if they count from 1. */
  private static void fromOne(Predictions read, ReadingNote note, List<String> warnings) {
    if (note.labelKind() != ReadingNote.LabelKind.INDICES || read.classes() < 3) {
      return;
    }
    long right = 0;
    long before = 0;
    for (int r = 0; r < read.rows(); r++) {
      if (read.label(r) == 0) {
        return;
      }
      right += read.isCorrect(r) ? 1 : 0;
      before += read.predictedClass(r) == read.label(r) - 1 ? 1 : 0;
    }
    if (before > right) {
      warnings.add(
          String.format(
              Locale.ROOT,
              "no label is 0: labels may count from 1, with which %,d rows would be right instead"
                  + " of %,d",
              before,
              right));
    }
  }

  /** Warnings of rows that were streamed. */
  static List<String> of(CalibrationSketch sketch, ReadingNote note) {
    CalibrationSummary summary = sketch.summary();
    List<String> warnings = new ArrayList<>();
    accuracy(summary.accuracy(), summary.rows(), note, warnings);
    return warnings;
  }

  private static boolean isConstant(Predictions read, int k) {
    for (int r = 1; r < read.rows(); r++) {
      if (read.probability(r, k) != read.probability(0, k)) {
        return false;
      }
    }
    return true;
  }

  private static void accuracy(
      double accuracy, long rows, ReadingNote note, List<String> warnings) {
    int classes = note.classes().size();
    if (rows < 2 || !(accuracy < 1.0 / classes)) {
      return;
    }
    warnings.add(
        String.format(
            Locale.ROOT,
            "accuracy %.4f is below chance, 1 / %d: %s",
            accuracy,
            classes,
            meaning(note)));
  }

  private static String meaning(ReadingNote note) {
    String order = String.join(", ", note.classes().subList(0, Math.min(3, note.classes().size())));
    if (note.classes().size() == 2) {
      return "label 1 was taken for class "
          + note.classes().get(1)
          + ", and may mean the other one";
    }
    return note.labelKind() == ReadingNote.LabelKind.NAMES
        ? "columns may be called by other classes' names"
        : "labels may count from 1, or in another order of the classes than " + order + ", ...";
  }
}
