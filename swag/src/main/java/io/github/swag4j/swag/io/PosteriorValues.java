package io.github.swag4j.swag.io;

import io.github.swag4j.swa.io.MappedTensors;
import io.github.swag4j.swa.io.StoredTensor;
import io.github.swag4j.swa.io.WeightFormatException;
import io.github.swag4j.swa.weights.WeightLayout;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Map;

/** Refuses numbers that no posterior has: one pass over a mapped file. */
final class PosteriorValues {
  private static final int CHUNK = 1 << 14;

  private PosteriorValues() {}

  static void verify(
      Path file, PosteriorHeader header, Map<String, StoredTensor> entries, MappedTensors values)
      throws WeightFormatException {
    float floor = header.options().varianceFloor();
    float any = Float.NEGATIVE_INFINITY;
    for (WeightLayout.Tensor tensor : header.layout().tensors()) {
      String mean = PosteriorHeader.MEAN + tensor.name();
      String variance = PosteriorHeader.VARIANCE + tensor.name();
      int size = tensor.size();
      verify(file, mean, values, entries.get(mean), 0, size, any);
      if (header.hasVariances()) {
        verify(file, variance, values, entries.get(variance), 0, size, floor);
      }
      StoredTensor columns = entries.get(PosteriorHeader.DEVIATIONS + tensor.name());
      for (int k = 0; k < header.columns(); k++) {
        String name = columns.name() + " row " + k;
        verify(file, name, values, columns, (long) k * size, size, any);
      }
    }
  }

  /** In pieces: what is no float32 in the file is widened. */
  private static void verify(
      Path file,
      String name,
      MappedTensors values,
      StoredTensor tensor,
      long first,
      int size,
      float least)
      throws WeightFormatException {
    float[] chunk = new float[Math.min(CHUNK, size)];
    for (int at = 0; at < size; at += CHUNK) {
      int length = Math.min(CHUNK, size - at);
      values.floats(tensor, first + at, length).get(0, chunk, 0, length);
      if (length < chunk.length) {
        chunk = Arrays.copyOf(chunk, length);
      }
      require(file, name, chunk, at, least, "variance_floor " + least);
    }
  }

  /**
   * Requires finite numbers of at least a limit. A negative variance would make NaN weights, one
   * below the floor an infinite density.
   */
  static void require(Path file, String name, float[] values, long at, float least, String limit)
      throws WeightFormatException {
    for (int i = 0; i < values.length; i++) {
      if (!Float.isFinite(values[i])) {
        throw WeightFormatException.notFinite(file, name, values[i], at + i);
      }
      if (values[i] < least) {
        throw new WeightFormatException(
            file,
            "tensor "
                + name
                + " must be at least "
                + limit
                + ", got "
                + values[i]
                + " at "
                + (at + i)
                + ": it holds variances, not logarithms or differences of moments");
      }
    }
  }
}
