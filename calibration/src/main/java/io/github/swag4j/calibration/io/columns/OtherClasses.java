package io.github.swag4j.calibration.io.columns;

import io.github.swag4j.calibration.internal.Simplex;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;

/** Looks for columns that could be the classes where one column was taken for the positive one. */
final class OtherClasses {
  /** Columns whose every subset is looked at. */
  private static final int MOST = 12;

  private OtherClasses() {}

  /**
   * Whether any two or more of some columns, the one among them or not, sum to 1 in every row.
   *
   * @param unit what 1 is written as
   */
  static boolean couldBe(Table table, int column, List<Integer> others, double unit)
      throws IOException {
    List<Integer> numbers = new ArrayList<>();
    List<Integer> subsets = new ArrayList<>();
    try (Table.Rows rows = table.rows()) {
      boolean first = true;
      while (rows.advance() && rows.cells() == table.names().size()) {
        if (first) {
          first = false;
          Stream.concat(Stream.of(column), others.stream())
              .filter(c -> Simplex.isProbability(rows.number(c) / unit))
              .forEach(numbers::add);
          if (numbers.size() > MOST) {
            return true; // too many to tell
          }
          for (int subset = 1; subset < 1 << numbers.size(); subset++) {
            if (Integer.bitCount(subset) > 1) {
              subsets.add(subset);
            }
          }
        }
        subsets.removeIf(subset -> !sums(rows, numbers, subset, unit));
        if (subsets.isEmpty()) {
          return false;
        }
      }
    }
    return !subsets.isEmpty();
  }

  private static boolean sums(Table.Rows rows, List<Integer> numbers, int subset, double unit) {
    double sum = 0;
    for (int i = 0; i < numbers.size(); i++) {
      if ((subset >> i & 1) == 1) {
        double value = rows.number(numbers.get(i)) / unit;
        if (!Simplex.isProbability(value)) {
          return false;
        }
        sum += value;
      }
    }
    return Simplex.sumsToOne(sum);
  }
}
