package io.github.swag4j.swag;

import java.nio.FloatBuffer;
import java.util.List;

/** Reads stretches of a posterior's moments as doubles; asks for a tensor's values once. */
final class PosteriorChunk {
  private final SwagPosterior posterior;
  private final List<DeviationColumn> columns;
  private final double unit;
  private final float[] values = new float[Segments.CHUNK];
  private FloatBuffer mean;
  private FloatBuffer variance;
  private int tensor = -1;
  private int from;
  private int length;

  PosteriorChunk(SwagPosterior posterior) {
    this.posterior = posterior;
    this.columns = posterior.moments().lowRank();
    this.unit = columns.isEmpty() ? 0 : 1 / Math.sqrt(columns.size() - 1.0);
  }

  /** Moves to another stretch. */
  void at(int newTensor, int newFrom, int newLength) {
    if (newTensor != tensor) {
      mean = posterior.mean().values(newTensor);
      variance = posterior.hasVariance() ? posterior.variance().values(newTensor) : null;
      tensor = newTensor;
    }
    from = newFrom;
    length = newLength;
  }

  /** The variances before scaling. */
  void variances(double[] out) {
    read(variance, out);
  }

  /** The means. */
  void means(double[] out) {
    read(mean, out);
  }

  /** Column k of U = D / sqrt(K - 1), each value times a factor of its weight. */
  void column(int k, double[] factors, double[] out) {
    columns.get(k).read(tensor, from, values, length);
    for (int i = 0; i < length; i++) {
      out[i] = values[i] * unit * factors[i];
    }
  }

  /**
   * The inner product of column k of U with factors. Four sums, so that an addition need not wait
   * for the one before.
   */
  double product(int k, double[] factors) {
    columns.get(k).read(tensor, from, values, length);
    double s0 = 0;
    double s1 = 0;
    double s2 = 0;
    double s3 = 0;
    int i = 0;
    for (; i < length - 3; i += 4) {
      s0 += values[i] * factors[i];
      s1 += values[i + 1] * factors[i + 1];
      s2 += values[i + 2] * factors[i + 2];
      s3 += values[i + 3] * factors[i + 3];
    }
    for (; i < length; i++) {
      s0 += values[i] * factors[i];
    }
    return (s0 + s1 + (s2 + s3)) * unit;
  }

  /** The values of some view of the tensor at the same stretch. */
  void read(FloatBuffer source, double[] out) {
    source.get(from, values, 0, length);
    for (int i = 0; i < length; i++) {
      out[i] = values[i];
    }
  }
}
