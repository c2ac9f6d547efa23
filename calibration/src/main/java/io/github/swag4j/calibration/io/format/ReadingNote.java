package io.github.swag4j.calibration.io.format;

import io.github.swag4j.base.json.JsonObject;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;

/**
 * What a file of predictions was read as: which columns or arrays are the classes, the labels and
 * the weights, which were not read, and what looks odd about them.
 *
 * @param classes names of the classes in their order, indices as text where they have no names
 * @param classColumns what the file calls the columns, or the array, that they were read from
 * @param labels name of the column or array of the labels; empty if none were read
 * @param labelKind how the labels say their class
 * @param weights name of the column or array of the weights; empty if rows count alike
 * @param ignored columns or arrays that have no part in any metric, identifiers among them
 * @param warnings whole sentences, each about something that may have another meaning
 */
public record ReadingNote(
    List<String> classes,
    List<String> classColumns,
    String labels,
    LabelKind labelKind,
    String weights,
    List<String> ignored,
    List<String> warnings) {

  private static final int SHOWN = 12;

  /** How labels say the class they mean. */
  public enum LabelKind {
    /** There are none, or they were not read. */
    NONE("none"),
    /** By its name. */
    NAMES("names"),
    /** By its place among the file's own classes, from 0. */
    INDICES("indices"),
    /** Some by name, others by index, in a file where none can be both. */
    NAMES_AND_INDICES("names and indices"),
    /** By true or false, yes or no: the positive class or not. */
    TRUTH("true or false");

    private final String words;

    LabelKind(String words) {
      this.words = words;
    }

    /**
     * The kind in words.
     *
     * @return for example {@code indices}
     */
    public String words() {
      return words;
    }
  }

  /**
   * Copies the lists.
   *
   * @param classes names of the classes
   * @param classColumns what they were read from
   * @param labels name of what holds the labels, or empty
   * @param labelKind how the labels say their class
   * @param weights name of what holds the weights, or empty
   * @param ignored what was not read
   * @param warnings what looks odd
   */
  public ReadingNote {
    classes = List.copyOf(classes);
    classColumns = List.copyOf(classColumns);
    ignored = List.copyOf(ignored);
    warnings = List.copyOf(warnings);
  }

  /**
   * This note with more warnings.
   *
   * @param more whole sentences
   * @return a new note
   */
  public ReadingNote withWarnings(List<String> more) {
    List<String> all = new ArrayList<>(warnings);
    all.addAll(more);
    return new ReadingNote(classes, classColumns, labels, labelKind, weights, ignored, all);
  }

  /**
   * This note with more that was not read.
   *
   * @param more names of columns, fields or arrays
   * @return a new note, in which each is named once
   */
  public ReadingNote withIgnored(List<String> more) {
    Set<String> all = new LinkedHashSet<>(ignored);
    all.addAll(more);
    return new ReadingNote(
        classes, classColumns, labels, labelKind, weights, List.copyOf(all), warnings);
  }

  /**
   * The note in one line.
   *
   * @return for example {@code classes cat, dog, eel · labels: label (names) · ignored: id, date ·
   *     weights: none}; without the warnings
   */
  public String line() {
    return "classes "
        + shown(classes)
        + " · labels: "
        + (labels.isEmpty() ? "none" : labels + " (" + labelKind.words() + ")")
        + " · ignored: "
        + (ignored.isEmpty() ? "none" : shown(ignored))
        + " · weights: "
        + (weights.isEmpty() ? "none" : weights);
  }

  /**
   * The note as an object of JSON.
   *
   * @return {@code classes}, {@code class_columns}, {@code labels}, {@code label_kind}, {@code
   *     weights}, {@code ignored}, {@code warnings}; names of what there is not are empty
   */
  public String toJson() {
    return new JsonObject()
        .put("classes", classes)
        .put("class_columns", classColumns)
        .put("labels", labels)
        .put("label_kind", labelKind.words())
        .put("weights", weights)
        .put("ignored", ignored)
        .put("warnings", warnings)
        .toString();
  }

  private static String shown(List<String> names) {
    return String.join(", ", names.subList(0, Math.min(SHOWN, names.size())))
        + (names.size() > SHOWN ? ", ... (" + names.size() + ")" : "");
  }
}
