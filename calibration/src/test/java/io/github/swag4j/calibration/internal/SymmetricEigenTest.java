package io.github.swag4j.calibration.internal;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.Arrays;
import java.util.Random;
import java.util.stream.IntStream;
import org.apache.commons.math3.linear.Array2DRowRealMatrix;
import org.apache.commons.math3.linear.EigenDecomposition;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class SymmetricEigenTest {

  /** (1/rows) X^T X of normal rows; its rank is at most the number of rows. */
  private static double[][] moments(int rows, int n, double[] scales) {
    Random random = new Random(rows * 1_000L + n);
    double[][] x = new double[rows][n];
    for (double[] row : x) {
      Arrays.setAll(row, i -> random.nextGaussian() * (scales == null ? 1 : scales[i]));
    }
    double[][] moments = new double[n][n];
    for (int i = 0; i < n; i++) {
      for (int j = 0; j <= i; j++) {
        for (double[] row : x) {
          moments[i][j] += row[i] * row[j] / rows;
        }
        moments[j][i] = moments[i][j];
      }
    }
    return moments;
  }

  private static double dot(double[] a, double[] b) {
    return IntStream.range(0, a.length).mapToDouble(i -> a[i] * b[i]).sum();
  }

  /** A v = lambda v and the vectors are orthonormal, to rounding. */
  private static void check(double[][] a, SymmetricEigen eigen) {
    int n = a.length;
    double[] values = eigen.values();
    double norm = Math.max(1e-300, Math.max(Math.abs(values[0]), Math.abs(values[n - 1])));
    double tolerance = 40 * n * Math.ulp(1.0);
    for (int i = 0; i < n; i++) {
      double[] v = eigen.vector(i);
      for (int r = 0; r < n; r++) {
        assertThat(Math.abs(dot(a[r], v) - values[i] * v[r])).isLessThan(tolerance * norm);
      }
      for (int j = 0; j <= i; j++) {
        assertThat(Math.abs(dot(v, eigen.vector(j)) - (i == j ? 1 : 0))).isLessThan(tolerance);
      }
      assertThat(i == 0 || values[i - 1] <= values[i]).isTrue();
    }
  }

  @ParameterizedTest
  @CsvSource({"1, 1", "3, 2", "4, 3", "1, 6", "0, 5", "200, 40", "20, 40", "300, 150"})
  void vectorsAreOrthonormalAndStretchedByTheirValues(int rows, int n) {
    double[][] a = rows == 0 ? new double[n][n] : moments(rows, n, null);
    check(a, SymmetricEigen.of(a));
  }

  @Test
  void negativeEqualAndAlreadyDiagonalMatricesAreDecomposed() {
    double[][] equal = new double[7][7];
    double[][] mixed = new double[7][7];
    for (int i = 0; i < 7; i++) {
      equal[i][i] = 3;
      for (int j = 0; j < 7; j++) {
        mixed[i][j] = Math.cos(i * j) + (i == j ? -2 : 0);
      }
    }
    check(equal, SymmetricEigen.of(equal));
    check(mixed, SymmetricEigen.of(mixed));
    assertThat(SymmetricEigen.of(equal).values()).containsOnly(3);
    double[][] swap = {{0, 1}, {1, 0}};
    check(swap, SymmetricEigen.of(swap));
  }

  @Test
  void eachEigenvalueOfADiagonalMatrixIsItsElementWhateverTheirRange() {
    double[][] a = new double[5][5];
    double[] elements = {1e-300, 4, 1e-20, 0, -7};
    for (int i = 0; i < 5; i++) {
      a[i][i] = elements[i];
    }
    assertThat(SymmetricEigen.of(a).values()).containsExactly(-7, 0, 1e-300, 1e-20, 4);
  }

  @ParameterizedTest
  @ValueSource(ints = {32, 64, 96})
  void ranksThatCommonsMathDoesNotConvergeForDo(int rows) {
    double[][] a = moments(rows, 128, null);
    SymmetricEigen eigen = SymmetricEigen.of(a);
    check(a, eigen);
    double largest = eigen.values()[127];
    assertThat(Arrays.stream(eigen.values()).filter(v -> v > 128 * Math.ulp(largest)).count())
        .isEqualTo(rows);
  }

  @Test
  void commonsMathAgreesWhereItConverges() {
    double[] scales = IntStream.range(0, 60).mapToDouble(i -> Math.pow(10, -i / 20.0)).toArray();
    double[][] a = moments(200, 60, scales);
    double[] theirs =
        new EigenDecomposition(new Array2DRowRealMatrix(a)).getRealEigenvalues().clone();
    Arrays.sort(theirs);
    double[] ours = SymmetricEigen.of(a).values();
    for (int i = 0; i < 60; i++) {
      assertThat(Math.abs(ours[i] - theirs[i])).isLessThan(1e-14 * theirs[59]);
    }
  }

  @ParameterizedTest
  @ValueSource(ints = {-1070, -1000, -500, 0, 500, 1015})
  void theUnitOfTheMatrixChangesNoVectorAndScalesTheValues(int exponent) {
    double[][] a = moments(9, 12, null);
    double[][] clustered = new double[18][18];
    for (int i = 0; i < 18; i++) {
      for (int j = 0; j < 18; j++) {
        clustered[i][j] = i == j ? 1 + i / 9 : 1e-16 * Math.cos(i + j);
      }
    }
    for (double[][] matrix : new double[][][] {a, clustered}) {
      double[][] rounded = times(times(matrix, exponent), -exponent);
      SymmetricEigen plain = SymmetricEigen.of(rounded);
      SymmetricEigen scaled = SymmetricEigen.of(times(matrix, exponent));
      for (int i = 0; i < matrix.length; i++) {
        assertThat(scaled.vector(i)).isEqualTo(plain.vector(i));
        assertThat(scaled.values()[i]).isEqualTo(Math.scalb(plain.values()[i], exponent));
      }
    }
  }

  private static double[][] times(double[][] matrix, int exponent) {
    return Arrays.stream(matrix)
        .map(row -> Arrays.stream(row).map(v -> Math.scalb(v, exponent)).toArray())
        .toArray(double[][]::new);
  }

  @Test
  void elementsThatAreNotFiniteAreRefused() {
    assertThatThrownBy(() -> SymmetricEigen.of(new double[][] {{1, 2}, {2, Double.NaN}}))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage("matrix[1][1] must be finite, got NaN");
  }
}
