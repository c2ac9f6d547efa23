package io.github.swag4j.calibration.io.csv;

import io.github.swag4j.base.Refusal;
import io.github.swag4j.calibration.PredictionRemedy;
import io.github.swag4j.calibration.io.columns.CellHints;
import io.github.swag4j.calibration.io.columns.ColumnHints;
import io.github.swag4j.calibration.io.format.PredictionFileException;
import io.github.swag4j.calibration.io.format.ReadOptions;
import io.github.swag4j.calibration.io.internal.LogitCheck;
import io.github.swag4j.calibration.io.internal.Source;
import io.github.swag4j.calibration.io.internal.UsualNames;
import java.io.IOException;
import java.util.stream.IntStream;

/**
 * The numbers of a CSV file as the options say they are written. Safe for use by several threads.
 */
final class CsvNumbers {
  private final CsvTable table;
  private final CsvHeader header;
  private final ReadOptions options;
  private final boolean unlabelled;

  /** Whether class columns hold what their names say: nothing is to be done to them. */
  private final boolean plain;

  private final boolean oneLogit;

  /** Whether a logit was no probability; only ever set, read when all is done. */
  private volatile boolean logitsSeen;

  CsvNumbers(CsvTable table, CsvHeader header, ReadOptions options, boolean unlabelled) {
    this.table = table;
    this.header = header;
    this.options = options;
    this.unlabelled = unlabelled;
    oneLogit = options.logits() && header.classColumns().length == 1;
    plain = !options.percent() && !oneLogit;
  }

  /**
   * A number of a class: percentages are divided, the logit of one column is put through a sigmoid.
   */
  double ofClass(CsvRecords records, int column) throws IOException {
    double value = records.number(column);
    if (plain && !Double.isNaN(value)) {
      return value;
    }
    if (Double.isNaN(value)) {
      value = unusual(records, column, options.logits());
    }
    if (oneLogit) {
      if (!logitsSeen && !(value >= 0 && value <= 1)) {
        logitsSeen = true;
      }
      return 1 / (1 + Math.exp(-value));
    }
    return options.percent() ? value / 100 : value;
  }

  /** A logit beside a probability. */
  double logit(CsvRecords records, int column) throws IOException {
    double value = records.number(column);
    return Double.isNaN(value) ? unusual(records, column, true) : value;
  }

  /** A finite number of anything else. */
  double plain(CsvRecords records, int column) throws PredictionFileException {
    double value = records.number(column);
    if (Double.isNaN(value)) {
      throw notFinite(records, column, Refusal.of());
    }
    return value;
  }

  private double unusual(CsvRecords records, int column, boolean logits) throws IOException {
    double value = UnusualNumbers.of(records, column);
    if (value == Double.NEGATIVE_INFINITY && logits) {
      return value;
    }
    if (Double.isFinite(value)) {
      if (options.percent()) {
        return value;
      }
      throw notFinite(records, column, hints().percentage());
    }
    throw notFinite(records, column, isClass(column) ? remedy(column) : Refusal.of());
  }

  private PredictionFileException notFinite(CsvRecords records, int column, Refusal remedy)
      throws PredictionFileException {
    String problem =
        "'" + header.name(column) + "' must be a finite number, got '" + records.text(column) + "'";
    return records.refuse(column, remedy.after(problem + (remedy.isEmpty() ? "" : ": ")));
  }

  private boolean isClass(int column) {
    return IntStream.of(header.classColumns()).anyMatch(each -> each == column);
  }

  private CellHints hints() {
    return new CellHints(table, options, table.text().source());
  }

  /** What to do about a cell of a class that is no number, or if the column is no class. */
  private Refusal remedy(int column) throws IOException {
    return hints().number(column, unlabelled);
  }

  /** What to do about rows that are no distributions; each remedy has been tried. */
  Refusal remedy(Source source) throws IOException {
    Refusal tried = ColumnHints.forRows(table, options, source);
    if (!tried.isEmpty() || !options.classColumns().isEmpty() || header.namesAreIndices()) {
      return tried;
    }
    return Refusal.of(
        "if not all of the columns "
            + UsualNames.shown(header.classNames())
            + " are classes, name those that are (",
        PredictionRemedy.CLASS_COLUMNS,
        ") or the others (",
        PredictionRemedy.IGNORED_COLUMNS,
        ")",
        unlabelled ? ", or call the one 'label' that holds the labels" : "");
  }

  /** Whether one column of logits held nothing but probabilities so far. */
  boolean areNoLogits() {
    return oneLogit && !logitsSeen;
  }

  /** Refuses one column of logits that are all probabilities. To be called at the end. */
  void requireLogits(boolean named, Source source) throws PredictionFileException {
    if (areNoLogits()) {
      throw LogitCheck.refusal(named, source);
    }
  }
}
