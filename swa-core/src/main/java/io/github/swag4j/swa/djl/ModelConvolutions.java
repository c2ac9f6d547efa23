package io.github.swag4j.swa.djl;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.types.DataType;
import ai.djl.ndarray.types.Shape;
import ai.djl.nn.Block;
import ai.djl.nn.Parameter;
import ai.djl.nn.SymbolBlock;
import ai.djl.nn.convolutional.Conv1d;
import ai.djl.nn.convolutional.Conv2d;
import ai.djl.nn.convolutional.Conv3d;
import ai.djl.nn.convolutional.Convolution;
import java.util.Arrays;
import java.util.LinkedHashSet;
import java.util.Set;

/**
 * The convolutions of a tree of blocks, or why they cannot be told: only DJL's own layers say what
 * they compute. A layer of one's own is taken for one that leaves nothing to oneDNN if none of its
 * own parameters has two axes or more; DJL's recurrent layers do leave theirs to it.
 */
final class ModelConvolutions {
  private static final String DJL = "ai.djl.nn.";

  private final Set<ConvolutionShape> shapes = new LinkedHashSet<>();
  private boolean initialized = true;
  private String unknown;

  private ModelConvolutions() {}

  static ModelConvolutions in(Block block) {
    ModelConvolutions found = new ModelConvolutions();
    found.visit(block);
    return found;
  }

  /** False as long as a parameter has no values: then the convolutions are not all known. */
  boolean isInitialized() {
    return initialized;
  }

  /** Its convolutions, each once. */
  Set<ConvolutionShape> shapes() {
    return shapes;
  }

  /** What cannot be checked, or null. */
  String unknown() {
    return unknown;
  }

  private void visit(Block block) {
    if (block instanceof SymbolBlock) {
      unknown = "a TorchScript module, whose layers cannot be seen";
      return;
    }
    for (Parameter parameter : block.getDirectParameters().values()) {
      initialized &= parameter.isInitialized();
    }
    Class<?> type = block.getClass();
    if (type == Conv1d.class || type == Conv2d.class || type == Conv3d.class) {
      add((Convolution) block);
    } else if (!isHarmless(block)) {
      unknown = "a layer " + type.getName();
    }
    block.getChildren().values().forEach(this::visit);
  }

  private static boolean isHarmless(Block block) {
    String name = block.getClass().getName();
    if (name.startsWith(DJL)) {
      return !name.startsWith(DJL + "convolutional.") && !name.startsWith(DJL + "recurrent.");
    }
    for (Parameter parameter : block.getDirectParameters().values()) {
      Shape shape =
          parameter.isInitialized() ? parameter.getArray().getShape() : parameter.getShape();
      if (shape != null && shape.dimension() > 1) {
        return false;
      }
    }
    return true;
  }

  private void add(Convolution layer) {
    if (layer.getGroups() != 1) {
      unknown = "a convolution with " + layer.getGroups() + " groups";
    }
    for (Parameter parameter : layer.getDirectParameters().values()) {
      if (parameter.getType() == Parameter.Type.WEIGHT && layer.isInitialized()) {
        add(layer, parameter.getArray());
      }
    }
  }

  private void add(Convolution layer, NDArray weight) {
    Shape[] inputs = layer.getInputShapes();
    if (weight.getDataType() != DataType.FLOAT32 || weight.getDevice().isGpu()) {
      unknown = "a convolution of " + weight.getDataType() + " on " + weight.getDevice();
    } else if (inputs == null
        || inputs.length != 1
        || inputs[0].dimension() != weight.getShape().dimension()) {
      unknown = "a convolution whose inputs' shape is not known";
    } else {
      ConvolutionShape shape = ConvolutionShape.of(layer, inputs[0], weight.getShape());
      if (!shape.fillsBlocks()) {
        unknown = shape + ", which a comparison cannot prove right";
      } else if (Arrays.stream(shape.places()).anyMatch(size -> size <= 0)) {
        unknown = "a convolution whose inputs' shape is not known";
      }
      shapes.add(shape);
      if (layer.getClass() == Conv2d.class) {
        shapes.add(shape.withBias());
      }
    }
  }
}
