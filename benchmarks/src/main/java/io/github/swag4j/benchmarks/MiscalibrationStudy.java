package io.github.swag4j.benchmarks;

import io.github.swag4j.calibration.monitoring.MiscalibrationDetector;
import io.github.swag4j.calibration.monitoring.MiscalibrationOptions;
import io.github.swag4j.calibration.monitoring.MiscalibrationPane;
import java.util.Locale;
import java.util.Random;

/**
 * How far apart the false alarms of {@link MiscalibrationDetector} are, and how soon it finds
 * confidences that are wrong by a factor of their logit; prints the table of
 * docs/metrics-monitoring.md.
 */
public final class MiscalibrationStudy {
  private static final int CALM = 50;

  private MiscalibrationStudy() {}

  /**
   * Runs the study.
   *
   * @param args spacing in panes, rows of a pane, runs of false alarms, runs of each change
   */
  public static void main(String[] args) {
    double spacing = Double.parseDouble(args[0]);
    int rows = Integer.parseInt(args[1]);
    MiscalibrationOptions options = MiscalibrationOptions.spacing(spacing);
    long started = System.nanoTime();
    double sum = 0;
    double squares = 0;
    int runs = Integer.parseInt(args[2]);
    for (int run = 0; run < runs; run++) {
      double length = runLength(new Random(run), rows, options, 1, 0);
      sum += length;
      squares += length * length;
    }
    double mean = sum / runs;
    double error = Math.sqrt((squares / runs - mean * mean) / runs);
    System.out.printf(
        Locale.ROOT,
        "spacing %.0f panes of %d rows: false alarms %.0f +- %.0f panes apart (%d runs)%n",
        spacing,
        rows,
        mean,
        error,
        runs);
    for (double factor : new double[] {1.1, 1.25, 1.5, 2, 0.8}) {
      double delay = 0;
      int found = Integer.parseInt(args[3]);
      for (int run = 0; run < found; run++) {
        delay += runLength(new Random(1000 + run), rows, options, factor, CALM);
      }
      System.out.printf(
          Locale.ROOT, "logits %.2f times too large: %.1f panes%n", factor, delay / found);
    }
    System.out.printf(Locale.ROOT, "%.0f s%n", (System.nanoTime() - started) / 1e9);
  }

  /** Panes from the change to the alarm; runs with an alarm before the change are drawn again. */
  private static double runLength(
      Random random, int rows, MiscalibrationOptions options, double factor, int calm) {
    while (true) {
      MiscalibrationDetector detector = new MiscalibrationDetector(options);
      for (int pane = 1; ; pane++) {
        boolean alarm = detector.add(pane(random, rows, options, pane > calm ? factor : 1)).alarm();
        if (alarm && pane <= calm) {
          break;
        }
        if (alarm) {
          return pane - calm;
        }
      }
    }
  }

  private static MiscalibrationPane pane(
      Random random, int rows, MiscalibrationOptions options, double factor) {
    MiscalibrationPane pane = new MiscalibrationPane(options);
    for (int r = 0; r < rows; r++) {
      double logit = Math.abs(2 * random.nextGaussian());
      double right = 1 / (1 + Math.exp(-logit));
      pane.add(1 / (1 + Math.exp(-factor * logit)), random.nextDouble() < right);
    }
    return pane;
  }
}
