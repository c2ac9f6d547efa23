package io.github.swag4j.calibration.io.columns;

import io.github.swag4j.calibration.internal.Simplex;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.regex.Pattern;

/**
 * What the values of columns show. All of it is of the kind "there is a row that", so looking ends
 * with the row that shows the last of it, in most files one of the first.
 */
final class ColumnEvidence {
  private static final Set<String> GAPS =
      Set.of("", "nan", "na", "n/a", "null", "none", "inf", "+inf", "-inf", "infinity");

  /** What was meant for a number, as 1.000,25 is. */
  private static final Pattern NUMBER_LIKE = Pattern.compile("[-+]?[\\d.,' ]*\\d[\\d.,%eE+]*");

  private final double[] first;
  private final boolean[] text;
  private final boolean[] fractional;
  private final boolean[] varied;
  private final boolean[] carries;
  private final boolean[] outside;
  private final boolean logits;
  private final double unit;
  private long rows;
  private boolean broken;

  /**
   * Nothing seen yet.
   *
   * @param unit what 1 is written as: 100 in percentages
   */
  ColumnEvidence(int columns, boolean logits, double unit) {
    first = new double[columns];
    text = new boolean[columns];
    fractional = new boolean[columns];
    varied = new boolean[columns];
    carries = new boolean[columns];
    outside = new boolean[columns];
    this.logits = logits;
    this.unit = unit;
  }

  /**
   * Looks at rows until nothing is open.
   *
   * @param candidates columns that may be classes
   * @param beside those of them with a name that says they are none
   * @param label the column of labels, or -1
   * @param labels what labels have shown, added to
   */
  static ColumnEvidence of(
      Table table,
      List<Integer> candidates,
      Set<Integer> beside,
      int label,
      LabelEvidence labels,
      boolean logits,
      double unit)
      throws IOException {
    ColumnEvidence seen = new ColumnEvidence(table.names().size(), logits, unit);
    List<Integer> open = new ArrayList<>(candidates);
    Set<Integer> counted = new HashSet<>(candidates);
    try (Table.Rows rows = table.rows()) {
      while (!seen.broken && rows.advance()) {
        if (rows.cells() != table.names().size()) {
          seen.broken = true;
          break;
        }
        if (label >= 0) {
          labels.add(rows.text(label), rows.place());
        }
        for (int c : open) {
          double value = rows.number(c);
          seen.broken |= Double.isNaN(value) && !beside.contains(c) && seen.isGap(c, rows.text(c));
          seen.add(c, value);
        }
        seen.rows++;
        open.removeIf(
            c ->
                seen.text[c]
                    || (beside.contains(c)
                        ? seen.carries[c] && !logits
                        : seen.varied[c] && seen.isClean(c)));
        if (seen.rows == 1) {
          counted.removeIf(c -> seen.text[c] || beside.contains(c));
        }
        boolean allCounted = labels.count(counted.size());
        boolean allNamed = labels.areNames() && labels.named().containsAll(open);
        if ((open.isEmpty()
                || allNamed
                || allCounted && (logits || Collections.disjoint(open, beside)))
            && (label < 0 || allCounted || !logits || labels.named().containsAll(counted))) {
          break;
        }
      }
    }
    return seen;
  }

  /** Whether a cell is no number where there should be one, rather than a text among texts. */
  private boolean isGap(int c, String text) {
    return rows > 0
        ? !this.text[c]
        : GAPS.contains(text.toLowerCase(Locale.ROOT)) || NUMBER_LIKE.matcher(text).matches();
  }

  /** Whether there are no rows, or one that no file of predictions can have: reading refuses it. */
  boolean isBroken() {
    return broken || rows == 0;
  }

  private void add(int c, double written) {
    double value = written / unit;
    if (rows == 0) {
      first[c] = value;
      text[c] = Double.isNaN(value);
    }
    fractional[c] |= value != Math.rint(value);
    varied[c] |= value != first[c];
    carries[c] |= Math.abs(value) > Simplex.SUM_TOLERANCE;
    outside[c] |= value < -Simplex.RANGE_TOLERANCE || value > 1 + Simplex.RANGE_TOLERANCE;
  }

  /** Whether a column held no number in the first row. */
  boolean isText(int c) {
    return text[c];
  }

  /** Whether a value was neither a probability nor near one. */
  boolean isOutside(int c) {
    return outside[c];
  }

  /** Whether a value was more than a sum leaves open. */
  boolean carries(int c) {
    return carries[c];
  }

  /** Whether values are fractions. */
  boolean isFractional(int c) {
    return fractional[c];
  }

  /**
   * Whether values are as those of a class are: some is a fraction, some differs, and some is
   * larger than what a sum to 1 leaves open (logits have no sums).
   */
  boolean isClean(int c) {
    return isCleanAlone(c) && (logits || carries[c]);
  }

  /** Whether one column alone looks like probabilities of a class. */
  boolean isCleanAlone(int c) {
    return !text[c] && fractional[c] && (varied[c] || rows < 2);
  }

  /** Why a column is not clean, in words. */
  String problem(int c) {
    return !fractional[c]
        ? "holds whole numbers alone"
        : !carries[c] ? "holds nothing above 1e-4" : "holds the same number in every row";
  }
}
