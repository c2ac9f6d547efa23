package io.github.swag4j.cli;

import java.util.Collection;
import java.util.List;
import java.util.Locale;

/**
 * What somebody may have meant who wrote a name that is not known: the names that begin so, else
 * those a slip of the fingers away.
 *
 * <p>Slips are counted as in Damerau's distance: a letter left out, added, changed or swapped with
 * its neighbour; as many as a third of the letters, at least one, are forgiven. Capitals and
 * leading dashes do not count.
 *
 * @see <a href="https://doi.org/10.1145/363958.363994">Damerau 1964, A technique for computer
 *     detection and correction of spelling errors</a>
 */
final class Nearest {
  private static final int MOST = 3;

  private Nearest() {}

  /** The nearest names, at most three, in the order given; none where all are far. */
  static List<String> of(String written, Collection<String> names) {
    String word = bare(written);
    if (word.isEmpty()) {
      return List.of();
    }
    List<String> longer =
        names.stream().filter(name -> word.length() > 1 && bare(name).startsWith(word)).toList();
    if (!longer.isEmpty()) {
      return longer.subList(0, Math.min(MOST, longer.size()));
    }
    int forgiven = Math.max(1, word.length() / 3);
    int least =
        names.stream().mapToInt(name -> slips(word, bare(name))).min().orElse(Integer.MAX_VALUE);
    return least > forgiven
        ? List.of()
        : names.stream().filter(name -> slips(word, bare(name)) == least).limit(MOST).toList();
  }

  /** Such as ": did you mean --labels or --labels-are?", or nothing. */
  static String hint(String written, Collection<String> names) {
    List<String> near = of(written, names);
    return near.isEmpty() ? "" : ": did you mean " + String.join(" or ", near) + "?";
  }

  private static String bare(String name) {
    return name.replaceFirst("^-+", "").toLowerCase(Locale.ROOT);
  }

  private static int slips(String a, String b) {
    int[] before = new int[b.length() + 1];
    int[] row = new int[b.length() + 1];
    int[] next = new int[b.length() + 1];
    for (int j = 0; j < row.length; j++) {
      row[j] = j;
    }
    for (int i = 1; i <= a.length(); i++) {
      next[0] = i;
      for (int j = 1; j <= b.length(); j++) {
        int changed = a.charAt(i - 1) == b.charAt(j - 1) ? 0 : 1;
        next[j] = Math.min(Math.min(row[j], next[j - 1]) + 1, row[j - 1] + changed);
        if (i > 1
            && j > 1
            && a.charAt(i - 1) == b.charAt(j - 2)
            && a.charAt(i - 2) == b.charAt(j - 1)) {
          next[j] = Math.min(next[j], before[j - 2] + 1);
        }
      }
      int[] free = before;
      before = row;
      row = next;
      next = free;
    }
    return row[b.length()];
  }
}
