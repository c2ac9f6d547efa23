package io.github.swag4j.reports.reliability;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.swag4j.calibration.Interval;
import io.github.swag4j.calibration.Predictions;
import io.github.swag4j.calibration.reliability.ReliabilityDiagram;
import java.util.stream.DoubleStream;
import org.junit.jupiter.api.Test;

class BinBandTest {
  @Test
  void theBandIsWhereSharesOfACalibratedBinWouldBe() {
    ReliabilityDiagram diagram =
        ReliabilityDiagram.of(
            Predictions.binary(
                DoubleStream.generate(() -> 0.9).limit(100).toArray(), new int[100]));
    Interval band = BinBand.of(diagram.binning().bins().get(13));
    // scipy.stats.binom.ppf([0.025, 0.975], 100, 0.9)
    assertThat(band).isEqualTo(new Interval(0.84, 0.95));
    assertThat(BinBand.of(diagram.binning().bins().get(0))).isEqualTo(Interval.UNKNOWN);
  }
}
