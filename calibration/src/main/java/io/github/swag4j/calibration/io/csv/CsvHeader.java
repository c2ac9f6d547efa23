package io.github.swag4j.calibration.io.csv;

import io.github.swag4j.calibration.io.columns.ColumnPlan;
import io.github.swag4j.calibration.io.columns.ColumnRule;
import io.github.swag4j.calibration.io.columns.LabelMeaning;
import io.github.swag4j.calibration.io.format.ReadOptions;
import io.github.swag4j.calibration.io.format.ReadingNote;
import io.github.swag4j.calibration.io.internal.Source;
import io.github.swag4j.calibration.io.internal.UsualNames;
import java.io.IOException;
import java.util.List;

/** First line of a CSV file of predictions, understood with the rows below it. */
final class CsvHeader {
  private final List<String> names;
  private final ColumnPlan plan;

  private CsvHeader(List<String> names, ColumnPlan plan) {
    this.names = names;
    this.plan = plan;
  }

  /** Understands the columns of a table, of which the header is on a line. */
  static CsvHeader read(CsvTable table, long line, Source source, ReadOptions options)
      throws IOException {
    return new CsvHeader(
        table.names(),
        ColumnRule.of(table, options, source.at(table.text().dialect().place(Math.max(1, line)))));
  }

  int columns() {
    return names.size();
  }

  List<String> names() {
    return names;
  }

  /** Columns without a name at the start, which must hold names or numbers of rows. */
  int[] rowNameColumns() {
    return ints(plan.rowNames());
  }

  String name(int column) {
    return names.get(column);
  }

  int[] classColumns() {
    return ints(plan.classColumns());
  }

  /** Columns of the logits, in the order of the classes; empty if there are none. */
  int[] logitColumns() {
    return ints(plan.logitColumns());
  }

  private static int[] ints(List<Integer> columns) {
    return columns.stream().mapToInt(Integer::intValue).toArray();
  }

  List<String> classNames() {
    return plan.classNames();
  }

  /** Whether the class columns are called 0, 1, 2, ... in this order: no names, then. */
  boolean namesAreIndices() {
    return UsualNames.areIndices(classNames());
  }

  /** How labels say their class. */
  LabelMeaning labels() {
    return plan.labels();
  }

  /** What the columns were taken for. */
  ReadingNote note() {
    return plan.note();
  }

  int label() {
    return plan.label();
  }

  int expectedEntropy() {
    return plan.expectedEntropy();
  }

  int weight() {
    return plan.weight();
  }

  int group() {
    return plan.group();
  }

  int id() {
    return plan.id();
  }
}
