package io.github.swag4j.cli.page;

import com.google.gson.JsonElement;
import com.google.gson.JsonObject;
import io.github.swag4j.base.Sha256;
import io.github.swag4j.calibration.Predictions;
import io.github.swag4j.calibration.io.PredictionFiles;
import io.github.swag4j.cli.run.Method;
import io.github.swag4j.cli.run.Results;
import io.github.swag4j.cli.run.RunDirectory;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;

/**
 * A run's files of predictions, known again by the SHA-256 that {@code metrics.json} has of each: a
 * file of another method or of other rows under the name of one would be judged as that one. Runs
 * of versions that wrote no hashes are taken as they are.
 */
final class StoredPredictions {
  /** Where the hashes are in {@code metrics.json}. */
  static final String KEY = "predictions";

  private final RunDirectory run;
  private final JsonObject hashes;

  /**
   * Those of a run.
   *
   * @param metrics what its metrics.json says
   */
  StoredPredictions(RunDirectory run, JsonObject metrics) {
    this.run = run;
    this.hashes = metrics.has(KEY) ? metrics.getAsJsonObject(KEY) : new JsonObject();
  }

  /** Writes what was predicted, and gives the hashes. */
  static JsonObject write(Results results, RunDirectory run) throws IOException {
    JsonObject hashes = new JsonObject();
    for (Method method : results.samples().keySet()) {
      for (Map.Entry<String, Predictions> e : results.of(method).entrySet()) {
        Path file = run.predictions(method.id(), e.getKey());
        Files.createDirectories(file.toAbsolutePath().getParent());
        PredictionFiles.write(file, e.getValue());
        hashes.addProperty(String.valueOf(file.getFileName()), Sha256.of(file));
      }
    }
    return hashes;
  }

  /** Whether a method has predicted a data set. */
  boolean has(Method method, String dataset) {
    return Files.exists(run.predictions(method.id(), dataset));
  }

  /**
   * What a method has predicted.
   *
   * @throws IOException if the file is not the one that the run wrote
   */
  Predictions read(Method method, String dataset) throws IOException {
    Path file = run.predictions(method.id(), dataset);
    JsonElement written = hashes.get(String.valueOf(file.getFileName()));
    if (written != null) {
      String is = Sha256.of(file);
      if (!is.equals(written.getAsString())) {
        throw new IOException(
            file
                + ": must be what the run has predicted with "
                + method.id()
                + " for "
                + dataset
                + " (sha256 "
                + shortened(written.getAsString())
                + "), got another file (sha256 "
                + shortened(is)
                + "): put it back, or predict again with --method "
                + method.id());
      }
    }
    return PredictionFiles.read(file);
  }

  private static String shortened(String hash) {
    return hash.substring(0, Math.min(12, hash.length()));
  }
}
