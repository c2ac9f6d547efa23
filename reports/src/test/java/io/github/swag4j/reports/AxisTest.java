package io.github.swag4j.reports;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.swag4j.reports.drawing.Axis;
import org.junit.jupiter.api.Test;

class AxisTest {

  @Test
  void ticksOfSharesShowTheDecimalsTheyHave() {
    assertThat(Axis.share(0.1, 4).ticks())
        .extracting(Axis.Tick::label)
        .containsExactly("0.0 %", "2.5 %", "5.0 %", "7.5 %", "10.0 %");
    assertThat(Axis.share(0.2, 4).ticks())
        .extracting(Axis.Tick::label)
        .containsExactly("0 %", "5 %", "10 %", "15 %", "20 %");
    assertThat(Axis.share(0.002, 2).ticks())
        .extracting(Axis.Tick::label)
        .containsExactly("0.0 %", "0.1 %", "0.2 %");
  }
}
