package io.github.swag4j.cli.page;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.github.swag4j.calibration.Predictions;
import io.github.swag4j.calibration.binning.BinningConvention;
import io.github.swag4j.cli.run.UsageException;
import java.util.Arrays;
import java.util.Random;
import org.junit.jupiter.api.Test;

class GroupIntervalsTest {

  private static GroupIntervals of(int groups, int rowsEach, double level) {
    Random random = new Random(1);
    int rows = groups * rowsEach;
    double[] positive = random.doubles(rows).toArray();
    int[] labels = new int[rows];
    Arrays.setAll(labels, row -> random.nextDouble() < positive[row] ? 1 : 0);
    String[] names = new String[rows];
    Arrays.setAll(names, row -> "g" + row % groups);
    return GroupIntervals.of(
        "site",
        names,
        Predictions.binary(positive, labels),
        BinningConvention.GUO,
        new MetricIntervals.Options(1000, level, 0));
  }

  @Test
  void aHighLevelOfGroupsAtOnceHasTheResamplesThatItNeeds() {
    // 2 / (0.0002 / 3): fewer show nothing beyond the ends of an interval.
    for (PartIntervals group : of(3, 3, 0.9998).groups()) {
      assertThat(group.intervals().options().replicates()).isBetween(30_000, 30_001);
      assertThat(group.intervals().get("nll")).isPresent();
    }
  }

  @Test
  void aLevelThatManyGroupsCannotHaveAtOnceIsRefusedByItsName() {
    assertThatThrownBy(() -> of(200, 2, 0.9999))
        .isInstanceOf(UsageException.class)
        .hasMessage(
            "--by at --confidence 0.9999 of 200 groups at once needs more than 100,000 resamples of"
                + " each group: ask for less, or for fewer groups");
  }
}
