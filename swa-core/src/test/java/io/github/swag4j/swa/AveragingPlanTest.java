package io.github.swag4j.swa;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.List;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Test;

class AveragingPlanTest {

  @Test
  void firstCollectedUnitIsTheOneAfterTheStart() {
    assertThat(collected(AveragingPlan.epochs().from(5), 8)).isEqualTo(List.of(6L, 7L, 8L));
  }

  @Test
  void frequencyCountsFromTheStart() {
    assertThat(collected(AveragingPlan.steps().from(5).every(2), 10)).isEqualTo(List.of(7L, 9L));
  }

  @Test
  void numbersOutOfRangeAreRefused() {
    assertThatThrownBy(() -> AveragingPlan.epochs().from(-1))
        .hasMessage("start must be at least 0, got -1");
    assertThatThrownBy(() -> AveragingPlan.epochs().every(0))
        .hasMessage("every must be at least 1, got 0");
  }

  private static List<Long> collected(AveragingPlan plan, long last) {
    return LongStream.rangeClosed(0, last).filter(plan::collectsAfter).boxed().toList();
  }
}
