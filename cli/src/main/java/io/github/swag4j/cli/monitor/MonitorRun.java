package io.github.swag4j.cli.monitor;

import io.github.swag4j.calibration.monitoring.DriftAlarm;
import io.github.swag4j.calibration.monitoring.DriftMonitor;
import io.github.swag4j.calibration.monitoring.MonitorCounts;
import io.github.swag4j.calibration.monitoring.MonitorOptions;
import io.github.swag4j.calibration.monitoring.MonitoringReference;
import io.github.swag4j.calibration.monitoring.WindowReport;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import java.util.stream.IntStream;

/**
 * Reads rows and late labels as they come, hands them to the monitor, and keeps output and state in
 * step: output first, then the state that says how long it is, so that a kill between the two
 * writes the same lines again in the same place.
 */
public final class MonitorRun {
  /**
   * Where rows come from and how they are read.
   *
   * @param rows a file, null for standard input
   * @param input standard input
   * @param lateLabels a file of labels that come later, null for none
   * @param state file that a restart goes on by, null for none
   * @param follow whether to wait for more at the end
   * @param pollMillis how long, in milliseconds, between looks
   * @param idleMillis after so long without anything new it ends; negative for never
   */
  public record Input(
      Path rows,
      InputStream input,
      Path lateLabels,
      Path state,
      boolean follow,
      long pollMillis,
      long idleMillis) {}

  private static final long MOST_WARNINGS = 5;

  private final Input input;
  private final ServedReading reading;
  private final MonitoringReference reference;
  private final MonitorOptions options;
  private final MonitorOutput output;
  private final Consumer<String> warnings;
  private final CountDownLatch stopped = new CountDownLatch(1);
  private final CountDownLatch finished = new CountDownLatch(1);
  private long warned;
  private MonitorState before;
  private RecordSource rows;
  private GrowingFile labels;
  private ServedRows served;
  private LateLabelRows lateLabels;
  private DriftMonitor monitor;
  private boolean labelsExpected;
  private boolean toldOfLabels;
  private boolean anyLabels;

  /**
   * A run.
   *
   * @param options windows and alarm; whether labels are expected is found out from the rows
   * @param warnings takes what should be known, a line each
   */
  public MonitorRun(
      Input input,
      ServedReading reading,
      MonitoringReference reference,
      MonitorOptions options,
      MonitorOutput.Places places,
      Consumer<String> warnings) {
    this.input = input;
    this.reading = reading;
    this.reference = reference;
    this.options = options;
    this.output = new MonitorOutput(places, reference);
    this.warnings = warnings;
  }

  /** Asks a run to save its state and end, and waits until it has, but not for long. */
  public void stop() throws InterruptedException {
    stopped.countDown();
    boolean done = finished.await(10, TimeUnit.SECONDS);
    if (!done) {
      warnings.accept("ended before the state could be written: the last one stands");
    }
  }

  /**
   * Runs to the end, or until it is stopped.
   *
   * @return what was seen
   */
  public MonitorCounts run() throws IOException, InterruptedException {
    try {
      open();
      loop();
      return monitor == null ? new MonitorCounts(0, 0, 0, 0, 0, 0, 0) : monitor.counts();
    } finally {
      close();
      finished.countDown();
    }
  }

  private void close() throws IOException {
    if (labels != null) {
      labels.close();
    }
    if (rows != null) {
      rows.close();
    }
  }

  private void open() throws IOException {
    boolean resumed = input.state() != null && Files.exists(input.state());
    before = resumed ? MonitorState.read(input.state(), reference.fingerprint()) : null;
    boolean late = input.lateLabels() != null;
    served = reading.rows(reference, late, before == null ? null : before.header(), this::warn);
    if (late) {
      lateLabels =
          reading.lateLabels(reference, before == null ? null : before.labelsHeader(), this::warn);
      labels =
          new GrowingFile(
              input.lateLabels(), before == null ? FilePosition.START : before.labels());
    }
    rows =
        input.rows() == null
            ? new StandardInput(input.input())
            : new GrowingFile(input.rows(), before == null ? FilePosition.START : before.rows());
    if (before == null) {
      output.append();
      return;
    }
    output.resume(before.written());
    labelsExpected = before.labelsExpected();
    monitor =
        DriftMonitor.read(
            new DataInputStream(new ByteArrayInputStream(before.monitor())),
            reference,
            withLabels(labelsExpected));
  }

  private void begin(boolean expected) {
    labelsExpected = expected;
    monitor = new DriftMonitor(reference, withLabels(expected));
  }

  private MonitorOptions withLabels(boolean expected) {
    DriftAlarm alarm = options.alarm();
    return new MonitorOptions(
        options.windowRows(),
        options.labelWait(),
        new DriftAlarm(alarm.rate(), expected, alarm.seed()));
  }

  private void loop() throws IOException, InterruptedException {
    long idleSince = System.nanoTime();
    boolean saved = true;
    while (stopped.getCount() > 0) {
      // Labels first: those of a run over whole files are all there when their rows come.
      boolean printed = takeAllLabels();
      boolean idle = !anyLabels;
      printed |= takeRows(rows.poll());
      tell(rows.events());
      if (!(idle && rows.idle())) {
        saved = printed;
        if (printed) {
          save();
        }
        idleSince = System.nanoTime();
        continue;
      }
      if (!saved) {
        save();
        saved = true;
      }
      long millis = (System.nanoTime() - idleSince) / 1_000_000;
      boolean over = input.rows() == null ? rows.ended() : !input.follow();
      if (over || input.idleMillis() >= 0 && millis > input.idleMillis()) {
        break;
      }
      if (stopped.await(input.pollMillis(), TimeUnit.MILLISECONDS)) {
        break;
      }
    }
    end();
  }

  /** Takes all labels that are there by now. */
  private boolean takeAllLabels() throws IOException {
    boolean printed = false;
    boolean come = false;
    while (labels != null) {
      printed |= takeLabels(labels.poll());
      tell(labels.events());
      if (labels.idle()) {
        break;
      }
      come = true;
    }
    anyLabels = come;
    return printed;
  }

  /** Half a line may be the first half where somebody will come back for the second. */
  private void end() throws IOException {
    boolean comesBack = input.state() != null && input.rows() != null;
    boolean all = stopped.getCount() > 0 && !comesBack;
    if (all) {
      takeRows(rows.rest());
      takeLabels(labels == null ? List.of() : labels.rest());
    } else if (rows instanceof GrowingFile file && file.waiting() > 0) {
      warnings.accept("the last line has no end yet and is left for the next run");
    }
    if (all && input.state() == null && monitor != null) {
      output.print(monitor.end(), monitor);
    }
    save();
  }

  private boolean takeRows(List<TextRecord> records) throws IOException {
    if (records.isEmpty()) {
      return false;
    }
    for (TextRecord record : records) {
      try {
        served.take(record);
      } catch (IOException e) {
        throw at(input.rows(), record, e);
      }
    }
    ServedRows.Batch batch = served.batch();
    boolean come = reference.hasLabels() && (input.lateLabels() != null || served.hasLabels());
    if (monitor == null) {
      begin(come);
    } else if (come && !labelsExpected && !toldOfLabels) {
      toldOfLabels = true;
      warnings.accept(
          "labels come that did not at the start: their numbers are shown and not tested, since the"
              + " whole rate of false alarms was given to the other measures");
    }
    List<WindowReport> reports = add(batch);
    output.print(reports, monitor);
    return !reports.isEmpty();
  }

  /** Rows and refusals in their order, so that a window has those that came while it was open. */
  private List<WindowReport> add(ServedRows.Batch batch) {
    List<WindowReport> reports = new ArrayList<>();
    long[] refused = batch.refusedBefore();
    int from = 0;
    for (int to = 0; to < refused.length; to++) {
      boolean last = to == refused.length - 1;
      if (to > from && (last || refused[to] > 0)) {
        int[] part = IntStream.range(from, to).toArray();
        reports.addAll(
            monitor.add(batch.rows().select(part), Arrays.copyOfRange(batch.labels(), from, to)));
        from = to;
      }
      monitor.refuse(refused[to]);
    }
    return reports;
  }

  private boolean takeLabels(List<TextRecord> records) throws IOException {
    if (!records.isEmpty() && monitor == null) {
      begin(reference.hasLabels());
    }
    boolean printed = false;
    for (TextRecord record : records) {
      for (LateLabelRows.Label label : labelsOf(record)) {
        List<WindowReport> reports = monitor.label(label.id(), label.label());
        output.print(reports, monitor);
        printed |= !reports.isEmpty();
      }
    }
    return printed;
  }

  private List<LateLabelRows.Label> labelsOf(TextRecord record) throws IOException {
    try {
      return lateLabels.of(record);
    } catch (IOException e) {
      throw at(input.lateLabels(), record, e);
    }
  }

  /** A header that is refused, in its place. */
  private static IOException at(Path file, TextRecord record, IOException e) {
    String name = file == null ? "standard input" : file.toString();
    return new IOException(name + ", line " + record.line() + ": " + e.getMessage(), e);
  }

  private void save() throws IOException {
    if (input.state() == null || monitor == null) {
      return;
    }
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    monitor.write(new DataOutputStream(bytes));
    new MonitorState(
            reference.fingerprint(),
            labelsExpected,
            rows instanceof GrowingFile file ? file.position() : FilePosition.START,
            served.header(),
            labels == null ? FilePosition.START : labels.position(),
            lateLabels == null ? null : lateLabels.header(),
            output.written(),
            bytes.toByteArray())
        .write(input.state());
  }

  private void tell(List<String> events) {
    events.forEach(warnings);
  }

  private void warn(String problem) {
    warned++;
    if (warned <= MOST_WARNINGS) {
      warnings.accept(
          problem + (warned < MOST_WARNINGS ? "" : " (others like it are only counted)"));
    }
  }

  /** Windows that raised an alarm in this run. */
  public long alarmsRaised() {
    return output.alarms();
  }

  /** The monitor, null if nothing came. */
  public DriftMonitor monitor() {
    return monitor;
  }
}
