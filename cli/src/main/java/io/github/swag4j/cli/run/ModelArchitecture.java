package io.github.swag4j.cli.run;

import io.github.swag4j.vision.networks.Network;

/** The networks the program can train, in the words of its options. */
public final class ModelArchitecture {
  private ModelArchitecture() {}

  /**
   * The network of a name.
   *
   * @throws UsageException if there is none
   */
  public static Network named(String id) {
    return Network.named(id)
        .orElseThrow(
            () ->
                new UsageException(
                    "model must be one of "
                        + String.join(", ", Network.ids())
                        + ", got "
                        + id
                        + "; a TorchScript archive needs --from-trained"));
  }

  /**
   * Checks that a network takes images of a size.
   *
   * @throws UsageException if it does not
   */
  static void requireImageSize(Network network, int height, int width) {
    try {
      network.requireImageSize(height, width);
    } catch (IllegalArgumentException e) {
      throw new UsageException(e.getMessage().replace(": use mlp", ": use --model mlp"));
    }
  }
}
