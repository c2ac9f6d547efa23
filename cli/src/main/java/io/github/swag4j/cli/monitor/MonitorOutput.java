package io.github.swag4j.cli.monitor;

import com.google.gson.Gson;
import com.google.gson.GsonBuilder;
import io.github.swag4j.base.AtomicFile;
import io.github.swag4j.calibration.monitoring.DriftMonitor;
import io.github.swag4j.calibration.monitoring.MonitoringReference;
import io.github.swag4j.calibration.monitoring.WindowReport;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Clock;
import java.util.List;

/** Where windows go: standard output, a file of JSON Lines, a file for Prometheus. */
public final class MonitorOutput {
  private static final Gson GSON = new GsonBuilder().serializeNulls().create();

  /**
   * What is written where.
   *
   * @param out standard output
   * @param json whether it gets JSON Lines
   * @param lines file of JSON Lines that windows are added to, null for none
   * @param prometheus file for Prometheus, null for none
   * @param name of this monitor among others
   * @param rate of false alarms, for Prometheus
   * @param clock tells when windows were full
   */
  public record Places(
      PrintWriter out,
      boolean json,
      Path lines,
      Path prometheus,
      String name,
      double rate,
      Clock clock) {}

  private final Places places;
  private final MonitoringReference reference;
  private WindowReport newest;
  private WindowReport labelled;
  private long written;
  private long alarms;

  MonitorOutput(Places places, MonitoringReference reference) {
    this.places = places;
    this.reference = reference;
  }

  /**
   * Goes on with the file of windows where the state of a restart was: lines after it are written
   * again, so that no window stands there twice.
   */
  void resume(long length) throws IOException {
    if (places.lines() == null) {
      return;
    }
    try (FileChannel file = open()) {
      if (file.size() > length) {
        file.truncate(length);
        file.force(true);
      }
      written = file.size();
    }
  }

  /** Goes on behind whatever the file of windows holds. */
  void append() throws IOException {
    if (places.lines() != null) {
      try (FileChannel file = open()) {
        written = file.size();
      }
    }
  }

  private FileChannel open() throws IOException {
    Files.createDirectories(places.lines().toAbsolutePath().getParent());
    return FileChannel.open(places.lines(), StandardOpenOption.CREATE, StandardOpenOption.WRITE);
  }

  /** Reports of an alarm printed so far. */
  long alarms() {
    return alarms;
  }

  /** Bytes of the file of windows. */
  long written() {
    return written;
  }

  void print(List<WindowReport> reports, DriftMonitor monitor) throws IOException {
    if (reports.isEmpty()) {
      return;
    }
    StringBuilder lines = new StringBuilder();
    for (WindowReport report : reports) {
      String line = GSON.toJson(WindowLines.json(report));
      lines.append(line).append('\n');
      places.out().println(places.json() ? line : WindowLines.text(report));
      newest = newest == null || report.window() >= newest.window() ? report : newest;
      labelled = report.labelsFinal() ? report : labelled;
      alarms += report.alarm() ? 1 : 0;
    }
    places.out().flush();
    if (places.lines() != null) {
      byte[] bytes = lines.toString().getBytes(StandardCharsets.UTF_8);
      try (FileChannel file = open()) {
        ByteBuffer left = ByteBuffer.wrap(bytes);
        while (left.hasRemaining()) {
          file.write(left, written + left.position());
        }
        file.force(true);
      }
      written += bytes.length;
    }
    if (places.prometheus() != null) {
      String text =
          PrometheusText.of(
              places.name(),
              monitor.counts(),
              reference.numbers(),
              newest,
              labelled,
              places.rate(),
              places.clock().instant().getEpochSecond());
      AtomicFile.write(
          places.prometheus(), out -> out.write(text.getBytes(StandardCharsets.UTF_8)));
    }
  }
}
