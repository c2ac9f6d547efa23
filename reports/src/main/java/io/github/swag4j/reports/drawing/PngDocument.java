package io.github.swag4j.reports.drawing;

import java.awt.Font;
import java.awt.Graphics2D;
import java.awt.RenderingHints;
import java.awt.font.FontRenderContext;
import java.awt.font.TextLayout;
import java.awt.geom.AffineTransform;
import java.awt.image.BufferedImage;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import javax.imageio.ImageIO;

/** A figure as PNG, for looking at: the machine's fonts decide how its text looks. */
public final class PngDocument {
  private PngDocument() {}

  public static byte[] of(Figure figure, double scale) {
    FontCheck.require();
    int width = (int) Math.round(figure.width() * scale);
    int height = (int) Math.round(figure.height() * scale);
    BufferedImage image = new BufferedImage(width, height, BufferedImage.TYPE_INT_RGB);
    Graphics2D g = image.createGraphics();
    g.scale(scale, scale);
    g.setRenderingHint(
        RenderingHints.KEY_TEXT_ANTIALIASING, RenderingHints.VALUE_TEXT_ANTIALIAS_ON);
    figure.paint(g);
    for (Figure.Label label : figure.labels()) {
      text(g, label, false);
    }
    g.dispose();
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    try {
      ImageIO.write(image, "png", bytes);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    return bytes.toByteArray();
  }

  /** Draws a label, as letters or as their outlines. */
  static void text(Graphics2D g, Figure.Label label, boolean outlines) {
    Figure.Style style = label.style();
    g.setColor(style.ink.color());
    TextLayout layout = layout(label);
    double width = layout.getAdvance();
    double shift =
        switch (label.anchor()) {
          case START -> 0;
          case MIDDLE -> -width / 2;
          case END -> -width;
        };
    AffineTransform before = g.getTransform();
    g.translate(label.x(), label.y());
    if (label.upward()) {
      g.rotate(-Math.PI / 2);
    }
    if (outlines) {
      g.fill(layout.getOutline(AffineTransform.getTranslateInstance(shift, 0)));
    } else {
      layout.draw(g, (float) shift, 0);
    }
    g.setTransform(before);
  }

  /** A label's letters in the machine's own font, in whichever directions they read. */
  static TextLayout layout(Figure.Label label) {
    Figure.Style style = label.style();
    Font font = new Font(Font.SANS_SERIF, style.bold ? Font.BOLD : Font.PLAIN, style.size);
    String text = label.text().isEmpty() ? " " : label.text();
    return new TextLayout(text, font, new FontRenderContext(null, true, true));
  }
}
