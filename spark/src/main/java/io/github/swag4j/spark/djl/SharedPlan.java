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
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.ObjectOutputStream;
import java.io.Serializable;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;

/**
 * All that tasks need, sent once to each executor, whose tasks share the mapped posterior. The
 * mapping ends when the broadcast does.
 *
 * <p>What the caller gives is kept as the bytes of Java's serialization: a session may use another
 * one for its broadcasts (Kryo), which knows neither lambdas nor records.
 */
final class SharedPlan implements Serializable {
  private static final long serialVersionUID = 2;

  /** The largest array that every Java machine has. */
  private static final long MOST_BYTES = Integer.MAX_VALUE - 8L;

  /** What is drawn, and what the network gives. */
  record Settings(int samples, long seed, Output output, boolean modelStatistics)
      implements Serializable {}

  private record Given(ModelSource model, Settings settings) implements Serializable {}

  private final byte[] given;

  /** Null where executors read the file themselves. */
  private final byte[] posterior;

  private final String file;
  private final String sha256;
  private transient Given read;
  private transient SwagPosterior mapped;
  private transient SampleStatistics statistics;

  private SharedPlan(byte[] given, byte[] posterior, String file, String sha256) {
    this.given = given;
    this.posterior = posterior;
    this.file = file;
    this.sha256 = sha256;
  }

  /**
   * With the file's bytes, or where every executor sees the same path, without. The driver has the
   * file mapped then.
   *
   * @throws IllegalArgumentException if the file is too large to be sent
   * @throws IOException if the file cannot be read, or the model's source not be sent
   */
  static SharedPlan of(ModelSource model, Path posterior, boolean shared, Settings settings)
      throws IOException {
    long size = Files.size(posterior);
    if (!shared && size > MOST_BYTES) {
      throw new IllegalArgumentException(
          posterior
              + " must be below 2 GiB to be sent with the job, got "
              + size
              + " bytes: put it on storage that all executors see, and call onSharedStorage()");
    }
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    try (ObjectOutputStream out = new ObjectOutputStream(bytes)) {
      out.writeObject(new Given(model, settings));
    }
    SharedPlan plan =
        new SharedPlan(
            bytes.toByteArray(),
            shared ? null : Files.readAllBytes(posterior),
            posterior.toAbsolutePath().toString(),
            Sha256.of(posterior));
    plan.map(posterior);
    return plan;
  }

  /** A network of a task's own. */
  ModelSource model() throws IOException {
    return given().model();
  }

  private synchronized Given given() throws IOException {
    if (read == null) {
      read = SentObject.read(given, Given.class);
    }
    return read;
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
    Settings settings = given().settings();
    BayesianPredictor predictor =
        BayesianPredictor.of(block, mapped)
            .samples(settings.samples())
            .seed(settings.seed())
            .output(settings.output());
    if (settings.modelStatistics()) {
      return predictor.modelStatistics();
    }
    if (statistics != null) {
      return predictor.batchNormStatistics(statistics);
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
      map(shared);
      return;
    }
    Path copy = Files.createTempFile("swag4j-", ".safetensors");
    try {
      map(Files.write(copy, posterior));
    } finally {
      remove(copy);
    }
  }

  /** What is mapped stays so without its name; where it cannot be removed yet, it goes later. */
  private static void remove(Path copy) {
    try {
      Files.deleteIfExists(copy);
    } catch (IOException e) {
      copy.toFile().deleteOnExit();
    }
  }

  private void map(Path path) throws IOException {
    PosteriorFile opened = PosteriorFiles.open(path).verify();
    Optional<SampleStatistics> stored = opened.statistics();
    if (!given().settings().modelStatistics() && stored.isPresent()) {
      statistics = required(stored.get());
    }
    mapped = opened.posterior();
  }

  private SampleStatistics required(SampleStatistics stored) throws IOException {
    Settings settings = given().settings();
    if (stored.seed() != settings.seed()
        || stored.first() != 0
        || stored.samples().size() < settings.samples()) {
      throw unfitting(
          stored.samples().size() + " from " + stored.first() + " of seed " + stored.seed());
    }
    return stored;
  }

  private IllegalStateException unfitting(String got) throws IOException {
    Settings settings = given().settings();
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
