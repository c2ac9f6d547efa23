package io.github.swag4j.cli.run;

import java.io.PrintWriter;
import java.util.Locale;

/**
 * Progress of a long task on standard error: a bar that is drawn over itself on a terminal, now and
 * then a plain line elsewhere.
 */
public final class Progress {
  private static final int BAR = 24;
  private static final long REDRAW_NANOS = 100_000_000L;
  private static final long LINE_NANOS = 10_000_000_000L;

  private final PrintWriter err;
  private final boolean terminal;
  private final String task;
  private final long total;
  private final long started = System.nanoTime();
  private long lastShown;
  private int lastLength;

  public Progress(PrintWriter err, String task, long total) {
    this(err, Boolean.getBoolean("swag4j.terminal"), task, total);
  }

  public Progress(PrintWriter err, boolean terminal, String task, long total) {
    this.err = err;
    this.terminal = terminal;
    this.task = task;
    this.total = total;
    this.lastShown = started;
  }

  /** Shows that so much is done, if it is time to show anything. */
  public void show(long done, String detail) {
    long now = System.nanoTime();
    boolean last = done >= total;
    if (!last && now - lastShown < (terminal ? REDRAW_NANOS : LINE_NANOS)) {
      return;
    }
    lastShown = now;
    String line = line(done, now - started, detail);
    if (!terminal) {
      err.println(line);
      return;
    }
    err.print("\r" + line + " ".repeat(Math.max(0, lastLength - line.length())));
    if (last) {
      err.println();
    }
    err.flush();
    lastLength = line.length();
  }

  private String line(long done, long elapsed, String detail) {
    double share = total == 0 ? 1 : Math.min(1, (double) done / total);
    int filled = (int) (share * BAR);
    String time =
        done >= total
            ? "took " + clock(elapsed)
            : "left " + clock(done == 0 ? 0 : (long) (elapsed / share * (1 - share)));
    return String.format(
        Locale.ROOT,
        "%-9s [%s%s] %3d%%  %s  %s",
        task,
        "#".repeat(filled),
        "-".repeat(BAR - filled),
        (int) (100 * share),
        time,
        detail);
  }

  private static String clock(long nanos) {
    long seconds = Math.round(nanos / 1e9);
    return String.format(Locale.ROOT, "%d:%02d", seconds / 60, seconds % 60);
  }
}
