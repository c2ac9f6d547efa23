package io.github.swag4j.cli.run;

import io.github.swag4j.swa.io.WeightFormatException;
import io.github.swag4j.swa.weights.WeightLayout;
import io.github.swag4j.swag.io.LaplaceFiles;
import io.github.swag4j.swag.laplace.LaplacePosterior;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/**
 * The Laplace posteriors a run keeps, each the file of one method.
 *
 * @param run where they are
 * @param description what the run is
 */
public record LaplaceStore(RunDirectory run, RunDescription description) {
  private static final int FIRST_MEMBER = 1;

  /** Whether the run has one of a method. */
  public boolean has(Method method) {
    return Files.exists(run.laplace(method));
  }

  /** Writes the one of a method. */
  public void write(Method method, LaplacePosterior fitted) throws IOException {
    LaplaceFiles.write(
        run.laplace(method), fitted, RunProvenance.of(description, FIRST_MEMBER, method));
  }

  /**
   * Reads the one of a method.
   *
   * @throws WeightFormatException if the file is of another method or run, or damaged
   */
  public LaplacePosterior read(Method method, WeightLayout layout) throws IOException {
    Path file = run.laplace(method);
    RunProvenance.requireOwn(
        file, LaplaceFiles.provenance(file), RunProvenance.of(description, FIRST_MEMBER, method));
    LaplacePosterior read = LaplaceFiles.read(file, layout);
    int layers = read.layers().size();
    // Earlier versions wrote no method.
    if ((layers == 1) != (method == Method.LAPLACE)) {
      throw new WeightFormatException(
          file,
          "the posterior of "
              + method.id()
              + " must vary "
              + (method == Method.LAPLACE ? "the last layer alone" : "all layers")
              + ", got "
              + layers
              + (layers == 1 ? " layer" : " layers")
              + ": put the run's own back, or train again");
    }
    return read;
  }
}
