package io.github.swag4j.reports;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;

/** Panels of curves that are to be compared with each other. */
class CurveGridChartTest {
  private static final double[] EPOCHS = {1, 2, 3};

  private static CurveGridChart.Builder builder() {
    return CurveGridChart.titled("Errors", "Epochs", "Error, %")
        .panel("left <i>")
        .curve("SGD", EPOCHS, new double[] {9, 7, 6})
        .curve("SWA", EPOCHS, new double[] {8, Double.NaN, 5})
        .panel("right")
        .curve("SWA", EPOCHS, new double[] {42, 41, Double.POSITIVE_INFINITY});
  }

  private static long count(String text, String what) {
    return Pattern.compile(Pattern.quote(what)).matcher(text).results().count();
  }

  /** Else the same height would be 8 in one panel and 42 in the other. */
  @Test
  void allPanelsHaveTheSameAxesAndOneKey() {
    String svg = builder().build().toSvg();
    assertThat(svg).contains("left &lt;i&gt;").contains(">right<");
    assertThat(count(svg, ">SWA<")).as("one key for both panels").isEqualTo(1);
    assertThat(count(svg, ">40<")).as("one labelled axis upwards").isEqualTo(1);
    assertThat(count(svg, ">3<")).as("an axis to the right for each").isEqualTo(2);
    assertThat(svg).doesNotContain("NaN").doesNotContain("Infinity");
  }

  @Test
  void everyPointIsAmongItsNumbersUnderItsPanel() {
    CurveGridChart chart = builder().build();
    assertThat(chart.data().table().rowCount()).isEqualTo(9);
    assertThat(chart.data().table().column("panel").asStringColumn().countUnique()).isEqualTo(2);
    assertThat(chart.description())
        .contains("Error, % over Epochs.")
        .contains("left <i>: SGD from 9 to 6, SWA from 8 to 5.")
        .contains("right: SWA from 42 to");
  }

  @Test
  void oneEpochIsEnough() {
    double[] one = {1};
    CurveGridChart chart =
        CurveGridChart.titled("t", "Epochs", "Error").panel("a").curve("c", one, one).build();
    assertThat(chart.toSvg()).contains(">Epochs<").doesNotContain("NaN");
  }

  @Test
  void whatCannotBeDrawnIsRefused() {
    CurveGridChart.Builder empty = CurveGridChart.titled("t", "x", "y");
    assertThatThrownBy(() -> empty.curve("c", EPOCHS, EPOCHS))
        .isInstanceOf(IllegalStateException.class)
        .hasMessageContaining("curve c needs a panel before it");
    assertThatThrownBy(() -> empty.panel("a").build())
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("a point that its axes can show");
    assertThatThrownBy(() -> empty.curve("c", EPOCHS, new double[2]))
        .hasMessageContaining("curve c must have as many x as y, got 3 and 2");
  }
}
