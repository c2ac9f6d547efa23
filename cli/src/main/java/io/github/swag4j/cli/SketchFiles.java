package io.github.swag4j.cli;

import io.github.swag4j.base.Sha256;
import io.github.swag4j.calibration.binning.BinningConvention;
import io.github.swag4j.calibration.io.format.ReadingNote;
import io.github.swag4j.calibration.sketch.CalibrationSketch;
import io.github.swag4j.cli.run.UsageException;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.stream.IntStream;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Model.OptionSpec;

/**
 * Sketches that {@code --save-sketch} has written, in place of files of rows. Several are parts of
 * one evaluation, each of rows of its own: of a file, a day or a machine.
 */
final class SketchFiles {
  /** What can still be asked of rows that are not there any more. */
  private static final Set<String> OPTIONS =
      Set.of(
          "--ci",
          "--confidence",
          "--seed",
          "--csv",
          "--markdown",
          "--report",
          "--pdf",
          "--overwrite",
          "--json",
          "--save-sketch",
          "--each",
          "--convention",
          "--bins",
          "--config");

  /**
   * A sketch to be judged.
   *
   * @param file where it came from; of several the first, and how many more
   * @param sketch the sketch
   */
  record Named(Path file, CalibrationSketch sketch) {

    /**
     * What stands for the note on how rows were read.
     *
     * @param weighted whether a row counts otherwise than once
     */
    ReadingNote note(boolean weighted) {
      return new ReadingNote(
          IntStream.range(0, sketch.classes()).mapToObj(Integer::toString).toList(),
          List.of("the sketch"),
          "the sketch",
          ReadingNote.LabelKind.INDICES,
          weighted ? "the sketch" : "",
          List.of(),
          List.of());
    }
  }

  private SketchFiles() {}

  /** Whether the files are sketches; some alone are refused. */
  static boolean are(List<Path> files) throws IOException {
    int sketches = 0;
    for (Path file : files) {
      sketches += CalibrationSketch.isSketch(file) ? 1 : 0;
    }
    if (sketches > 0 && sketches < files.size()) {
      throw new UsageException(
          "sketches and files of rows are judged in two calls, got "
              + sketches
              + " sketches among "
              + files.size()
              + " files: make a sketch of each of the others with --save-sketch");
    }
    return sketches > 0;
  }

  /** Refuses options that need rows. */
  static void requireOptions(CommandSpec spec) {
    for (OptionSpec option : spec.commandLine().getParseResult().matchedOptions()) {
      if (!OPTIONS.contains(option.longestName())) {
        throw new UsageException(
            option.longestName() + " is of rows, and a sketch holds sums alone: leave it out");
      }
    }
  }

  /**
   * Reads them.
   *
   * @param each whether each is judged by itself, not all as one
   * @param said convention that was asked for; null for the sketches' own
   * @param err where it is said what they are
   */
  static List<Named> read(List<Path> files, boolean each, BinningConvention said, PrintWriter err)
      throws IOException {
    requireOnce(files, err);
    List<Named> read = new ArrayList<>();
    for (int f = 0; f < files.size(); f++) {
      CalibrationSketch sketch = read(files.get(f), said);
      err.println("swag4j: " + files.get(f) + ": " + sketch);
      if (each || read.isEmpty()) {
        read.add(new Named(files.get(f), sketch));
      } else {
        merge(read.get(0).sketch(), files, f, sketch);
      }
    }
    if (!each && files.size() > 1) {
      err.println(
          "swag4j: a sketch knows classes by their numbers alone: judged as one, they must have been"
              + " in the same order in all "
              + files.size());
    }
    if (each || files.size() == 1) {
      requireSameBins(read);
      return read;
    }
    CalibrationSketch all = read.get(0).sketch();
    err.println(
        "swag4j: "
            + String.format(
                Locale.ROOT, "%d sketches judged as one, of %,d rows", files.size(), all.rows())
            + " (each by itself: --each)");
    String name = files.get(0).getFileName() + " and " + (files.size() - 1) + " more";
    return List.of(new Named(Path.of(name), all));
  }

  /** Twice the same rows would be twice the certainty. */
  private static void requireOnce(List<Path> files, PrintWriter err) throws IOException {
    Set<Path> paths = new HashSet<>();
    Map<String, Path> contents = new HashMap<>();
    for (Path file : files) {
      if (!paths.add(file.toRealPath())) {
        throw new UsageException(
            file + ": is named twice, and its rows would be counted twice: name it once");
      }
      Path other = contents.putIfAbsent(Sha256.of(file), file);
      if (other != null) {
        err.println(
            "swag4j: warning: "
                + other
                + " and "
                + file
                + " hold the same bytes: if they are of the same rows, these are counted twice");
      }
    }
  }

  private static CalibrationSketch read(Path file, BinningConvention said) throws IOException {
    CalibrationSketch sketch = CalibrationSketch.read(file);
    if (sketch.rows() == 0) {
      throw new IOException(file + ": is a sketch of no rows");
    }
    if (said != null && !said.equals(sketch.convention())) {
      throw new IOException(
          file
              + ": is a sketch of "
              + sketch.convention()
              + ", and other bins cannot be had from it, got "
              + said
              + ": leave --convention and --bins out, or make the sketch again");
    }
    return sketch;
  }

  private static void merge(CalibrationSketch all, List<Path> files, int f, CalibrationSketch next)
      throws IOException {
    try {
      all.merge(next);
    } catch (IllegalArgumentException e) {
      throw new IOException(
          files.get(f) + ": is no part of " + files.get(0) + ": " + e.getMessage(), e);
    }
  }

  private static void requireSameBins(List<Named> read) throws IOException {
    for (Named each : read) {
      if (!each.sketch().convention().equals(read.get(0).sketch().convention())) {
        throw new IOException(
            each.file()
                + ": is a sketch of "
                + each.sketch().convention()
                + ", and "
                + read.get(0).file()
                + " of "
                + read.get(0).sketch().convention()
                + ": judge them in two calls");
      }
    }
  }
}
