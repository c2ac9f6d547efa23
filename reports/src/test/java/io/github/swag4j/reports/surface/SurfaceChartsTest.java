package io.github.swag4j.reports.surface;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import io.github.swag4j.reports.Chart;
import io.github.swag4j.reports.ChartData;
import io.github.swag4j.reports.drawing.Figure;
import io.github.swag4j.reports.drawing.Ink;
import io.github.swag4j.reports.drawing.Legend;
import io.github.swag4j.reports.surface.LossSurfaceChart.Curve;
import io.github.swag4j.reports.surface.LossSurfaceChart.Place;
import java.awt.geom.Path2D;
import java.awt.geom.PathIterator;
import java.awt.geom.Rectangle2D;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

/** Surfaces, lines through them and flatness: the numbers are where they belong, texts apart. */
class SurfaceChartsTest {
  private static final double[] AXIS =
      IntStream.range(0, 21).mapToDouble(i -> -2 + 0.2 * i).toArray();

  private static double[][] bowl() {
    double[][] values = new double[21][21];
    for (int r = 0; r < 21; r++) {
      for (int c = 0; c < 21; c++) {
        values[r][c] = 0.1 + AXIS[c] * AXIS[c] + AXIS[r] * AXIS[r];
      }
    }
    return values;
  }

  private static LossSurfaceChart chart(double[][] values) {
    return LossSurfaceChart.of("cnn on images", "Train loss (nats)", AXIS, AXIS, values);
  }

  /** Twice the signed area of closed loops, by the shoelace formula. */
  private static double area(Path2D path) {
    double[] p = new double[6];
    double area = 0;
    double x0 = 0;
    double y0 = 0;
    double x = 0;
    double y = 0;
    for (PathIterator i = path.getPathIterator(null); !i.isDone(); i.next()) {
      int kind = i.currentSegment(p);
      double toX = kind == PathIterator.SEG_CLOSE ? x0 : p[0];
      double toY = kind == PathIterator.SEG_CLOSE ? y0 : p[1];
      if (kind == PathIterator.SEG_MOVETO) {
        x0 = toX;
        y0 = toY;
      } else {
        area += (x * toY - toX * y) / 2;
      }
      x = toX;
      y = toY;
    }
    return area;
  }

  @Test
  void theRegionBelowALevelOfABowlIsADisc() {
    Contours contours = new Contours(AXIS, AXIS, bowl(), v -> v, v -> v);
    // Chords of a convex surface lie above it: what is lost grows with the square of the step.
    assertThat(area(contours.below(1.1))).isCloseTo(Math.PI, within(0.05));
    // Its outline runs with the region on its left, and is all there is to draw.
    Rectangle2D box = contours.lines(1.1).getBounds2D();
    assertThat(box.getWidth()).isCloseTo(2, within(0.02));
    assertThat(area(contours.below(100))).isCloseTo(16, within(1e-9));
    assertThat(contours.lines(100).getPathIterator(null).isDone()).isTrue();
    assertThat(contours.below(0.05).getPathIterator(null).isDone()).isTrue();
  }

  @Test
  void aSaddleIsCutAsItsMiddleSays() {
    double[] two = {0, 1};
    double[][] low = {{0, 1}, {1, 0}};
    // The middle is 0.5: joined below it at a level above, in two corners at a level below.
    assertThat(area(new Contours(two, two, low, v -> v, v -> v).below(0.6)))
        .isCloseTo(1 - 0.4 * 0.4, within(1e-12));
    assertThat(area(new Contours(two, two, low, v -> v, v -> v).below(0.4)))
        .isCloseTo(0.4 * 0.4, within(1e-12));
    double[][] turned = {{1, 0}, {0, 1}};
    assertThat(area(new Contours(two, two, turned, v -> v, v -> v).below(0.6)))
        .isCloseTo(1 - 0.4 * 0.4, within(1e-12));
    assertThat(area(new Contours(two, two, turned, v -> v, v -> v).below(0.4)))
        .isCloseTo(0.4 * 0.4, within(1e-12));
  }

  @Test
  void levelsRiseAreDistinctAndLieTheNearerTheLower() {
    double[] levels = SurfaceLevels.of(bowl());
    assertThat(levels).hasSizeBetween(5, 9).isSorted().doesNotHaveDuplicates();
    assertThat(levels[0]).isGreaterThan(0.1);
    assertThat(levels[1] - levels[0])
        .isLessThan(levels[levels.length - 1] - levels[levels.length - 2]);
    assertThat(SurfaceLevels.of(new double[][] {{3, 3}, {3, Double.NaN}})).isEmpty();
  }

  @Test
  void levelsOfCountedErrorsLieBetweenTheValuesThatAreThere() {
    double[][] errors = new double[21][21];
    for (int r = 0; r < 21; r++) {
      for (int c = 0; c < 21; c++) {
        // Tenths of a percent: of 1,000 rows.
        errors[r][c] = Math.round(100 + 3 * (AXIS[c] * AXIS[c] + AXIS[r] * AXIS[r])) / 10.0;
      }
    }
    for (double level : SurfaceLevels.of(errors)) {
      for (double[] row : errors) {
        for (double error : row) {
          assertThat(Math.abs(error - level)).isGreaterThan(0.01);
        }
      }
    }
    assertThat(SurfaceLevels.of(errors)).hasSizeBetween(4, 9);
  }

  @Test
  void lightnessOfTheColoursFalls() {
    double before = 256;
    for (int i = 0; i < 10; i++) {
      var color = SurfaceColors.of(i, 10);
      double lightness =
          0.2126 * color.getRed() + 0.7152 * color.getGreen() + 0.0722 * color.getBlue();
      assertThat(lightness).isLessThan(before);
      assertThat(Ink.of(color.getRGB())).isNull();
      before = lightness;
    }
  }

  private static void requireTextsApartAndInside(Figure figure) {
    List<Rectangle2D> boxes = new ArrayList<>();
    for (Figure.Label label : figure.labels()) {
      double width = Legend.width(label.text(), label.style().size);
      double shift =
          switch (label.anchor()) {
            case START -> 0;
            case MIDDLE -> -width / 2;
            case END -> -width;
          };
      double size = label.style().size * 0.8;
      Rectangle2D box =
          label.upward()
              ? new Rectangle2D.Double(label.x() - size, label.y() - width / 2, size, width)
              : new Rectangle2D.Double(label.x() + shift, label.y() - size, width, size);
      assertThat(new Rectangle2D.Double(0, 0, figure.width(), figure.height()).contains(box))
          .as(label.text())
          .isTrue();
      assertThat(boxes).as(label.text()).noneMatch(box::intersects);
      boxes.add(box);
    }
  }

  @Test
  void namesOfCrowdedPlacesNeitherCoverEachOtherNorLeaveTheFrame() {
    List<Place> places = new ArrayList<>();
    for (int i = 0; i < 8; i++) {
      places.add(new Place("FGE snapshot " + i, 1.9 - 0.01 * i, 1.95, i % 2 == 0));
    }
    places.add(
        new Place("<script>\"a name of 200 characters\" " + "x".repeat(170), -1.99, -1.99, true));
    places.add(new Place("far away", 50, 0, true));
    double[][] ring = new double[41][2];
    for (int i = 0; i < 41; i++) {
      ring[i] = new double[] {3 * Math.cos(i * Math.PI / 20), Math.sin(i * Math.PI / 20)};
    }
    LossSurfaceChart chart =
        chart(bowl())
            .places(places)
            .curves(List.of(new Curve("3σ", ring)))
            .dots(new Curve("deviations", new double[][] {{0, 0}, {9, 9}}))
            .axes("along", "across");
    Figure figure = chart.figure(Chart.Layout.STANDARD);
    requireTextsApartAndInside(figure);
    List<String> texts = figure.labels().stream().map(Figure.Label::text).toList();
    for (int i = 0; i < 8; i++) {
      assertThat(texts).contains("FGE snapshot " + i);
    }
    assertThat(texts).contains("3σ", "along", "across").doesNotContain("far away");
    assertThat(chart.toSvg()).doesNotContain("<script>").hasSizeLessThan(100_000);
    assertThat(chart.description())
        .contains("Train loss (nats) at 21 by 21 points", "off the plane");
  }

  @Test
  void theNumbersHaveAllThatIsDrawn() {
    double[][] ellipse = {{0.1, 0.2}, {0.3, 0.4}};
    ChartData data =
        chart(bowl())
            .places(List.of(new LossSurfaceChart.Place("SWA", 0, 0, true)))
            .curves(List.of(new LossSurfaceChart.Curve("1σ", ellipse)))
            .dots(new LossSurfaceChart.Curve("iterates", new double[][] {{0.5, 0.6}}))
            .data();
    List<List<Object>> beyondTheGrid = data.rows().subList(441, data.rows().size());
    assertThat(beyondTheGrid)
        .containsExactly(
            List.of("SWA", 0.0, 0.0, Double.NaN),
            List.of("1σ", 0.1, 0.2, Double.NaN),
            List.of("1σ", 0.3, 0.4, Double.NaN),
            List.of("iterates", 0.5, 0.6, Double.NaN));
  }

  @Test
  void holesAreLeftBlankAndCounted() {
    double[][] values = bowl();
    values[20][20] = Double.NaN;
    values[20][19] = Double.POSITIVE_INFINITY;
    LossSurfaceChart chart = chart(values);
    assertThat(chart.description()).contains("Blank: 2 of 441 points");
    assertThat(chart(bowl()).description()).doesNotContain("Blank");
    requireTextsApartAndInside(chart.figure(Chart.Layout.STANDARD));
    for (double[] row : values) {
      Arrays.fill(row, Double.NaN);
    }
    assertThatThrownBy(() -> chart(values)).hasMessageContaining("all 441 are not");
    assertThatThrownBy(
            () -> LossSurfaceChart.of("t", "q", AXIS, new double[] {1, 0}, new double[2][21]))
        .hasMessageContaining("rising");
    assertThatThrownBy(() -> LossSurfaceChart.of("t", "q", AXIS, AXIS, new double[21][20]))
        .hasMessageContaining("21 rows of 21 columns");
  }

  @Test
  void aSurfaceOfOneHeightHasAChart() {
    double[][] flat = new double[21][21];
    assertThat(chart(flat).toSvg()).contains("Train loss");
  }

  @Test
  void aLineHasTwoAxesMarksAndGaps() {
    double[] loss = Arrays.stream(AXIS).map(v -> v * v).toArray();
    double[] error = Arrays.stream(AXIS).map(v -> 10 + (v - 1) * (v - 1)).toArray();
    loss[0] = Double.NaN;
    SurfaceLineChart chart =
        SurfaceLineChart.of(
                "line",
                "Distance",
                AXIS,
                new SurfaceLineChart.Curve("Train loss (nats)", loss),
                new SurfaceLineChart.Curve("Test error (%)", error))
            .marks(
                List.of(
                    new SurfaceLineChart.Mark("SGD", 0),
                    new SurfaceLineChart.Mark("SWA", 0.01),
                    new SurfaceLineChart.Mark("elsewhere", 7)));
    requireTextsApartAndInside(chart.figure(Chart.Layout.STANDARD));
    assertThat(chart.description())
        .contains("Train loss (nats) is lowest, 0.0000, at 0.000")
        .contains("Test error (%) is lowest, 10.0000, at 1.000")
        .contains("Gaps: 1 of 21");
    assertThat(chart.toSvg()).contains(">SGD<", ">SWA<").doesNotContain(">elsewhere<");
    assertThatThrownBy(
            () ->
                SurfaceLineChart.of(
                    "t",
                    "x",
                    AXIS,
                    new SurfaceLineChart.Curve("a", new double[3]),
                    new SurfaceLineChart.Curve("b", error)))
        .hasMessageContaining("got 3 for 21");
  }

  @Test
  void flatnessShowsMediansOverDirections() {
    double[] radii = {0, 0.25, 0.5};
    double[][] loss = {{1, 2, 3}, {1, 4, 9}, {1, 3, Double.NaN}};
    double[][] error = {{10, 20, 30}, {10, 30, 50}, {10, 40, Double.NaN}};
    FlatnessChart chart =
        FlatnessChart.of(
            "flat",
            "Train loss (nats)",
            "Test error (%)",
            radii,
            List.of(
                new FlatnessChart.Solution("SWA", loss, error),
                new FlatnessChart.Solution("SGD", error, loss)));
    assertThat(chart.description())
        .contains("SWA at radius 0.50: Train loss (nats) 9.0000, Test error (%) 50.0000.")
        .contains("Medians over 3 random directions", "taken for the highest: 2 points");
    requireTextsApartAndInside(chart.figure(Chart.Layout.STANDARD));
    requireTextsApartAndInside(chart.figure(Chart.Layout.NARROW));
    assertThatThrownBy(
            () -> FlatnessChart.of("t", "l", "e", new double[] {0.5, 0.25, 0}, List.of()))
        .hasMessageContaining("rise");
  }
}
