package io.github.swag4j.cli.monitor;

import io.github.swag4j.calibration.io.columns.LabelMeaning;
import io.github.swag4j.calibration.io.format.ReadOptions.Labels;
import io.github.swag4j.calibration.io.format.ReadingNote;
import io.github.swag4j.calibration.io.format.ReadingNote.LabelKind;
import io.github.swag4j.calibration.monitoring.DriftMonitor;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

/**
 * What the text of a label means: a class as the reference's labels say theirs, or that it is not
 * known yet. An index counts the class columns of the label's own file, as in every other file.
 */
final class ServedLabels {
  private static final Set<String> MISSING = Set.of("", "na", "n/a", "nan", "null", "none", "-1");

  private final ReadingNote reference;
  private final boolean oneColumn;
  private final ServedReading.LabelsSaid said;
  private final Set<String> missing = new HashSet<>(MISSING);
  private List<Integer> places;
  private LabelMeaning meaning;

  /**
   * How labels are understood.
   *
   * @param reference what the reference was read as
   * @param oneColumn whether it has the probability of the positive class alone
   */
  ServedLabels(ReadingNote reference, boolean oneColumn, ServedReading.LabelsSaid said) {
    this.reference = reference;
    this.oneColumn = oneColumn;
    this.said = said;
    said.unknown().forEach(each -> missing.add(each.toLowerCase(Locale.ROOT)));
  }

  /**
   * The class.
   *
   * @param byPlace the class of each index; empty where an index says nothing
   * @return its index, or {@link DriftMonitor#UNKNOWN} where the text says that it is not known
   * @throws IllegalArgumentException if there is no such class; lists those that there are
   */
  int of(String text, List<Integer> byPlace) {
    if (!byPlace.equals(places)) {
      meaning = oneColumn ? ofOne() : ofSeveral(byPlace);
      places = byPlace;
    }
    String label = text.strip();
    int known = meaning.of(label);
    if (known >= 0) {
      return known;
    }
    if (known == LabelMeaning.IGNORED || missing.contains(label.toLowerCase(Locale.ROOT))) {
      return DriftMonitor.UNKNOWN;
    }
    throw new IllegalArgumentException(
        "the label must be " + String.join(" or ", understood()) + ", got '" + text + "'");
  }

  private List<String> understood() {
    List<String> names = reference.classes();
    List<String> parts = new ArrayList<>();
    if (!meaning.byName().isEmpty()) {
      parts.add("one of " + ServedColumns.shown(names));
    }
    if (!meaning.byIndex().isEmpty()) {
      parts.add((parts.isEmpty() ? "a class " : "an ") + "index below " + meaning.byIndex().size());
    }
    return parts.isEmpty()
        ? List.of("a name, by --labels-are name, or an index, by --labels-are index")
        : parts;
  }

  /** Labels beside the probability of the positive class. */
  private LabelMeaning ofOne() {
    List<Integer> both = List.of(0, 1);
    List<String> names = reference.classes();
    if (reference.labelKind() == LabelKind.NAMES) {
      return meaning(LabelKind.NAMES, Map.of(names.get(0), 0, names.get(1), 1), List.of());
    }
    String positive = CsvFields.name(said.positiveClass());
    if (reference.labelKind() == LabelKind.NONE && !positive.isEmpty()) {
      return isNumber(positive)
          ? meaning(LabelKind.NAMES, Map.of(positive, 1), List.of())
          : meaning(LabelKind.TRUTH, Map.of(positive, 1), both);
    }
    boolean indices = reference.labelKind() == LabelKind.INDICES;
    return meaning(indices ? LabelKind.INDICES : LabelKind.TRUTH, Map.of(), both);
  }

  private LabelMeaning ofSeveral(List<Integer> byPlace) {
    List<String> names = reference.classes().stream().map(CsvFields::name).toList();
    Map<String, Integer> byName = new LinkedHashMap<>();
    boolean columns = reference.classColumns().size() == names.size();
    for (int k = 0; k < names.size(); k++) {
      byName.putIfAbsent(names.get(k), k);
    }
    for (int k = 0; k < names.size() && columns; k++) {
      byName.putIfAbsent(reference.classColumns().get(k), k);
    }
    boolean numbers = names.stream().anyMatch(ServedLabels::isNumber);
    Integer positive = byName.get(CsvFields.name(said.positiveClass()));
    if (positive != null && names.size() == 2) {
      List<Integer> order = List.of(1 - positive, positive);
      return meaning(LabelKind.TRUTH, numbers ? Map.of() : byName, order);
    }
    boolean auto = said.kind() == Labels.AUTO;
    if (auto && !numbers) {
      return meaning(LabelKind.NAMES_AND_INDICES, byName, byPlace);
    }
    List<Integer> all = IntStream.range(0, names.size()).boxed().toList();
    if (auto && all.stream().allMatch(k -> names.get(k).equals(k.toString()))) {
      boolean truth = reference.labelKind() == LabelKind.TRUTH;
      return meaning(truth ? LabelKind.TRUTH : LabelKind.INDICES, byName, all);
    }
    // Where names are numbers, labels of the reference's table have shown which they are.
    LabelKind shown = auto && columns ? reference.labelKind() : LabelKind.NONE;
    if (said.kind() == Labels.INDEX || shown == LabelKind.INDICES) {
      return meaning(LabelKind.INDICES, Map.of(), byPlace);
    }
    boolean named = said.kind() == Labels.NAME || shown == LabelKind.NAMES;
    return meaning(LabelKind.NAMES, named ? byName : Map.of(), List.of());
  }

  private static boolean isNumber(String name) {
    return name.matches("[+-]?\\d+");
  }

  private LabelMeaning meaning(LabelKind kind, Map<String, Integer> named, List<Integer> indices) {
    Set<String> ignored = said.unknown().stream().map(CsvFields::name).collect(Collectors.toSet());
    return new LabelMeaning(kind, Math.max(2, indices.size()), named, indices, ignored);
  }
}
