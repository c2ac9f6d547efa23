package io.github.swag4j.spark.djl;

import java.io.Serializable;
import java.nio.file.Path;

/** The training of one chain, sent to an executor by Java's serialization. */
@FunctionalInterface
public interface Chain extends Serializable {
  /** Name of the file that a chain must leave in its folder. */
  String POSTERIOR = "posterior.safetensors";

  /**
   * Trains, and writes the posterior to {@value #POSTERIOR} in the folder.
   *
   * @param seed the chain's
   * @param folder where the chain works; if an earlier attempt was interrupted, with all that it
   *     wrote
   * @throws Exception if it fails; Spark then tries again, as often as {@code
   *     spark.task.maxFailures} says
   */
  void train(long seed, Path folder) throws Exception;
}
