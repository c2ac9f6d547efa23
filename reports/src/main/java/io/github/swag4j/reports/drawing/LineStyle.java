package io.github.swag4j.reports.drawing;

import java.util.Collection;
import java.util.EnumMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/**
 * How the line of a method looks: a method has the same colour in every chart, by its name.
 *
 * <p>Known methods have colours of their own; {@code "SWAG, temperature"} and {@code "swag-run-2"}
 * are told as SWAG by the word that they begin with. Other names take a colour by a hash of the
 * name, and the next one that is free in the chart where two would share it. What then still shares
 * a colour differs in its dashes, which also survive print in black and white.
 *
 * @param ink the colour
 * @param dash lengths of strokes and gaps; empty for a solid line
 */
public record LineStyle(Ink ink, float... dash) {

  /** Longest first, so that SWAG is not taken for SWA. */
  private static final Map<String, Ink> KNOWN = known();

  private static final List<Ink> OTHERS =
      List.of(
          Ink.BLUE, Ink.VERMILION, Ink.GREEN, Ink.PURPLE, Ink.ORANGE, Ink.SKY, Ink.TEXT, Ink.MUTED);

  private static final float[][] DASHES = {{}, {6, 3}, {2, 2.5f}, {9, 3, 2, 3}, {4, 6}};

  private static Map<String, Ink> known() {
    Map<String, Ink> known = new LinkedHashMap<>();
    known.put("multi-swag", Ink.PURPLE);
    known.put("multiswag", Ink.PURPLE);
    known.put("swag-diag", Ink.SKY);
    known.put("swag diagonal", Ink.SKY);
    known.put("swag", Ink.BLUE);
    known.put("swa", Ink.ORANGE);
    known.put("sgd", Ink.TEXT);
    known.put("laplace", Ink.GREEN);
    known.put("ensemble", Ink.VERMILION);
    known.put("deep ensemble", Ink.VERMILION);
    known.put("fge", Ink.VERMILION);
    known.put("dropout", Ink.MUTED);
    known.put("mc dropout", Ink.MUTED);
    return known;
  }

  /**
   * The looks of the lines of one chart.
   *
   * @param names the lines in their order
   * @return a look for each name
   */
  public static Map<String, LineStyle> of(Collection<String> names) {
    Map<String, LineStyle> styles = new LinkedHashMap<>();
    Map<Ink, Integer> taken = new EnumMap<>(Ink.class);
    for (String name : names) {
      Ink known = knownInk(name);
      if (known != null) {
        styles.put(name, next(known, taken));
      }
    }
    for (String name : names) {
      if (!styles.containsKey(name)) {
        styles.put(name, next(free(name, taken), taken));
      }
    }
    return styles;
  }

  private static LineStyle next(Ink ink, Map<Ink, Integer> taken) {
    int before = taken.merge(ink, 1, Integer::sum) - 1;
    return new LineStyle(ink, DASHES[before % DASHES.length]);
  }

  private static Ink knownInk(String name) {
    String lower = name.toLowerCase(Locale.ROOT).strip();
    for (Map.Entry<String, Ink> each : KNOWN.entrySet()) {
      String key = each.getKey();
      boolean begins = lower.startsWith(key);
      if (begins
          && (lower.length() == key.length()
              || !Character.isLetterOrDigit(lower.charAt(key.length())))) {
        return each.getValue();
      }
    }
    return null;
  }

  /** The ink that the name's hash falls on, or the next that fewest lines have. */
  private static Ink free(String name, Map<Ink, Integer> taken) {
    int start = Math.floorMod(name.hashCode(), OTHERS.size());
    Ink best = OTHERS.get(start);
    for (int i = 1; i < OTHERS.size(); i++) {
      Ink ink = OTHERS.get((start + i) % OTHERS.size());
      if (taken.getOrDefault(ink, 0) < taken.getOrDefault(best, 0)) {
        best = ink;
      }
    }
    return best;
  }
}
