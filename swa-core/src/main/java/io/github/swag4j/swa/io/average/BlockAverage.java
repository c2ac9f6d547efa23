package io.github.swag4j.swa.io.average;

import io.github.swag4j.base.Refusal;
import io.github.swag4j.swa.io.StoredTensor;
import io.github.swag4j.swa.io.TensorCodec;
import io.github.swag4j.swa.io.TensorFile;
import io.github.swag4j.swa.io.TensorType;
import io.github.swag4j.swa.io.WeightFileRemedy;
import io.github.swag4j.swa.io.WeightFormatException;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.List;

/**
 * Averages one block of a tensor over all files, in arrays that stay in the cache. One owner at a
 * time.
 *
 * <p>In float64: the sum of factor times value over the files in order, in doubles (compensated by
 * Neumaier's method and fused products for float64 values), divided once, rounded once. In float32:
 * the updates of {@code torch.optim.swa_utils.AveragedModel} on a CPU, operation by operation, so
 * that the bits are its bits; float64 values are updated in doubles.
 */
final class BlockAverage {

  /** Values of a block: 256 KB of singles. */
  static final int VALUES = 1 << 16;

  private final List<TensorFile> files;
  private final AveragingRule rule;
  private final Precision precision;
  private final boolean allowNonFinite;
  private final double[] factors;
  private final double divisor;
  private final ByteBuffer bytes = buffer();
  private final double[] sums = new double[VALUES];
  private float[] singles;
  private float[] means;
  private double[] doubles;
  private double[] lost;

  BlockAverage(List<TensorFile> files, AverageOptions options) {
    this.files = files;
    this.rule = options.rule();
    this.precision = options.precision();
    this.allowNonFinite = options.allowNonFinite();
    this.factors = rule.factors(files.size());
    this.divisor = rule.divisor(files.size());
  }

  static ByteBuffer buffer() {
    return ByteBuffer.allocateDirect(VALUES * Long.BYTES).order(ByteOrder.LITTLE_ENDIAN);
  }

  /** Averages values from first on into a buffer, from 0 to its limit. */
  void average(StoredTensor tensor, long first, int count, TensorType type, ByteBuffer into)
      throws IOException {
    if (tensor.type() == TensorType.F64) {
      averageDoubles(tensor, first, count);
    } else if (precision == Precision.FLOAT32) {
      updateSingles(tensor, first, count);
    } else {
      sumSingles(tensor, first, count);
    }
    finish(tensor, first, count, type, into);
  }

  /** Values of the last file: integers as they are, real numbers as the type has them. */
  void copyLast(StoredTensor tensor, long first, int count, TensorType type, ByteBuffer into)
      throws IOException {
    if (!tensor.type().isReal()) {
      TensorFile last = files.get(files.size() - 1);
      into.clear().limit(count * type.bytes());
      last.read(last.entries().get(tensor.name()), first, into);
      into.flip();
      return;
    }
    read(files.size() - 1, tensor, first, count);
    if (tensor.type() == TensorType.F64) {
      bytes.asDoubleBuffer().get(sums, 0, count);
    } else {
      allocateSingles();
      TensorCodec.widen(tensor.type(), bytes, singles, 0, count);
      start(singles, 1, sums, count);
    }
    finish(tensor, first, count, type, into);
  }

  private void finish(StoredTensor tensor, long first, int count, TensorType type, ByteBuffer into)
      throws IOException {
    if (!allowNonFinite) {
      requireFinite(tensor, first, count, type);
    }
    into.clear().limit(count * type.bytes());
    TensorCodec.narrow(sums, count, type, into);
  }

  private void read(int file, StoredTensor tensor, long first, int count) throws IOException {
    bytes.clear().limit(count * tensor.type().bytes());
    TensorFile from = files.get(file);
    from.read(from.entries().get(tensor.name()), first, bytes);
    bytes.flip();
  }

  private void sumSingles(StoredTensor tensor, long first, int count) throws IOException {
    allocateSingles();
    for (int f = 0; f < files.size(); f++) {
      read(f, tensor, first, count);
      TensorCodec.widen(tensor.type(), bytes, singles, 0, count);
      if (f == 0) {
        start(singles, factors[0], sums, count);
      } else if (factors[f] == 1) {
        add(singles, sums, count);
      } else {
        add(singles, factors[f], sums, count);
      }
    }
    if (divisor != 1) {
      for (int i = 0; i < count; i++) {
        sums[i] /= divisor;
      }
    }
  }

  // Each loop is a method of its own, which the compiler optimises by itself.

  private static void start(float[] values, double factor, double[] sums, int count) {
    for (int i = 0; i < count; i++) {
      sums[i] = factor * values[i];
    }
  }

  private static void add(float[] values, double[] sums, int count) {
    for (int i = 0; i < count; i++) {
      sums[i] += values[i];
    }
  }

  private static void add(float[] values, double factor, double[] sums, int count) {
    for (int i = 0; i < count; i++) {
      sums[i] += factor * values[i];
    }
  }

  private void updateSingles(StoredTensor tensor, long first, int count) throws IOException {
    allocateSingles();
    for (int f = 0; f < files.size(); f++) {
      read(f, tensor, first, count);
      TensorCodec.widen(tensor.type(), bytes, f == 0 ? means : singles, 0, count);
      if (f > 0 && rule instanceof AveragingRule.Exponential exponential) {
        float old = (float) exponential.decay();
        float now = (float) (1 - exponential.decay());
        for (int i = 0; i < count; i++) {
          means[i] = old * means[i] + now * singles[i];
        }
      } else if (f > 0) {
        float n = f + 1;
        for (int i = 0; i < count; i++) {
          means[i] += (singles[i] - means[i]) / n;
        }
      }
    }
    start(means, 1, sums, count);
  }

  private void averageDoubles(StoredTensor tensor, long first, int count) throws IOException {
    allocateDoubles();
    for (int f = 0; f < files.size(); f++) {
      read(f, tensor, first, count);
      bytes.asDoubleBuffer().get(doubles, 0, count);
      if (precision == Precision.FLOAT32) {
        updateDoubles(f, count);
      } else {
        addCompensated(factors[f], f == 0, count);
      }
    }
    if (precision == Precision.FLOAT64) {
      for (int i = 0; i < count; i++) {
        // What is lost from an infinite sum is no number.
        sums[i] = (Double.isFinite(sums[i]) ? sums[i] + lost[i] : sums[i]) / divisor;
      }
    }
  }

  private void updateDoubles(int f, int count) {
    if (f == 0) {
      System.arraycopy(doubles, 0, sums, 0, count);
    } else if (rule instanceof AveragingRule.Exponential exponential) {
      double old = exponential.decay();
      for (int i = 0; i < count; i++) {
        sums[i] = old * sums[i] + (1 - old) * doubles[i];
      }
    } else {
      double n = f + 1.0;
      for (int i = 0; i < count; i++) {
        sums[i] += (doubles[i] - sums[i]) / n;
      }
    }
  }

  private void addCompensated(double factor, boolean start, int count) {
    for (int i = 0; i < count; i++) {
      double product = factor * doubles[i];
      double rest = factor == 1 ? 0 : Math.fma(factor, doubles[i], -product);
      if (start) {
        sums[i] = product;
        lost[i] = rest;
      } else {
        double sum = sums[i] + product;
        double larger = Math.max(Math.abs(sums[i]), Math.abs(product));
        rest += larger == Math.abs(sums[i]) ? sums[i] - sum + product : product - sum + sums[i];
        sums[i] = sum;
        lost[i] += rest;
      }
    }
  }

  private void allocateDoubles() {
    if (doubles == null) {
      doubles = new double[VALUES];
      lost = new double[VALUES];
    }
  }

  private void allocateSingles() {
    if (singles == null) {
      singles = new float[VALUES];
      means = new float[VALUES];
    }
  }

  private void requireFinite(StoredTensor tensor, long first, int count, TensorType type)
      throws IOException {
    double largest = TensorCodec.largest(type);
    for (int i = 0; i < count; i++) {
      // What rounds to a finite value may be a little above the largest one. NaN fails, too.
      if (!(Math.abs(sums[i]) <= largest) && !Double.isFinite(TensorCodec.rounded(sums[i], type))) {
        double average = sums[i];
        for (int f = 0; f < files.size(); f++) {
          requireFinite(f, tensor, first, count);
        }
        throw new RefusedAverageException(
            Refusal.of(
                "average of tensor "
                    + tensor.name()
                    + " must fit "
                    + type.torchName()
                    + ", got "
                    + average
                    + " at "
                    + (first + i)
                    + ": ",
                WeightFileRemedy.ANOTHER_TYPE,
                ", float32 or bfloat16 for half precision"));
      }
    }
  }

  private void requireFinite(int f, StoredTensor tensor, long first, int count) throws IOException {
    read(f, tensor, first, count);
    if (tensor.type() == TensorType.F64) {
      allocateDoubles();
      bytes.asDoubleBuffer().get(doubles, 0, count);
    } else {
      TensorCodec.widen(tensor.type(), bytes, singles, 0, count);
    }
    for (int i = 0; i < count; i++) {
      double value = tensor.type() == TensorType.F64 ? doubles[i] : singles[i];
      if (!Double.isFinite(value)) {
        throw WeightFormatException.notFinite(files.get(f).file(), tensor.name(), value, first + i);
      }
    }
  }
}
