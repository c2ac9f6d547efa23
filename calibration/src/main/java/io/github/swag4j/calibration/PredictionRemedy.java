package io.github.swag4j.calibration;

import io.github.swag4j.base.Remedy;

/** What can be done about predictions that are refused. */
public enum PredictionRemedy implements Remedy {
  /** Take the numbers for logits. */
  AS_LOGITS("give them as logits"),
  /** Take the numbers for probabilities. */
  NOT_AS_LOGITS("read them without ReadOptions.withLogits"),
  /** Divide rows by their sums. */
  RENORMALISE("ask to renormalise"),
  /** Say whether labels are names or indices. */
  SAY_LABELS("say which with ReadOptions.withLabels"),
  /** Divide the numbers by 100. */
  PERCENT("read them with ReadOptions.withPercent"),
  /** How the column of the labels is named. */
  LABEL_COLUMN("with ReadOptions.withLabelColumn"),
  /** How the column of ids is named. */
  ID_COLUMN("with LabelsFile.idColumn"),
  /** How the label of the positive class is named. */
  POSITIVE_CLASS("with ReadOptions.withPositiveClass"),
  /** How rows are left out by their label. */
  IGNORE_LABEL("with ReadOptions.withIgnoredLabels"),
  /** How columns are left out. */
  IGNORED_COLUMNS("with ReadOptions.withIgnoredColumns"),
  /** How the columns of the classes are named. */
  CLASS_COLUMNS("with ReadOptions.withClassColumns"),
  /** How the column of the classes predicted is named, where there is no column for each class. */
  PREDICTION_COLUMN("with TopLabelFiles, of the column"),
  /** How the column of the confidences is named; follows {@link #PREDICTION_COLUMN}. */
  CONFIDENCE_COLUMN("and the confidence column"),
  /** Limit a parameter that has no finite optimum; follows another remedy or the problem. */
  LIMITS(", or set limits"),
  /** Give more heap; the size follows. */
  MORE_HEAP("raise -Xmx to "),
  /** Judge the rows in memory that does not grow with them. */
  STREAM("stream the file with StreamedSketch");

  private final String words;

  PredictionRemedy(String words) {
    this.words = words;
  }

  @Override
  public String words() {
    return words;
  }
}
