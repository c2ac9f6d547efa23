package io.github.swag4j.reports;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.swag4j.reports.drawing.Figure;
import java.awt.Font;
import java.awt.font.FontRenderContext;
import java.awt.font.TextLayout;
import java.awt.geom.Rectangle2D;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Where the letters and lines of a drawing are, measured with this machine's font. */
public final class Frames {
  private static final Pattern POINT = Pattern.compile("(-?\\d+(?:\\.\\d+)?) (-?\\d+(?:\\.\\d+)?)");
  private static final double TOLERANCE = 1.5;

  private Frames() {}

  /** Fails where a text leaves the drawing or touches another. */
  public static void requireTextInsideAndApart(Chart chart) {
    for (Chart.Layout layout : Chart.Layout.values()) {
      Figure figure = Samples.figure(chart, layout);
      List<Rectangle2D> before = new ArrayList<>();
      List<String> texts = new ArrayList<>();
      for (Figure.Label label : figure.labels()) {
        if (label.text().isBlank()) {
          continue;
        }
        Rectangle2D box = box(label);
        String where = chart.getClass().getSimpleName() + " " + layout + ": " + label.text();
        assertThat(box.getMinX()).as(where).isGreaterThanOrEqualTo(-TOLERANCE);
        assertThat(box.getMinY()).as(where).isGreaterThanOrEqualTo(-TOLERANCE);
        assertThat(box.getMaxX()).as(where).isLessThanOrEqualTo(figure.width() + TOLERANCE);
        assertThat(box.getMaxY()).as(where).isLessThanOrEqualTo(figure.height() + TOLERANCE);
        for (int i = 0; i < before.size(); i++) {
          Rectangle2D both = box.createIntersection(before.get(i));
          boolean apart = both.getWidth() <= TOLERANCE || both.getHeight() <= TOLERANCE;
          assertThat(apart).as(where + " lies on " + texts.get(i)).isTrue();
        }
        before.add(box);
        texts.add(label.text());
      }
    }
  }

  /** Fails where a line or a shape leaves the drawing. */
  public static void requireShapesInside(Chart chart) {
    Figure figure = Samples.figure(chart, Chart.Layout.STANDARD);
    Samples.elements(Samples.parse(chart.toSvg()), "path").stream()
        .filter(path -> !path.hasAttribute("transform"))
        .forEach(
            path -> {
              Matcher points = POINT.matcher(path.getAttribute("d"));
              while (points.find()) {
                String where = chart.getClass().getSimpleName() + ": " + points.group();
                assertThat(Double.parseDouble(points.group(1)))
                    .as(where)
                    .isBetween(-TOLERANCE, figure.width() + TOLERANCE);
                assertThat(Double.parseDouble(points.group(2)))
                    .as(where)
                    .isBetween(-TOLERANCE, figure.height() + TOLERANCE);
              }
            });
  }

  /** The ink of the letters, not the line that they stand in. */
  private static Rectangle2D box(Figure.Label label) {
    Figure.Style style = label.style();
    Font font = new Font(Font.SANS_SERIF, style.bold ? Font.BOLD : Font.PLAIN, style.size);
    TextLayout layout = new TextLayout(label.text(), font, new FontRenderContext(null, true, true));
    Rectangle2D ink = layout.getBounds();
    double width = layout.getAdvance();
    double shift =
        switch (label.anchor()) {
          case START -> 0;
          case MIDDLE -> -width / 2;
          case END -> -width;
        };
    if (label.upward()) {
      return new Rectangle2D.Double(
          label.x() + ink.getMinY(),
          label.y() - shift - ink.getMaxX(),
          ink.getHeight(),
          ink.getWidth());
    }
    return new Rectangle2D.Double(
        label.x() + shift + ink.getMinX(),
        label.y() + ink.getMinY(),
        ink.getWidth(),
        ink.getHeight());
  }
}
