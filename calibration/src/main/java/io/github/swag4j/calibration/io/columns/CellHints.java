package io.github.swag4j.calibration.io.columns;

import io.github.swag4j.base.Refusal;
import io.github.swag4j.calibration.PredictionRemedy;
import io.github.swag4j.calibration.internal.ClassIndex;
import io.github.swag4j.calibration.io.format.ReadOptions;
import io.github.swag4j.calibration.io.internal.Source;
import java.io.IOException;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.UnaryOperator;

/**
 * What to do about one cell that could not be read: a number that is none, a label that means no
 * class. As with {@link ColumnHints}, an option is named only if all rows can be read with it.
 */
public final class CellHints {
  /** Labels that may be left out together. */
  private static final int LEFT_OUT = 3;

  private final Table table;
  private final ReadOptions options;
  private final Source source;
  private final ColumnTrial trial;

  /** Hints for a table as the options read it. */
  public CellHints(Table table, ReadOptions options, Source source) {
    this.table = table;
    this.options = options;
    this.source = source;
    trial = new ColumnTrial(table, source);
  }

  /**
   * A cell of a class column that holds a percentage.
   *
   * @return the remedy, or a refusal that says nothing
   */
  public Refusal percentage() {
    return works(o -> o.withPercent(true))
        ? Refusal.of("it is a percentage: ", PredictionRemedy.PERCENT)
        : Refusal.of();
  }

  /**
   * A cell of a class column that holds no number.
   *
   * @param column the column
   * @param unlabelled whether the table has no labels yet
   * @return the remedy, or a refusal that says nothing
   */
  public Refusal number(int column, boolean unlabelled) throws IOException {
    String name = table.names().get(column);
    if (unlabelled && !name.isEmpty() && works(o -> o.withLabelColumn(name))) {
      return Refusal.of(
          "if '" + name + "' holds the labels, name it ",
          PredictionRemedy.LABEL_COLUMN,
          " " + ColumnHints.value(List.of(name)));
    }
    if (options.classColumns().isEmpty() && works(o -> without(o, name))) {
      return Refusal.of(
          "if '" + name + "' is not a class, leave it out ",
          PredictionRemedy.IGNORED_COLUMNS,
          " " + ColumnHints.value(List.of(name)));
    }
    Refusal shape = OtherTables.of(table);
    return shape.isEmpty() ? Refusal.of("fill it in, or take the row out") : shape;
  }

  /** Whether all rows can be read with other options; not if these contradict each other. */
  private boolean works(UnaryOperator<ReadOptions> change) {
    ReadOptions changed;
    try {
      changed = change.apply(options);
    } catch (IllegalArgumentException e) {
      return false;
    }
    return trial.works(changed);
  }

  private static ReadOptions without(ReadOptions options, String name) {
    List<String> ignored = new ArrayList<>(options.ignoredColumns());
    ignored.add(name);
    return options.withIgnoredColumns(ignored);
  }

  /**
   * A label that means no class.
   *
   * @param column the column of the labels
   * @param text the label
   * @param meaning how labels say their class
   * @return the remedy, or a refusal that says nothing
   */
  public Refusal label(int column, String text, LabelMeaning meaning) throws IOException {
    String label = NameText.canonical(text);
    boolean whole = label.matches("\\d{1,9}");
    String shifted = whole ? ClassIndex.remedy(Integer.parseInt(label), meaning.classes()) : "";
    if (!shifted.isEmpty()) {
      return Refusal.of(shifted).and(positive(label));
    }
    Set<String> unknown = unknown(column, meaning);
    Refusal classes = classes(unknown);
    if (!classes.isEmpty()) {
      return classes;
    }
    for (String name : meaning.byName().keySet()) {
      if (name.equalsIgnoreCase(label)) {
        return Refusal.of("the class '" + name + "' has other capitals: write both alike");
      }
    }
    Refusal columns = ColumnHints.forClasses(table, options, source);
    if (!columns.isEmpty()) {
      return columns;
    }
    Refusal other = other(column);
    return other.isEmpty() ? leftOut(unknown, column, meaning) : other;
  }

  /** Two classes whose labels are other numbers than 0 and 1. */
  private Refusal positive(String label) {
    boolean works = options.positiveClass().isEmpty() && works(o -> o.withPositiveClass(label));
    return works
        ? Refusal.of(
            "; or if " + label + " is the class of the column, say so ",
            PredictionRemedy.POSITIVE_CLASS,
            " " + label)
        : Refusal.of();
  }

  /** Some of the labels that mean no class, in the order of the file. */
  private Set<String> unknown(int column, LabelMeaning meaning) throws IOException {
    Set<String> unknown = new LinkedHashSet<>();
    try (Table.Rows rows = table.rows()) {
      while (unknown.size() <= LEFT_OUT && rows.advance() && rows.cells() == table.names().size()) {
        String text = rows.text(column);
        if (meaning.of(text) == LabelMeaning.UNKNOWN) {
          unknown.add(NameText.canonical(text));
        }
      }
    }
    return unknown;
  }

  /** Columns that are called as labels are, but were taken for something else. */
  private Refusal classes(Set<String> labels) throws IOException {
    if (!options.classColumns().isEmpty()) {
      return Refusal.of();
    }
    Set<Integer> columns = new TreeSet<>();
    for (String label : labels) {
      int column = NameText.find(table.names(), label);
      if (column >= 0 && !label.isEmpty()) {
        columns.add(column);
      }
    }
    if (columns.isEmpty()) {
      return Refusal.of();
    }
    columns.addAll(ColumnRule.tried(table, options, source).classColumns());
    List<String> names = columns.stream().map(table.names()::get).toList();
    return works(o -> o.withClassColumns(names)) ? ColumnHints.nameThem(names) : Refusal.of();
  }

  /** Another column that holds the labels, if one alone can. */
  private Refusal other(int column) throws IOException {
    String name = table.names().get(column);
    if (!options.labelColumn().isEmpty()) {
      return Refusal.of();
    }
    ReadOptions without = without(options, name);
    Refusal found = ColumnHints.labelColumn(table, without, source);
    return found.isEmpty()
        ? found
        : found.after("if '" + name + "' does not hold the labels, but another column, name that ");
  }

  /** Labels of rows that may be left out: of a few labels, and fewer rows than stay. */
  private Refusal leftOut(Set<String> labels, int column, LabelMeaning meaning) throws IOException {
    List<String> all = new ArrayList<>(options.ignoredLabels());
    all.addAll(labels);
    long without = 0;
    long rest = 0;
    if (labels.size() > LEFT_OUT || !works(o -> o.withIgnoredLabels(all))) {
      return Refusal.of();
    }
    try (Table.Rows rows = table.rows()) {
      while (rows.advance()) {
        if (meaning.of(rows.text(column)) == LabelMeaning.UNKNOWN) {
          without++;
        } else {
          rest++;
        }
      }
    }
    if (without >= rest) {
      return Refusal.of();
    }
    Refusal remedy =
        Refusal.of(
            "if "
                + (labels.size() == 1 ? "it means" : "these mean")
                + " no class, leave "
                + (labels.size() == 1 ? "its" : "their")
                + " rows out");
    for (String label : labels) {
      remedy =
          remedy.and(Refusal.of(" ", PredictionRemedy.IGNORE_LABEL, " " + NameText.quoted(label)));
    }
    return remedy;
  }
}
