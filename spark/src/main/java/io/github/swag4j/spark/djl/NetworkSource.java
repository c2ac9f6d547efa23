package io.github.swag4j.spark.djl;

import ai.djl.Model;
import ai.djl.ndarray.types.DataType;
import ai.djl.ndarray.types.Shape;
import ai.djl.nn.Block;
import io.github.swag4j.vision.networks.Network;

/**
 * One of the built-in networks, built anew by its name.
 *
 * @param id name of the network
 * @param classes how many
 * @param dropout share of dropout it was trained with
 * @param channels of images
 * @param height of images
 * @param width of images
 */
record NetworkSource(String id, int classes, double dropout, int channels, int height, int width)
    implements ModelSource {

  @Override
  public Model open() {
    Model made = Model.newInstance(id, "PyTorch");
    Block block = Network.named(id).orElseThrow().block(classes, dropout);
    made.setBlock(block);
    block.initialize(made.getNDManager(), DataType.FLOAT32, new Shape(1, channels, height, width));
    return made;
  }
}
