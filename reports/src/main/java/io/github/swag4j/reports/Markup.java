package io.github.swag4j.reports;

/** Text made safe for HTML and XML. */
final class Markup {
  private Markup() {}

  /**
   * Escapes what has a meaning in markup and replaces what XML 1.0 forbids.
   *
   * @param text any text
   * @return text for element content and quoted attributes alike
   */
  static String escape(String text) {
    StringBuilder out = new StringBuilder(text.length() + 16);
    text.codePoints()
        .forEach(
            c -> {
              switch (c) {
                case '&' -> out.append("&amp;");
                case '<' -> out.append("&lt;");
                case '>' -> out.append("&gt;");
                case '"' -> out.append("&quot;");
                case '\'' -> out.append("&#39;");
                default -> out.appendCodePoint(allowed(c) ? c : 0xfffd);
              }
            });
    return out.toString();
  }

  /** Sentences for a page: escaped, and no number parted from its percent sign. */
  static String prose(String text) {
    return escape(text).replaceAll("(?<=\\d) %", "\u00a0%");
  }

  private static boolean allowed(int c) {
    return c == '\t'
        || c == '\n'
        || c == '\r'
        || (c >= 0x20 && c <= 0xd7ff)
        || (c >= 0xe000 && c <= 0xfffd)
        || c >= 0x10000;
  }
}
