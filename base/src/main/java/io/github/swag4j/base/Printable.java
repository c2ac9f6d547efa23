package io.github.swag4j.base;

import java.util.Locale;

/**
 * Text of unknown origin (a name in a file, a cell, a message that quotes one) as it may be shown
 * on a terminal: nothing in it moves the cursor, changes colours, turns the direction of writing or
 * begins a line of its own.
 */
public final class Printable {
  private Printable() {}

  /**
   * Text with every character that is not seen as itself written as Java writes it: {@code \n},
   * {@code \u005cu001b}. Those are the control characters, line and paragraph separators, the marks
   * that turn the direction of writing, and halves of surrogate pairs. A backslash stays one.
   *
   * @param text any text
   * @return the same in one line
   */
  public static String line(String text) {
    return escape(text, false);
  }

  /**
   * The same with line breaks as they are, for text of several lines.
   *
   * @param text any text
   * @return the text
   */
  public static String lines(String text) {
    return escape(text, true);
  }

  private static String escape(String text, boolean breaks) {
    StringBuilder out = null;
    for (int at = 0; at < text.length(); ) {
      int point = text.codePointAt(at);
      int width = Character.charCount(point);
      if (!isSeen(point) && !(breaks && point == '\n')) {
        if (out == null) {
          out = new StringBuilder(text.length() + 16).append(text, 0, at);
        }
        out.append(escaped(point));
      } else if (out != null) {
        out.appendCodePoint(point);
      }
      at += width;
    }
    return out == null ? text : out.toString();
  }

  private static boolean isSeen(int point) {
    return switch (Character.getType(point)) {
      case Character.CONTROL,
          Character.SURROGATE,
          Character.LINE_SEPARATOR,
          Character.PARAGRAPH_SEPARATOR ->
          false;
      case Character.FORMAT -> !turnsDirection(point);
      default -> true;
    };
  }

  private static boolean turnsDirection(int point) {
    return point == 0x061c
        || point >= 0x200e && point <= 0x200f
        || point >= 0x202a && point <= 0x202e
        || point >= 0x2066 && point <= 0x2069;
  }

  private static String escaped(int point) {
    return switch (point) {
      case '\n' -> "\\n";
      case '\r' -> "\\r";
      case '\t' -> "\\t";
      default -> String.format(Locale.ROOT, "\\u%04x", point);
    };
  }
}
