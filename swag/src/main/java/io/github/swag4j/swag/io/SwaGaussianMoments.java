package io.github.swag4j.swag.io;

import io.github.swag4j.swa.io.StoredTensor;
import io.github.swag4j.swa.io.TensorCodec;
import io.github.swag4j.swa.io.TensorFile;
import io.github.swag4j.swa.io.TensorType;
import io.github.swag4j.swa.io.WeightFormatException;
import io.github.swag4j.swa.weights.WeightLayout;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.Map;

/**
 * Reads the buffers of a SWAG and turns square means into variances, sq_mean - mean^2. The
 * difference is taken in double precision, of moments that were summed in their own: where the
 * spread is below their rounding, nothing is left of it.
 */
final class SwaGaussianMoments {
  private static final int CHUNK = 1 << 13;

  /** Spacing of numbers next to 1. */
  private static final Map<TensorType, Double> SPACING =
      Map.of(
          TensorType.F64, 0x1p-52,
          TensorType.F32, 0x1p-23,
          TensorType.F16, 0x1p-10,
          TensorType.BF16, 0x1p-7);

  private final TensorFile file;
  private final float clamp;
  final float[][] mean;
  final float[][] variance;
  final float[][][] columns;
  long clamped;
  long uncertain;

  SwaGaussianMoments(TensorFile file, SwaGaussianNames names, int rows, double factor, float clamp)
      throws IOException {
    this.file = file;
    this.clamp = clamp;
    int tensors = names.parameters().size();
    mean = new float[tensors][];
    variance = new float[tensors][];
    columns = new float[rows][tensors][];
    for (int t = 0; t < tensors; t++) {
      SwaGaussianNames.Parameter parameter = names.parameters().get(t);
      readMoments(t, parameter);
      int size = parameter.tensor().size();
      for (int k = 0; k < rows; k++) {
        float[] column = new float[size];
        read(
            parameter.root(),
            (long) k * size,
            size,
            (at, values, length) -> {
              for (int i = 0; i < length; i++) {
                column[at + i] = (float) (values[i] * factor);
              }
            });
        columns[k][t] = column;
      }
    }
  }

  private void readMoments(int t, SwaGaussianNames.Parameter parameter) throws IOException {
    WeightLayout.Tensor tensor = parameter.tensor();
    double[] means = new double[tensor.size()];
    float[] rounded = new float[means.length];
    float[] variances = new float[means.length];
    read(
        parameter.mean(),
        0,
        means.length,
        (at, values, length) -> System.arraycopy(values, 0, means, at, length));
    double spacing = SPACING.get(parameter.square().type());
    read(
        parameter.square(),
        0,
        means.length,
        (at, squares, length) -> {
          for (int i = 0; i < length; i++) {
            double difference = squares[i] - means[at + i] * means[at + i];
            clamped += difference <= clamp ? 1 : 0;
            uncertain += difference > clamp && difference < spacing * squares[i] ? 1 : 0;
            variances[at + i] = (float) Math.max(difference, clamp);
            rounded[at + i] = (float) means[at + i];
          }
        });
    PosteriorValues.require(
        file.file(), parameter.mean().name(), rounded, 0, Float.NEGATIVE_INFINITY, "");
    PosteriorValues.require(
        file.file(), parameter.square().name(), variances, 0, Float.NEGATIVE_INFINITY, "");
    mean[t] = rounded;
    variance[t] = variances;
  }

  private interface Values {
    void take(int at, double[] values, int length);
  }

  private void read(StoredTensor tensor, long first, int count, Values taker) throws IOException {
    TensorType type = tensor.type();
    ByteBuffer bytes = ByteBuffer.allocate(CHUNK * Double.BYTES).order(ByteOrder.LITTLE_ENDIAN);
    float[] singles = new float[CHUNK];
    double[] values = new double[CHUNK];
    for (int at = 0; at < count; at += CHUNK) {
      int length = Math.min(CHUNK, count - at);
      file.read(tensor, first + at, bytes.clear().limit(length * type.bytes()));
      bytes.flip();
      if (type == TensorType.F64) {
        bytes.asDoubleBuffer().get(values, 0, length);
      } else {
        TensorCodec.widen(type, bytes, singles, 0, length);
        for (int i = 0; i < length; i++) {
          values[i] = singles[i];
        }
      }
      for (int i = 0; i < length; i++) {
        if (!Double.isFinite(values[i])) {
          throw WeightFormatException.notFinite(
              file.file(), tensor.name(), values[i], first + at + i);
        }
      }
      taker.take(at, values, length);
    }
  }

  /** The count of iterates. */
  static long models(TensorFile file, StoredTensor tensor) throws IOException {
    if (tensor.type() != TensorType.I64 || tensor.size() != 1) {
      throw new WeightFormatException(
          file.file(), "tensor " + tensor + " must be one number of type int64");
    }
    ByteBuffer bytes = ByteBuffer.allocate(Long.BYTES).order(ByteOrder.LITTLE_ENDIAN);
    file.read(tensor, 0, bytes);
    return bytes.getLong(0);
  }
}
