package io.github.swag4j.calibration.io.columns;

import io.github.swag4j.calibration.internal.Simplex;
import io.github.swag4j.calibration.io.format.ReadOptions;
import io.github.swag4j.calibration.io.internal.RowHints;
import io.github.swag4j.calibration.io.internal.Source;
import java.io.IOException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;

/** Tries options on all rows of a table, and finds what all of them show. */
record ColumnTrial(Table table, Source source) {
  /** Columns of which all runs are looked at. */
  private static final int MOST_IN_RUNS = 64;

  /** Whether all rows can be read with some options. */
  boolean works(ReadOptions tried) {
    return !classesWith(tried).isEmpty();
  }

  /** The columns of the classes if all rows can be read with some options, else none. */
  List<Integer> classesWith(ReadOptions tried) {
    try {
      ColumnPlan plan = ColumnRule.tried(table, tried, source);
      try (Table.Rows rows = table.rows()) {
        boolean distributions = true;
        while (rows.advance()) {
          if (rows.cells() != table.names().size() || !isValid(rows, plan, tried)) {
            return List.of();
          }
          distributions &=
              tried.logits()
                  && plan.classColumns().size() > 1
                  && sums(rows, plan.classColumns(), 1);
        }
        return tried.logits() && distributions ? List.of() : plan.classColumns();
      }
    } catch (IOException | IllegalArgumentException e) {
      return List.of(); // what was refused again is no remedy
    }
  }

  private static boolean isValid(Table.Rows rows, ColumnPlan plan, ReadOptions tried)
      throws IOException {
    if (plan.label() >= 0 && plan.labels().of(rows.text(plan.label())) == LabelMeaning.UNKNOWN) {
      return false;
    }
    if (tried.logits()) {
      boolean finite = true;
      for (int c : plan.classColumns()) {
        finite &= rows.number(c) < Double.POSITIVE_INFINITY;
      }
      return finite;
    }
    double unit = tried.percent() ? 100 : 1;
    if (plan.classColumns().size() == 1) {
      return Simplex.isProbability(rows.number(plan.classColumns().get(0)) / unit);
    }
    return sums(rows, plan.classColumns(), unit);
  }

  private static boolean sums(Table.Rows rows, List<Integer> columns, double unit) {
    double sum = 0;
    for (int c : columns) {
      double value = rows.number(c) / unit;
      if (!Simplex.isProbability(value)) {
        return false;
      }
      sum += value;
    }
    return Simplex.sumsToOne(sum);
  }

  /** Whether a column other than of zeros holds the same number in every row of several. */
  boolean haveConstant(List<Integer> columns) throws IOException {
    Set<Integer> constant = new TreeSet<>(columns);
    Map<Integer, Double> first = new HashMap<>();
    long count = 0;
    try (Table.Rows rows = table.rows()) {
      while (rows.advance() && !constant.isEmpty()) {
        count++;
        constant.removeIf(
            c -> rows.number(c) != first.computeIfAbsent(c, each -> rows.number(each)));
      }
    }
    constant.removeAll(zeros(columns));
    return count > 1 && !constant.isEmpty();
  }

  /** Whether rows would sum to 1 but for rounding. */
  boolean areRounded(ReadOptions options) throws IOException {
    ColumnPlan plan;
    try {
      plan = ColumnRule.tried(table, options, source);
    } catch (IOException e) {
      return false;
    }
    try (Table.Rows rows = table.rows()) {
      while (rows.advance()) {
        double sum = 0;
        for (int c : plan.classColumns()) {
          double value = rows.number(c);
          sum += value >= 0 ? value : Double.NaN;
        }
        if (!(Math.abs(sum - 1) <= RowHints.ROUNDING)) {
          return false;
        }
      }
      return plan.classColumns().size() > 1;
    }
  }

  /** Whether some columns have a number that is no probability, as logits do. */
  boolean haveOutside(List<Integer> columns) throws IOException {
    try (Table.Rows rows = table.rows()) {
      while (rows.advance()) {
        for (int c : columns) {
          if (rows.number(c) < 0 || rows.number(c) > 1) {
            return true;
          }
        }
      }
      return false;
    }
  }

  /** Those of some columns that hold probabilities in every row. */
  List<Integer> probabilities(List<Integer> columns, double unit) throws IOException {
    List<Integer> in = new ArrayList<>(columns);
    try (Table.Rows rows = table.rows()) {
      while (!in.isEmpty() && rows.advance()) {
        in.removeIf(c -> !Simplex.isProbability(rows.number(c) / unit));
      }
    }
    return in;
  }

  /** Those of some columns that hold nothing a sum of 1 has need of. */
  Set<Integer> zeros(List<Integer> columns) throws IOException {
    Set<Integer> zero = new TreeSet<>(columns);
    try (Table.Rows rows = table.rows()) {
      while (rows.advance() && !zero.isEmpty()) {
        zero.removeIf(c -> !(Math.abs(rows.number(c)) <= Simplex.SUM_TOLERANCE));
      }
    }
    return zero;
  }

  /** Columns of whole numbers alone, not all of them 0. */
  Set<Integer> wholeNumbers(List<Integer> columns) throws IOException {
    Set<Integer> whole = new TreeSet<>(columns);
    Set<Integer> zero = new TreeSet<>(whole);
    try (Table.Rows rows = table.rows()) {
      while (rows.advance() && rows.cells() == table.names().size() && !whole.isEmpty()) {
        whole.removeIf(c -> rows.number(c) != Math.rint(rows.number(c)));
        zero.removeIf(c -> rows.number(c) != 0);
      }
    }
    whole.removeAll(zero);
    return whole;
  }

  /** Those of some columns that are labels one-hot, one for each class; none if there are not. */
  List<Integer> oneHot(List<Integer> columns, int classes) throws IOException {
    List<Integer> hot = new ArrayList<>(columns);
    try (Table.Rows rows = table.rows()) {
      while (rows.advance() && rows.cells() == table.names().size() && hot.size() >= classes) {
        hot.removeIf(c -> rows.number(c) != 0 && rows.number(c) != 1);
      }
    }
    boolean as = hot.size() == classes && classes > 1;
    return as && distributions(hot, 1).contains(hot) ? hot : List.of();
  }

  /**
   * All runs of columns next to each other among some, two at least, that sum to 1 in every row.
   */
  List<List<Integer>> distributions(List<Integer> columns, double unit) throws IOException {
    List<List<Integer>> runs = new ArrayList<>();
    for (int from = 0; columns.size() <= MOST_IN_RUNS && from < columns.size(); from++) {
      for (int to = from + 2; to <= columns.size(); to++) {
        runs.add(List.copyOf(columns.subList(from, to)));
      }
    }
    try (Table.Rows rows = table.rows()) {
      while (!runs.isEmpty() && rows.advance()) {
        if (rows.cells() != table.names().size()) {
          return List.of();
        }
        runs.removeIf(run -> !sums(rows, run, unit));
      }
    }
    return runs;
  }
}
