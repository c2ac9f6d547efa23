package io.github.swag4j.calibration.io.csv;

import io.github.swag4j.base.Refusal;
import io.github.swag4j.calibration.InvalidRowException;
import io.github.swag4j.calibration.PredictionRemedy;
import io.github.swag4j.calibration.Predictions;
import io.github.swag4j.calibration.PredictionsBuilder;
import io.github.swag4j.calibration.io.format.LabelsFile;
import io.github.swag4j.calibration.io.format.PredictionFileException;
import io.github.swag4j.calibration.io.format.ReadOptions;
import io.github.swag4j.calibration.io.format.ReadingNote;
import io.github.swag4j.calibration.io.format.ReadingNote.LabelKind;
import io.github.swag4j.calibration.io.internal.Source;
import io.github.swag4j.calibration.io.internal.UsualNames;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;

/**
 * How the rows of one CSV file are understood: its header, the options, the meaning of labels. Safe
 * for use by several threads.
 */
final class CsvFormat {
  /** Behind "leave it". */
  static final Refusal IGNORE =
      Refusal.of(
          " out ",
          PredictionRemedy.IGNORED_COLUMNS,
          " or name the classes ",
          PredictionRemedy.CLASS_COLUMNS);

  private final CsvText text;
  private final ReadOptions options;
  private final Source source;
  private final CsvHeader header;
  private final int[] classColumns;
  private final int[] logitColumns;
  private final UnnamedColumns rowNames;
  private final CsvLabels labels;
  private final int expectedEntropy;
  private final int weight;
  private final int group;
  private final int id;

  private CsvFormat(CsvText text, CsvHeader header, ReadOptions options) {
    this.text = text;
    this.options = options;
    this.header = header;
    source = text.source();
    classColumns = header.classColumns();
    logitColumns = header.logitColumns();
    rowNames = new UnnamedColumns(header.rowNameColumns());
    labels = new CsvLabels(header, options.labels());
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
    CsvText text = CsvText.of(file, options);
    ReadOptions understood = text.understood(options);
    if (labels != null) {
      text = text.labelled(labels, understood);
    }
    try (InputStream in = text.open()) {
      CsvHeader header = CsvHeader.read(text.records(in), text.source(), understood);
      return new CsvFormat(text, header, understood);
    }
  }

  /** What the columns of a file are taken for. */
  static ReadingNote note(CsvHeader header, ReadOptions options) {
    int columns = header.classColumns().length;
    List<String> names = new ArrayList<>(header.classNames());
    List<Integer> read = new ArrayList<>();
    IntStream.of(header.classColumns()).forEach(read::add);
    IntStream.of(header.logitColumns()).forEach(read::add);
    IntStream.of(header.label(), header.weight(), header.expectedEntropy(), header.group())
        .forEach(read::add);
    List<String> ignored = new ArrayList<>();
    for (int c = 0; c < header.columns(); c++) {
      if (!read.contains(c)) {
        ignored.add(header.name(c).isEmpty() ? "column " + (c + 1) : header.name(c));
      }
    }
    return new ReadingNote(
        columns == 1 ? List.of("0", "1") : names,
        names,
        header.label() < 0 ? "" : header.name(header.label()),
        header.label() < 0
            ? LabelKind.NONE
            : options.labels() == ReadOptions.Labels.NAME
                ? LabelKind.NAMES
                : options.labels() == ReadOptions.Labels.INDEX || header.namesAreIndices()
                    ? LabelKind.INDICES
                    : LabelKind.NAMES_AND_INDICES,
        header.weight() < 0 ? "" : header.name(header.weight()),
        ignored,
        List.of());
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

  /** Reads the record at hand into a row. */
  void row(CsvRecords records, CsvColumns into, int row) throws PredictionFileException {
    if (records.fields() != header.columns()) {
      throw records.refuse(
          "a line must have the header's "
              + header.columns()
              + " columns, got "
              + records.fields());
    }
    int at = row * classColumns.length;
    for (int column : classColumns) {
      into.values[at++] = number(records, column);
    }
    at = row * logitColumns.length;
    for (int column : logitColumns) {
      into.logits[at++] = number(records, column);
    }
    rowNames.check(records);
    if (!labels.areMissing()) {
      into.labels[row] = labels.of(records);
    }
    if (expectedEntropy >= 0) {
      into.expectedEntropy[row] = number(records, expectedEntropy);
    }
    if (weight >= 0) {
      into.weights[row] = number(records, weight);
    }
    if (group >= 0) {
      into.groups[row] = records.verbatim(group);
    }
    if (id >= 0) {
      into.ids[row] = records.verbatim(id);
    }
  }

  private double number(CsvRecords records, int column) throws PredictionFileException {
    double value = records.number(column);
    if (Double.isNaN(value)) {
      String problem = "must be a finite number, got '" + records.text(column) + "'";
      Refusal remedy = isClass(column) ? remedy(column) : Refusal.of();
      throw refuse(records, column, remedy.after(problem + (remedy.isEmpty() ? "" : ": ")));
    }
    return value;
  }

  /** To be called when all rows have been read. */
  void requireRowNames(long rows) throws PredictionFileException {
    rowNames.require(rows, source);
  }

  private boolean isClass(int column) {
    for (int each : classColumns) {
      if (each == column) {
        return true;
      }
    }
    return false;
  }

  /** What to do if a column was only taken for a class: one column, or -1 for any. */
  private Refusal remedy(int column) {
    if (!options.classColumns().isEmpty() || header.namesAreIndices()) {
      return Refusal.of();
    }
    if (column >= 0) {
      return IGNORE
          .after("if '" + header.name(column) + "' is not a class, leave it")
          .and(
              Refusal.of(labels.areMissing() ? ", or call it 'label' if it holds the labels" : ""));
    }
    return IGNORE
        .after(
            "if not all of the columns "
                + UsualNames.shown(header.classNames())
                + " are classes, leave the others")
        .and(
            Refusal.of(
                labels.areMissing() ? ", or call the one 'label' that holds the labels" : ""));
  }

  private PredictionFileException refuse(CsvRecords records, int column, Refusal problem) {
    return records.refuse(column, problem.after("'" + header.name(column) + "' "));
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
    return finish(builder, block, rows);
  }

  /** Gives a builder the numbers of several classes as what they are. */
  void numbers(PredictionsBuilder builder, int rows, PredictionsBuilder.RowSource numbers) {
    if (hasLogits() || options.logits()) {
      builder.logits(rows, classColumns.length, numbers);
    } else {
      builder.probabilities(rows, classColumns.length, false, numbers);
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
              .at("line " + lines.of(r) + ", column " + (classColumns[k] + 1))
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
    Refusal message =
        e.refusal().map(text -> text.replaceFirst(row, "[" + (firstRow + e.row()) + "]"));
    Refusal remedy = e.getMessage().startsWith("probabilities") ? remedy(column) : Refusal.of();
    return source
        .at("line " + lines.of(e.row()) + (column < 0 ? "" : ", column " + (column + 1)))
        .refuse(message.and(remedy.isEmpty() ? remedy : remedy.after("; ")), e);
  }
}
