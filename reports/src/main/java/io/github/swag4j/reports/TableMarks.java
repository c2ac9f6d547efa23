package io.github.swag4j.reports;

import io.github.swag4j.reports.MetricsTable.Better;
import io.github.swag4j.reports.drawing.Numbers;
import java.util.List;

/**
 * Which numbers of a table are marked: those said to be, or else the best of each metric as shown.
 * What rounds to the same digits as the best is marked too, and nothing is where all are the same.
 * Only rows that can be compared are.
 */
final class TableMarks {
  private final boolean[][] best;

  private TableMarks(boolean[][] best) {
    this.best = best;
  }

  static TableMarks of(MetricsTable table, boolean withinFirstLabel, List<TableRow> rows) {
    boolean said = rows.stream().anyMatch(row -> row.marked() != null);
    boolean[][] best = new boolean[table.rows()][table.metrics().size()];
    for (int r = 0; r < best.length; r++) {
      for (int m = 0; m < best[r].length; m++) {
        best[r][m] =
            said
                ? rows.get(r).isMarked(table.metrics().get(m).name())
                : isBest(table, r, m, withinFirstLabel);
      }
    }
    return new TableMarks(best);
  }

  private static boolean isBest(MetricsTable table, int row, int metric, boolean withinFirstLabel) {
    MetricsTable.Metric column = table.metrics().get(metric);
    double best = Double.NaN;
    boolean differ = false;
    for (int r = 0; r < table.rows(); r++) {
      if (withinFirstLabel && !table.name(r, 0).equals(table.name(row, 0))) {
        continue;
      }
      double value = table.value(r, metric);
      differ |= !Double.isNaN(value) && !table.cell(r, metric).equals(table.cell(row, metric));
      boolean wins = column.better() == Better.HIGHER ? value > best : value < best;
      best = Double.isNaN(best) || wins ? value : best;
    }
    return differ
        && (column.better() == Better.HIGHER || column.better() == Better.LOWER)
        && !Double.isNaN(table.value(row, metric))
        && Numbers.cell(best, column.decimals()).equals(table.cell(row, metric));
  }

  boolean isBest(int row, int metric) {
    return best[row][metric];
  }

  boolean any() {
    for (boolean[] row : best) {
      for (boolean each : row) {
        if (each) {
          return true;
        }
      }
    }
    return false;
  }
}
