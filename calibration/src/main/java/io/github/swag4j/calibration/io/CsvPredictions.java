package io.github.swag4j.calibration.io;

import io.github.swag4j.calibration.CalibrationSketch;
import io.github.swag4j.calibration.Predictions;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;

/** Predictions from a CSV file with a header, read record by record. */
final class CsvPredictions {
  /** Rows that are in memory at once when a file is streamed. */
  private static final int BLOCK = 1000;

  private final PredictionFiles.Options options;
  private final CsvRecords records;
  private final Source source;
  private final CsvHeader header;
  private final int[] classColumns;
  private final int[] logitColumns;
  private final Map<String, Integer> classOf = new HashMap<>();

  /**
   * Whether the text of a label may be a name; if classes are called 0, 1, ... it says the same.
   */
  private final boolean named;

  private CsvColumns columns = new CsvColumns();

  private CsvPredictions(CsvRecords records, Path file, PredictionFiles.Options options)
      throws IOException {
    this.records = records;
    this.options = options;
    source = new Source(file, "");
    header = CsvHeader.read(records, source, options);
    classColumns = header.classColumns();
    logitColumns = header.logitColumns();
    named = options.labels() != PredictionFiles.Labels.INDEX && !header.namesAreIndices();
    for (int k = 0; k < classColumns.length && classColumns.length > 1; k++) {
      classOf.put(header.name(classColumns[k]), k);
    }
  }

  static Predictions read(Path file, PredictionFiles.Options options) throws IOException {
    try (InputStream in = Files.newInputStream(file)) {
      return new CsvPredictions(new CsvRecords(in, file), file, options).read();
    }
  }

  /** The sketch of a file's rows, of which no more than a block is in memory. */
  static CalibrationSketch sketch(Path file, PredictionFiles.Options options, int bins)
      throws IOException {
    try (InputStream in = Files.newInputStream(file)) {
      return new CsvPredictions(new CsvRecords(in, file), file, options).sketch(bins);
    }
  }

  private Predictions read() throws IOException {
    while (records.advance()) {
      if ((columns.rows() + 1L) * classColumns.length > Integer.MAX_VALUE - 8) {
        throw records.refuse(
            "rows times classes must be below 2^31: split the file, or stream it with"
                + " StreamedSketch.ofCsv");
      }
      row();
    }
    requireRow(columns.rows());
    return columns.build(header, options, source, 0);
  }

  private CalibrationSketch sketch(int bins) throws IOException {
    if (header.label() < 0) {
      throw source.refuse("a sketch needs labels, got no column of " + CsvHeader.LABELS);
    }
    CalibrationSketch sketch = null;
    long rows = 0;
    boolean more = true;
    while (more) {
      more = records.advance();
      if (more) {
        row();
      }
      if (columns.rows() == BLOCK || !more && columns.rows() > 0) {
        Predictions block = columns.build(header, options, source, rows);
        rows += block.rows();
        try {
          sketch = sketch == null ? new CalibrationSketch(block.classes(), bins) : sketch;
          sketch.add(block);
        } catch (IllegalArgumentException e) {
          throw source.refuse(e.getMessage(), e);
        }
        columns = new CsvColumns();
      }
    }
    requireRow(rows);
    return sketch;
  }

  private void requireRow(long rows) throws PredictionFileException {
    if (rows == 0) {
      throw source.refuse("a file of predictions must have at least 1 row after the header, got 0");
    }
  }

  private void row() throws PredictionFileException {
    if (records.fields() != header.columns()) {
      throw records.refuse(
          "a line must have the header's "
              + header.columns()
              + " columns, got "
              + records.fields());
    }
    for (int column : classColumns) {
      columns.values.add(number(column));
    }
    for (int column : logitColumns) {
      columns.logits.add(number(column));
    }
    if (header.label() >= 0) {
      columns.labels.add(label(header.label()));
    }
    if (header.expectedEntropy() >= 0) {
      columns.expectedEntropy.add(number(header.expectedEntropy()));
    }
    if (header.weight() >= 0) {
      columns.weights.add(number(header.weight()));
    }
    if (header.group() >= 0) {
      columns.groups.add(records.text(header.group()));
    }
    if (header.id() >= 0) {
      columns.ids.add(records.text(header.id()));
    }
    columns.endRow(records.line());
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
}
