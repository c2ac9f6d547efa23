package io.github.swag4j.calibration.monitoring;

import java.io.DataInput;
import java.io.DataOutput;
import java.io.IOException;
import java.util.HashMap;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * Rows that wait for their label, and labels that wait for their row, joined by id. Both are
 * bounded: rows leave with their window, labels when newer ones fill their place.
 */
final class LateLabels {
  /** A row that waits. */
  record Row(OpenWindow window, double[] probabilities) {}

  private final long mostEarly;
  private final Map<String, Row> rows = new HashMap<>();
  private final LinkedHashMap<String, Integer> early = new LinkedHashMap<>();
  private long unmatched;
  private long repeated;

  LateLabels(long mostEarly) {
    this.mostEarly = mostEarly;
  }

  /**
   * The label that came before its row, -1 if it has not come yet: the row waits then, unless
   * another of this id does.
   */
  int labelOf(String id, OpenWindow window, double[] probabilities) {
    Integer known = early.remove(id);
    if (known != null) {
      return known;
    }
    if (rows.putIfAbsent(id, new Row(window, probabilities)) == null) {
      window.waiting++;
    } else {
      repeated++;
    }
    return -1;
  }

  /** The row of a label, which waits no longer; null if none waits: the label does. */
  Row rowOf(String id, int label) {
    Row row = rows.remove(id);
    if (row != null) {
      row.window().waiting--;
      return row;
    }
    early.put(id, label);
    if (early.size() > mostEarly) {
      Iterator<String> oldest = early.keySet().iterator();
      oldest.next();
      oldest.remove();
      unmatched++;
    }
    return null;
  }

  /** Lets the rows of a window go. */
  void expire(OpenWindow window) {
    rows.values().removeIf(row -> row.window() == window);
    window.waiting = 0;
  }

  /** Labels that no row came for, those that still wait too. */
  long unmatched() {
    return unmatched + early.size();
  }

  /** Rows with the id of a row that was waiting: they get no label. */
  long repeated() {
    return repeated;
  }

  void write(DataOutput out) throws IOException {
    out.writeLong(unmatched);
    out.writeLong(repeated);
    out.writeInt(early.size());
    for (Map.Entry<String, Integer> each : early.entrySet()) {
      writeText(out, each.getKey());
      out.writeInt(each.getValue());
    }
    out.writeInt(rows.size());
    for (Map.Entry<String, Row> each : rows.entrySet()) {
      writeText(out, each.getKey());
      out.writeLong(each.getValue().window().number);
      for (double p : each.getValue().probabilities()) {
        out.writeDouble(p);
      }
    }
  }

  void read(DataInput in, int classes, Map<Long, OpenWindow> windows) throws IOException {
    unmatched = in.readLong();
    repeated = in.readLong();
    for (int left = in.readInt(); left > 0; left--) {
      early.put(readText(in), in.readInt());
    }
    for (int left = in.readInt(); left > 0; left--) {
      String id = readText(in);
      OpenWindow window = windows.get(in.readLong());
      double[] probabilities = new double[classes];
      for (int k = 0; k < classes; k++) {
        probabilities[k] = in.readDouble();
      }
      if (window == null) {
        throw new IOException("a row that waits for its label must be of an open window");
      }
      rows.put(id, new Row(window, probabilities));
    }
  }

  /** Not writeUTF, which takes 64 KB at most. */
  private static void writeText(DataOutput out, String text) throws IOException {
    out.writeInt(text.length());
    out.writeChars(text);
  }

  private static String readText(DataInput in) throws IOException {
    int length = in.readInt();
    StringBuilder text = new StringBuilder();
    for (int i = 0; i < length; i++) {
      text.append(in.readChar());
    }
    return text.toString();
  }
}
