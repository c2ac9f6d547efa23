package io.github.swag4j.reports.detection;

import io.github.swag4j.reports.drawing.Legend;
import io.github.swag4j.reports.drawing.Sheet;

/** A name in a key with the number that it stands for: a long name is cut, the number is not. */
final class Numbered {
  private static final double KEY = 48;

  private Numbered() {}

  static String of(String name, String number) {
    return Legend.fit(name, 12, Sheet.COLUMN - KEY - Legend.width(number, 12)) + number;
  }
}
