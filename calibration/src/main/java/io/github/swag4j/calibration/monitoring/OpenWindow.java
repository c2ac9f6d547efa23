package io.github.swag4j.calibration.monitoring;

import java.io.DataInput;
import java.io.DataOutput;
import java.io.IOException;
import java.util.EnumMap;
import java.util.Map;

/** A window that rows or labels may still come for. */
final class OpenWindow {
  final long number;
  final long firstRow;
  final WindowSketch sketch;
  long refused;

  /** Rows that a label may still come for. */
  int waiting;

  /** P-values of the tests without labels, made when the window was full. */
  Map<DriftMeasure, Double> early = new EnumMap<>(DriftMeasure.class);

  OpenWindow(long number, long firstRow, WindowSketch sketch) {
    this.number = number;
    this.firstRow = firstRow;
    this.sketch = sketch;
  }

  void write(DataOutput out) throws IOException {
    out.writeLong(number);
    out.writeLong(firstRow);
    out.writeLong(refused);
    out.writeInt(waiting);
    for (DriftMeasure measure : DriftMeasure.values()) {
      out.writeDouble(early.getOrDefault(measure, Double.NaN));
    }
    sketch.write(out);
  }

  static OpenWindow read(DataInput in, int classes) throws IOException {
    long number = in.readLong();
    long firstRow = in.readLong();
    long refused = in.readLong();
    int waiting = in.readInt();
    Map<DriftMeasure, Double> early = new EnumMap<>(DriftMeasure.class);
    for (DriftMeasure measure : DriftMeasure.values()) {
      double p = in.readDouble();
      if (!Double.isNaN(p)) {
        early.put(measure, p);
      }
    }
    OpenWindow window = new OpenWindow(number, firstRow, WindowSketch.read(in, classes));
    window.refused = refused;
    window.waiting = waiting;
    window.early = early;
    return window;
  }
}
