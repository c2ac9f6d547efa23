package io.github.swag4j.calibration.monitoring;

import io.github.swag4j.calibration.Predictions;
import java.io.DataInput;
import java.io.DataOutput;
import java.io.IOException;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Deque;
import java.util.EnumMap;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.stream.IntStream;

/**
 * Watches predictions as they are served: cuts them into windows of a fixed number of rows, joins
 * labels that come with the rows or later, and compares each window with a reference ({@link
 * DriftAlarm}).
 *
 * <p>A window is reported when it is full, with the tests that need no labels; and once more when
 * no label of it is waited for any longer, with all tests, unless that is so at once. Memory is
 * that of the rows that wait for labels, at most {@code labelWait + 1} windows of them.
 *
 * <p>{@link #write} and {@link #read} carry everything over a restart: the reports that follow are
 * the same to the last bit. Mutable, for one thread at a time.
 */
public final class DriftMonitor {
  /** A label that is not known, or not yet. */
  public static final int UNKNOWN = -1;

  /** Labels that may come before their rows, at least. */
  private static final long FEWEST_EARLY = 1 << 20;

  private final MonitoringReference reference;
  private final MonitorOptions options;
  private final LateLabels late;
  private final Deque<OpenWindow> full = new ArrayDeque<>();
  private final WindowSketch total;
  private OpenWindow open;
  private long rows;
  private long refused;
  private long alarms;

  /**
   * A monitor that has seen nothing.
   *
   * @param reference what windows are compared with
   * @param options windows and alarm
   */
  public DriftMonitor(MonitoringReference reference, MonitorOptions options) {
    this.reference = Objects.requireNonNull(reference, "reference");
    this.options = Objects.requireNonNull(options, "options");
    late =
        new LateLabels(Math.max(FEWEST_EARLY, (options.labelWait() + 1L) * options.windowRows()));
    total = new WindowSketch(reference.classes());
    open = new OpenWindow(1, 1, new WindowSketch(reference.classes()));
  }

  /**
   * Takes rows that were served.
   *
   * @param served predictions of as many classes, with ids if labels are to come later, empty for a
   *     row whose label will not; labels and weights in them are not looked at
   * @param labels {@code [rows]}, class indices or {@link #UNKNOWN}
   * @return reports of windows that are full or finished by them, in order
   * @throws IllegalArgumentException if the number of classes or labels is another; nothing is
   *     taken
   */
  public List<WindowReport> add(Predictions served, int[] labels) {
    if (served.classes() != reference.classes() || served.isBinary() != reference.isBinary()) {
      throw new IllegalArgumentException(
          "rows must have the reference's "
              + reference.classes()
              + " classes"
              + (reference.isBinary() ? " as one column" : "")
              + ", got "
              + served.classes());
    }
    if (labels.length != served.rows()) {
      throw new IllegalArgumentException(
          "labels must be as many as rows, " + served.rows() + ", got " + labels.length);
    }
    for (int label : labels) {
      if (label < UNKNOWN || label >= reference.classes()) {
        throw new IllegalArgumentException(
            "labels must be class indices below " + reference.classes() + ", got " + label);
      }
    }
    List<WindowReport> reports = new ArrayList<>();
    for (int from = 0; from < served.rows(); ) {
      int room = options.windowRows() - (int) open.sketch.rows();
      int to = Math.min(served.rows(), from + room);
      take(
          served.select(IntStream.range(from, to).toArray()), Arrays.copyOfRange(labels, from, to));
      rows += to - from;
      from = to;
      if (open.sketch.rows() == options.windowRows()) {
        reports.addAll(closeOpen());
      }
    }
    return reports;
  }

  private void take(Predictions served, int[] given) {
    open.sketch.add(served);
    List<double[]> known = new ArrayList<>();
    List<Integer> labels = new ArrayList<>();
    for (int i = 0; i < given.length; i++) {
      double[] p = served.probabilities(i);
      int label = given[i];
      if (label == UNKNOWN && served.hasIds() && !served.id(i).isEmpty()) {
        label = late.labelOf(served.id(i), open, p);
      }
      if (label != UNKNOWN) {
        known.add(p);
        labels.add(label);
      }
    }
    if (!known.isEmpty()) {
      open.sketch.addLabelled(labelled(known, labels));
    }
  }

  private Predictions labelled(List<double[]> rows, List<Integer> labels) {
    int[] indices = labels.stream().mapToInt(Integer::intValue).toArray();
    return reference.isBinary()
        ? Predictions.binary(rows.stream().mapToDouble(p -> p[1]).toArray(), indices)
        : Predictions.of(rows.toArray(new double[0][]), indices);
  }

  /**
   * Takes a label that came apart from its row, before or after it.
   *
   * @param id id of the row
   * @param label class index
   * @return the report of a window that it completes, or nothing
   * @throws IllegalArgumentException if there is no such class
   */
  public List<WindowReport> label(String id, int label) {
    if (label < 0 || label >= reference.classes()) {
      throw new IllegalArgumentException(
          "a label must be a class index below " + reference.classes() + ", got " + label);
    }
    LateLabels.Row row = late.rowOf(id, label);
    if (row == null) {
      return List.of();
    }
    row.window().sketch.addLabelled(labelled(List.of(row.probabilities()), List.of(label)));
    if (row.window().waiting == 0 && full.remove(row.window())) {
      return List.of(finish(row.window()));
    }
    return List.of();
  }

  /**
   * Counts rows that could not be taken: they are in no window's numbers, but in its report.
   *
   * @param count how many
   */
  public void refuse(long count) {
    refused += count;
    open.refused += count;
  }

  private List<WindowReport> closeOpen() {
    List<WindowReport> reports = new ArrayList<>();
    OpenWindow closed = open;
    open = new OpenWindow(closed.number + 1, rows + 1, new WindowSketch(reference.classes()));
    closed.early = options.alarm().test(closed.sketch, reference, false, closed.number);
    boolean waits = closed.waiting > 0 && options.labelWait() > 0;
    if (waits) {
      full.add(closed);
      reports.add(report(closed, closed.early, false));
    }
    while (!full.isEmpty() && full.peek().number <= closed.number - options.labelWait()) {
      reports.add(finish(full.remove()));
    }
    if (!waits) {
      reports.add(finish(closed));
    }
    return reports;
  }

  private WindowReport finish(OpenWindow window) {
    late.expire(window);
    Map<DriftMeasure, Double> p = new EnumMap<>(DriftMeasure.class);
    p.putAll(window.early);
    p.putAll(options.alarm().test(window.sketch, reference, true, window.number));
    total.merge(window.sketch);
    WindowReport report = report(window, p, true);
    alarms += report.alarm() ? 1 : 0;
    return report;
  }

  private WindowReport report(OpenWindow window, Map<DriftMeasure, Double> p, boolean labelsFinal) {
    List<DriftMeasure> raised =
        Arrays.stream(DriftMeasure.values())
            .filter(m -> p.getOrDefault(m, 1.0) <= options.alarm().rate())
            .toList();
    return new WindowReport(
        window.number,
        window.firstRow,
        window.sketch.numbers(),
        window.refused,
        p,
        raised,
        labelsFinal);
  }

  /**
   * Ends: waits for no more labels, and takes the rows of the last window for one, however few.
   *
   * @return reports of all windows that were open
   */
  public List<WindowReport> end() {
    List<WindowReport> reports = new ArrayList<>();
    while (!full.isEmpty()) {
      reports.add(finish(full.remove()));
    }
    if (open.sketch.rows() > 0) {
      OpenWindow last = open;
      open = new OpenWindow(last.number + 1, rows + 1, new WindowSketch(reference.classes()));
      last.early = options.alarm().test(last.sketch, reference, false, last.number);
      reports.add(finish(last));
    }
    return reports;
  }

  /**
   * What has come so far.
   *
   * @return counts
   */
  public MonitorCounts counts() {
    return new MonitorCounts(
        rows,
        refused,
        open.number - 1,
        alarms,
        (int) open.sketch.rows(),
        late.unmatched(),
        late.repeated());
  }

  /**
   * The numbers of all finished windows together, merged from theirs.
   *
   * @return the numbers
   */
  public WindowNumbers total() {
    return total.numbers();
  }

  /**
   * Writes everything that a restart must know.
   *
   * @param out where to
   * @throws IOException if it cannot be written
   */
  public void write(DataOutput out) throws IOException {
    out.writeInt(options.windowRows());
    out.writeLong(rows);
    out.writeLong(refused);
    out.writeLong(alarms);
    total.write(out);
    open.write(out);
    out.writeInt(full.size());
    for (OpenWindow window : full) {
      window.write(out);
    }
    late.write(out);
  }

  /**
   * Goes on where another monitor was.
   *
   * @param in what {@link #write} wrote
   * @param reference the same reference
   * @param options how to go on; the rows of a window must be the same
   * @return the monitor
   * @throws IOException if it cannot be read, or the windows had another number of rows
   */
  public static DriftMonitor read(
      DataInput in, MonitoringReference reference, MonitorOptions options) throws IOException {
    int windowRows = in.readInt();
    if (windowRows != options.windowRows()) {
      throw new IOException(
          "windows must have as many rows as before, "
              + windowRows
              + ", got "
              + options.windowRows());
    }
    DriftMonitor monitor = new DriftMonitor(reference, options);
    monitor.rows = in.readLong();
    monitor.refused = in.readLong();
    monitor.alarms = in.readLong();
    monitor.total.merge(WindowSketch.read(in, reference.classes()));
    monitor.open = OpenWindow.read(in, reference.classes());
    Map<Long, OpenWindow> windows = new HashMap<>();
    windows.put(monitor.open.number, monitor.open);
    for (int left = in.readInt(); left > 0; left--) {
      OpenWindow window = OpenWindow.read(in, reference.classes());
      monitor.full.add(window);
      windows.put(window.number, window);
    }
    monitor.late.read(in, reference.classes(), windows);
    return monitor;
  }
}
