package io.github.swag4j.calibration.io.npz;

import io.github.swag4j.calibration.Predictions;
import io.github.swag4j.calibration.io.format.Noted;
import io.github.swag4j.calibration.io.format.PredictionFileException;
import io.github.swag4j.calibration.io.format.ReadOptions;
import io.github.swag4j.calibration.io.format.ReadingNote;
import io.github.swag4j.calibration.io.format.ReadingNote.LabelKind;
import io.github.swag4j.calibration.io.internal.LeftOut;
import io.github.swag4j.calibration.io.internal.Source;
import java.util.Arrays;
import java.util.List;
import java.util.stream.IntStream;

/**
 * The labels of an array as classes.
 *
 * @param classes of each row, 0 where it is left out; null if there are no labels, or none are read
 * @param kept rows that are not left out; null if all are
 * @param warning why labels were not read, or empty
 */
record NpzLabelling(int[] classes, int[] kept, String warning) {
  /** No labels. */
  static final NpzLabelling NONE = new NpzLabelling(null, null, "");

  static NpzLabelling of(long[] values, int classes, Source place, ReadOptions options)
      throws PredictionFileException {
    NpzLabels rule = new NpzLabels(classes, options, place);
    int[] out = new int[values.length];
    try {
      for (int i = 0; i < out.length; i++) {
        boolean index = values[i] >= 0 && values[i] <= Integer.MAX_VALUE;
        boolean builders = rule.isPlain() && options.labelsNeeded() && index;
        out[i] = builders ? (int) values[i] : rule.of(values[i], place, i);
      }
    } catch (PredictionFileException e) {
      if (options.labelsNeeded()) {
        throw e;
      }
      return new NpzLabelling(
          null,
          null,
          "the labels were not read, as they are not needed: "
              + e.refusal().text().replaceFirst("^.*?: ", ""));
    }
    int[] kept = IntStream.range(0, out.length).filter(i -> out[i] >= 0).toArray();
    return new NpzLabelling(
        Arrays.stream(out).map(k -> Math.max(0, k)).toArray(),
        kept.length == out.length ? null : kept,
        "");
  }

  /** Predictions without the rows left out, with the note that says so. */
  Noted<Predictions> kept(Predictions read, ReadingNote note, Source source, ReadOptions options)
      throws PredictionFileException {
    if (!warning.isEmpty()) {
      return new Noted<>(
          read,
          new ReadingNote(
              note.classes(),
              note.classColumns(),
              "",
              LabelKind.NONE,
              note.weights(),
              note.ignored(),
              List.of(warning)));
    }
    if (kept == null) {
      return new Noted<>(read, note);
    }
    if (kept.length == 0) {
      throw source.refuse(LeftOut.all(options));
    }
    return new Noted<>(
        read.select(kept),
        note.withWarnings(List.of(LeftOut.said(classes.length - kept.length, options))));
  }
}
