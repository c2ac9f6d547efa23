package io.github.swag4j.reports.surface;

import io.github.swag4j.reports.drawing.Figure;
import io.github.swag4j.reports.drawing.Figure.Anchor;
import io.github.swag4j.reports.drawing.Figure.Style;
import io.github.swag4j.reports.drawing.Ink;
import io.github.swag4j.reports.drawing.Legend;
import java.awt.geom.Line2D;
import java.awt.geom.Rectangle2D;
import java.awt.geom.RoundRectangle2D;
import java.util.ArrayList;
import java.util.List;

/**
 * Names of places inside a frame, each beside its place where there is room: no name covers
 * another, a place, or leaves the frame. One that lies away from its place has a line to it.
 */
final class PlaceLabels {
  private static final double HEIGHT = 17;
  private static final double PADDING = 4;
  private static final double NEAR = 8;
  private static final int DIRECTIONS = 16;

  private final Rectangle2D frame;
  private final List<Rectangle2D> taken = new ArrayList<>();

  PlaceLabels(Rectangle2D frame) {
    this.frame = frame;
  }

  /** Keeps names off a place. */
  void keepFree(double x, double y, double radius) {
    taken.add(new Rectangle2D.Double(x - radius, y - radius, 2 * radius, 2 * radius));
  }

  /**
   * Writes a name beside a place, shortened to half of the frame; where the frame is full, not at
   * all.
   */
  void write(Figure figure, String name, double x, double y) {
    String text = Legend.fit(name, Style.LEGEND.size, frame.getWidth() / 2);
    double width = Legend.width(text, Style.LEGEND.size) + 2 * PADDING;
    for (double distance = NEAR; distance < frame.getWidth(); distance += 6) {
      for (int d = 0; d < DIRECTIONS; d++) {
        // To the right first, then turn by turn to both sides.
        double turn = (d % 2 == 0 ? 1 : -1) * ((d + 1) / 2) * 2 * Math.PI / DIRECTIONS;
        Rectangle2D box = box(x, y, width, distance, turn);
        if (frame.contains(box) && taken.stream().noneMatch(box::intersects)) {
          draw(figure, text, box, x, y, distance);
          taken.add(box);
          return;
        }
      }
    }
  }

  private static Rectangle2D box(double x, double y, double width, double distance, double turn) {
    double cos = Math.cos(turn);
    double sin = Math.sin(turn);
    // The box touches a circle around the place with its nearest side or corner.
    double middleX = x + cos * (distance + width / 2);
    double middleY = y - sin * (distance + HEIGHT / 2);
    return new Rectangle2D.Double(middleX - width / 2, middleY - HEIGHT / 2, width, HEIGHT);
  }

  private static void draw(
      Figure figure, String text, Rectangle2D box, double x, double y, double distance) {
    if (distance > NEAR + 6) {
      double toX = Math.min(Math.max(x, box.getMinX()), box.getMaxX());
      double toY = Math.min(Math.max(y, box.getMinY()), box.getMaxY());
      figure.stroke(new Line2D.Double(x, y, toX, toY), Ink.TEXT, 1);
    }
    figure.fill(
        new RoundRectangle2D.Double(box.getX(), box.getY(), box.getWidth(), box.getHeight(), 6, 6),
        Ink.PAPER,
        0.85);
    figure.text(text, box.getCenterX(), box.getMaxY() - 4.5, Anchor.MIDDLE, Style.LEGEND);
  }
}
