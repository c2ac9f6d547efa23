package io.github.swag4j.calibration.reliability;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import io.github.swag4j.calibration.Forecasts;
import io.github.swag4j.calibration.Interval;
import io.github.swag4j.calibration.binning.BinningConvention;
import java.util.Arrays;
import org.apache.commons.math3.distribution.BinomialDistribution;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class ConsistencyBandTest {

  /** 200 rows of one forecast: their number of events is binomial. */
  @ParameterizedTest
  @ValueSource(doubles = {.5, .9, .95})
  void bandsOfOneForecastAreBinomial(double level) {
    double[] p = new double[200];
    boolean[] y = new boolean[200];
    Arrays.fill(p, .85);
    var diagram = ReliabilityDiagram.of(Forecasts.of(p, y), BinningConvention.GUO);
    Interval band = ConsistencyBand.of(diagram, level, 8000, 5).bins().get(12);
    var binomial = new BinomialDistribution(null, 200, .85);
    // Within one row of the exact quantiles, for 8000 draws are not all of them.
    assertThat(200 * band.lower())
        .isCloseTo(binomial.inverseCumulativeProbability((1 - level) / 2), within(1.01));
    assertThat(200 * band.upper())
        .isCloseTo(binomial.inverseCumulativeProbability((1 + level) / 2), within(1.01));
  }
}
