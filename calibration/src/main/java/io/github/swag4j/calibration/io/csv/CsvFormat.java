package io.github.swag4j.calibration.io.csv;

import io.github.swag4j.base.Refusal;
import io.github.swag4j.calibration.InvalidRowException;
import io.github.swag4j.calibration.Predictions;
import io.github.swag4j.calibration.PredictionsBuilder;
import io.github.swag4j.calibration.io.format.LabelsFile;
import io.github.swag4j.calibration.io.format.PredictionFileException;
import io.github.swag4j.calibration.io.format.ReadOptions;
import io.github.swag4j.calibration.io.format.ReadingNote;
import io.github.swag4j.calibration.io.internal.MaskedLogits;
import io.github.swag4j.calibration.io.internal.RowHints;
import io.github.swag4j.calibration.io.internal.Source;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Path;
import java.util.List;

/**
 * How the rows of one CSV file are understood: its header, the options, the meaning of labels. Safe
 * for use by several threads.
 */
final class CsvFormat {
  private final CsvTable table;
  private final CsvText text;
  private final ReadOptions options;
  private final Source source;
  private final CsvHeader header;
  private final int[] classColumns;
  private final int[] logitColumns;
  private final UnnamedColumns rowNames;
  private final CsvLabels labels;
  private final CsvNumbers numbers;
  private final int expectedEntropy;
  private final int weight;
  private final int group;
  private final int id;

  /** Why labels of a second file were not looked up, or none. */
  private final List<String> unjoined;

  private CsvFormat(CsvTable table, CsvHeader header, ReadOptions options, List<String> unjoined) {
    this.table = table;
    this.unjoined = unjoined;
    text = table.text();
    this.options = options;
    this.header = header;
    source = text.source();
    classColumns = header.classColumns();
    logitColumns = header.logitColumns();
    rowNames = new UnnamedColumns(header.rowNameColumns(), CsvNames.leading(header.names()));
    labels = new CsvLabels(table, header, options);
    numbers = new CsvNumbers(table, header, options, labels.areMissing());
    expectedEntropy = header.expectedEntropy();
    weight = header.weight();
    group = header.group();
    id = header.id();
  }

  /** The format of a file by its header. */
  static CsvFormat of(Path file, ReadOptions options) throws IOException {
    return of(file, null, options);
  }

  /** The format of a file by its header, with labels of a second one if that is not null. */
  static CsvFormat of(Path file, LabelsFile labels, ReadOptions options) throws IOException {
    return of(CsvText.of(file, options), labels, options);
  }

  /** The format of a table. */
  static CsvFormat of(CsvText own, LabelsFile labels, ReadOptions options) throws IOException {
    CsvText text = own;
    ReadOptions understood = text.understood(options);
    List<String> unjoined =
        labels == null || options.labelsNeeded() ? List.of() : text.unjoined(labels, understood);
    if (labels != null && unjoined.isEmpty()) {
      String column = labels.labelColumn().isEmpty() ? options.labelColumn() : labels.labelColumn();
      String made = CsvText.labelName(text.names());
      understood = understood.withLabelColumn("");
      text = text.labelled(new LabelsFile(labels.file(), labels.idColumn(), column), understood);
      understood = understood.withLabelColumn(made);
    }
    try (InputStream in = text.open()) {
      CsvRecords records = text.records(in);
      CsvTable table = new CsvTable(text, CsvNames.read(records, text.source()));
      CsvHeader header = CsvHeader.read(table, records.line(), text.source(), understood);
      return new CsvFormat(table, header, understood, unjoined);
    }
  }

  /** What the columns of the file are taken for. */
  ReadingNote note() {
    ReadingNote of = header.note().withIgnored(text.unread());
    return new ReadingNote(
            of.classes(),
            of.classColumns(),
            text.labelsOf(of.labels()),
            of.labelKind(),
            of.weights(),
            text.own(of.ignored()),
            of.warnings())
        .withWarnings(text.warnings())
        .withWarnings(unjoined);
  }

  CsvTable table() {
    return table;
  }

  CsvHeader header() {
    return header;
  }

  ReadOptions options() {
    return options;
  }

  Source source() {
    return source;
  }

  /** Number of class columns: one for a binary problem. */
  int columns() {
    return classColumns.length;
  }

  boolean hasLogits() {
    return logitColumns.length > 0;
  }

  /** The records of a part of this file. */
  CsvRecords records(InputStream in, CsvParts.Part part) {
    return text.records(in, part);
  }

  /** The table, to be cut into parts. */
  CsvText text() {
    return text;
  }

  /** Reads the record at hand into a row; false if its label leaves it out. */
  boolean row(CsvRecords records, CsvColumns into, int row) throws IOException {
    if (row == 0 && header.columns() == 1 && records.fields() > 1) {
      throw records.refuse(
          "a line must have the header's 1 column, got "
              + records.fields()
              + ": take the lines out that are above the header");
    }
    if (row == 0 && records.fields() == header.columns() + 1) {
      throw records.refuse(
          "a line must have the header's "
              + header.columns()
              + " columns, got one more: if the first holds the rows' names, as R's write.table has"
              + " them, give it a name in the header; if the last is empty, end the header with a"
              + " separator, too");
    }
    records.requireFields(header.columns());
    int at = row * classColumns.length;
    for (int column : classColumns) {
      into.values[at++] = numbers.ofClass(records, column);
    }
    at = row * logitColumns.length;
    for (int column : logitColumns) {
      into.logits[at++] = numbers.logit(records, column);
    }
    rowNames.check(records);
    boolean kept = true;
    if (!labels.areMissing()) {
      int label = labels.of(records);
      kept = label >= 0;
      into.labels[row] = Math.max(0, label);
    }
    if (expectedEntropy >= 0) {
      into.expectedEntropy[row] = numbers.plain(records, expectedEntropy);
    }
    if (weight >= 0) {
      into.weights[row] = numbers.plain(records, weight);
    }
    if (group >= 0) {
      into.groups[row] = records.verbatim(group);
    }
    if (id >= 0) {
      into.ids[row] = records.verbatim(id);
    }
    return kept;
  }

  /** Looks at columns without a name, when all rows have been read. */
  void requireUnnamed(long rows) throws PredictionFileException {
    rowNames.require(rows, source);
  }

  /** Whether one column of logits held nothing but probabilities so far. */
  boolean looksLikeNoLogits() {
    return numbers.areNoLogits();
  }

  /** To be called when all rows have been read. */
  void requireRowNames(long rows) throws PredictionFileException {
    requireUnnamed(rows);
    numbers.requireLogits(text.areNamedLogits(), source);
  }

  /** Predictions of the first rows of a block. */
  Predictions build(CsvColumns block, int rows) {
    int classes = classColumns.length;
    double[] from = hasLogits() ? block.logits : block.values;
    PredictionsBuilder builder = Predictions.builder();
    if (classes == 1) {
      builder.positiveProbabilities(java.util.Arrays.copyOf(block.values, rows));
    } else {
      numbers(builder, rows, (r, into, at) -> System.arraycopy(from, at, into, at, classes));
    }
    if (hasLogits() || options.logits()) {
      mask(builder, from, rows);
    }
    return finish(builder, block, rows);
  }

  /** Gives a builder probabilities instead of logits if one of these is minus infinity. */
  void mask(PredictionsBuilder builder, double[] logits, int rows) {
    int classes = classColumns.length;
    if (classes > 1 && MaskedLogits.isAmong(logits, rows * classes)) {
      MaskedLogits.give(builder, logits, rows, classes);
    }
  }

  /** Gives a builder the numbers of several classes as what they are. */
  void numbers(PredictionsBuilder builder, int rows, PredictionsBuilder.RowSource rowSource) {
    if (hasLogits() || options.logits()) {
      builder.logits(rows, classColumns.length, rowSource);
    } else {
      builder.probabilities(rows, classColumns.length, false, rowSource);
    }
  }

  /** Adds all else that is known to a builder that has the numbers, and builds. */
  Predictions finish(PredictionsBuilder builder, CsvColumns rows, int count) {
    if (options.renormalise()) {
      builder.renormalise();
    }
    if (classColumns.length > 1 && !header.namesAreIndices()) {
      builder.classNames(header.classNames());
    }
    rows.describe(builder, count);
    return builder.build();
  }

  /** A file with probabilities and logits is taken at its logits only if the two agree. */
  void compare(Predictions read, double[] values, Lines lines) throws IOException {
    int classes = classColumns.length;
    for (int r = 0; r < read.rows(); r++) {
      for (int k = 0; k < classes; k++) {
        double softmax = read.probability(r, k);
        double value = values[r * classes + k];
        if (!(Math.abs(softmax - value) <= Predictions.SUM_TOLERANCE)) {
          throw source
              .at(place(lines.of(r)) + ", column " + (classColumns[k] + 1))
              .refuse(
                  "'"
                      + header.name(classColumns[k])
                      + "' must be the softmax of the row's logits, "
                      + softmax
                      + ", got "
                      + value
                      + ": remove the columns of one of the two");
        }
      }
    }
  }

  private String place(long line) {
    return text.dialect().place(line);
  }

  /** Finds the line that a row of a block began on. */
  interface Lines {
    long of(int row) throws IOException;
  }

  /**
   * A row that is not valid, in words of the file.
   *
   * @param firstRow number in the file of the first of the rows that the failure counts
   */
  PredictionFileException refuse(InvalidRowException e, long firstRow, Lines lines)
      throws IOException {
    int classes = classColumns.length;
    int column = e.column() < 0 ? -1 : classColumns[classes == 1 ? 0 : e.column()];
    String row = "\\[" + e.row() + "]";
    boolean ofNumbers = RowHints.isOfNumbers(e);
    Refusal told = ofNumbers ? Refusal.of(RowHints.without(e)) : e.refusal();
    Refusal remedy = ofNumbers ? numbers.remedy(source) : Refusal.of();
    Refusal message = told.map(text -> text.replaceFirst(row, "[" + (firstRow + e.row()) + "]"));
    return source
        .at(place(lines.of(e.row())) + (column < 0 ? "" : ", column " + (column + 1)))
        .refuse(message.and(remedy.isEmpty() ? remedy : remedy.after(": ")), e);
  }
}
