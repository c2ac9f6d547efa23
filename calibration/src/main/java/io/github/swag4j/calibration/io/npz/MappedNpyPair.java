package io.github.swag4j.calibration.io.npz;

import io.github.swag4j.calibration.InvalidRowException;
import io.github.swag4j.calibration.internal.ClassIndex;
import io.github.swag4j.calibration.io.format.PredictionFileException;
import io.github.swag4j.calibration.sketch.CalibrationSketch;
import io.github.swag4j.calibration.sketch.LabelledRows;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.channels.FileChannel;
import java.nio.channels.FileChannel.MapMode;
import java.nio.file.Path;

/** Rows of probabilities and labels in two NPY files, given to a sketch a range at a time. */
public final class MappedNpyPair {
  private static final int BLOCK_VALUES = 1 << 14;

  private final Path probabilities;
  private final FileChannel p;
  private final NpyHeader values;
  private final Path labels;
  private final FileChannel y;
  private final NpyHeader targets;
  private final int columns;

  public MappedNpyPair(
      Path probabilities,
      FileChannel p,
      NpyHeader values,
      Path labels,
      FileChannel y,
      NpyHeader targets) {
    this.probabilities = probabilities;
    this.p = p;
    this.values = values;
    this.labels = labels;
    this.y = y;
    this.targets = targets;
    columns = values.shape().size() == 1 ? 1 : Math.toIntExact(values.shape().get(1));
  }

  /** Number of classes: two if there is one column. */
  public int classes() {
    return Math.max(2, columns);
  }

  public long rowBytes() {
    return (long) columns * values.type().size();
  }

  /** Adds rows from (inclusive) to (exclusive). */
  public void addTo(CalibrationSketch sketch, long from, long to) throws IOException {
    ByteBuffer rows = map(p, values, from * rowBytes(), (to - from) * rowBytes());
    int labelSize = targets.type().size();
    ByteBuffer own = map(y, targets, from * labelSize, (to - from) * labelSize);
    int block = Math.max(1, BLOCK_VALUES / columns);
    boolean single = values.type().size() == 4 && columns > 1;
    float[] floats = new float[single ? block * columns : 0];
    double[] doubles = new double[single ? 0 : block * columns];
    int[] targetsOfBlock = new int[block];
    for (long start = from; start < to; start += block) {
      int n = (int) Math.min(block, to - start);
      int first = (int) (start - from);
      labels(own, first, n, targetsOfBlock, start);
      try {
        if (single) {
          rows.asFloatBuffer().get(first * columns, floats, 0, n * columns);
          sketch.add(LabelledRows.of(floats, targetsOfBlock, columns), 0, n);
        } else {
          for (int i = 0; i < n * columns; i++) {
            int at = (first * columns + i) * values.type().size();
            doubles[i] = values.type().doubleAt(rows, at);
          }
          if (columns == 1) {
            sketch.add(LabelledRows.ofPositive(doubles, targetsOfBlock), 0, n);
          } else {
            sketch.add(LabelledRows.of(doubles, targetsOfBlock, columns), 0, n);
          }
        }
      } catch (InvalidRowException e) {
        throw new PredictionFileException(
            probabilities,
            "row " + (start + e.row()),
            e.refusal()
                .map(text -> text.replaceFirst("^(positive )?probabilities\\[\\d+]", "the row")),
            e);
      }
    }
  }

  private static ByteBuffer map(FileChannel channel, NpyHeader header, long from, long bytes)
      throws IOException {
    ByteOrder order = header.type().order();
    return channel.map(MapMode.READ_ONLY, header.bytes() + from, bytes).order(order);
  }

  private void labels(ByteBuffer own, int first, int n, int[] into, long row)
      throws PredictionFileException {
    NpyType type = targets.type();
    for (int i = 0; i < n; i++) {
      long label = type.longAt(own, (first + i) * type.size());
      if (label < 0 || label >= classes()) {
        throw new PredictionFileException(
            labels,
            "row " + (row + i),
            "a label must be " + ClassIndex.ruleAndGot(label, classes()));
      }
      into[i] = (int) label;
    }
  }
}
