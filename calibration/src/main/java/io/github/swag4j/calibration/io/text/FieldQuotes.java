package io.github.swag4j.calibration.io.text;

/** Texts as fields of separated text (RFC 4180): in quotes where they would else be read apart. */
public final class FieldQuotes {
  private FieldQuotes() {}

  /**
   * A field.
   *
   * @param text what it is to say
   * @param separator what stands between fields
   * @return the text, in quotes if something in it separates fields or rows, or would be taken off
   */
  public static String of(String text, char separator) {
    boolean quote = text.startsWith("\uFEFF") || !text.equals(text.strip());
    for (int i = 0; i < text.length() && !quote; i++) {
      char c = text.charAt(i);
      quote = c == separator || c == '"' || c == '\n' || c == '\r';
    }
    return quote ? quoted(text) : text;
  }

  /**
   * A name in a header, which shows readers what separates fields.
   *
   * @param name what a column is called
   * @param separator what stands between fields
   * @return the name, in quotes also if it has another of the usual separators
   */
  public static String name(String name, char separator) {
    boolean other = name.indexOf(',') >= 0 || name.indexOf(';') >= 0 || name.indexOf('\t') >= 0;
    return other ? quoted(name) : of(name, separator);
  }

  /**
   * A field in quotes.
   *
   * @param text what it is to say
   * @return the text, whatever it is
   */
  public static String quoted(String text) {
    return '"' + text.replace("\"", "\"\"") + '"';
  }
}
