package io.github.swag4j.reports.drawing;

import io.github.swag4j.base.Printable;

/** Text made safe for HTML and XML, and for the sentences around it. */
public final class Markup {
  private Markup() {}

  /**
   * Escapes what has a meaning in markup, and writes what is not seen as itself as terminals show
   * it: a name must not turn the direction of the sentence that it stands in.
   *
   * @param text any text
   * @return text for element content and quoted attributes alike
   */
  public static String escape(String text) {
    StringBuilder out = new StringBuilder(text.length() + 16);
    Printable.lines(text)
        .codePoints()
        .forEach(
            c -> {
              switch (c) {
                case '&' -> out.append("&amp;");
                case '<' -> out.append("&lt;");
                case '>' -> out.append("&gt;");
                case '"' -> out.append("&quot;");
                case '\'' -> out.append("&#39;");
                default -> out.appendCodePoint(isNoCharacter(c) ? 0xfffd : c);
              }
            });
    return out.toString();
  }

  /** Sentences for a page: escaped, and no number parted from its percent sign. */
  public static String prose(String text) {
    return escape(text).replaceAll("(?<=\\d) %", "\u00a0%");
  }

  /** What is printable and still forbidden in XML 1.0. */
  private static boolean isNoCharacter(int c) {
    return c == 0xfffe || c == 0xffff;
  }
}
