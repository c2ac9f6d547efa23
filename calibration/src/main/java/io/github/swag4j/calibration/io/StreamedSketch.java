package io.github.swag4j.calibration.io;

import io.github.swag4j.calibration.binning.BinningConvention;
import io.github.swag4j.calibration.io.csv.CsvSketch;
import io.github.swag4j.calibration.io.format.LabelsFile;
import io.github.swag4j.calibration.io.format.Noted;
import io.github.swag4j.calibration.io.format.PredictionFileException;
import io.github.swag4j.calibration.io.format.ReadOptions;
import io.github.swag4j.calibration.io.format.ReadingNote;
import io.github.swag4j.calibration.io.internal.Source;
import io.github.swag4j.calibration.io.npz.MappedNpyPair;
import io.github.swag4j.calibration.io.npz.NpyHeader;
import io.github.swag4j.calibration.io.npz.NpzNotes;
import io.github.swag4j.calibration.io.npz.NpzSketch;
import io.github.swag4j.calibration.io.text.FileKind;
import io.github.swag4j.calibration.sketch.CalibrationSketch;
import java.io.BufferedInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.List;
import java.util.concurrent.RecursiveTask;
import java.util.function.IntFunction;

/**
 * Calibration sketches of predictions on disk that need not fit in memory: NPY files mapped into
 * memory piece by piece, NPZ files read a block at a time, and CSV files read record by record, all
 * by all threads of the common pool. The heap used does not depend on the number of rows, and the
 * result is the same bits as {@link CalibrationSketch} gives for the same rows in memory.
 */
public final class StreamedSketch {
  /** Bytes of probabilities that one task maps at a time. */
  private static final long TASK_BYTES = 16L << 20;

  private StreamedSketch() {}

  /**
   * The sketch of a pair of NPY files.
   *
   * @param probabilities {@code [rows, classes]}, float16, float32 or float64, in C order; or
   *     {@code [rows]} or {@code [rows, 1]} for the positive class of a binary problem
   * @param labels {@code [rows]}, integers
   * @param convention one of fixed bins, see {@link BinningConvention#hasFixedBins}
   * @return the sketch
   * @throws PredictionFileException if a file is not such an array, or a row is not valid; names
   *     the place
   * @throws IOException if a file cannot be read
   */
  public static CalibrationSketch of(Path probabilities, Path labels, BinningConvention convention)
      throws IOException {
    NpyHeader values = header(probabilities);
    NpyHeader targets = header(labels);
    check(probabilities, values, labels, targets);
    try (FileChannel p = FileChannel.open(probabilities, StandardOpenOption.READ);
        FileChannel y = FileChannel.open(labels, StandardOpenOption.READ)) {
      MappedNpyPair pair = new MappedNpyPair(probabilities, p, values, labels, y, targets);
      return new Part(pair, convention, 0, values.shape().get(0)).invoke();
    } catch (UncheckedIOException e) {
      throw e.getCause();
    }
  }

  /**
   * The sketch of a table, JSON Lines or an NPZ file. Tables are read by all threads of the common
   * pool, a thousand rows each at a time. Of NPZ the arrays of probabilities (or logits), labels
   * and weights are read in step, stored or deflated, of any element type and byte order; arrays in
   * Fortran order are streamed if they are stored and have at most 4,096 columns, and refused
   * otherwise.
   *
   * @param file predictions with labels, see {@link PredictionFiles}
   * @param options how the file is read
   * @param convention one of fixed bins, see {@link BinningConvention#hasFixedBins}
   * @return the sketch
   * @throws PredictionFileException if the file is not one of predictions with labels, or the
   *     convention's bins depend on the data; names the place
   * @throws IOException if the file cannot be read
   */
  public static CalibrationSketch of(Path file, ReadOptions options, BinningConvention convention)
      throws IOException {
    return unwarned(file, options, convention).value();
  }

  private static Noted<CalibrationSketch> unwarned(
      Path file, ReadOptions options, BinningConvention convention) throws IOException {
    IntFunction<CalibrationSketch> start = classes -> new CalibrationSketch(classes, convention);
    return switch (FileKind.of(file)) {
      case TABLE, JSON_LINES -> CsvSketch.of(file, null, options, start);
      case NPZ -> NpzSketch.of(file, options, start);
      case NPY ->
          throw new Source(file, "")
              .refuse(
                  "an .npy file has no labels: give those in a second one, or stream an .npz file");
    };
  }

  /**
   * The sketch of a table, JSON Lines or an NPZ file, with what was taken for what.
   *
   * @param file predictions with labels, see {@link #of(Path, ReadOptions, BinningConvention)}
   * @param options how the file is read
   * @param convention one of fixed bins
   * @return the sketch, with the note on its rows
   * @throws PredictionFileException as {@link #of(Path, ReadOptions, BinningConvention)}
   * @throws IOException if the file cannot be read
   */
  public static Noted<CalibrationSketch> noted(
      Path file, ReadOptions options, BinningConvention convention) throws IOException {
    Noted<CalibrationSketch> read = unwarned(file, options, convention);
    return new Noted<>(
        read.value(), read.note().withWarnings(ReadingWarnings.of(read.value(), read.note())));
  }

  /**
   * The sketch of a table with labels of a second file, which rows find by their ids. The labels
   * are in memory, the rows are not.
   *
   * @param file a table: CSV, TSV or JSON Lines
   * @param labels where the labels are
   * @param options how the file is read
   * @param convention one of fixed bins
   * @return the sketch, with the note on its rows, which counts labels that no row has
   * @throws PredictionFileException if a row finds no label, an id stands twice, or a file is not
   *     such a table; names ids and place
   * @throws IOException if a file cannot be read
   */
  public static Noted<CalibrationSketch> noted(
      Path file, LabelsFile labels, ReadOptions options, BinningConvention convention)
      throws IOException {
    PredictionFiles.requireTable(file);
    Noted<CalibrationSketch> read =
        CsvSketch.of(file, labels, options, classes -> new CalibrationSketch(classes, convention));
    return new Noted<>(
        read.value(), read.note().withWarnings(ReadingWarnings.of(read.value(), read.note())));
  }

  /**
   * The sketch of a pair of NPY files, with what was taken for what.
   *
   * @param probabilities see {@link #of(Path, Path, BinningConvention)}
   * @param labels {@code [rows]}, integers
   * @param convention one of fixed bins
   * @return the sketch, with the note on its rows
   * @throws PredictionFileException as {@link #of(Path, Path, BinningConvention)}
   * @throws IOException if a file cannot be read
   */
  public static Noted<CalibrationSketch> noted(
      Path probabilities, Path labels, BinningConvention convention) throws IOException {
    CalibrationSketch sketch = of(probabilities, labels, convention);
    ReadingNote note = NpzNotes.of(probabilities, labels, sketch.classes());
    return new Noted<>(sketch, note.withWarnings(ReadingWarnings.of(sketch, note)));
  }

  private static NpyHeader header(Path file) throws IOException {
    Source source = new Source(file, "");
    if (!Files.isRegularFile(file)) {
      throw source.refuse("no such file");
    }
    NpyHeader header;
    try (InputStream in = new BufferedInputStream(Files.newInputStream(file))) {
      header = NpyHeader.read(in, source);
    }
    long needed = header.bytes() + header.dataBytes();
    if (Files.size(file) != needed) {
      throw source.refuse(
          "shape "
              + header.display()
              + " needs a file of "
              + needed
              + " bytes, got "
              + Files.size(file));
    }
    return header;
  }

  private static void check(Path p, NpyHeader values, Path y, NpyHeader targets)
      throws PredictionFileException {
    List<Long> shape = values.shape();
    boolean matrix = shape.size() == 2 || shape.size() == 1;
    if (!values.type().isFloat() || !matrix || shape.get(0) < 1) {
      throw new PredictionFileException(
          p,
          "",
          "the array must be floating-point of shape [rows, classes], got "
              + values.type().display()
              + " of shape "
              + values.display());
    }
    long columns = shape.size() == 1 ? 1 : shape.get(1);
    if (columns < 1 || columns > 65_536) {
      throw new PredictionFileException(
          p,
          "",
          "classes must be between 2 and 65536, or one column that of the positive class, got "
              + columns);
    }
    if (values.fortranOrder() && columns > 1) {
      throw new PredictionFileException(
          p, "", "a streamed array must be in C order: save numpy.ascontiguousarray of it");
    }
    List<Long> labels = targets.shape();
    boolean column = labels.size() == 2 && labels.get(1) == 1;
    List<Long> length = column ? labels.subList(0, 1) : labels;
    if (!targets.type().isInteger() || !length.equals(shape.subList(0, 1))) {
      throw new PredictionFileException(
          y,
          "",
          "labels must be integers of shape ["
              + shape.get(0)
              + "], got "
              + targets.type().display()
              + " of shape "
              + targets.display());
    }
    if (targets.type().isTruth() && columns > 2) {
      throw new PredictionFileException(
          y,
          "",
          "labels that are true or false go with two classes, got "
              + columns
              + ": save labels.astype('int64') of the class indices");
    }
  }

  /** Halves the rows until a part can be mapped at once. */
  private static final class Part extends RecursiveTask<CalibrationSketch> {
    private static final long serialVersionUID = 1L;
    private final transient MappedNpyPair pair;
    private final transient BinningConvention convention;
    private final long from;
    private final long to;

    Part(MappedNpyPair pair, BinningConvention convention, long from, long to) {
      this.pair = pair;
      this.convention = convention;
      this.from = from;
      this.to = to;
    }

    @Override
    protected CalibrationSketch compute() {
      if (to - from <= 1 || (to - from) * pair.rowBytes() <= TASK_BYTES) {
        CalibrationSketch sketch = new CalibrationSketch(pair.classes(), convention);
        try {
          pair.addTo(sketch, from, to);
        } catch (IOException e) {
          throw new UncheckedIOException(e);
        }
        return sketch;
      }
      long middle = (from + to) >>> 1;
      Part right = new Part(pair, convention, middle, to);
      right.fork();
      CalibrationSketch left;
      try {
        left = new Part(pair, convention, from, middle).compute();
      } catch (RuntimeException e) {
        right.cancel(false);
        right.quietlyJoin(); // the files must stay open until it has ended
        throw e;
      }
      left.merge(right.join());
      return left;
    }
  }
}
