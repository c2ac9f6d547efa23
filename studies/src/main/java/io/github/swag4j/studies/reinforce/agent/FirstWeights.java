package io.github.swag4j.studies.reinforce.agent;

import io.github.swag4j.base.SplitMix;
import io.github.swag4j.swa.weights.WeightLayout;
import io.github.swag4j.swa.weights.Weights;

/** The weights that networks of linear layers begin with, a function of the seed alone. */
final class FirstWeights {
  private FirstWeights() {}

  /**
   * Rows (or columns, of which there are less) of length {@code gain} that are orthogonal to each
   * other; biases of 0.
   *
   * @see <a href="https://arxiv.org/abs/1312.6120">Saxe et al. 2013</a>
   */
  static Weights orthogonal(WeightLayout layout, double gain, double lastGain, SplitMix random) {
    float[][] values = new float[layout.tensors().size()][];
    int lastMatrix = values.length - 2;
    for (int t = 0; t < values.length; t++) {
      WeightLayout.Tensor tensor = layout.tensor(t);
      values[t] = new float[tensor.size()];
      if (tensor.shape().size() == 2) {
        int rows = Math.toIntExact(tensor.shape().get(0));
        int columns = Math.toIntExact(tensor.shape().get(1));
        orthogonal(values[t], rows, columns, t == lastMatrix ? lastGain : gain, random);
      }
    }
    return Weights.adopt(layout, values);
  }

  private static void orthogonal(float[] out, int rows, int columns, double gain, SplitMix random) {
    boolean across = rows <= columns;
    double[][] vectors = new double[Math.min(rows, columns)][Math.max(rows, columns)];
    for (int v = 0; v < vectors.length; v++) {
      for (int i = 0; i < vectors[v].length; i++) {
        vectors[v][i] = random.gaussian();
      }
      // Twice: once leaves what rounding makes of nearly parallel vectors.
      for (int pass = 0; pass < 2; pass++) {
        for (int u = 0; u < v; u++) {
          add(vectors[v], vectors[u], -dot(vectors[v], vectors[u]));
        }
      }
      double length = Math.sqrt(dot(vectors[v], vectors[v]));
      for (int i = 0; i < vectors[v].length; i++) {
        vectors[v][i] /= length;
      }
    }
    for (int r = 0; r < rows; r++) {
      for (int c = 0; c < columns; c++) {
        out[r * columns + c] = (float) (gain * (across ? vectors[r][c] : vectors[c][r]));
      }
    }
  }

  private static double dot(double[] a, double[] b) {
    double sum = 0;
    for (int i = 0; i < a.length; i++) {
      sum += a[i] * b[i];
    }
    return sum;
  }

  private static void add(double[] to, double[] what, double factor) {
    for (int i = 0; i < to.length; i++) {
      to[i] += factor * what[i];
    }
  }

  /** Weights and biases uniform within 1 / sqrt(inputs) of 0, as torch.nn.Linear begins. */
  static Weights uniform(WeightLayout layout, SplitMix random) {
    float[][] values = new float[layout.tensors().size()][];
    double limit = 0;
    for (int t = 0; t < values.length; t++) {
      WeightLayout.Tensor tensor = layout.tensor(t);
      if (tensor.shape().size() == 2) {
        limit = 1 / Math.sqrt(tensor.shape().get(1));
      }
      values[t] = new float[tensor.size()];
      for (int i = 0; i < values[t].length; i++) {
        values[t][i] = (float) (limit * (2 * random.uniform() - 1));
      }
    }
    return Weights.adopt(layout, values);
  }
}
