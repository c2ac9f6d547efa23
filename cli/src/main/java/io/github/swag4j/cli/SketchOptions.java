package io.github.swag4j.cli;

import io.github.swag4j.calibration.binning.BinningConvention;
import io.github.swag4j.calibration.sketch.CalibrationSketch;
import io.github.swag4j.cli.run.UsageException;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.util.List;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParseResult;
import picocli.CommandLine.Spec;

/** Sketches that are written, and sketches that are judged in place of rows. */
final class SketchOptions {
  @Spec(Spec.Target.MIXEE)
  private CommandSpec command;

  @Option(
      names = "--save-sketch",
      paramLabel = "FILE",
      description =
          "Write a sketch of the file's rows there, a few kilobytes whatever the rows; evaluate"
              + " judges sketches of parts together. Bins as for --stream.")
  private Path file;

  @Option(names = "--each", description = "Judge each sketch by itself, not all as one.")
  private boolean each;

  /** Where a sketch is to be written; null for nowhere. */
  Path file() {
    return file;
  }

  boolean isAsked() {
    return file != null;
  }

  /** Refuses what does not go together. */
  void check(List<Path> files, boolean sketches, BinningConvention bins) {
    if (each && (!sketches || file != null)) {
      throw new UsageException(
          sketches
              ? "--each and --save-sketch exclude each other: all as one is what is saved"
              : "--each goes with sketches, got files of rows");
    }
    if (sketches) {
      SketchFiles.requireOptions(command);
    }
    if (file == null || sketches) {
      return;
    }
    if (files.size() > 1) {
      throw new UsageException("--save-sketch goes with one file of rows, got " + files.size());
    }
    if (!bins.hasFixedBins()) {
      throw new UsageException(
          "--save-sketch needs bins that do not depend on the data, got " + bins);
    }
  }

  /**
   * The sketches of the command line, to be judged.
   *
   * @param intervals whether intervals are asked for
   */
  List<SketchFiles.Named> read(List<Path> files, BinningConvention bins, boolean intervals)
      throws IOException {
    ParseResult parsed = command.commandLine().getParseResult();
    boolean said = parsed.hasMatchedOption("--convention") || parsed.hasMatchedOption("--bins");
    PrintWriter err = command.commandLine().getErr();
    if (intervals) {
      err.println(
          "swag4j: a sketch holds no squares of NLL and Brier score: these have no interval");
    }
    return SketchFiles.read(files, each, said ? bins : null, err);
  }

  /** Writes what was asked for. */
  void save(CalibrationSketch sketch) throws IOException {
    if (file != null) {
      sketch.write(file);
    }
  }
}
