package io.github.swag4j.calibration.io;

import java.util.Map;
import java.util.TreeMap;

/**
 * The line of the file that each row came from. Rows usually follow each other line by line, so
 * only the breaks (empty lines, quoted line breaks) are kept.
 */
final class RowLines {
  private final TreeMap<Integer, Long> offsets = new TreeMap<>();
  private long offset;

  void add(int row, long line) {
    if (offsets.isEmpty() || line - row != offset) {
      offset = line - row;
      offsets.put(row, offset);
    }
  }

  long of(int row) {
    Map.Entry<Integer, Long> entry = offsets.floorEntry(row);
    return row + entry.getValue();
  }
}
