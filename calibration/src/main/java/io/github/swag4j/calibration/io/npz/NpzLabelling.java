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
 * @param kind how labels say their class
 */
record NpzLabelling(int[] classes, int[] kept, String warning, LabelKind kind) {
  /** No labels. */
  static final NpzLabelling NONE = new NpzLabelling(null, null, "", LabelKind.NONE);

  /** Finds the class of each label. */
  private interface Finding {
    LabelKind into(int[] classes) throws PredictionFileException;
  }

  /**
   * Labels that are whole numbers, or true and false.
   *
   * @param header of the array
   */
  static NpzLabelling of(
      long[] values, NpyHeader header, int classes, Source place, ReadOptions options)
      throws PredictionFileException {
    NpzLabels rule = new NpzLabels(classes, options, place);
    return of(
        values.length,
        options,
        out -> {
          NpzMembers.checkTruth(header, classes, place);
          // One that means no class may be left out; more are counted by who builds the rows.
          boolean few =
              Arrays.stream(values).filter(k -> k < 0 || k >= classes).distinct().limit(2).count()
                  < 2;
          for (int i = 0; i < out.length; i++) {
            boolean index = values[i] >= 0 && values[i] <= Integer.MAX_VALUE;
            boolean valid = values[i] < classes || !few || values[i] == classes;
            boolean builders = rule.isPlain() && options.labelsNeeded() && index && valid;
            out[i] = builders ? (int) values[i] : rule.of(values[i], place, i);
          }
          return LabelKind.INDICES;
        });
  }

  /**
   * Labels that are text.
   *
   * @param names of the classes, or null
   */
  static NpzLabelling of(
      String[] words, List<String> names, int classes, Source place, ReadOptions options)
      throws PredictionFileException {
    return of(
        words.length,
        options,
        out -> {
          NpzWords meaning = NpzWords.of(words, names, classes, place, options);
          for (int i = 0; i < out.length; i++) {
            out[i] = meaning.of(words[i], place, i);
          }
          return meaning.kind();
        });
  }

  private static NpzLabelling of(int rows, ReadOptions options, Finding finding)
      throws PredictionFileException {
    int[] out = new int[rows];
    LabelKind kind;
    try {
      kind = finding.into(out);
    } catch (PredictionFileException e) {
      if (options.labelsNeeded()) {
        throw e;
      }
      return new NpzLabelling(
          null,
          null,
          "the labels were not read, as they are not needed: "
              + e.refusal().text().replaceFirst("^.*?: ", ""),
          LabelKind.NONE);
    }
    int[] kept = IntStream.range(0, out.length).filter(i -> out[i] >= 0).toArray();
    return new NpzLabelling(
        Arrays.stream(out).map(k -> Math.max(0, k)).toArray(),
        kept.length == out.length ? null : kept,
        "",
        kind);
  }

  /** Predictions without the rows left out, with the note that says so. */
  Noted<Predictions> kept(Predictions read, ReadingNote of, Source source, ReadOptions options)
      throws PredictionFileException {
    ReadingNote note =
        classes == null
            ? of
            : new ReadingNote(
                of.classes(),
                of.classColumns(),
                of.labels(),
                kind,
                of.weights(),
                of.ignored(),
                of.warnings());
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
