package io.github.swag4j.reports;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.within;

import io.github.swag4j.reports.comparison.ShiftChart;
import io.github.swag4j.reports.comparison.ShiftChart.Point;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class ShiftChartTest {

  private static Point point(String method, String corruption, int strength, double value) {
    return new Point(method, corruption, strength, 1 - value, value, value / 2);
  }

  private static List<Point> points() {
    return new ArrayList<>(
        List.of(
            point("SGD", "none", 0, 0.1),
            point("SGD", "fog", 1, 0.1),
            point("SGD", "jpeg", 1, 0.2),
            point("SGD", "blur", 1, 0.3),
            point("SGD", "noise", 1, 0.6)));
  }

  /** Quartiles of 0.1, 0.2, 0.3 and 0.6 are 0.175 and 0.375 (numpy's default, type 7). */
  @Test
  void eachStrengthHasTheMeanOverTheCorruptionsAndTheirMiddleHalf() {
    ChartData data = ShiftChart.of("cnn", points()).data();
    assertThat(data.columns())
        .containsExactly(
            "panel", "series", "strength_of_the_corruption", "value", "lower", "upper");
    List<Object> nll = data.rows().get(3);
    assertThat(nll.subList(0, 3)).containsExactly("NLL (nats)", "SGD", 1.0);
    assertThat((double) nll.get(3)).isCloseTo(0.3, within(1e-12));
    assertThat((double) nll.get(4)).isCloseTo(0.175, within(1e-12));
    assertThat((double) nll.get(5)).isCloseTo(0.375, within(1e-12));
    // One set has no spread.
    assertThat((double) data.rows().get(2).get(4)).isNaN();
  }

  /** The mean of those that are finite would be that of the easier corruptions. */
  @Test
  void aStrengthWithAnInfiniteLossHasNoMeanOfTheOthers() {
    List<Point> points = points();
    points.add(new Point("SGD", "contrast", 1, 0.1, Double.POSITIVE_INFINITY, 0.5));
    ShiftChart chart = ShiftChart.of("cnn", points);
    assertThat((double) chart.data().rows().get(3).get(3)).isNaN();
    assertThat((double) chart.data().rows().get(1).get(3)).isFinite();
    Frames.requireTextInsideAndApart(chart);
  }

  @Test
  void eightMethodsOfLongNamesStayInTheFrame() {
    List<Point> points = new ArrayList<>();
    for (int m = 0; m < 8; m++) {
      String name = "m" + m + " of a long name".repeat(20);
      points.add(point(name, "none", 0, 0.1));
      points.add(point(name, "fog", 5, 0.1 * m));
    }
    ShiftChart chart = ShiftChart.of("a long title ".repeat(30), points);
    Frames.requireTextInsideAndApart(chart);
    Frames.requireShapesInside(chart);
  }

  @Test
  void whatCannotBeDrawnIsRefused() {
    List<Point> twice = points();
    twice.add(point("SGD", "fog", 1, 0.4));
    assertThatIllegalArgumentException()
        .isThrownBy(() -> ShiftChart.of("cnn", twice))
        .withMessageContaining("got twice SGD, fog, 1");
    assertThatIllegalArgumentException()
        .isThrownBy(() -> ShiftChart.of("cnn", List.of(point("SGD", "none", 0, 0.1))))
        .withMessageContaining("strength above 0");
    assertThatIllegalArgumentException()
        .isThrownBy(() -> ShiftChart.of("cnn", List.of(point("a", "x", 1, Double.NaN))))
        .withMessageContaining("must have a finite mean");
    assertThatIllegalArgumentException().isThrownBy(() -> ShiftChart.of("cnn", List.of()));
    assertThatIllegalArgumentException().isThrownBy(() -> point("SGD", "fog", -1, 0));
  }
}
