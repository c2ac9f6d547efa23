package io.github.swag4j.calibration.io.format;

import java.util.Collections;
import java.util.List;

/**
 * How a file is read.
 *
 * @param logits whether the numbers are logits; never guessed, and refused if every row is a
 *     distribution already
 * @param renormalise whether rows are divided by their sum instead of being refused
 * @param labels how CSV labels are understood
 * @param classColumns the CSV columns that hold the classes, in the order of the classes; empty for
 *     all columns that are nothing else
 * @param ignoredColumns the CSV columns that are not read, whatever they are called
 */
public record ReadOptions(
    boolean logits,
    boolean renormalise,
    Labels labels,
    List<String> classColumns,
    List<String> ignoredColumns) {

  /** How the text of a CSV label is understood. */
  public enum Labels {
    /** The name of a class column, else an index; refused where a number could be both. */
    AUTO,
    /** A class index, from 0. */
    INDEX,
    /** The name of a class column. */
    NAME
  }

  /**
   * Copies the lists.
   *
   * @param logits whether the numbers are logits
   * @param renormalise whether rows are divided by their sum
   * @param labels how CSV labels are understood
   * @param classColumns names of the class columns
   * @param ignoredColumns names of the columns not to be read
   * @throws IllegalArgumentException if labels is null, logits are to be renormalised, or a class
   *     column ignored
   */
  public ReadOptions {
    classColumns = List.copyOf(classColumns);
    ignoredColumns = List.copyOf(ignoredColumns);
    if (!Collections.disjoint(classColumns, ignoredColumns)) {
      throw new IllegalArgumentException(
          "class columns must not be ignored, got " + classColumns + " and " + ignoredColumns);
    }
    if (labels == null) {
      throw new IllegalArgumentException("labels must be AUTO, INDEX or NAME, got null");
    }
    if (logits && renormalise) {
      throw new IllegalArgumentException("logits are not renormalised: choose one of the two");
    }
  }

  /**
   * Without ignored columns.
   *
   * @param logits whether the numbers are logits
   * @param renormalise whether rows are divided by their sum
   * @param labels how CSV labels are understood
   * @param classColumns names of the class columns
   * @throws IllegalArgumentException if labels is null, or logits are to be renormalised
   */
  public ReadOptions(
      boolean logits, boolean renormalise, Labels labels, List<String> classColumns) {
    this(logits, renormalise, labels, classColumns, List.of());
  }

  /**
   * Probabilities, strict, labels by name or index, all columns.
   *
   * @return the defaults
   */
  public static ReadOptions defaults() {
    return new ReadOptions(false, false, Labels.AUTO, List.of(), List.of());
  }

  /**
   * These options with the numbers as logits or not.
   *
   * @param value whether they are logits
   * @return new options
   */
  public ReadOptions withLogits(boolean value) {
    return new ReadOptions(value, renormalise, labels, classColumns, ignoredColumns);
  }

  /**
   * These options with rows renormalised or not.
   *
   * @param value whether rows are divided by their sum
   * @return new options
   */
  public ReadOptions withRenormalise(boolean value) {
    return new ReadOptions(logits, value, labels, classColumns, ignoredColumns);
  }

  /**
   * These options with another meaning of CSV labels.
   *
   * @param value how labels are understood
   * @return new options
   */
  public ReadOptions withLabels(Labels value) {
    return new ReadOptions(logits, renormalise, value, classColumns, ignoredColumns);
  }

  /**
   * These options with the class columns of a CSV file named.
   *
   * @param value names in the order of the classes
   * @return new options
   */
  public ReadOptions withClassColumns(List<String> value) {
    return new ReadOptions(logits, renormalise, labels, value, ignoredColumns);
  }

  /**
   * These options with columns of a CSV file left out, such as a time stamp or an image's name.
   *
   * @param value names of columns that the file must have
   * @return new options
   */
  public ReadOptions withIgnoredColumns(List<String> value) {
    return new ReadOptions(logits, renormalise, labels, classColumns, value);
  }
}
