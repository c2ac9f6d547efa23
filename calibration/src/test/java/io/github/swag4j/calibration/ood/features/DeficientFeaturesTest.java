package io.github.swag4j.calibration.ood.features;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import java.util.Arrays;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Features whose covariance is singular: fewer rows than features, or units that go together. */
class DeficientFeaturesTest {

  private static double[][] normal(int rows, int columns, long seed) {
    Random random = new Random(seed);
    double[][] x = new double[rows][columns];
    for (double[] row : x) {
      Arrays.setAll(row, i -> random.nextGaussian());
    }
    return x;
  }

  /** Squared Mahalanobis distances of the n rows they were fitted on sum to n times the rank. */
  @ParameterizedTest
  @CsvSource({"5, 20", "33, 128", "65, 128", "97, 128", "100, 256"})
  void distancesOfFewerRowsThanFeaturesSumToRowsTimesRank(int rows, int features) {
    FeatureBatch train = FeatureBatch.of(normal(rows, features, 5)).withLabels(new int[rows]);
    double[] scores = Mahalanobis.fit(train).score(train);
    assertThat(Arrays.stream(scores).sum()).isCloseTo(rows * (rows - 1.0), within(1e-6 * rows));
    double[] relative = Mahalanobis.fitRelative(train).score(train);
    for (double s : relative) {
      assertThat(s).isCloseTo(0, within(1e-6));
    }
  }

  @Test
  void featuresThatFillASubspaceHaveADistance() {
    double[][] narrow = normal(500, 16, 6);
    double[][] map = normal(16, 64, 7);
    double[][] wide = new double[500][64];
    for (int r = 0; r < 500; r++) {
      for (int i = 0; i < 64; i++) {
        for (int j = 0; j < 16; j++) {
          wide[r][i] += narrow[r][j] * map[j][i];
        }
      }
    }
    FeatureBatch train = FeatureBatch.of(wide).withLabels(new int[500]);
    double[] scores = Mahalanobis.fit(train).score(train);
    double[] same =
        Mahalanobis.fit(FeatureBatch.of(narrow).withLabels(new int[500]))
            .score(FeatureBatch.of(narrow));
    for (int r = 0; r < 500; r++) { // a linear map of full rank changes no distance
      assertThat(scores[r]).isCloseTo(same[r], within(1e-7));
    }
  }

  @Test
  void featuresWhoseProductsOverflowAreRefused() {
    double[][] huge = {{1e200, 1}, {-1e200, 2}, {2e200, 4}};
    FeatureBatch train = FeatureBatch.of(huge).withLabels(new int[3]);
    assertThatThrownBy(() -> Mahalanobis.fit(train))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage(
            "products of features must be finite, got Infinity for features 0 and 0: scale the"
                + " features down");
  }

  @Test
  void aResidualSpaceThatHoldsOnlyRoundingIsRefused() {
    FeatureBatch train = FeatureBatch.of(normal(20, 64, 8)); // rank 20
    LinearHead head = LinearHead.of(normal(5, 64, 9), new double[] {1, 2, 3, 4, 5});
    assertThatThrownBy(() -> VirtualLogitMatching.fit(train, head, 32))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageStartingWith(
            "vim needs training features outside the principal subspace, got none: lower the"
                + " principal dimension, which is 32");
    assertThat(VirtualLogitMatching.fit(train, head, 10).alpha()).isBetween(0.1, 100.0);
  }

  @Test
  void logitsThatWouldTurnTheScoreAroundAreRefused() {
    FeatureBatch train = FeatureBatch.of(normal(200, 8, 10));
    LinearHead head = LinearHead.of(normal(3, 8, 11), new double[] {-20, -20, -20});
    assertThatThrownBy(() -> VirtualLogitMatching.fit(train, head, 4))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageMatching(
            "vim needs a mean largest logit above 0, got -1\\d\\.\\d+: .*add one constant to"
                + " all.*");
  }
}
