package io.github.swag4j.spark.djl;

import ai.djl.Model;
import io.github.swag4j.vision.data.ImageSize;
import io.github.swag4j.vision.networks.Network;
import java.io.IOException;
import java.io.Serializable;
import java.nio.file.Files;
import java.nio.file.Path;

/**
 * How each task gets a network of its own. Sent to the executors by Java's serialization: a lambda
 * that builds a block must not hold anything of the driver's engine.
 */
@FunctionalInterface
public interface ModelSource extends Serializable {

  /**
   * Makes the network, with any weights: those of the posterior's samples take their place.
   *
   * @return an initialised model, closed by the caller
   * @throws IOException if it cannot be made
   */
  Model open() throws IOException;

  /**
   * A TorchScript archive, which travels with the job.
   *
   * @param file scripted, or traced in training mode, by {@code torch.jit}; read now
   * @return the source
   * @throws IOException if the file cannot be read
   */
  static ModelSource torchScript(Path file) throws IOException {
    return new TorchScriptSource(String.valueOf(file.getFileName()), Files.readAllBytes(file));
  }

  /**
   * One of the built-in networks, built anew by each task.
   *
   * @param id its name
   * @param classes how many
   * @param dropout share of dropout it was trained with, from 0 to below 1
   * @param images size of its inputs
   * @return the source
   * @throws IllegalArgumentException if no network has that name
   */
  static ModelSource network(String id, int classes, double dropout, ImageSize images) {
    if (Network.named(id).isEmpty()) {
      throw new IllegalArgumentException(
          "network must be one of " + String.join(", ", Network.ids()) + ", got " + id);
    }
    return new NetworkSource(
        id, classes, dropout, images.channels(), images.height(), images.width());
  }
}
