package io.github.swag4j.calibration.io.npz;

import io.github.swag4j.base.Refusal;
import io.github.swag4j.calibration.InvalidRowException;
import io.github.swag4j.calibration.Predictions;
import io.github.swag4j.calibration.PredictionsBuilder;
import io.github.swag4j.calibration.io.format.Noted;
import io.github.swag4j.calibration.io.format.PredictionFileException;
import io.github.swag4j.calibration.io.format.ReadOptions;
import io.github.swag4j.calibration.io.format.ReadingNote;
import io.github.swag4j.calibration.io.internal.ConstantClasses;
import io.github.swag4j.calibration.io.internal.LeftOut;
import io.github.swag4j.calibration.io.internal.LogitCheck;
import io.github.swag4j.calibration.io.internal.MaskedLogits;
import io.github.swag4j.calibration.io.internal.OrderedWork;
import io.github.swag4j.calibration.io.internal.RowHints;
import io.github.swag4j.calibration.io.internal.Source;
import io.github.swag4j.calibration.io.internal.UsualNames;
import io.github.swag4j.calibration.sketch.CalibrationSketch;
import io.github.swag4j.calibration.sketch.LabelledRows;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.function.Consumer;
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
  private final NpzLabels rule;
  private final ReadOptions options;
  private final Consumer<RowHints> hints;

  /** Whether the numbers are probabilities as a sketch takes them. */
  private final boolean unchanged;

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

  /** Rows of the block that their labels leave in. */
  private final boolean[] kept;

  private long leftOut;

  private final ConstantClasses constants = new ConstantClasses();

  /** Whether all rows that were to be logits are distributions. */
  private boolean distributions = true;

  private NpzSketch(
      NpzBlocks blocks,
      NpzLabels rule,
      ReadOptions options,
      CalibrationSketch sketch,
      Consumer<RowHints> hints) {
    this.blocks = blocks;
    this.rule = rule;
    this.hints = hints;
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
    unchanged = columns > 1 && !logits && !options.renormalise() && !options.percent();
    boolean plain = unchanged && numbers.isByRow();
    floats = new float[plain && numbers.header().type().size() == 4 ? room * columns : 0];
    doubles = new double[room * columns];
    labels = new int[room];
    kept = new boolean[room];
  }

  /**
   * The sketch of a file's rows.
   *
   * @param empty an empty sketch for a number of classes
   */
  public static Noted<CalibrationSketch> of(
      Path file, ReadOptions options, IntFunction<CalibrationSketch> empty) throws IOException {
    try (NpzFile npz = new NpzFile(file)) {
      NpzMembers members = NpzMembers.of(npz, options);
      Source source = npz.source();
      if (members.labels() == null) {
        throw source.refuse(UsualNames.labelsMissing("arrays", List.copyOf(npz.names())));
      }
      NpyHeader header = npz.header(members.main());
      long[] shape = NpzMembers.shape(header, npz.place(members.main()));
      int classes = (int) Math.max(2, shape[1]);
      ReadingNote note = NpzNotes.of(npz, members, classes);
      requireOrder(note, npz, options);
      NpzMembers.checkTruth(npz.header(members.labels()), classes, npz.place(members.labels()));
      NpzLabels rule = new NpzLabels(classes, options, npz.place(members.labels()));
      try (NpzBlocks blocks =
          new NpzBlocks(npz, members, header, shape, blockRows(header, shape))) {
        List<NpzSketch> workers =
            OrderedWork.run(
                (shape[0] - 1) / blocks.rows() + 1,
                () ->
                    new NpzSketch(
                        blocks, rule, options, empty.apply(classes), hints(file, options)));
        boolean logits = blocks.areLogits() || options.logits();
        if (logits
            && blocks.compared() == null
            && workers.stream().allMatch(worker -> worker.distributions)) {
          throw LogitCheck.refusal(blocks.areLogits(), npz.place(members.main()));
        }
        CalibrationSketch sketch = workers.get(0).sketch;
        ConstantClasses constants = new ConstantClasses();
        workers.forEach(worker -> constants.merge(worker.constants));
        workers.subList(1, workers.size()).forEach(other -> sketch.merge(other.sketch));
        long leftOut = workers.stream().mapToLong(worker -> worker.leftOut).sum();
        if (leftOut == shape[0]) {
          throw source.refuse(LeftOut.all(options));
        }
        return new Noted<>(
            sketch,
            note.withWarnings(constants.warnings(note.classes()))
                .withWarnings(leftOut == 0 ? List.of() : List.of(LeftOut.said(leftOut, options))));
      } catch (IllegalArgumentException e) {
        throw npz.place(members.main()).refuse(Refusal.of(e), e);
      }
    }
  }

  /** Refuses another order of named classes, which takes the rows in memory. */
  private static void requireOrder(ReadingNote note, NpzFile npz, ReadOptions options)
      throws PredictionFileException {
    if (!options.classColumns().isEmpty() && !note.classes().equals(options.classColumns())) {
      throw npz.source()
          .refuse(
              "a streamed file's classes must stay in their order, "
                  + note.classes()
                  + ", got "
                  + options.classColumns()
                  + ": read it in memory");
    }
  }

  /** Gives all rows of a file to the hints on what they could be. */
  private static Consumer<RowHints> hints(Path file, ReadOptions options) {
    return hints -> {
      try (NpzFile npz = new NpzFile(file)) {
        String main = NpzMembers.of(npz, options).main();
        NpyHeader header = npz.header(main);
        long[] shape = NpzMembers.shape(header, npz.place(main));
        int rows = blockRows(header, shape);
        try (NpzColumns numbers = new NpzColumns(npz, main, header)) {
          ByteBuffer bytes = numbers.buffer(rows);
          double[] block = new double[rows * numbers.columns()];
          for (long left = shape[0]; left > 0; left -= rows) {
            int n = (int) Math.min(rows, left);
            numbers.read(bytes, n);
            widen(numbers, bytes, n, block);
            hints.add(block, n, numbers.columns());
          }
        }
      } catch (IOException e) {
        throw new UncheckedIOException(e);
      }
    };
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
      widen(blocks.weights(), weightBytes, rows, weights);
    }
    try {
      if (floats.length > 0) {
        bytes.asFloatBuffer().get(floats, 0, rows * columns);
        int n = keep((from, to) -> System.arraycopy(floats, from, floats, to, columns));
        constants.add(floats, n, columns);
        sketch.add(LabelledRows.of(floats, labels, columns).weights(weights), 0, n);
        return;
      }
      widen(numbers, bytes, rows, doubles);
      if (!unchanged) {
        distributions =
            distributions && logits && LogitCheck.areProbabilities(doubles, rows, columns);
        Predictions built = build();
        compare(built);
        for (int i = 0; i < rows * columns; i++) {
          doubles[i] = built.probability(i / columns, columns == 1 ? 1 : i % columns);
        }
      }
      int n = keep((from, to) -> System.arraycopy(doubles, from, doubles, to, columns));
      constants.add(doubles, n, columns);
      LabelledRows all =
          columns == 1
              ? LabelledRows.ofPositive(doubles, labels)
              : LabelledRows.of(doubles, labels, columns);
      sketch.add(all.weights(weights), 0, n);
    } catch (InvalidRowException e) {
      throw refusal(e);
    }
  }

  /** Moves a row of numbers to another place. */
  private interface Move {
    void row(int from, int to);
  }

  /** Moves the rows that are kept to the front; returns how many there are. */
  private int keep(Move move) {
    if (rule.isPlain()) {
      return rows;
    }
    int n = 0;
    for (int r = 0; r < rows; r++) {
      if (kept[r]) {
        move.row(r * columns, n * columns);
        labels[n] = labels[r];
        if (weights != null) {
          weights[n] = weights[r];
        }
        n++;
      }
    }
    leftOut += rows - n;
    return n;
  }

  private void labels() throws PredictionFileException {
    NpyType type = blocks.labels().header().type();
    Source place = blocks.labels().place();
    for (int r = 0; r < rows; r++) {
      int label = rule.of(type.longAt(labelBytes, r * type.size()), place, first + r);
      kept[r] = label >= 0;
      labels[r] = Math.max(0, label);
    }
  }

  private static void widen(NpzColumns from, ByteBuffer buffer, int rows, double[] into) {
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
    for (int i = 0; options.percent() && i < rows * columns; i++) {
      doubles[i] /= 100;
    }
    PredictionsBuilder.RowSource source =
        (r, into, at) -> System.arraycopy(doubles, at, into, at, columns);
    if (columns == 1) {
      double[] positive = Arrays.copyOf(doubles, rows);
      if (logits) {
        Arrays.setAll(positive, r -> 1 / (1 + Math.exp(-positive[r])));
      }
      builder.positiveProbabilities(positive);
    } else if (logits) {
      builder.logits(rows, columns, source);
      if (MaskedLogits.isAmong(doubles, rows * columns)) {
        MaskedLogits.give(builder, doubles, rows, columns);
      }
    } else {
      builder.probabilities(rows, columns, false, source);
    }
    if (options.renormalise()) {
      builder.renormalise();
    }
    return builder.labels(Arrays.copyOf(labels, rows)).build();
  }

  private void compare(Predictions built) throws PredictionFileException {
    if (compared == null) {
      return;
    }
    widen(blocks.compared(), compared, rows, doubles);
    for (int i = 0; i < rows * columns; i++) {
      double softmax = built.probability(i / columns, i % columns);
      if (!(Math.abs(softmax - doubles[i]) <= Predictions.SUM_TOLERANCE)) {
        throw NpzMembers.notTheSoftmax(
            blocks.compared().place(), first + i / columns, i % columns, softmax, doubles[i]);
      }
    }
  }

  /** What is wrong with a row, in the words of predictions in memory, which name the remedy. */
  private PredictionFileException refusal(InvalidRowException found)
      throws PredictionFileException {
    InvalidRowException e = found;
    try {
      widen(numbers, bytes, rows, doubles);
      labels();
      build();
    } catch (InvalidRowException same) {
      e = same;
    }
    int row = e.row();
    Refusal message =
        RowHints.of(e, hints, options)
            .map(text -> text.replaceFirst("\\[" + row + "]", "[" + (first + row) + "]"));
    Source place = numbers.place();
    return place.at(place.place() + ", row " + (first + row)).refuse(message, e);
  }
}
