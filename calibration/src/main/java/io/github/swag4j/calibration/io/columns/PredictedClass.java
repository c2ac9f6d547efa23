package io.github.swag4j.calibration.io.columns;

import java.io.IOException;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * Tells whether a column is the probability of one class or of whichever class was predicted, by
 * the column of the classes predicted beside it: the first is higher wherever its class was
 * predicted.
 */
final class PredictedClass {
  private PredictedClass() {}

  /** The column of the class predicted, or -1 if there is none, or two. */
  static int of(Table table, int label) {
    int found = -1;
    for (int c = 0; c < table.names().size(); c++) {
      if (c != label && UsualColumns.isPredictedClass(table.names().get(c))) {
        if (found >= 0) {
          return -1;
        }
        found = c;
      }
    }
    return found;
  }

  /** Whether a column is no probability of one class, as the classes predicted say. */
  static boolean isConfidence(Table table, int column, int predicted) throws IOException {
    Map<String, double[]> ranges = new LinkedHashMap<>();
    try (Table.Rows rows = table.rows()) {
      while (rows.advance() && rows.cells() == table.names().size() && ranges.size() < 3) {
        double value = rows.number(column);
        double[] range =
            ranges.computeIfAbsent(
                NameText.canonical(rows.text(predicted)), text -> new double[] {value, value});
        range[0] = Math.min(range[0], value);
        range[1] = Math.max(range[1], value);
      }
    }
    if (ranges.size() != 2) {
      return ranges.size() > 2;
    }
    if (ranges.containsKey("0") && ranges.containsKey("1")) {
      return ranges.get("1")[0] < ranges.get("0")[1];
    }
    double[][] both = ranges.values().toArray(double[][]::new);
    return both[0][1] > both[1][0] && both[1][1] > both[0][0];
  }
}
