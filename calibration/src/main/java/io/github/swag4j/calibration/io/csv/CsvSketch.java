package io.github.swag4j.calibration.io.csv;

import io.github.swag4j.base.Refusal;
import io.github.swag4j.calibration.InvalidRowException;
import io.github.swag4j.calibration.Predictions;
import io.github.swag4j.calibration.io.format.LabelsFile;
import io.github.swag4j.calibration.io.format.Noted;
import io.github.swag4j.calibration.io.format.PredictionFileException;
import io.github.swag4j.calibration.io.format.ReadOptions;
import io.github.swag4j.calibration.io.internal.ConstantClasses;
import io.github.swag4j.calibration.io.internal.LeftOut;
import io.github.swag4j.calibration.io.internal.LogitCheck;
import io.github.swag4j.calibration.io.internal.OrderedWork;
import io.github.swag4j.calibration.sketch.CalibrationSketch;
import io.github.swag4j.calibration.sketch.LabelledRows;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Path;
import java.util.List;
import java.util.function.IntFunction;

/**
 * The sketch of the rows of a CSV file, part by part and by several threads; of each part no more
 * than a block of rows is in memory at once.
 */
public final class CsvSketch implements OrderedWork.Worker {
  private static final int BLOCK_ROWS = 1000;
  private static final int BLOCK_VALUES = 1 << 16;

  private final CsvFormat format;
  private final CsvParts parts;
  private final CalibrationSketch sketch;
  private final CsvColumns block;
  private final int blockRows;

  /** Whether rows hold what a sketch takes as it is: probabilities of classes, and labels. */
  private final boolean plain;

  /** Of the block's rows, or null. */
  private final double[] weights;

  private CsvParts.Part part;
  private long rows;

  /** Rows whose labels left them out. */
  private long leftOut;

  /** Of the block's rows, their number within the part. */
  private final int[] rowOfPart;

  private final ConstantClasses constants = new ConstantClasses();

  /** Whether all rows that were to be logits are distributions. */
  private boolean distributions = true;

  private CsvSketch(CsvFormat format, CsvParts parts, CalibrationSketch sketch) {
    this.format = format;
    this.parts = parts;
    this.sketch = sketch;
    CsvHeader header = format.header();
    blockRows = Math.max(1, Math.min(BLOCK_ROWS, BLOCK_VALUES / format.columns()));
    block = CsvColumns.block(header, blockRows);
    rowOfPart = new int[blockRows];
    plain =
        format.columns() > 1
            && !format.hasLogits()
            && !format.options().logits()
            && !format.options().renormalise()
            && header.expectedEntropy() < 0;
    weights = header.weight() < 0 ? null : block.weights;
  }

  /**
   * The sketch of a file's rows.
   *
   * @param labels a second file with their labels, or null
   * @param empty an empty sketch for a number of classes
   */
  public static Noted<CalibrationSketch> of(
      Path file, LabelsFile labels, ReadOptions options, IntFunction<CalibrationSketch> empty)
      throws IOException {
    CsvFormat format = CsvFormat.of(file, labels, options);
    requireLabels(format);
    try (CsvParts parts = format.text().parts()) {
      List<CsvSketch> workers =
          OrderedWork.run(
              format.text().estimatedParts(),
              () -> new CsvSketch(format, parts, empty.apply(Math.max(2, format.columns()))));
      SketchedRows all = workers.get(0).seen();
      for (CsvSketch other : workers.subList(1, workers.size())) {
        all.merge(other.seen());
      }
      return noted(format, all, options);
    } catch (IllegalArgumentException e) {
      throw format.source().refuse(Refusal.of(e), e);
    }
  }

  static void requireLabels(CsvFormat format) throws IOException {
    if (format.header().label() < 0) {
      throw CsvPredictions.labelsMissing(format);
    }
  }

  /** What has been seen of all rows, once it is known to be enough. */
  static Noted<CalibrationSketch> noted(CsvFormat format, SketchedRows all, ReadOptions options)
      throws PredictionFileException {
    long leftOut = all.leftOut();
    if (all.rows() == 0 && leftOut > 0) {
      throw format.source().refuse(LeftOut.all(options));
    }
    CsvPredictions.requireRow(all.rows(), format.source());
    format.requireUnnamed(all.rows());
    boolean distributions =
        format.options().logits() && all.areDistributions() && format.columns() > 1;
    if (distributions || all.areProbabilities()) {
      throw LogitCheck.refusal(format.text().areNamedLogits(), format.source());
    }
    return new Noted<>(
        all.sketch(),
        format
            .note()
            .withWarnings(all.constants().warnings(format.note().classes()))
            .withWarnings(leftOut == 0 ? List.of() : List.of(LeftOut.said(leftOut, options))));
  }

  /** The rows of a table of the same columns, read by this thread alone. */
  static SketchedRows read(CsvFormat format, CsvText table, CalibrationSketch empty)
      throws IOException {
    try (CsvParts parts = table.parts()) {
      CsvSketch worker = new CsvSketch(format, parts, empty);
      while (worker.take() >= 0) {
        worker.work();
      }
      return worker.seen();
    } catch (IllegalArgumentException e) {
      throw format.source().refuse(Refusal.of(e), e);
    }
  }

  private SketchedRows seen() {
    return new SketchedRows(
        sketch, constants, rows, leftOut, distributions, format.looksLikeNoLogits());
  }

  @Override
  public long take() throws IOException {
    part = parts.next();
    return part == null ? -1 : part.index();
  }

  @Override
  public void work() throws IOException {
    try (InputStream in = parts.open(part)) {
      CsvRecords records = format.records(in, part);
      int read = 0;
      int filled = 0;
      boolean more = true;
      while (more) {
        more = records.advance();
        if (more) {
          rowOfPart[filled] = read++;
          filled += format.row(records, block, filled) ? 1 : 0;
        }
        if (filled == blockRows || !more && filled > 0) {
          add(filled);
          rows += filled;
          leftOut -= filled;
          filled = 0;
        }
      }
      leftOut += read;
    }
  }

  /** Adds the rows of the block. */
  private void add(int count) throws IOException {
    CsvFormat.Lines lines = r -> CsvPredictions.line(format, parts, part, rowOfPart[r]);
    try {
      if (plain) {
        addPlain(count);
        return;
      }
      Predictions built = format.build(block, count);
      int classes = built.classes();
      distributions =
          distributions
              && format.options().logits()
              && format.columns() > 1
              && LogitCheck.areDistributions(block.values, count, classes);
      if (format.hasLogits()) {
        format.compare(built, block.values, lines);
      }
      if (built.isBinary()) {
        constants.add(block.values, count, 1);
        sketch.add(LabelledRows.ofPositive(block.values, block.labels).weights(weights), 0, count);
        return;
      }
      for (int r = 0; r < count; r++) {
        System.arraycopy(built.probabilities(r), 0, block.values, r * classes, classes);
      }
      constants.add(block.values, count, classes);
      sketch.add(
          LabelledRows.of(block.values, block.labels, sketch.classes()).weights(weights), 0, count);
    } catch (InvalidRowException e) {
      throw format.refuse(e, part.row() + rowOfPart[e.row()] - e.row(), lines);
    }
  }

  private void addPlain(int count) {
    constants.add(block.values, count, sketch.classes());
    try {
      sketch.add(
          LabelledRows.of(block.values, block.labels, sketch.classes()).weights(weights), 0, count);
    } catch (InvalidRowException e) {
      format.build(block, count); // refuses it too, and says how many and what to do
      throw e;
    }
  }
}
