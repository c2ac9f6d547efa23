package io.github.swag4j.reports.drawing;

import java.awt.Color;
import java.util.Locale;

/**
 * The colours of charts and pages, each with its counterpart on a dark page.
 *
 * <p>The data colours are those of the Okabe-Ito palette but its yellow, too pale for lines on
 * paper; people with the common colour-vision deficiencies can tell them apart. Every light colour
 * is unique: {@link SvgDocument} finds the ink of a drawn shape by its colour.
 *
 * @see <a href="https://jfly.uni-koeln.de/color/">Okabe and Ito 2008, Color Universal Design</a>
 */
public enum Ink {
  PAPER(0xffffff, 0x181d25),
  PAGE(0xf6f7f9, 0x0f1318),
  TEXT(0x1c2530, 0xe7ebf0),
  MUTED(0x566270, 0xa3afbd),
  AXIS(0x8b96a3, 0x667382),
  GRID(0xe4e8ed, 0x2b333f),
  BLUE(0x0072b2, 0x58b4ea),
  VERMILION(0xd55e00, 0xf58d45),
  GREEN(0x009e73, 0x35c99f),
  ORANGE(0xe69f00, 0xf0b429),
  SKY(0x56b4e9, 0x8accf2),
  PURPLE(0xcc79a7, 0xdf9cc1);

  private final int light;
  private final int dark;

  Ink(int light, int dark) {
    this.light = light;
    this.dark = dark;
  }

  public Color color() {
    return new Color(light);
  }

  public Color color(double opacity) {
    return new Color((light >> 16) & 0xff, (light >> 8) & 0xff, light & 0xff, alpha(opacity));
  }

  /** Name in style sheets: lower case. */
  public String key() {
    return name().toLowerCase(java.util.Locale.ROOT);
  }

  public String lightHex() {
    return String.format(Locale.ROOT, "#%06x", light);
  }

  public String darkHex() {
    return String.format(Locale.ROOT, "#%06x", dark);
  }

  /** The ink drawn with a colour, or null if the colour is none of ours. */
  public static Ink of(int rgb) {
    for (Ink ink : values()) {
      if (ink.light == (rgb & 0xffffff)) {
        return ink;
      }
    }
    return null;
  }

  private static int alpha(double opacity) {
    return (int) Math.round(255 * opacity);
  }
}
