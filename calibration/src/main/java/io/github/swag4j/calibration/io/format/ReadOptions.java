package io.github.swag4j.calibration.io.format;

import java.util.Collections;
import java.util.List;

/**
 * How a file is read.
 *
 * @param logits whether the numbers are logits; never guessed, and refused if every row is a
 *     distribution already
 * @param renormalise whether rows are divided by their sum instead of being refused
 * @param percent whether the numbers are percentages, to be divided by 100
 * @param labels how labels are understood
 * @param classColumns the columns that hold the classes, in the order of the classes; empty for
 *     those that cannot be anything else
 * @param ignoredColumns the columns that are not read, whatever they are called
 * @param labelColumn the column or array of the labels; empty for one with a usual name
 * @param positiveClass the label that means the positive class, where there are two; empty for the
 *     class of index 1, or the one that a single column of probabilities is named after
 * @param ignoredLabels labels whose rows are left out, such as 255 or -100
 * @param labelsNeeded whether labels that mean no class are refused; otherwise no labels are read
 */
public record ReadOptions(
    boolean logits,
    boolean renormalise,
    boolean percent,
    Labels labels,
    List<String> classColumns,
    List<String> ignoredColumns,
    String labelColumn,
    String positiveClass,
    List<String> ignoredLabels,
    boolean labelsNeeded) {

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
   * @param percent whether the numbers are percentages
   * @param labels how labels are understood
   * @param classColumns names of the class columns
   * @param ignoredColumns names of the columns not to be read
   * @param labelColumn name of the column of the labels, or empty
   * @param positiveClass label of the positive class, or empty
   * @param ignoredLabels labels whose rows are left out
   * @param labelsNeeded whether labels that mean no class are refused
   * @throws IllegalArgumentException if labels is null, numbers are to be two of logits,
   *     percentages and renormalised, a class column is ignored, or the column of the labels is
   *     either
   */
  public ReadOptions {
    classColumns = List.copyOf(classColumns);
    ignoredColumns = List.copyOf(ignoredColumns);
    ignoredLabels = List.copyOf(ignoredLabels);
    if (!Collections.disjoint(classColumns, ignoredColumns)) {
      throw new IllegalArgumentException(
          "class columns must not be ignored, got " + classColumns + " and " + ignoredColumns);
    }
    if (classColumns.contains(labelColumn) || ignoredColumns.contains(labelColumn)) {
      throw new IllegalArgumentException(
          "the column of the labels must be neither a class nor ignored, got " + labelColumn);
    }
    if (labels == null) {
      throw new IllegalArgumentException("labels must be AUTO, INDEX or NAME, got null");
    }
    if (logits && renormalise) {
      throw new IllegalArgumentException("logits are not renormalised: choose one of the two");
    }
    if (logits && percent) {
      throw new IllegalArgumentException("logits are no percentages: choose one of the two");
    }
  }

  /**
   * With classes and ignored columns named.
   *
   * @param logits whether the numbers are logits
   * @param renormalise whether rows are divided by their sum
   * @param labels how labels are understood
   * @param classColumns names of the class columns
   * @param ignoredColumns names of the columns not to be read
   * @throws IllegalArgumentException if labels is null, logits are to be renormalised, or a class
   *     column ignored
   */
  public ReadOptions(
      boolean logits,
      boolean renormalise,
      Labels labels,
      List<String> classColumns,
      List<String> ignoredColumns) {
    this(logits, renormalise, false, labels, classColumns, ignoredColumns, "", "", List.of(), true);
  }

  /**
   * Without ignored columns.
   *
   * @param logits whether the numbers are logits
   * @param renormalise whether rows are divided by their sum
   * @param labels how labels are understood
   * @param classColumns names of the class columns
   * @throws IllegalArgumentException if labels is null, or logits are to be renormalised
   */
  public ReadOptions(
      boolean logits, boolean renormalise, Labels labels, List<String> classColumns) {
    this(logits, renormalise, labels, classColumns, List.of());
  }

  /**
   * Probabilities, strict, labels by name or index, needed, all columns.
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
    return new ReadOptions(
        value,
        renormalise,
        percent,
        labels,
        classColumns,
        ignoredColumns,
        labelColumn,
        positiveClass,
        ignoredLabels,
        labelsNeeded);
  }

  /**
   * These options with rows renormalised or not.
   *
   * @param value whether rows are divided by their sum
   * @return new options
   */
  public ReadOptions withRenormalise(boolean value) {
    return new ReadOptions(
        logits,
        value,
        percent,
        labels,
        classColumns,
        ignoredColumns,
        labelColumn,
        positiveClass,
        ignoredLabels,
        labelsNeeded);
  }

  /**
   * These options with the numbers as percentages or not.
   *
   * @param value whether they are divided by 100
   * @return new options
   */
  public ReadOptions withPercent(boolean value) {
    return new ReadOptions(
        logits,
        renormalise,
        value,
        labels,
        classColumns,
        ignoredColumns,
        labelColumn,
        positiveClass,
        ignoredLabels,
        labelsNeeded);
  }

  /**
   * These options with another meaning of labels.
   *
   * @param value how labels are understood
   * @return new options
   */
  public ReadOptions withLabels(Labels value) {
    return new ReadOptions(
        logits,
        renormalise,
        percent,
        value,
        classColumns,
        ignoredColumns,
        labelColumn,
        positiveClass,
        ignoredLabels,
        labelsNeeded);
  }

  /**
   * These options with the class columns named.
   *
   * @param value names in the order of the classes
   * @return new options
   */
  public ReadOptions withClassColumns(List<String> value) {
    return new ReadOptions(
        logits,
        renormalise,
        percent,
        labels,
        value,
        ignoredColumns,
        labelColumn,
        positiveClass,
        ignoredLabels,
        labelsNeeded);
  }

  /**
   * These options with columns left out, such as a time stamp or an image's name.
   *
   * @param value names of columns that the file must have
   * @return new options
   */
  public ReadOptions withIgnoredColumns(List<String> value) {
    return new ReadOptions(
        logits,
        renormalise,
        percent,
        labels,
        classColumns,
        value,
        labelColumn,
        positiveClass,
        ignoredLabels,
        labelsNeeded);
  }

  /**
   * These options with the column or array of the labels named.
   *
   * @param value its name, or empty for one of the usual names
   * @return new options
   */
  public ReadOptions withLabelColumn(String value) {
    return new ReadOptions(
        logits,
        renormalise,
        percent,
        labels,
        classColumns,
        ignoredColumns,
        value,
        positiveClass,
        ignoredLabels,
        labelsNeeded);
  }

  /**
   * These options with the label of the positive class of two.
   *
   * @param value the label, or empty
   * @return new options
   */
  public ReadOptions withPositiveClass(String value) {
    return new ReadOptions(
        logits,
        renormalise,
        percent,
        labels,
        classColumns,
        ignoredColumns,
        labelColumn,
        value,
        ignoredLabels,
        labelsNeeded);
  }

  /**
   * These options with rows left out by their label.
   *
   * @param value labels, as text
   * @return new options
   */
  public ReadOptions withIgnoredLabels(List<String> value) {
    return new ReadOptions(
        logits,
        renormalise,
        percent,
        labels,
        classColumns,
        ignoredColumns,
        labelColumn,
        positiveClass,
        value,
        labelsNeeded);
  }

  /**
   * These options with labels needed or not.
   *
   * @param value whether labels that mean no class are refused
   * @return new options
   */
  public ReadOptions withLabelsNeeded(boolean value) {
    return new ReadOptions(
        logits,
        renormalise,
        percent,
        labels,
        classColumns,
        ignoredColumns,
        labelColumn,
        positiveClass,
        ignoredLabels,
        value);
  }
}
