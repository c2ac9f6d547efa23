package io.github.swag4j.swag.laplace;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import io.github.swag4j.base.DotProduct;
import java.util.Arrays;
import java.util.Random;
import java.util.concurrent.ForkJoinPool;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import org.junit.jupiter.api.Test;

/** Decompositions give back what they were made of. */
class MatrixKernelsTest {

  /** X^T X of some rank; columns of very different sizes, some of them 0. */
  private static double[] gram(long seed, int n, int rank) {
    Random random = new Random(seed);
    double[] x = new double[rank * n];
    for (int j = 0; j < n; j++) {
      double size = random.nextInt(5) == 0 ? 0 : Math.exp(6 * random.nextGaussian());
      for (int i = 0; i < rank; i++) {
        x[i * n + j] = size * random.nextGaussian();
      }
    }
    return DenseMatrix.transposedProduct(x, x, rank, n, n);
  }

  private static double largest(double[] values) {
    double most = 0;
    for (double value : values) {
      most = Math.max(most, Math.abs(value));
    }
    return most;
  }

  @Property(tries = 150)
  void eigenvectorsAreOrthonormalAndMakeTheMatrixAgain(
      @ForAll long seed,
      @ForAll @IntRange(min = 1, max = 40) int n,
      @ForAll @IntRange(min = 1, max = 50) int rank) {
    double[] a = gram(seed, n, rank);
    SymmetricEigen eigen = SymmetricEigen.of(a, n);
    double[] v = eigen.vectors();
    double[] scaled = v.clone();
    for (int i = 0; i < n; i++) {
      for (int k = 0; k < n; k++) {
        scaled[i * n + k] *= eigen.value(i);
        double dot = DotProduct.of(v, i * n, v, k * n, n);
        assertThat(dot).isCloseTo(i == k ? 1 : 0, within(1e-13 * n));
      }
    }
    double[] again = DenseMatrix.transposedProduct(scaled, v, n, n, n);
    double size = largest(a);
    for (int i = 0; i < a.length; i++) {
      assertThat(again[i]).isCloseTo(a[i], within(1e-14 * n * size));
    }
  }

  /** Of an order where rows go to several threads and rotations wait for several sweeps. */
  @Test
  void largeDecompositionsAreAsAccurateAndTheSameBitsOnOneThread() throws Exception {
    int n = 300;
    double[] a = gram(7, n, 280);
    SymmetricEigen eigen = SymmetricEigen.of(a, n);
    ForkJoinPool one = new ForkJoinPool(1);
    try {
      SymmetricEigen alone = one.submit(() -> SymmetricEigen.of(a, n)).get();
      assertThat(alone.vectors()).containsExactly(eigen.vectors());
    } finally {
      one.shutdown();
    }
    double[] v = eigen.vectors();
    double[] product = DenseMatrix.product(v, a, n, n, n);
    double size = largest(a);
    for (int i = 0; i < n; i++) {
      for (int k = 0; k < n; k++) {
        double dot = DotProduct.of(v, i * n, v, k * n, n);
        assertThat(dot).isCloseTo(i == k ? 1 : 0, within(1e-14 * n));
        assertThat(product[i * n + k])
            .isCloseTo(eigen.value(i) * v[i * n + k], within(1e-14 * n * size));
      }
    }
  }

  @Test
  void eigenvaluesOfKnownMatricesAreFound() {
    int n = 60;
    // Second differences: eigenvalues 2 - 2 cos(k pi / (n + 1)).
    double[] a = new double[n * n];
    for (int i = 0; i < n; i++) {
      a[i * n + i] = 2;
      if (i > 0) {
        a[i * n + i - 1] = -1;
        a[(i - 1) * n + i] = -1;
      }
    }
    SymmetricEigen eigen = SymmetricEigen.of(a, n);
    double[] values = new double[n];
    for (int i = 0; i < n; i++) {
      values[i] = eigen.value(i);
    }
    Arrays.sort(values);
    for (int k = 1; k <= n; k++) {
      assertThat(values[k - 1]).isCloseTo(2 - 2 * Math.cos(k * Math.PI / (n + 1)), within(1e-13));
    }
  }

  @Test
  void zeroAndIdentityAreTheirOwnDecomposition() {
    double[] zero = new double[25];
    double[] one = new double[25];
    for (int i = 0; i < 5; i++) {
      one[i * 5 + i] = 1;
    }
    for (int i = 0; i < 5; i++) {
      assertThat(SymmetricEigen.of(zero, 5).value(i)).isZero();
      assertThat(SymmetricEigen.of(one, 5).value(i)).isEqualTo(1);
    }
  }

  @Property(tries = 60)
  void choleskyFactorsGiveDeterminantInverseAndColour(
      @ForAll long seed, @ForAll @IntRange(min = 1, max = 45) int n) {
    Random random = new Random(seed);
    double[] x = random.doubles((long) n * n, -1, 1).toArray();
    double[] a = DenseMatrix.transposedProduct(x, x, n, n, n);
    for (int i = 0; i < n; i++) {
      a[i * n + i] += 0.5;
    }
    CholeskyFactor factor = CholeskyFactor.inPlace(a.clone(), n);
    double logDet = 0;
    SymmetricEigen eigen = SymmetricEigen.of(a, n);
    for (int i = 0; i < n; i++) {
      logDet += Math.log(eigen.value(i));
    }
    assertThat(factor.logDet()).isCloseTo(logDet, within(1e-10 * n));
    double[] product = DenseMatrix.product(a, factor.inverse(), n, n, n);
    for (int i = 0; i < n * n; i++) {
      assertThat(product[i]).isCloseTo(i / n == i % n ? 1 : 0, within(1e-9));
    }
    double[] z = random.doubles(n, -1, 1).toArray();
    double[] coloured = z.clone();
    factor.colour(coloured);
    // |z|^2 = x^T P x for x = U^-1 z.
    double[] px = DenseMatrix.product(a, coloured, n, n, 1);
    assertThat(DotProduct.of(px, 0, coloured, 0, n))
        .isCloseTo(DotProduct.of(z, 0, z, 0, n), within(1e-9));
  }

  @Test
  void largeFactorsAreTheSameOnSeveralThreads() {
    int n = 400;
    double[] a = gram(4, n, n);
    for (int i = 0; i < n; i++) {
      a[i * n + i] += 1;
    }
    double[] once = a.clone();
    double[] twice = a.clone();
    CholeskyFactor.inPlace(once, n);
    CholeskyFactor.inPlace(twice, n);
    assertThat(once).containsExactly(twice);
    // U^T U is the matrix.
    for (int i = 0; i < n * n; i += 97) {
      int row = i / n;
      int column = i % n;
      double again = 0;
      for (int k = 0; k <= Math.min(row, column); k++) {
        again += once[k * n + row] * once[k * n + column];
      }
      double size = Math.sqrt(a[row * n + row] * a[column * n + column]);
      assertThat(again).isCloseTo(a[i], within(1e-12 * size));
    }
  }

  @Test
  void whatIsNotPositiveDefiniteIsRefused() {
    assertThatThrownBy(() -> CholeskyFactor.inPlace(new double[] {1, 2, 2, 1}, 2))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("raise the prior precision");
  }
}
