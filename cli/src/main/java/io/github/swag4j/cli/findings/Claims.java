package io.github.swag4j.cli.findings;

import io.github.swag4j.calibration.Interval;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;

/**
 * What can be claimed of several parts of the rows at once, bins or groups, at 95 % for all of them
 * together (Bonferroni): the worst is picked among them, and must be the worst all the same.
 */
final class Claims {

  /** Confidence may be off by so many points and still be taken at its word. */
  static final int TRUSTED_POINTS = 5;

  private static final double TRUSTED = TRUSTED_POINTS / 100.0;

  private final List<Part> parts;
  private final double level;

  Claims(List<Part> parts) {
    this.parts = parts;
    this.level = 1 - 0.05 / Math.max(1, parts.size());
  }

  /** Neighbouring bins; what they have in common is where they lie. */
  record Stretch(String lower, String upper, long rows) {}

  /**
   * Neighbouring bins whose intervals lie within the points of what is stated, the fullest such.
   */
  Optional<Stretch> trusted() {
    Stretch fullest = null;
    for (int start = 0; start < parts.size(); start++) {
      long rows = 0;
      for (int end = start; end < parts.size() && isTrusted(parts.get(end)); end++) {
        rows += parts.get(end).rows();
        if (fullest == null || rows > fullest.rows()) {
          fullest = new Stretch(end(parts.get(start), 0), end(parts.get(end), 1), rows);
        }
      }
    }
    return Optional.ofNullable(fullest);
  }

  /** An end of a bin by its name, such as the first of "0.93 to 1.00". */
  private static String end(Part bin, int which) {
    return bin.name().split(" to ", -1)[which];
  }

  private boolean isTrusted(Part bin) {
    Interval excess = bin.excess(level);
    return excess.lower() >= -TRUSTED && excess.upper() <= TRUSTED;
  }

  /** The part that is off the most for certain, too much or too little stated; none if none is. */
  Optional<Part> worst(boolean over) {
    return parts.stream()
        .filter(part -> certain(part, over) > 0)
        .max(Comparator.comparingDouble(part -> certain(part, over)));
  }

  /** The part that is off the most for certain either way. */
  Optional<Part> worst() {
    Optional<Part> over = worst(true);
    Optional<Part> under = worst(false);
    return over.isPresent()
            && (under.isEmpty() || certain(over.get(), true) >= certain(under.get(), false))
        ? over
        : under;
  }

  /** How far a part is off at the least; 0 or less where it may not be off at all. */
  double certain(Part part, boolean over) {
    Interval excess = part.excess(level);
    return over ? excess.lower() : -excess.upper();
  }

  /** The interval of what was observed of a part. */
  Interval observed(Part part) {
    return part.observed(level);
  }

  /** The gap that the fullest part could have and nobody would see it. */
  double unseen() {
    Interval excess = fullest().excess(level);
    return Math.max(-excess.lower(), excess.upper());
  }

  Part fullest() {
    return parts.stream().max(Comparator.comparingLong(Part::rows)).orElseThrow();
  }
}
