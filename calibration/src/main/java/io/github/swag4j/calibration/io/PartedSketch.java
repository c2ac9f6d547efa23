package io.github.swag4j.calibration.io;

import io.github.swag4j.calibration.binning.BinningConvention;
import io.github.swag4j.calibration.io.csv.SketchedParts;
import io.github.swag4j.calibration.io.csv.SketchedRows;
import io.github.swag4j.calibration.io.format.Noted;
import io.github.swag4j.calibration.io.format.PredictionFileException;
import io.github.swag4j.calibration.io.format.ReadOptions;
import io.github.swag4j.calibration.io.format.ReadingNote;
import io.github.swag4j.calibration.io.internal.UsualNames;
import io.github.swag4j.calibration.io.table.TableFile;
import io.github.swag4j.calibration.sketch.CalibrationSketch;
import java.io.IOException;
import java.io.Serializable;
import java.nio.file.Path;

/**
 * The calibration sketch of a table that lies in parts on many machines. Some rows decide what each
 * column is, by the rules of files; every part is read by that decision, and a row that does not
 * fit it is refused. The sketch has the bits of {@link StreamedSketch} for the whole table, however
 * it is divided.
 *
 * <p>Any process makes the same decision of the same rows, so that these are all that has to be
 * sent.
 */
public final class PartedSketch {
  private final SketchedParts parts;

  private PartedSketch(SketchedParts parts) {
    this.parts = parts;
  }

  /** What was seen of some rows; mutable, and sent as the bytes of a sketch and a few numbers. */
  public static final class Part implements Serializable {
    private static final long serialVersionUID = 1L;

    /** What the reader of a part has seen. */
    private final SketchedRows rows;

    private Part(SketchedRows rows) {
      this.rows = rows;
    }

    /**
     * Adds what was seen of other rows.
     *
     * @param other another part, of the same table and convention
     */
    public void merge(Part other) {
      rows.merge(other.rows);
    }
  }

  /**
   * Decides what columns are.
   *
   * @param name what the table is called in refusals
   * @param some rows of the table, at least one
   * @param options how the table is read
   * @return the decision
   * @throws PredictionFileException if it cannot be told; says which option tells it
   * @throws IOException if the rows cannot be read
   */
  public static PartedSketch of(Path name, TableFile some, ReadOptions options) throws IOException {
    return new PartedSketch(SketchedParts.of(name, some, options));
  }

  /**
   * Whether a column is one of labels by its name.
   *
   * @param column what it is called
   * @return true of the usual names
   */
  public static boolean isLabel(String column) {
    return UsualNames.isOneOf(UsualNames.LABELS, column);
  }

  /**
   * What the columns are taken for.
   *
   * @return the note on some rows, without what all rows would warn of
   */
  public ReadingNote note() {
    return parts.note();
  }

  /**
   * Reads the rows of a part, which may be none.
   *
   * @param rows of the columns of the table; opened once, its count is not asked for
   * @param convention one of fixed bins
   * @return what was seen of them
   * @throws PredictionFileException if a row is not valid, or not what columns were taken for; the
   *     place is that in the part
   * @throws IOException if they cannot be read
   */
  public Part part(TableFile rows, BinningConvention convention) throws IOException {
    return new Part(parts.read(rows, classes -> new CalibrationSketch(classes, convention)));
  }

  /**
   * The sketch of all rows.
   *
   * @param all what was seen of them
   * @return the sketch, with the note on its rows
   * @throws PredictionFileException if there is no row, or what was to be logits is distributions
   * @throws IOException never otherwise
   */
  public Noted<CalibrationSketch> sketch(Part all) throws IOException {
    Noted<CalibrationSketch> read = parts.whole(all.rows);
    return new Noted<>(
        read.value(), read.note().withWarnings(ReadingWarnings.of(read.value(), read.note())));
  }
}
