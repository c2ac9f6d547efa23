package io.github.swag4j.reports;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.github.swag4j.reports.training.ScheduleChart;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;

/** A schedule is shown as it is, and only if it is one. */
class ScheduleChartTest {

  @Test
  void theDescriptionSaysWhereTheRateBeginsEndsAndIsHighest() {
    ScheduleChart chart =
        ScheduleChart.of("cycle", "Epoch", 20, t -> t < 10 ? 0.01 + 0.004 * t : 0.002);
    assertThat(chart.description())
        .isEqualTo("Learning rate from 0.01 at the start to 0.002 at epoch 20, at most 0.0499.");
    assertThat(chart.averagingAfter(10).description()).endsWith("Weights are averaged after 10.");
    assertThat(chart.averagingAfter(10).toSvg()).contains("weights are averaged");
    assertThat(chart.toSvg()).doesNotContain("weights are averaged");
  }

  @Test
  void theScheduleIsReadOnceForAllDrawings() {
    AtomicInteger calls = new AtomicInteger();
    ScheduleChart chart =
        ScheduleChart.of("t", "Step", 5, t -> calls.incrementAndGet() > 0 ? 0.1 : 0);
    int after = calls.get();
    assertThat(chart.averagingAfter(2).toSvg()).isEqualTo(chart.averagingAfter(2).toSvg());
    assertThat(calls.get()).isEqualTo(after);
  }

  @Test
  void aConstantRateOfZeroHasAChart() {
    assertThat(ScheduleChart.of("t", "Step", 5, t -> 0).toSvg()).contains("Learning rate");
  }

  @Test
  void whatIsNoScheduleIsRefused() {
    assertThatThrownBy(() -> ScheduleChart.of("t", "Epoch", 10, t -> 0.1 - 0.02 * t))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("at least 0, got -");
    assertThatThrownBy(() -> ScheduleChart.of("t", "Epoch", 10, t -> Double.NaN))
        .hasMessageContaining("got NaN at Epoch 0.0");
    assertThatThrownBy(() -> ScheduleChart.of("t", "Epoch", 0, t -> 1))
        .hasMessageContaining("end above 0");
    ScheduleChart chart = ScheduleChart.of("t", "Epoch", 10, t -> 1);
    assertThatThrownBy(() -> chart.averagingAfter(11)).hasMessageContaining("between 0 and 10");
  }
}
