package io.github.swag4j.calibration.io.csv;

import io.github.swag4j.calibration.io.format.Noted;
import io.github.swag4j.calibration.io.format.ReadOptions;
import io.github.swag4j.calibration.io.format.ReadingNote;
import io.github.swag4j.calibration.io.jsonl.TableLines;
import io.github.swag4j.calibration.io.table.TableFile;
import io.github.swag4j.calibration.sketch.CalibrationSketch;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Set;
import java.util.function.IntFunction;

/** The sketch of a table that comes in parts, all understood as some of its rows are. */
public final class SketchedParts {
  private final Path file;
  private final TableLines.Opened lines;
  private final CsvFormat format;
  private final ReadOptions options;

  private SketchedParts(Path file, TableLines.Opened lines, CsvFormat format, ReadOptions options) {
    this.file = file;
    this.lines = lines;
    this.format = format;
    this.options = options;
  }

  /** Finds out what columns are, by some rows. */
  public static SketchedParts of(Path file, TableFile some, ReadOptions options)
      throws IOException {
    TableLines.Opened lines = TableLines.of(file, some, Set.copyOf(options.ignoredColumns()));
    CsvFormat format = CsvFormat.of(CsvText.of(file, lines), null, options);
    CsvSketch.requireLabels(format);
    if (format.header().rowNameColumns().length > 0) {
      throw format.source().refuse("a column must have a name of its own, got none: name it");
    }
    return new SketchedParts(file, lines, format, options);
  }

  /** What the columns are taken for. */
  public ReadingNote note() {
    return format.note();
  }

  /** Reads the rows of a part. */
  public SketchedRows read(TableFile part, IntFunction<CalibrationSketch> empty)
      throws IOException {
    CalibrationSketch none = empty.apply(Math.max(2, format.columns()));
    return CsvSketch.read(format, CsvText.of(file, lines.with(part)), none);
  }

  /** The sketch of all rows, once it is known that they are what they were taken for. */
  public Noted<CalibrationSketch> whole(SketchedRows all) throws IOException {
    return CsvSketch.noted(format, all, options);
  }
}
