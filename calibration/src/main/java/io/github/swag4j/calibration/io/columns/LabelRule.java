package io.github.swag4j.calibration.io.columns;

import io.github.swag4j.base.Refusal;
import io.github.swag4j.calibration.PredictionRemedy;
import io.github.swag4j.calibration.io.format.PredictionFileException;
import io.github.swag4j.calibration.io.format.ReadOptions;
import io.github.swag4j.calibration.io.format.ReadOptions.Labels;
import io.github.swag4j.calibration.io.format.ReadingNote.LabelKind;
import io.github.swag4j.calibration.io.internal.Source;
import io.github.swag4j.calibration.io.internal.UsualNames;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Predicate;
import java.util.stream.Stream;

/**
 * Decides how labels say their class. An index belongs to the order of the classes' columns in the
 * file, in whatever order they are read. Where names are numbers, all labels of the file must be
 * names, or all indices: what could be both is refused.
 */
final class LabelRule {
  private final Table table;
  private final ReadOptions options;
  private final Source source;
  private final int label;
  private final List<Integer> columns;
  private final List<String> classNames;
  private final Map<String, Integer> byName = new LinkedHashMap<>();
  private final List<Integer> byIndex = new ArrayList<>();
  private List<String> binaryNames = List.of("0", "1");

  LabelRule(
      Table table,
      ReadOptions options,
      Source source,
      int label,
      List<Integer> columns,
      List<String> classNames) {
    this.table = table;
    this.options = options;
    this.source = source;
    this.label = label;
    this.columns = columns;
    this.classNames = classNames;
    for (int k = 0; k < columns.size(); k++) {
      byName.putIfAbsent(classNames.get(k), k);
      byName.putIfAbsent(NameText.canonical(classNames.get(k)), k);
    }
    for (int k = 0; k < columns.size(); k++) {
      byName.putIfAbsent(table.names().get(columns.get(k)), k);
    }
    List<String> shorter = CommonAffix.without(classNames);
    for (int k = 0; k < shorter.size(); k++) {
      byName.putIfAbsent(shorter.get(k), k);
    }
    columns.stream().sorted().forEach(column -> byIndex.add(columns.indexOf(column)));
  }

  /** Names of the two classes of one column: the other, and the one it is the probability of. */
  List<String> binaryNames() {
    return binaryNames;
  }

  /**
   * How labels say their class; none if there are none, or if they need not be read and cannot.
   *
   * @param warnings what is odd is added to them
   */
  LabelMeaning meaning(List<String> warnings) throws IOException {
    if (label < 0) {
      return none();
    }
    if (options.labelsNeeded()) {
      return needed();
    }
    try {
      LabelMeaning meaning = needed();
      requireAll(meaning);
      return meaning;
    } catch (PredictionFileException e) {
      warnings.add(
          "the labels in '"
              + table.names().get(label)
              + "' were not read, as they are not needed: "
              + e.refusal().text().replaceFirst("^.*?: ", ""));
      return none();
    }
  }

  private static LabelMeaning none() {
    return new LabelMeaning(LabelKind.NONE, 0, Map.of(), List.of(), Set.of());
  }

  private void requireAll(LabelMeaning meaning) throws IOException {
    try (Table.Rows rows = table.rows()) {
      while (rows.advance() && rows.cells() == table.names().size()) {
        if (meaning.of(rows.text(label)) == LabelMeaning.UNKNOWN) {
          throw at(rows.place()).refuse("'" + rows.text(label) + "' names no class");
        }
      }
    }
  }

  private Source at(String place) {
    return place.isEmpty() ? source : source.at(place);
  }

  private LabelMeaning needed() throws IOException {
    if (columns.size() == 1) {
      return new BinaryLabels(this, options, source, table.names().get(columns.get(0))).meaning();
    }
    if (!options.positiveClass().isEmpty()) {
      return ofPositive();
    }
    if (options.labels() == Labels.INDEX) {
      return meaning(LabelKind.INDICES, Map.of(), byIndex);
    }
    if (options.labels() == Labels.NAME) {
      return meaning(LabelKind.NAMES, byName, List.of());
    }
    boolean numbers = byName.keySet().stream().anyMatch(NameText::isWhole);
    LabelEvidence seen =
        numbers && !namesAreIndices()
            ? scan(e -> !e.areNames() && !e.areIndices(columns.size()))
            : scan(e -> !e.isEmpty());
    if (!numbers || namesAreIndices()) {
      return unmistakable(seen);
    }
    boolean indices = seen.areIndices(columns.size());
    if (seen.areNames() && indices && !seen.isEmpty()) {
      String name = seen.distinct().iterator().next();
      throw source.refuse(
          Refusal.of(
              "label " + name + " could be the class named so or the class of that index: ",
              PredictionRemedy.SAY_LABELS));
    }
    if (!seen.areNames() && !indices) {
      Map.Entry<String, String> other = seen.others().entrySet().iterator().next();
      throw at(other.getValue())
          .refuse(
              Refusal.of(
                  "labels must all be names of class columns ("
                      + UsualNames.shown(classNames)
                      + ") or all indices below "
                      + columns.size()
                      + ", got '"
                      + other.getKey()
                      + "', which no column is named"
                      + (seen.most() >= columns.size()
                          ? ", and " + seen.most() + ", which is no index"
                          : "")
                      + ": add the column of class "
                      + other.getKey()
                      + ", or leave its rows out ",
                  PredictionRemedy.IGNORE_LABEL,
                  " " + NameText.quoted(other.getKey())));
    }
    return indices
        ? meaning(LabelKind.INDICES, Map.of(), byIndex)
        : meaning(LabelKind.NAMES, byName, List.of());
  }

  /** Labels of classes whose names cannot be taken for other classes' indices. */
  private LabelMeaning unmistakable(LabelEvidence seen) throws IOException {
    boolean first = byName.containsKey(NameText.canonical(seen.first()));
    requireOrder(seen);
    if (first || NameText.truth(seen.first()) < 0) {
      LabelKind kind = first && !namesAreIndices() ? LabelKind.NAMES : LabelKind.INDICES;
      return meaning(kind, byName, byIndex);
    }
    if (columns.size() == 2 && namesAreIndices()) {
      return meaning(LabelKind.TRUTH, Map.of(), byIndex);
    }
    int other = NameText.find(table.names(), seen.first());
    if (other >= 0 && !seen.first().isEmpty()) {
      throw source.refuse(
          Refusal.of("label '" + seen.first() + "' names a column that could be a class: ")
              .and(nameWith(other)));
    }
    if (columns.size() == 2) {
      throw source.refuse(
          Refusal.of(
              "label '"
                  + seen.first()
                  + "' names no class: say which of "
                  + UsualNames.shown(classNames)
                  + " is the positive one ",
              PredictionRemedy.POSITIVE_CLASS,
              " " + NameText.quoted(classNames.get(byIndex.get(1)))));
    }
    return meaning(LabelKind.NAMES, byName, byIndex);
  }

  /**
   * To name the classes and a column that a label names: of these, the longest run that sums to 1
   * in every row, if there is one. What the labels mean then is another question.
   */
  private Refusal nameWith(int other) throws IOException {
    ColumnTrial trial = new ColumnTrial(table, source);
    List<Integer> with =
        Stream.concat(columns.stream(), Stream.of(other)).sorted().distinct().toList();
    double unit = options.percent() ? 100 : 1;
    List<Integer> run =
        options.logits()
            ? with
            : trial.distributions(trial.probabilities(with, unit), unit).stream()
                .filter(some -> some.contains(other))
                .max(Comparator.comparingInt(List::size))
                .orElse(List.of());
    if (run.isEmpty()) {
      return options.classColumns().isEmpty()
          ? Refusal.of("name the classes ", PredictionRemedy.CLASS_COLUMNS)
          : Refusal.of("rename it, or mend the label");
    }
    return ColumnHints.nameThem(run.stream().map(table.names()::get).toList());
  }

  /**
   * Refuses 1 beside the columns {@code yes, no}: to a person it means yes, as an index no, the
   * second of them.
   */
  private void requireOrder(LabelEvidence seen) throws PredictionFileException {
    if (columns.size() != 2 || !NameText.isWhole(seen.first())) {
      return;
    }
    String yes = classNames.get(byIndex.get(0));
    String no = classNames.get(byIndex.get(1));
    if (NameText.truth(yes) == 1 && NameText.truth(no) == 0) {
      throw source.refuse(
          Refusal.of(
              "label 1 could mean '" + yes + "' or the second column, '" + no + "': say which ",
              PredictionRemedy.POSITIVE_CLASS,
              " " + NameText.quoted(yes),
              ", or " + NameText.quoted(no)));
    }
  }

  private boolean namesAreIndices() {
    for (int i = 0; i < byIndex.size(); i++) {
      if (!classNames.get(byIndex.get(i)).equals("" + i)) {
        return false;
      }
    }
    return true;
  }

  /** Two classes, of which one is called the positive: label 1, or true, is that one. */
  private LabelMeaning ofPositive() throws PredictionFileException {
    Integer positive = byName.get(NameText.canonical(NameText.of(options.positiveClass())));
    if (columns.size() != 2 || positive == null) {
      throw source.refuse(
          "the positive class must be one of two class columns, got '"
              + options.positiveClass()
              + "' of "
              + UsualNames.shown(classNames));
    }
    List<Integer> order = List.of(1 - positive, positive);
    boolean numbers = byName.keySet().stream().anyMatch(NameText::isWhole);
    return meaning(LabelKind.TRUTH, numbers ? Map.of() : byName, order);
  }

  LabelMeaning meaning(LabelKind kind, Map<String, Integer> named, List<Integer> indices) {
    Set<String> left = new HashSet<>();
    options.ignoredLabels().forEach(text -> left.add(NameText.canonical(NameText.of(text))));
    return new LabelMeaning(kind, Math.max(2, columns.size()), named, indices, left);
  }

  /** The same for one column, whose classes have names. */
  LabelMeaning binary(LabelKind kind, String positive, String other) {
    binaryNames = List.of(other.isEmpty() ? "not " + positive : other, positive);
    Map<String, Integer> named = new LinkedHashMap<>();
    named.put(positive, 1);
    if (!other.isEmpty()) {
      named.put(other, 0);
    }
    return meaning(kind, named, List.of());
  }

  Map<String, Integer> byName() {
    return byName;
  }

  /** What labels show, looked at until that is enough. */
  LabelEvidence scan(Predicate<LabelEvidence> enough) throws IOException {
    LabelEvidence seen = new LabelEvidence(byName, options.ignoredLabels());
    try (Table.Rows rows = table.rows()) {
      while (rows.advance() && rows.cells() == table.names().size()) {
        seen.add(rows.text(label), rows.place());
        if (enough.test(seen)) {
          break;
        }
      }
    }
    return seen;
  }

  /** Mean of the column over the rows of each of the first few labels. */
  Map<String, Double> means() throws IOException {
    Map<String, double[]> sums = new LinkedHashMap<>();
    try (Table.Rows rows = table.rows()) {
      while (rows.advance() && rows.cells() == table.names().size()) {
        String text = rows.text(label);
        if (sums.size() < 3 || sums.containsKey(text)) {
          double[] sum = sums.computeIfAbsent(text, t -> new double[2]);
          sum[0] += rows.number(columns.get(0));
          sum[1]++;
        }
      }
    }
    Map<String, Double> means = new LinkedHashMap<>();
    sums.forEach((text, sum) -> means.put(text, sum[0] / sum[1]));
    return means;
  }
}
