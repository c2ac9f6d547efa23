package io.github.swag4j.calibration.io;

import io.github.swag4j.calibration.InvalidRowException;
import io.github.swag4j.calibration.Predictions;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** Predictions from a CSV file with a header, read record by record. */
final class CsvPredictions {
  private final PredictionFiles.Options options;
  private final CsvRecords records;
  private final Source source;
  private final CsvHeader header;
  private final int[] classColumns;
  private final Map<String, Integer> classOf = new HashMap<>();

  /**
   * Whether the text of a label may be a name; if classes are called 0, 1, ... it says the same.
   */
  private final boolean named;

  private final DoubleColumn values = new DoubleColumn();
  private final DoubleColumn expectedEntropy = new DoubleColumn();
  private final DoubleColumn weights = new DoubleColumn();
  private final DoubleColumn labels = new DoubleColumn();
  private final RowLines lines = new RowLines();
  private final List<String> groups = new ArrayList<>();
  private final List<String> ids = new ArrayList<>();

  private CsvPredictions(CsvRecords records, Path file, PredictionFiles.Options options)
      throws IOException {
    this.records = records;
    this.options = options;
    source = new Source(file, "");
    header = CsvHeader.read(records, source, options);
    classColumns = header.classColumns();
    named = options.labels() != PredictionFiles.Labels.INDEX && !header.namesAreIndices();
    for (int k = 0; k < classColumns.length && classColumns.length > 1; k++) {
      classOf.put(header.name(classColumns[k]), k);
    }
  }

  static Predictions read(Path file, PredictionFiles.Options options) throws IOException {
    try (InputStream in = Files.newInputStream(file)) {
      CsvRecords records = new CsvRecords(in, file);
      return new CsvPredictions(records, file, options).read();
    }
  }

  private Predictions read() throws IOException {
    int rows = 0;
    while (records.advance()) {
      if (records.fields() != header.columns()) {
        throw records.refuse(
            "a line must have the header's "
                + header.columns()
                + " columns, got "
                + records.fields());
      }
      if ((rows + 1L) * classColumns.length > Integer.MAX_VALUE - 8) {
        throw records.refuse(
            "rows times classes must be below 2^31: split the file, or stream it into a"
                + " CalibrationSketch");
      }
      row();
      lines.add(rows, records.line());
      rows++;
    }
    if (rows == 0) {
      throw source.refuse("a file of predictions must have at least 1 row after the header, got 0");
    }
    return build(rows);
  }

  private void row() throws PredictionFileException {
    for (int column : classColumns) {
      values.add(number(column));
    }
    if (header.label() >= 0) {
      labels.add(label(header.label()));
    }
    if (header.expectedEntropy() >= 0) {
      expectedEntropy.add(number(header.expectedEntropy()));
    }
    if (header.weight() >= 0) {
      weights.add(number(header.weight()));
    }
    if (header.group() >= 0) {
      groups.add(records.text(header.group()));
    }
    if (header.id() >= 0) {
      ids.add(records.text(header.id()));
    }
  }

  private double number(int column) throws PredictionFileException {
    double value = records.number(column);
    if (Double.isNaN(value)) {
      throw refuse(column, "must be a finite number, got '" + records.text(column) + "'");
    }
    return value;
  }

  private int label(int column) throws PredictionFileException {
    int classes = Math.max(2, classColumns.length);
    int index = records.index(column);
    if (named) {
      Integer k = classOf.get(records.text(column));
      if (k != null) {
        return k;
      }
      if (options.labels() == PredictionFiles.Labels.NAME) {
        index = -1;
      }
    }
    if (index < 0 || index >= classes) {
      throw refuse(
          column,
          "must be "
              + (options.labels() == PredictionFiles.Labels.NAME
                  ? "the name of a class column"
                  : "a class index below " + classes + " or the name of a class column")
              + ", got '"
              + records.text(column)
              + "'");
    }
    return index;
  }

  private PredictionFileException refuse(int column, String problem) {
    return records.refuse(column, "'" + header.name(column) + "' " + problem);
  }

  private Predictions build(int rows) throws PredictionFileException {
    Predictions.Builder builder = Predictions.builder();
    if (options.renormalise()) {
      builder.renormalise();
    }
    int classes = classColumns.length;
    Predictions.RowSource source = (r, into, from) -> values.copy(r * classes, into, from, classes);
    if (classes == 1) {
      builder.positiveProbabilities(values.toArray());
    } else if (options.logits()) {
      builder.logits(rows, classes, source);
    } else {
      builder.probabilities(rows, classes, false, source);
    }
    if (classes > 1 && !header.namesAreIndices()) {
      builder.classNames(header.classNames());
    }
    if (header.label() >= 0) {
      builder.labels(labels.toInts());
    }
    if (header.expectedEntropy() >= 0) {
      builder.expectedEntropy(expectedEntropy.toArray());
    }
    if (header.weight() >= 0) {
      builder.weights(weights.toArray());
    }
    if (header.group() >= 0) {
      builder.groups(groups.toArray(new String[0]));
    }
    if (header.id() >= 0) {
      builder.ids(ids.toArray(new String[0]));
    }
    try {
      return builder.build();
    } catch (InvalidRowException e) {
      String column =
          e.column() < 0 ? "" : ", column " + (classColumns[classes == 1 ? 0 : e.column()] + 1);
      throw this.source.at("line " + lines.of(e.row()) + column).refuse(e.getMessage(), e);
    } catch (IllegalArgumentException e) {
      throw this.source.refuse(e.getMessage(), e);
    }
  }
}
