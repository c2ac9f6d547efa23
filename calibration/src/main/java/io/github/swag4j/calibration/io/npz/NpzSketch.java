package io.github.swag4j.calibration.io.npz;

import io.github.swag4j.base.Refusal;
import io.github.swag4j.calibration.InvalidRowException;
import io.github.swag4j.calibration.Predictions;
import io.github.swag4j.calibration.PredictionsBuilder;
import io.github.swag4j.calibration.internal.ClassIndex;
import io.github.swag4j.calibration.io.format.PredictionFileException;
import io.github.swag4j.calibration.io.format.ReadOptions;
import io.github.swag4j.calibration.io.internal.LogitCheck;
import io.github.swag4j.calibration.io.internal.OrderedWork;
import io.github.swag4j.calibration.io.internal.Source;
import io.github.swag4j.calibration.io.internal.UsualNames;
import io.github.swag4j.calibration.sketch.CalibrationSketch;
import io.github.swag4j.calibration.sketch.LabelledRows;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.util.List;
import java.util.function.IntFunction;

/**
 * The sketch of the rows of an NPZ archive: its arrays are read in step, a block of rows at a time,
 * by one thread while others add the blocks read before.
 */
public final class NpzSketch implements OrderedWork.Worker {
  private static final int BLOCK_VALUES = 1 << 16;

  /** Rows of a block in Fortran order, at least, so that not every number is a read of its own. */
  private static final int COLUMN_ROWS = 256;

  private final NpzBlocks blocks;
  private final ReadOptions options;
  private final CalibrationSketch sketch;
  private final NpzColumns numbers;
  private final boolean logits;
  private final int columns;

  private final ByteBuffer bytes;
  private final ByteBuffer compared;
  private final ByteBuffer labelBytes;
  private final ByteBuffer weightBytes;
  private final float[] floats;
  private final double[] doubles;
  private final int[] labels;
  private final double[] weights;
  private long first;
  private int rows;

  /** Whether all rows that were to be logits are distributions. */
  private boolean distributions = true;

  private NpzSketch(NpzBlocks blocks, ReadOptions options, CalibrationSketch sketch) {
    this.blocks = blocks;
    this.options = options;
    this.sketch = sketch;
    numbers = blocks.numbers();
    columns = numbers.columns();
    logits = blocks.areLogits() || options.logits();
    int room = blocks.rows();
    bytes = blocks.buffer(numbers);
    compared = blocks.buffer(blocks.compared());
    labelBytes = blocks.buffer(blocks.labels());
    weightBytes = blocks.buffer(blocks.weights());
    weights = weightBytes == null ? null : new double[room];
    boolean plain = columns > 1 && !logits && !options.renormalise() && numbers.isByRow();
    floats = new float[plain && numbers.header().type().size() == 4 ? room * columns : 0];
    doubles = new double[room * columns];
    labels = new int[room];
  }

  /**
   * The sketch of a file's rows.
   *
   * @param empty an empty sketch for a number of classes
   */
  public static CalibrationSketch of(
      Path file, ReadOptions options, IntFunction<CalibrationSketch> empty) throws IOException {
    try (NpzFile npz = new NpzFile(file)) {
      NpzMembers members = NpzMembers.of(npz, options);
      Source source = npz.source();
      if (members.labels() == null) {
        throw source.refuse(UsualNames.labelsMissing("arrays", List.copyOf(npz.names())));
      }
      boolean logits = members.logits() != null || options.logits();
      NpyHeader header = npz.header(members.main());
      long[] shape = NpzMembers.shape(header, logits, npz.place(members.main()));
      try (NpzBlocks blocks =
          new NpzBlocks(npz, members, header, shape, blockRows(header, shape))) {
        int classes = (int) Math.max(2, shape[1]);
        List<NpzSketch> workers =
            OrderedWork.run(
                (shape[0] - 1) / blocks.rows() + 1,
                () -> new NpzSketch(blocks, options, empty.apply(classes)));
        if (options.logits() && workers.stream().allMatch(worker -> worker.distributions)) {
          throw LogitCheck.refusal(source);
        }
        CalibrationSketch sketch = workers.get(0).sketch;
        workers.subList(1, workers.size()).forEach(other -> sketch.merge(other.sketch));
        return sketch;
      } catch (IllegalArgumentException e) {
        throw npz.place(members.main()).refuse(Refusal.of(e), e);
      }
    }
  }

  private static int blockRows(NpyHeader header, long[] shape) throws PredictionFileException {
    long rows = Math.max(1, BLOCK_VALUES / shape[1]);
    rows = header.fortranOrder() ? Math.max(COLUMN_ROWS, rows) : rows;
    return (int) Math.min(shape[0], rows);
  }

  @Override
  public long take() throws IOException {
    synchronized (blocks) {
      first = blocks.read(bytes, compared, labelBytes, weightBytes);
      rows = (int) Math.min(blocks.rows(), Math.max(0, blocks.count() - first));
      return first;
    }
  }

  @Override
  public void work() throws IOException {
    labels();
    if (weights != null) {
      widen(blocks.weights(), weightBytes, weights);
    }
    try {
      if (floats.length > 0) {
        bytes.asFloatBuffer().get(floats, 0, rows * columns);
        sketch.add(LabelledRows.of(floats, labels, columns).weights(weights), 0, rows);
        return;
      }
      widen(numbers, bytes, doubles);
      if (columns > 1 && !logits && !options.renormalise()) {
        sketch.add(LabelledRows.of(doubles, labels, columns).weights(weights), 0, rows);
        return;
      }
      distributions =
          distributions && options.logits() && LogitCheck.areDistributions(doubles, rows, columns);
      Predictions built = build();
      if (columns == 1) {
        sketch.add(LabelledRows.ofPositive(doubles, labels).weights(weights), 0, rows);
        return;
      }
      compare(built);
      for (int i = 0; i < rows * columns; i++) {
        doubles[i] = built.probability(i / columns, i % columns);
      }
      sketch.add(LabelledRows.of(doubles, labels, columns).weights(weights), 0, rows);
    } catch (InvalidRowException e) {
      throw refusal(e);
    }
  }

  private void labels() throws PredictionFileException {
    NpyType type = blocks.labels().header().type();
    int classes = Math.max(2, columns);
    for (int r = 0; r < rows; r++) {
      long label = type.longAt(labelBytes, r * type.size());
      if (label < 0 || label >= classes) {
        Source place = blocks.labels().place();
        throw place
            .at(place.place() + ", element " + (first + r))
            .refuse("a label must be " + ClassIndex.ruleAndGot(label, classes));
      }
      labels[r] = (int) label;
    }
  }

  private void widen(NpzColumns from, ByteBuffer buffer, double[] into) {
    NpyType type = from.header().type();
    int width = from.columns();
    for (int r = 0; r < rows; r++) {
      for (int k = 0; k < width; k++) {
        into[r * width + k] = type.doubleAt(buffer, from.offset(r, k, rows));
      }
    }
  }

  private Predictions build() {
    PredictionsBuilder builder = Predictions.builder();
    PredictionsBuilder.RowSource source =
        (r, into, at) -> System.arraycopy(doubles, at, into, at, columns);
    if (columns == 1) {
      builder.positiveProbabilities(java.util.Arrays.copyOf(doubles, rows));
    } else if (logits) {
      builder.logits(rows, columns, source);
    } else {
      builder.probabilities(rows, columns, false, source);
    }
    if (options.renormalise()) {
      builder.renormalise();
    }
    return builder.labels(java.util.Arrays.copyOf(labels, rows)).build();
  }

  private void compare(Predictions built) throws PredictionFileException {
    if (compared == null) {
      return;
    }
    widen(blocks.compared(), compared, doubles);
    for (int i = 0; i < rows * columns; i++) {
      double softmax = built.probability(i / columns, i % columns);
      if (!(Math.abs(softmax - doubles[i]) <= Predictions.SUM_TOLERANCE)) {
        throw NpzMembers.notTheSoftmax(
            blocks.compared().place(), first + i / columns, i % columns, softmax, doubles[i]);
      }
    }
  }

  /** What is wrong with a row, in the words of predictions in memory, which name the remedy. */
  private PredictionFileException refusal(InvalidRowException found) {
    InvalidRowException e = found;
    try {
      widen(numbers, bytes, doubles);
      build();
    } catch (InvalidRowException same) {
      e = same;
    }
    int row = e.row();
    Refusal message =
        e.refusal().map(text -> text.replaceFirst("\\[" + row + "]", "[" + (first + row) + "]"));
    Source place = numbers.place();
    return place.at(place.place() + ", row " + (first + row)).refuse(message, e);
  }
}
