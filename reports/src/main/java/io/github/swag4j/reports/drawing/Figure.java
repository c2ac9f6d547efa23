package io.github.swag4j.reports.drawing;

import io.github.swag4j.base.Printable;
import java.awt.BasicStroke;
import java.awt.Color;
import java.awt.Graphics2D;
import java.awt.RenderingHints;
import java.awt.Shape;
import java.awt.geom.Line2D;
import java.awt.geom.Rectangle2D;
import java.util.ArrayList;
import java.util.List;

/**
 * A drawing before it has a format: panels, marks, text and hover notes at fixed positions.
 *
 * <p>Geometry is painted with Java2D, so SVG and PNG show the same; text is kept apart, so that SVG
 * can write it as text.
 */
public final class Figure {

  /** Where a label's position lies in it; the words of SVG. */
  public enum Anchor {
    START("start"),
    MIDDLE("middle"),
    END("end");

    public final String svg;

    Anchor(String svg) {
      this.svg = svg;
    }
  }

  /** The kinds of text in a figure. */
  public enum Style {
    TITLE(15, true, Ink.TEXT),
    VALUE(15, true, Ink.TEXT),
    NOTE(12, false, Ink.MUTED),
    LEGEND(12, false, Ink.TEXT),
    STRONG(12, true, Ink.TEXT),
    TICK(12, false, Ink.MUTED);

    public final int size;
    public final boolean bold;
    public final Ink ink;

    Style(int size, boolean bold, Ink ink) {
      this.size = size;
      this.bold = bold;
      this.ink = ink;
    }
  }

  /** Text with its baseline at a position; upward text reads from bottom to top. */
  public record Label(
      String text, double x, double y, Anchor anchor, Style style, boolean upward) {}

  /** A filled or stroked shape; filled if the stroke is null. */
  public record Mark(Shape shape, Color color, BasicStroke stroke) {}

  /** What a pointer resting on a region is told, and how many rows the region stands for. */
  public record Note(Rectangle2D region, String series, long count, String text) {}

  private final String title;
  private final String description;
  private final int width;
  private final int height;
  private final List<Panel> panels = new ArrayList<>();
  private final List<Mark> marks = new ArrayList<>();
  private final List<Label> labels = new ArrayList<>();
  private final List<Note> notes = new ArrayList<>();

  public Figure(String title, String description, int width, int height) {
    this.title = title;
    this.description = description;
    this.width = width;
    this.height = height;
  }

  public String title() {
    return title;
  }

  public String description() {
    return description;
  }

  public int width() {
    return width;
  }

  public int height() {
    return height;
  }

  public List<Label> labels() {
    return labels;
  }

  public List<Mark> marks() {
    return marks;
  }

  public List<Note> notes() {
    return notes;
  }

  public Figure text(String text, double x, double y, Anchor anchor, Style style) {
    labels.add(new Label(Printable.lines(text), x, y, anchor, style, false));
    return this;
  }

  /** Text that reads from bottom to top, its middle at a position. */
  public Figure upward(String text, double x, double y, Style style) {
    labels.add(new Label(Printable.lines(text), x, y, Anchor.MIDDLE, style, true));
    return this;
  }

  public Figure note(Rectangle2D region, String series, long count, String text) {
    notes.add(new Note(region, series, count, text));
    return this;
  }

  public Figure fill(Shape shape, Ink ink, double opacity) {
    marks.add(new Mark(shape, ink.color(opacity), null));
    return this;
  }

  /** A colour that stands for a number, the same on light and dark pages. */
  public Figure fill(Shape shape, Color color) {
    marks.add(new Mark(shape, color, null));
    return this;
  }

  public Figure stroke(Shape shape, Ink ink, float strokeWidth, float... dash) {
    marks.add(new Mark(shape, ink.color(), Panel.stroke(strokeWidth, dash)));
    return this;
  }

  /** Adds a panel alone: what stands around it is drawn by the caller. */
  public Figure plain(Panel panel) {
    panels.add(panel);
    return this;
  }

  /** Adds a panel with its base line, the labels of its ticks and a name above its left edge. */
  public Figure panel(Panel panel, String name, boolean horizontalLabels) {
    panels.add(panel);
    stroke(
        new Line2D.Double(panel.left(), panel.bottom(), panel.right(), panel.bottom()),
        Ink.AXIS,
        1);
    for (Axis.Tick tick : panel.vertical().ticks()) {
      text(tick.label(), panel.left() - 7, panel.y(tick.value()) + 4, Anchor.END, Style.TICK);
    }
    for (Axis.Tick tick : panel.horizontal().ticks()) {
      double x = panel.x(tick.value());
      stroke(new Line2D.Double(x, panel.bottom(), x, panel.bottom() + 4), Ink.AXIS, 1);
      if (horizontalLabels) {
        text(tick.label(), x, panel.bottom() + 17, Anchor.MIDDLE, Style.TICK);
      }
    }
    if (!name.isEmpty()) {
      double middle = (panel.top() + panel.bottom()) / 2.0;
      labels.add(new Label(name, 13, middle, Anchor.MIDDLE, Style.NOTE, true));
    }
    return this;
  }

  /** Paints everything but the text. */
  public void paint(Graphics2D g) {
    g.setRenderingHint(RenderingHints.KEY_ANTIALIASING, RenderingHints.VALUE_ANTIALIAS_ON);
    g.setColor(Ink.PAPER.color());
    g.fill(new Rectangle2D.Double(0, 0, width, height));
    for (Panel panel : panels) {
      panel.paint(g);
    }
    for (Mark mark : marks) {
      g.setColor(mark.color());
      if (mark.stroke() == null) {
        g.fill(mark.shape());
      } else {
        g.setStroke(mark.stroke());
        g.draw(mark.shape());
      }
    }
  }
}
