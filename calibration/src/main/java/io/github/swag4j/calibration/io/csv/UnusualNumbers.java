package io.github.swag4j.calibration.io.csv;

import io.github.swag4j.calibration.io.format.PredictionFileException;
import java.nio.charset.StandardCharsets;
import java.util.Locale;

/**
 * Numbers that are no plain decimals: percentages with their sign, and the logit of what cannot be.
 */
final class UnusualNumbers {
  private UnusualNumbers() {}

  /** A number with a percent sign, or minus infinity; NaN if it is neither. */
  static double of(CsvRecords records, int column) {
    String text;
    try {
      text = records.text(column).strip().toLowerCase(Locale.ROOT);
    } catch (PredictionFileException e) {
      return Double.NaN; // no text at all, as the reader will say
    }
    if (text.matches("-inf(inity)?")) {
      return Double.NEGATIVE_INFINITY;
    }
    if (!text.endsWith("%")) {
      return Double.NaN;
    }
    String digits = text.substring(0, text.length() - 1).strip();
    if (records.hasDecimalComma()) {
      if (digits.indexOf('.') >= 0) {
        return Double.NaN;
      }
      digits = digits.replace(',', '.');
    }
    byte[] number = digits.getBytes(StandardCharsets.UTF_8);
    return Decimal.parse(number, 0, number.length);
  }
}
