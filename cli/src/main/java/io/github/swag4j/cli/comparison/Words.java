package io.github.swag4j.cli.comparison;

/** Words of commands. */
final class Words {
  private Words() {}

  /** A word as a shell takes it. */
  static String quoted(Object word) {
    String text = word.toString();
    return text.matches("[A-Za-z0-9_./:=@%+,-]+") ? text : "'" + text.replace("'", "'\\''") + "'";
  }
}
