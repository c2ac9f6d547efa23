package io.github.swag4j.calibration.io.npz;

import io.github.swag4j.base.Refusal;
import io.github.swag4j.calibration.PredictionRemedy;
import io.github.swag4j.calibration.io.format.PredictionFileException;
import io.github.swag4j.calibration.io.format.ReadOptions;
import io.github.swag4j.calibration.io.internal.Source;
import io.github.swag4j.calibration.io.internal.UsualNames;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;

/**
 * Which arrays of an NPZ archive hold what.
 *
 * @param probabilities name of the array, or null
 * @param logits name of the array, or null; if both are there, what is read are the logits
 * @param labels name of the array, or null
 * @param weights name of the array, or null
 */
record NpzMembers(String probabilities, String logits, String labels, String weights) {
  private static final List<String> PROBABILITIES =
      List.of("probs", "predictions", "probabilities");

  /** What they are called elsewhere; looked for where neither these nor logits are. */
  private static final List<String> ELSEWHERE =
      List.of(
          "prob",
          "probability",
          "proba",
          "y_prob",
          "y_proba",
          "y_score",
          "scores",
          "preds",
          "y_pred");

  static NpzMembers of(NpzFile npz, ReadOptions options) throws IOException {
    String logits = npz.names().contains("logits") ? "logits" : null;
    String probabilities = probabilities(npz, logits != null);
    if (probabilities == null && logits == null) {
      throw npz.source()
          .refuse(
              "an .npz file must hold probs, predictions, probabilities or logits, got "
                  + npz.names()
                  + ": save the probabilities of all classes as 'probs'");
    }
    if (probabilities != null && logits != null && options.logits()) {
      throw npz.source()
          .refuse(
              "read as logits, the file must hold one of "
                  + probabilities
                  + " and logits, got both");
    }
    return new NpzMembers(
        probabilities, logits, labels(npz, options), one(npz, UsualNames.WEIGHTS, false));
  }

  /** The one array of probabilities: predictions that are integers are classes, not numbers. */
  private static String probabilities(NpzFile npz, boolean besideLogits) throws IOException {
    List<String> found = new ArrayList<>(PROBABILITIES);
    found.retainAll(npz.names());
    if (found.isEmpty() && !besideLogits) {
      found.addAll(ELSEWHERE);
      found.retainAll(npz.names());
    }
    List<String> floats = new ArrayList<>();
    for (String name : found) {
      if (npz.header(name).type().isFloat()) {
        floats.add(name);
      }
    }
    if (floats.isEmpty() && !besideLogits && !found.isEmpty()) {
      NpyHeader header = npz.header(found.get(0));
      if (header.type().isInteger() && header.shape().size() == 1) {
        throw npz.place(found.get(0))
            .refuse(
                "whole numbers, one a row, are classes predicted and no probabilities: save the"
                    + " probabilities of all classes as 'probs'; the class predicted and its"
                    + " confidence alone are read from a table, of columns prediction, confidence"
                    + " and label");
      }
      return found.get(0); // refused by its type
    }
    return one(npz, floats, false);
  }

  private static String labels(NpzFile npz, ReadOptions options) throws PredictionFileException {
    String named = options.labelColumn();
    if (named.isEmpty()) {
      return one(npz, UsualNames.LABELS, true);
    }
    if (!npz.names().contains(named)) {
      throw npz.source()
          .refuse("the file must have the array '" + named + "' of labels, got " + npz.names());
    }
    return named;
  }

  /** The one name of several for the same thing, or null. */
  private static String one(NpzFile npz, List<String> names, boolean labels)
      throws PredictionFileException {
    List<String> found = new ArrayList<>(names);
    found.retainAll(npz.names());
    if (found.size() > 1 && labels) {
      throw npz.source()
          .refuse(
              Refusal.of(
                  "an .npz file must hold one of " + names + ", got " + found + ": say which ",
                  PredictionRemedy.LABEL_COLUMN,
                  " " + found.get(0)));
    }
    if (found.size() > 1) {
      throw npz.source()
          .refuse(
              "an .npz file must hold one of "
                  + names
                  + ", got "
                  + found
                  + ": save it without the others");
    }
    return found.isEmpty() ? null : found.get(0);
  }

  /** The array that predictions are made of. */
  String main() {
    return logits == null ? probabilities : logits;
  }

  /** Rows and classes of that array, 1 for the single column of a binary problem. */
  static long[] shape(NpyHeader header, Source place) throws PredictionFileException {
    checkFloat(header, place);
    List<Long> shape = header.shape();
    if (shape.size() != 1 && shape.size() != 2) {
      throw place.refuse("the shape must be [rows, classes], got " + header.display());
    }
    long columns = shape.size() == 1 ? 1 : shape.get(1);
    if (header.count() == 0) {
      throw place.refuse("there must be at least 1 row and 1 class, got shape " + header.display());
    }
    return new long[] {shape.get(0), columns};
  }

  /** Refuses what is not one integer a row. */
  static void checkLabels(NpyHeader header, long rows, Source place)
      throws PredictionFileException {
    List<Long> shape = header.shape();
    if (shape.size() == 2 && shape.get(1) > 1) {
      throw place.refuse(
          "labels must be class indices of shape ["
              + rows
              + "], got shape "
              + header.display()
              + ": if they are one-hot, save labels.argmax(1)");
    }
    if (header.type().isText()) {
      throw place.refuse(
          "labels of a streamed file must be class indices, got "
              + header.type().display()
              + ": save indices, or read the file in memory, where names of class_names are found");
    }
    if (!header.type().isInteger()) {
      throw place.refuse(
          "labels must be integers, got "
              + header.type().display()
              + ": save them with labels.astype('int64')");
    }
    checkVector(header, rows, place);
  }

  /** Refuses labels that are true or false where there are other than two classes. */
  static void checkTruth(NpyHeader labels, int classes, Source place)
      throws PredictionFileException {
    if (labels.type().isTruth() && classes != 2) {
      throw place.refuse(
          "labels that are true or false go with two classes, got "
              + classes
              + ": save labels.astype('int64') of the class indices");
    }
  }

  static void checkFloat(NpyHeader header, Source place) throws PredictionFileException {
    if (!header.type().isFloat()) {
      throw place.refuse(
          "the elements must be float16, float32 or float64, got "
              + header.type().display()
              + (header.type().isInteger()
                  ? ": whole numbers are no probabilities; if they were scaled to "
                      + (header.type().size() == 1 ? "255, save the array / 255.0" : "integers")
                      + (header.type().size() == 1 ? "" : ", save the array divided by the scale")
                  : ""));
    }
  }

  /** Refuses what is not one number a row, floating-point or integer. */
  static void checkNumbers(NpyHeader header, long rows, Source place)
      throws PredictionFileException {
    if (!header.type().isInteger()) {
      checkFloat(header, place);
    }
    checkVector(header, rows, place);
  }

  /** Refuses what is not a vector, or a matrix of one column, of the given length; -1 for any. */
  static void checkVector(NpyHeader header, long rows, Source place)
      throws PredictionFileException {
    List<Long> shape = header.shape();
    boolean vector = shape.size() == 1 || shape.size() == 2 && shape.get(1) == 1;
    if (!vector || rows >= 0 && shape.get(0) != rows) {
      throw place.refuse(
          "the shape must be ["
              + (rows < 0 ? "classes" : rows)
              + "], got "
              + header.display()
              + ": save one for each "
              + (rows < 0 ? "class" : "row")
              + ", or leave the array out of the file");
    }
  }

  /** Refuses probabilities beside logits of another shape. */
  static void checkSameShape(NpyHeader probabilities, NpyHeader logits, Source place)
      throws PredictionFileException {
    shape(probabilities, place);
    if (!probabilities.shape().equals(logits.shape())) {
      throw place.refuse(
          "the shape must be that of logits, "
              + logits.display()
              + ", got "
              + probabilities.display());
    }
  }

  /** The refusal of a probability beside logits that is not theirs. */
  static PredictionFileException notTheSoftmax(
      Source place, long row, int column, double softmax, double got) {
    return place
        .at(place.place() + ", row " + row + ", column " + column)
        .refuse(
            "must be the softmax of the file's logits, "
                + softmax
                + ", got "
                + got
                + ": remove one of the two arrays");
  }
}
