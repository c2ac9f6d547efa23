package io.github.swag4j.swag;

import io.github.swag4j.swa.internal.Blocks;
import io.github.swag4j.swa.weights.WeightLayout;
import io.github.swag4j.swa.weights.Weights;
import java.nio.FloatBuffer;
import java.util.List;
import java.util.stream.IntStream;
import org.apache.commons.math3.linear.Array2DRowRealMatrix;
import org.apache.commons.math3.linear.SingularValueDecomposition;

/** Inner products of weight vectors, and what they say of the space between them. */
final class SubspaceGram {

  private SubspaceGram() {}

  /**
   * Eigenvalues and vectors.
   *
   * @param values falling, at least 0
   * @param vectors {@code [n][n]}, row j belongs to value j; its largest element is positive
   */
  record Spectrum(double[] values, double[][] vectors) {}

  /** G = A^T A of weight vectors; refuses what is not finite. */
  static double[][] of(List<Weights> columns) {
    WeightLayout layout = columns.get(0).layout();
    int[] all = IntStream.range(0, layout.tensors().size()).toArray();
    return of(layout, columns.stream().map(DeviationColumn::of).toList(), all);
  }

  /** The same of columns in some tensors, given by their places. */
  static double[][] of(WeightLayout layout, List<DeviationColumn> columns, int[] tensors) {
    int n = columns.size();
    GramMatrix gram = new GramMatrix(n);
    for (Pass segment : Segments.run(layout, tensors, () -> new Pass(columns))) {
      gram.add(segment.gram);
    }
    double[][] out = gram.block(0, n, 0, n);
    for (int j = 0; j < n; j++) {
      if (!Double.isFinite(out[j][j])) {
        throw new IllegalArgumentException(
            "directions must be finite, got a length of " + Math.sqrt(out[j][j]) + " of " + j);
      }
    }
    return out;
  }

  static double product(Weights a, Weights b) {
    return of(List.of(a, b))[0][1];
  }

  static Weights difference(Weights a, Weights b) {
    float[][] out = Blocks.allocate(a.layout());
    for (int t = 0; t < out.length; t++) {
      FloatBuffer left = a.values(t);
      FloatBuffer right = b.values(t);
      for (int i = 0; i < out[t].length; i++) {
        out[t][i] = left.get(i) - right.get(i);
      }
    }
    return Weights.adopt(a.layout(), out);
  }

  /** Of a positive semi-definite matrix, whose singular values are its eigenvalues. */
  static Spectrum spectrum(double[][] gram) {
    SingularValueDecomposition svd =
        new SingularValueDecomposition(new Array2DRowRealMatrix(gram, false));
    double[][] vectors = new double[gram.length][];
    for (int j = 0; j < gram.length; j++) {
      double[] vector = svd.getV().getColumn(j);
      int largest = 0;
      for (int i = 1; i < vector.length; i++) {
        largest = Math.abs(vector[i]) > Math.abs(vector[largest]) ? i : largest;
      }
      if (vector[largest] < 0) {
        for (int i = 0; i < vector.length; i++) {
          vector[i] = -vector[i];
        }
      }
      vectors[j] = vector;
    }
    return new Spectrum(svd.getSingularValues(), vectors);
  }

  private static final class Pass implements Segments.Pass {
    private final List<DeviationColumn> columns;
    private final GramMatrix gram;
    private final float[] values = new float[Segments.CHUNK];

    Pass(List<DeviationColumn> columns) {
      this.columns = columns;
      this.gram = new GramMatrix(columns.size());
    }

    @Override
    public void add(int tensor, int from, int length) {
      for (int j = 0; j < columns.size(); j++) {
        double[] column = gram.column(j);
        columns.get(j).read(tensor, from, values, length);
        for (int i = 0; i < length; i++) {
          column[i] = values[i];
        }
      }
      gram.add(length);
    }
  }
}
