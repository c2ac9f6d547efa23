package io.github.swag4j.swag;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import io.github.swag4j.swa.weights.Weights;
import java.util.Arrays;
import java.util.List;
import org.apache.commons.math3.linear.Array2DRowRealMatrix;
import org.apache.commons.math3.linear.RealMatrix;
import org.apache.commons.math3.linear.SingularValueDecomposition;
import org.junit.jupiter.api.Test;

class SubspaceTest {

  /** Ten weights in the layout of {@link Snapshots}. */
  static Weights weights(double... flat) {
    float[][] values = {new float[6], new float[3], new float[1]};
    int at = 0;
    for (float[] tensor : values) {
      for (int i = 0; i < tensor.length; i++) {
        tensor[i] = (float) flat[at++];
      }
    }
    return Weights.of(Snapshots.LAYOUT, values);
  }

  private static double product(Weights a, Weights b) {
    double[] x = Snapshots.flat(a);
    double[] y = Snapshots.flat(b);
    double sum = 0;
    for (int i = 0; i < x.length; i++) {
      sum += x[i] * y[i];
    }
    return sum;
  }

  private static Weights unit(int i) {
    double[] flat = new double[10];
    flat[i] = 1;
    return weights(flat);
  }

  /** A decomposition of the dense matrix, which rivals draw at random. */
  @Test
  void principalDirectionsAreThoseOfTheWholeMatrix() {
    SwagPosterior posterior = Snapshots.posterior();
    RealMatrix u = new Array2DRowRealMatrix(10, 4);
    for (int k = 0; k < 4; k++) {
      u.setColumn(k, Snapshots.flat(posterior.deviations().get(k)));
    }
    SingularValueDecomposition dense =
        new SingularValueDecomposition(u.scalarMultiply(1 / Math.sqrt(3)));
    Subspace subspace = Subspace.principal(posterior, 3);
    assertThat(subspace.origin()).isEqualTo(posterior.mean());
    for (int j = 0; j < 3; j++) {
      double length = dense.getSingularValues()[j];
      assertThat(subspace.length(j)).isCloseTo(length, within(1e-6 * length));
      double[] direction = Snapshots.flat(subspace.directions().get(j));
      double[] expected = dense.getU().getColumn(j);
      double cosine = 0;
      for (int i = 0; i < 10; i++) {
        cosine += direction[i] * expected[i] / length;
      }
      assertThat(Math.abs(cosine)).isCloseTo(1, within(1e-6));
    }
    assertThat(Subspace.principal(posterior, 3).directions()).isEqualTo(subspace.directions());
  }

  @Test
  void directionsLieInTheTensorsThatAreStochastic() {
    SwagPosterior whole = Snapshots.posterior();
    SwagPosterior last = whole.withStochastic(t -> t.name().equals("b"));
    Subspace subspace = Subspace.principal(last, 3);
    for (int j = 0; j < 3; j++) {
      double[] direction = Snapshots.flat(subspace.directions().get(j));
      for (int i = 0; i < 10; i++) {
        assertThat(direction[i] != 0).isEqualTo(i >= 6 && i < 9);
      }
    }
    double traced = 0;
    for (Weights column : whole.deviations()) {
      for (int i = 0; i < 3; i++) {
        traced += Math.pow(column.values(1).get(i), 2) / 3;
      }
    }
    double squares = 0;
    for (int j = 0; j < 3; j++) {
      squares += Math.pow(subspace.length(j), 2);
    }
    assertThat(squares).isCloseTo(traced, within(1e-6 * traced));
    assertThatThrownBy(() -> Subspace.principal(last, 4)).hasMessageContaining("3 of 4, got 4");
  }

  /** Rivals divide by K - 1 = 0 and go on with what is not a number. */
  @Test
  void fewerThanTwoDeviationsGiveNoPrincipalDirection() {
    SwagPosterior diagonal = Snapshots.posterior().diagonal();
    assertThatThrownBy(() -> Subspace.principal(diagonal, 1))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("no low-rank part")
        .hasMessageContaining("got 0 deviations");
    SwagPosterior full = Snapshots.posterior();
    SwagPosterior one =
        new SwagPosterior(
            full.options(),
            full.count(),
            0.5,
            full.mean(),
            full.variance(),
            full.deviations().subList(0, 1));
    assertThatThrownBy(() -> Subspace.principal(one, 1)).hasMessageContaining("got 1 deviations");
  }

  @Test
  void moreDimensionsThanTheDeviationsHaveAreRefused() {
    SwagPosterior full = Snapshots.posterior();
    Weights a = unit(0);
    SwagPosterior flat =
        new SwagPosterior(
            full.options(), 5, 0.5, full.mean(), full.variance(), List.of(a, a, unit(3)));
    assertThat(Subspace.principal(flat, 2).dimensions()).isEqualTo(2);
    assertThatThrownBy(() -> Subspace.principal(flat, 3))
        .hasMessageContaining("at most the rank of the deviations, 2 of 3, got 3");
    Weights zero = weights(new double[10]);
    SwagPosterior still =
        new SwagPosterior(
            full.options(), 5, 0.5, full.mean(), full.variance(), List.of(zero, zero));
    assertThatThrownBy(() -> Subspace.principal(still, 1)).hasMessageContaining("0 of 2");
  }

  @Test
  void aPlaceIsTheOriginAndSoMuchOfEachDirection() {
    Subspace subspace =
        Subspace.of(
            weights(1, 2, 3, 4, 5, 6, 7, 8, 9, 10),
            List.of(unit(1), weights(0, 0, 0, 0, 0, 0, 2, 0, 0, 0.5)));
    assertThat(subspace.at(3, -2)).isEqualTo(weights(1, 5, 3, 4, 5, 6, 3, 8, 9, 9));
    assertThat(subspace.length(1)).isCloseTo(Math.sqrt(4.25), within(1e-12));
    assertThatThrownBy(() -> subspace.at(1)).hasMessageContaining("2 coordinates, got 1");
  }

  @Test
  void aPlaneGoesThroughItsPoints() {
    List<Weights> points =
        List.of(unit(0), weights(1, 2, 3, 4, 5, 6, 7, 8, 9, 10), weights(new double[10]));
    Subspace plane = Subspace.through(points);
    assertThat(plane.at(0, 0)).isEqualTo(points.get(0));
    assertThat(plane.at(1, 0)).isEqualTo(points.get(1));
    assertThat(plane.at(0, 1)).isEqualTo(points.get(2));
    assertThatThrownBy(() -> Subspace.through(List.of(unit(0), unit(1), unit(0))))
        .hasMessageContaining("direction 1 is");
  }

  @Test
  void randomDirectionsAreOrthonormalAndAFunctionOfTheSeed() {
    Weights origin = unit(2);
    Subspace subspace = Subspace.random(origin, 10, 4);
    for (int i = 0; i < 10; i++) {
      for (int j = 0; j < 10; j++) {
        double product = product(subspace.directions().get(i), subspace.directions().get(j));
        assertThat(product).isCloseTo(i == j ? 1 : 0, within(3e-7));
      }
    }
    assertThat(Subspace.random(origin, 10, 4).directions()).isEqualTo(subspace.directions());
    assertThat(Subspace.random(origin, 2, 4).directions())
        .isEqualTo(subspace.directions().subList(0, 2));
    assertThat(Subspace.random(origin, 1, 5).directions().get(0))
        .isNotEqualTo(subspace.directions().get(0));
    assertThatThrownBy(() -> Subspace.random(origin, 11, 0))
        .hasMessageContaining("between 1 and 10, got 11");
  }

  @Test
  void dependentDirectionsAreRefusedWhateverTheirLengths() {
    Weights origin = unit(0);
    Weights tiny = weights(0, 1e-12, 0, 0, 0, 0, 0, 0, 0, 0);
    assertThat(Subspace.of(origin, List.of(unit(0), tiny)).dimensions()).isEqualTo(2);
    assertThatThrownBy(() -> Subspace.of(origin, List.of(unit(1), tiny)))
        .hasMessageContaining("linearly independent, got 2 of rank 1");
    double[] wrong = new double[10];
    Arrays.fill(wrong, Double.NaN);
    assertThatThrownBy(() -> Subspace.of(origin, List.of(weights(wrong))))
        .hasMessageContaining("must be finite");
    assertThatThrownBy(() -> Subspace.of(origin, List.of())).hasMessageContaining("got 0");
  }
}
