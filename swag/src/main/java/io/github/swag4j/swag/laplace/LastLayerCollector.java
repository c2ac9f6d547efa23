package io.github.swag4j.swag.laplace;

import io.github.swag4j.base.DotProduct;
import java.util.Arrays;
import java.util.stream.IntStream;

/**
 * Sums up the Gauss-Newton curvature of the cross entropy in the last layer, f = W a + b: with L =
 * diag(p) - p p^T of a row's probabilities p,
 *
 * <pre>
 *   FULL        H[(c,i),(d,j)] = sum_n L[c,d] a_i a_j
 *   KRONECKER   A = 1/N sum_n a a^T,  G = sum_n L
 *   DIAGONAL    H[(c,i)] = sum_n L[c,c] a_i^2
 * </pre>
 *
 * <p>FULL is the exact Hessian, as the last layer is linear in its weights. Sums are double, in the
 * order of the rows. Not safe for use by several threads, but works on all cores by itself.
 */
public final class LastLayerCollector {

  /** Rows that are taken into a large sum together. */
  private static final int CHUNK = 64;

  private final LaplaceLayer layer;
  private final Structure structure;
  private final double[] weights;
  private final double[] sums;
  private final double[] outputs;
  private double logLikelihood;
  private long rows;

  /**
   * A collector of no rows.
   *
   * @param layer the last layer; outputs are the classes
   * @param structure what to keep
   * @param weight {@code [outputs][inputs]} row-major
   * @param bias {@code [outputs]}; null if the layer has none
   * @throws IllegalArgumentException if the layer is too large for the structure, or weights are
   *     not finite or of another size
   */
  public LastLayerCollector(LaplaceLayer layer, Structure structure, float[] weight, float[] bias) {
    this.layer = layer;
    this.structure = structure;
    this.weights = joined(layer, weight, bias);
    int columns = layer.columns();
    switch (structure) {
      case FULL -> {
        FullCurvature.requireFits(layer);
        this.sums = new double[layer.size() * layer.size()];
        this.outputs = new double[0];
      }
      case KRONECKER -> {
        KroneckerCurvature.requireFits(layer);
        this.sums = new double[columns * columns];
        this.outputs = new double[layer.outputs() * layer.outputs()];
      }
      default -> {
        this.sums = new double[layer.size()];
        this.outputs = new double[0];
      }
    }
  }

  /** Weights and bias as one matrix. */
  static double[] joined(LaplaceLayer layer, float[] weight, float[] bias) {
    double[] joined = new double[layer.size()];
    for (int o = 0; o < layer.outputs(); o++) {
      for (int i = 0; i < layer.inputs(); i++) {
        joined[o * layer.columns() + i] = weight[o * layer.inputs() + i];
      }
      if (bias != null) {
        joined[o * layer.columns() + layer.inputs()] = bias[o];
      }
    }
    return CurvatureChecks.requireFinite("weights of layer " + layer.name(), joined, layer.size());
  }

  /**
   * Takes in rows.
   *
   * @param features {@code [rows][inputs]} row-major, finite
   * @param labels {@code [rows]} class indices
   * @throws IllegalArgumentException if lengths do not fit, a feature is not finite or a label is
   *     no class; nothing is taken in then
   */
  public void add(float[] features, int[] labels) {
    int inputs = layer.inputs();
    if (features.length != (long) labels.length * inputs) {
      throw new IllegalArgumentException(
          "features must be " + labels.length + " x " + inputs + ", got " + features.length);
    }
    for (int i = 0; i < features.length; i++) {
      if (!Float.isFinite(features[i])) {
        throw new IllegalArgumentException(
            "features must be finite, got "
                + features[i]
                + " in row "
                + (rows + i / inputs)
                + ": are the inputs and the weights?");
      }
    }
    for (int r = 0; r < labels.length; r++) {
      if (labels[r] < 0 || labels[r] >= layer.outputs()) {
        throw new IllegalArgumentException(
            "labels must be class indices below "
                + layer.outputs()
                + ", got "
                + labels[r]
                + " in row "
                + (rows + r));
      }
    }
    for (int from = 0; from < labels.length; from += CHUNK) {
      addChunk(features, labels, from, Math.min(labels.length, from + CHUNK));
    }
    rows += labels.length;
  }

  private void addChunk(float[] features, int[] labels, int from, int to) {
    int columns = layer.columns();
    int classes = layer.outputs();
    int count = to - from;
    double[] a = new double[count * columns];
    double[] p = new double[count * classes];
    double[] f = new double[classes];
    for (int r = 0; r < count; r++) {
      for (int i = 0; i < layer.inputs(); i++) {
        a[r * columns + i] = features[(from + r) * layer.inputs() + i];
      }
      if (layer.bias() != null) {
        a[r * columns + layer.inputs()] = 1;
      }
      for (int c = 0; c < classes; c++) {
        f[c] = DotProduct.of(weights, c * columns, a, r * columns, columns);
      }
      double target = f[labels[from + r]];
      logLikelihood += target - Softmax.of(f, f);
      System.arraycopy(f, 0, p, r * classes, classes);
    }
    switch (structure) {
      case FULL -> addFull(a, p, count);
      case KRONECKER -> addKronecker(a, p, count);
      default -> addDiagonal(a, p, count);
    }
  }

  private static double hessian(double[] p, int at, int c, int d) {
    return (c == d ? p[at + c] : 0) - p[at + c] * p[at + d];
  }

  private void addFull(double[] a, double[] p, int count) {
    int classes = layer.outputs();
    int columns = layer.columns();
    IntStream.range(0, classes * classes)
        .parallel()
        .filter(pair -> pair / classes <= pair % classes)
        .forEach(
            pair -> {
              int c = pair / classes;
              int d = pair % classes;
              double[] factors = new double[count];
              for (int r = 0; r < count; r++) {
                factors[r] = hessian(p, r * classes, c, d);
              }
              int at = c * columns * layer.size() + d * columns;
              addGram(sums, at, layer.size(), a, factors, count, columns);
            });
  }

  private void addKronecker(double[] a, double[] p, int count) {
    int classes = layer.outputs();
    double[] ones = new double[count];
    Arrays.fill(ones, 1);
    addGram(sums, 0, layer.columns(), a, ones, count, layer.columns());
    for (int r = 0; r < count; r++) {
      for (int c = 0; c < classes; c++) {
        for (int d = c; d < classes; d++) {
          outputs[c * classes + d] += hessian(p, r * classes, c, d);
        }
      }
    }
  }

  /** Upper triangle of out += sum_r factors[r] a_r a_r^T, four rows at a time. */
  private static void addGram(
      double[] out, int at, int stride, double[] a, double[] factors, int count, int columns) {
    for (int i = 0; i < columns; i++) {
      int row = at + i * stride;
      int r = 0;
      for (; r + 3 < count; r += 4) {
        int r0 = r * columns;
        int r1 = r0 + columns;
        int r2 = r1 + columns;
        int r3 = r2 + columns;
        double f0 = factors[r] * a[r0 + i];
        double f1 = factors[r + 1] * a[r1 + i];
        double f2 = factors[r + 2] * a[r2 + i];
        double f3 = factors[r + 3] * a[r3 + i];
        for (int j = i; j < columns; j++) {
          out[row + j] += f0 * a[r0 + j] + f1 * a[r1 + j] + (f2 * a[r2 + j] + f3 * a[r3 + j]);
        }
      }
      for (; r < count; r++) {
        DenseMatrix.addMultiple(
            out, row + i, a, r * columns + i, factors[r] * a[r * columns + i], columns - i);
      }
    }
  }

  private void addDiagonal(double[] a, double[] p, int count) {
    int columns = layer.columns();
    int classes = layer.outputs();
    for (int r = 0; r < count; r++) {
      for (int c = 0; c < classes; c++) {
        double factor = hessian(p, r * classes, c, c);
        for (int i = 0; i < columns; i++) {
          double value = a[r * columns + i];
          sums[c * columns + i] += factor * value * value;
        }
      }
    }
  }

  /**
   * The curvature of the rows so far.
   *
   * @return a curvature of the structure asked for
   * @throws IllegalStateException if there were no rows
   */
  public LayerCurvature curvature() {
    if (rows == 0) {
      throw new IllegalStateException("a curvature needs at least 1 training row, got 0");
    }
    return switch (structure) {
      case FULL -> FullCurvature.of(layer, wholeBlocks());
      case KRONECKER -> KroneckerCurvature.of(layer, inputFactor(), mirrored(outputs));
      case DIAGONAL -> DiagonalCurvature.of(layer, sums);
    };
  }

  /** Every block between two classes is symmetric, and so is the whole. */
  private double[] wholeBlocks() {
    double[] whole = sums.clone();
    int columns = layer.columns();
    int n = layer.size();
    for (int c = 0; c < n; c += columns) {
      for (int d = c; d < n; d += columns) {
        for (int i = 0; i < columns; i++) {
          for (int j = i + 1; j < columns; j++) {
            whole[(c + j) * n + d + i] = whole[(c + i) * n + d + j];
          }
        }
      }
    }
    DenseMatrix.mirrorUpper(whole, n);
    return whole;
  }

  private double[] inputFactor() {
    double[] factor = mirrored(sums);
    for (int i = 0; i < factor.length; i++) {
      factor[i] /= rows;
    }
    return factor;
  }

  private static double[] mirrored(double[] upper) {
    double[] whole = upper.clone();
    DenseMatrix.mirrorUpper(whole, (int) Math.round(Math.sqrt(whole.length)));
    return whole;
  }

  /**
   * The log likelihood of the labels so far.
   *
   * @return nats, summed over the rows
   */
  public double logLikelihood() {
    return logLikelihood;
  }

  /**
   * Rows so far.
   *
   * @return at least 0
   */
  public long rows() {
    return rows;
  }
}
