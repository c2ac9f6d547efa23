package io.github.swag4j.base;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.Test;

class PValueTest {

  @Test
  void fourDecimalsAreShownAndWhatWouldBeZerosIsSmaller() {
    assertThat(PValue.text(0.03125)).isEqualTo("0.0313");
    assertThat(PValue.text(1e-4)).isEqualTo("0.0001");
    assertThat(PValue.text(Math.nextDown(1e-4))).isEqualTo("< 0.0001");
    assertThat(PValue.text(0)).isEqualTo("< 0.0001");
    assertThat(PValue.text(1)).isEqualTo("1.0000");
    assertThat(PValue.text(Double.NaN)).isEqualTo("-");
  }

  @Test
  void aSentenceHasNoEqualsSignBeforeASmallerSign() {
    assertThat(PValue.equation(0.5)).isEqualTo("p = 0.5000");
    assertThat(PValue.equation(1e-13)).isEqualTo("p < 0.0001");
    assertThat(PValue.equation(Double.NaN)).isEqualTo("p not known");
  }

  @Test
  void whatIsNoProbabilityIsRefused() {
    assertThatThrownBy(() -> PValue.text(1.5)).hasMessageContaining("got 1.5");
    assertThatThrownBy(() -> PValue.equation(-1e-9)).hasMessageContaining("in [0, 1]");
  }
}
