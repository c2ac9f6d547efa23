package io.github.swag4j.cli;

import java.io.IOException;
import java.io.PrintWriter;
import java.io.Writer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.stream.Stream;

/**
 * Runs each of the short commands once on rows made up for it, so that a Java runtime told to
 * archive the classes it has loaded has those that these commands need. The launcher does so at the
 * program's first use; no result is kept.
 */
public final class Rehearsal {
  private static final int ROWS = 60;

  private Rehearsal() {}

  /**
   * Runs the commands.
   *
   * @param args none
   * @throws IOException if the temporary folder cannot be written
   */
  public static void main(String[] args) throws IOException {
    Path folder = Files.createTempDirectory("swag4j-rehearsal");
    List<String> failed;
    try {
      failed = run(folder);
    } finally {
      delete(folder);
    }
    System.exit(failed.isEmpty() ? 0 : 1);
  }

  /** Returns the commands that failed, of all that are run in a folder. */
  static List<String> run(Path folder) throws IOException {
    String rows = Files.writeString(folder.resolve("rows.csv"), rows(0.9)).toString();
    String heldOut = Files.writeString(folder.resolve("held-out.csv"), rows(0.8)).toString();
    String unusual = Files.writeString(folder.resolve("unusual.csv"), rows(0.5)).toString();
    String report = folder.resolve("report").toString();
    String calibrated = folder.resolve("calibrated.npz").toString();
    List<String> failed = new ArrayList<>();
    for (String[] call :
        new String[][] {
          {"--version"},
          {"evaluate", rows},
          {"evaluate", rows, "--json", "--ci", "--report", report},
          {"calibrate", "--fit", heldOut, "--apply", rows, "-o", calibrated},
          {"evaluate", calibrated},
          {"ood", "--in", rows, "--out", unusual},
          {"evaluate", "--help"},
        }) {
      int code = Main.run(Writer.nullWriter(), new PrintWriter(Writer.nullWriter()), call);
      if (code != 0) {
        failed.add(String.join(" ", call));
      }
    }
    return failed;
  }

  /** A table of two classes whose confidence is about a number, right three times of four. */
  private static String rows(double confidence) {
    StringBuilder rows = new StringBuilder("cat,dog,label\n");
    for (int i = 0; i < ROWS; i++) {
      double cat = i % 2 == 0 ? confidence - i * 1e-3 : 1 - confidence + i * 1e-3;
      int label = i % 4 == 3 ? 0 : i % 2;
      rows.append(String.format(Locale.ROOT, "%.4f,%.4f,%d%n", cat, 1 - cat, label));
    }
    return rows.toString();
  }

  private static void delete(Path folder) throws IOException {
    try (Stream<Path> files = Files.walk(folder)) {
      for (Path file : files.sorted(Comparator.reverseOrder()).toList()) {
        Files.delete(file);
      }
    }
  }
}
