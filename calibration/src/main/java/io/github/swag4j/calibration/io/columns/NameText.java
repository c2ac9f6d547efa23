package io.github.swag4j.calibration.io.columns;

import io.github.swag4j.calibration.io.internal.UsualNames;
import java.text.Normalizer;
import java.util.List;
import java.util.Locale;
import java.util.regex.Pattern;

/** Names of classes and columns as text: what is the same name, what is a number. */
public final class NameText {
  private static final Pattern WHOLE = Pattern.compile("[+-]?\\d{1,9}(\\.0*)?");

  private NameText() {}

  /** A name without spaces around it, its accents composed: the same name has the same text. */
  public static String of(String text) {
    String stripped = text.strip();
    return Normalizer.isNormalized(stripped, Normalizer.Form.NFC)
        ? stripped
        : Normalizer.normalize(stripped, Normalizer.Form.NFC);
  }

  /** Whole numbers in digits alone, {@code 1.0} as {@code 1}; every other name as it is. */
  public static String canonical(String name) {
    return WHOLE.matcher(name).matches() ? Integer.toString((int) Double.parseDouble(name)) : name;
  }

  /**
   * A column by its name, however its accents are composed and its whole numbers written.
   *
   * @param names of all columns, as their header is read
   * @return its index, or -1
   */
  public static int find(List<String> names, String name) {
    int exact = names.indexOf(of(name));
    return exact >= 0 ? exact : names.indexOf(canonical(of(name)));
  }

  /** Whether a name is a whole number. */
  static boolean isWhole(String name) {
    return WHOLE.matcher(name).matches();
  }

  /** The whole number a name is. */
  static int whole(String name) {
    return (int) Double.parseDouble(name);
  }

  /**
   * 1 for what says that something holds (true, yes, positive), 0 for what denies it, -1 for every
   * other text.
   */
  public static int truth(String text) {
    return switch (text.toLowerCase(Locale.ROOT)) {
      case "true", "t", "yes", "y", "positive", "pos" -> 1;
      case "false", "f", "no", "n", "negative", "neg" -> 0;
      default -> -1;
    };
  }

  /**
   * A name in small letters, words joined by underscores: {@code RowIndex} is {@code row_index}.
   */
  static String plain(String name) {
    return name.replaceAll("([a-z0-9])([A-Z])", "$1_$2")
        .toLowerCase(Locale.ROOT)
        .replaceAll("[^\\p{L}\\p{Nd}]+", "_")
        .replaceAll("^_+|_+$", "");
  }

  /** Whether a column is called as labels usually are, in capitals or not. */
  public static boolean isLabel(String column) {
    return UsualNames.isOneOf(UsualNames.LABELS, column);
  }

  /** A word as a shell takes it. */
  public static String quoted(String word) {
    return word.matches("[\\p{L}\\p{Nd}_.,:/@%+=-]+") && !word.isEmpty()
        ? word
        : "'" + word.replace("'", "'\\''") + "'";
  }
}
