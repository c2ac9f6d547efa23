package io.github.swag4j.spark.djl;

import ai.djl.nn.Block;
import io.github.swag4j.base.Sha256;
import io.github.swag4j.swa.djl.BatchNormRefresh;
import io.github.swag4j.swag.SwagPosterior;
import io.github.swag4j.swag.djl.BayesianPredictor;
import io.github.swag4j.swag.djl.BayesianPredictor.Output;
import io.github.swag4j.swag.io.PosteriorFile;
import io.github.swag4j.swag.io.PosteriorFiles;
import io.github.swag4j.swag.io.SampleStatistics;
import java.io.IOException;
import java.io.Serializable;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;

/**
 * All that tasks need, sent once to each executor, whose tasks share the mapped posterior. The
 * mapping ends when the broadcast does.
 */
final class SharedPlan implements Serializable {
  private static final long serialVersionUID = 1;

  /** What is drawn, and what the network gives. */
  record Settings(int samples, long seed, Output output, boolean modelStatistics)
      implements Serializable {}

  private final ModelSource model;

  /** Null where executors read the file themselves. */
  private final byte[] posterior;

  private final String file;
  private final String sha256;
  private final Settings settings;
  private transient SwagPosterior mapped;
  private transient SampleStatistics statistics;

  private SharedPlan(
      ModelSource model, byte[] posterior, String file, String sha256, Settings settings) {
    this.model = model;
    this.posterior = posterior;
    this.file = file;
    this.sha256 = sha256;
    this.settings = settings;
  }

  /** With the file's bytes, or where every executor sees the same path, without. */
  static SharedPlan of(ModelSource model, Path posterior, boolean shared, Settings settings)
      throws IOException {
    return new SharedPlan(
        model,
        shared ? null : Files.readAllBytes(posterior),
        posterior.toAbsolutePath().toString(),
        Sha256.of(posterior),
        settings);
  }

  ModelSource model() {
    return model;
  }

  /**
   * The predictor of a network.
   *
   * @throws IOException if the posterior cannot be read, or is not the driver's
   * @throws IllegalStateException if the network has batch normalisation whose statistics the
   *     posterior's file does not have
   */
  BayesianPredictor predictor(Block block) throws IOException {
    map();
    BayesianPredictor predictor =
        BayesianPredictor.of(block, mapped)
            .samples(settings.samples())
            .seed(settings.seed())
            .output(settings.output());
    if (settings.modelStatistics()) {
      return predictor.modelStatistics();
    }
    if (statistics != null) {
      return predictor.batchNormStatistics(statistics.samples());
    }
    if (BatchNormRefresh.of(block).isNeeded()) {
      throw unfitting("none");
    }
    return predictor;
  }

  private synchronized void map() throws IOException {
    if (mapped != null) {
      return;
    }
    if (posterior == null) {
      Path shared = Path.of(file);
      String found = Sha256.of(shared);
      if (!found.equals(sha256)) {
        throw new IOException(
            file
                + " must be the file that the driver read, SHA-256 "
                + sha256
                + ", got "
                + found
                + ": keep it unchanged while the job runs, or send it with the job");
      }
      open(shared);
      return;
    }
    Path copy = Files.createTempFile("swag4j-", ".safetensors");
    // Where a mapped file cannot be removed at once, it goes with the process.
    copy.toFile().deleteOnExit();
    open(Files.write(copy, posterior));
  }

  private void open(Path path) throws IOException {
    PosteriorFile read = PosteriorFiles.open(path).verify();
    Optional<SampleStatistics> stored = read.statistics();
    if (!settings.modelStatistics() && stored.isPresent()) {
      statistics = required(stored.get());
    }
    mapped = read.posterior();
  }

  private SampleStatistics required(SampleStatistics stored) {
    if (stored.seed() != settings.seed()
        || stored.first() != 0
        || stored.samples().size() < settings.samples()) {
      throw unfitting(
          stored.samples().size() + " from " + stored.first() + " of seed " + stored.seed());
    }
    return stored;
  }

  private IllegalStateException unfitting(String got) {
    return new IllegalStateException(
        file
            + " must have batch-norm statistics of samples 0 to "
            + (settings.samples() - 1)
            + " of seed "
            + settings.seed()
            + ", got "
            + got
            + ": write the file with statistics of these (PosteriorFiles.write with"
            + " SampleStatistics), ask for others, or call modelStatistics() if the network's own"
            + " belong to them");
  }
}
