package io.github.swag4j.reports.drawing;

import java.awt.Font;
import java.awt.font.FontRenderContext;
import java.util.Locale;
import java.util.function.Supplier;

/**
 * Whether the machine can draw letters. A small container often has neither fonts nor fontconfig,
 * which Java reports as an internal error deep in its own classes.
 */
public final class FontCheck {
  private static final String REMEDY =
      "PNG and PDF need a font on this machine, and Java found none (%s): install fontconfig and"
          + " fonts-dejavu-core (Debian, Ubuntu; fontconfig and dejavu-sans-fonts on Fedora,"
          + " fontconfig and ttf-dejavu on Alpine), or write SVG, which needs none";

  private FontCheck() {}

  /**
   * Draws a letter in thought.
   *
   * @throws IllegalStateException if that cannot be done; the message names the packages
   */
  public static void require() {
    require(
        () ->
            new Font(Font.SANS_SERIF, Font.PLAIN, 12)
                .createGlyphVector(new FontRenderContext(null, true, true), "x")
                .getLogicalBounds()
                .getWidth());
  }

  static void require(Supplier<Double> widthOfLetter) {
    try {
      if (widthOfLetter.get() > 0) {
        return;
      }
    } catch (LinkageError | InternalError | RuntimeException e) {
      throw new IllegalStateException(String.format(Locale.ROOT, REMEDY, words(e)), e);
    }
    throw new IllegalStateException(
        String.format(Locale.ROOT, REMEDY, "its letters have no width"));
  }

  private static String words(Throwable e) {
    return e.getMessage() == null ? e.getClass().getSimpleName() : e.getMessage();
  }
}
