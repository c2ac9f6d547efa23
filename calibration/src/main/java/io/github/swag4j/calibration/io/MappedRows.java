package io.github.swag4j.calibration.io;

import io.github.swag4j.calibration.CalibrationSketch;
import io.github.swag4j.calibration.InvalidRowException;
import io.github.swag4j.calibration.internal.ClassIndex;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.channels.FileChannel;
import java.nio.channels.FileChannel.MapMode;
import java.nio.file.Path;

/** Rows of probabilities and labels in two NPY files, given to a sketch a range at a time. */
final class MappedRows {
  private static final int BLOCK_VALUES = 1 << 14;

  private final Path probabilities;
  private final FileChannel p;
  private final NpyHeader values;
  private final Path labels;
  private final FileChannel y;
  private final NpyHeader targets;
  private final int classes;

  MappedRows(
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
    classes = Math.toIntExact(values.shape().get(1));
  }

  int classes() {
    return classes;
  }

  long rowBytes() {
    return (long) classes * values.type().size();
  }

  /** Adds rows from (inclusive) to (exclusive). */
  void addTo(CalibrationSketch sketch, long from, long to) throws IOException {
    ByteBuffer rows = map(p, values, from * rowBytes(), (to - from) * rowBytes());
    int labelSize = targets.type().size();
    ByteBuffer own = map(y, targets, from * labelSize, (to - from) * labelSize);
    int block = Math.max(1, BLOCK_VALUES / classes);
    boolean single = values.type().size() == 4;
    float[] floats = new float[single ? block * classes : 0];
    double[] doubles = new double[single ? 0 : block * classes];
    int[] targetsOfBlock = new int[block];
    for (long start = from; start < to; start += block) {
      int n = (int) Math.min(block, to - start);
      int first = (int) (start - from);
      labels(own, first, n, targetsOfBlock, start);
      try {
        if (single) {
          rows.asFloatBuffer().get(first * classes, floats, 0, n * classes);
          sketch.add(floats, targetsOfBlock, 0, n);
        } else {
          for (int i = 0; i < n * classes; i++) {
            int at = (first * classes + i) * values.type().size();
            doubles[i] = values.type().doubleAt(rows, at);
          }
          sketch.add(doubles, targetsOfBlock, 0, n);
        }
      } catch (InvalidRowException e) {
        throw new PredictionFileException(
            probabilities,
            "row " + (start + e.row()),
            e.getMessage().replaceFirst("^probabilities\\[\\d+]", "the row"),
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
      if (label < 0 || label >= classes) {
        throw new PredictionFileException(
            labels, "row " + (row + i), "a label must be " + ClassIndex.ruleAndGot(label, classes));
      }
      into[i] = (int) label;
    }
  }
}
