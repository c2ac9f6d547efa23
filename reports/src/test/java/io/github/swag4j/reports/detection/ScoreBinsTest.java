package io.github.swag4j.reports.detection;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Arrays;
import org.junit.jupiter.api.Test;

/** Bins of scores, beside what other libraries' histograms do. */
class ScoreBinsTest {
  @Test
  void scoresBeyondTheRangeAreCountedAtItsEnds() {
    ScoreBins bins = ScoreBins.of(new double[] {-9, 0, 0.5, 1, 2, 1e300}, 2, 0, 1);
    assertThat(bins.counts()).containsExactly(2, 4);
    assertThat(bins.below()).isEqualTo(1);
    assertThat(bins.above()).isEqualTo(2);
  }

  @Test
  void binsOfWeightedRowsAreSharesOfWeight() {
    double[] scores = {0.1, 0.2, 0.9};
    ScoreBins weighted = ScoreBins.of(scores, row -> row == 2 ? 6 : 1, 2, 0, 1);
    assertThat(weighted.counts()).containsExactly(2, 1);
    assertThat(weighted.share(0)).isEqualTo(0.25);
    assertThat(weighted.share(1)).isEqualTo(0.75);
    assertThat(ScoreBins.of(scores, 2, 0, 1).share(0)).isEqualTo(2.0 / 3);
  }

  /** Its bins end at 10^-0.5 of an entropy: what lies beyond is in no bar. */
  @Test
  void swaGaussianDropsScoresBeyondItsBinsAndOursAreInTheLastOne() {
    double[] entropies = {1e-9, 0.1, 0.2, 2, 2.3};
    double highest = Math.pow(10, -0.5);
    long theirs =
        Arrays.stream(entropies).filter(e -> e >= Math.pow(10, -8) && e < highest).count();
    assertThat(theirs).isEqualTo(2);
    ScoreBins ours = ScoreBins.of(entropies, 30, 0, highest);
    assertThat(ours.rows()).isEqualTo(5);
    assertThat(ours.above()).isEqualTo(2);
  }

  /** DL4J's Histogram takes bounds and lays its bins over [0, 1] all the same. */
  @Test
  void dl4jsHistogramIgnoresItsBoundsAndOursKeepsThem() {
    double[] scores = {10.5, 11.5, 12.5, 13.5};
    ScoreBins bins = ScoreBins.of(scores, 4, 10, 14);
    assertThat(bins.counts()).containsExactly(1, 1, 1, 1);
    assertThat(bins.edge(0)).isEqualTo(10);
    assertThat(bins.edge(4)).isEqualTo(14);
  }
}
