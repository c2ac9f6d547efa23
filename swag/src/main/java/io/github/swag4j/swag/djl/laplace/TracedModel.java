package io.github.swag4j.swag.djl.laplace;

import ai.djl.ndarray.NDList;
import ai.djl.nn.Block;
import ai.djl.nn.ParallelBlock;
import ai.djl.nn.Parameter;
import ai.djl.nn.SequentialBlock;
import ai.djl.nn.convolutional.Convolution;
import ai.djl.nn.core.Linear;
import ai.djl.nn.core.Prelu;
import ai.djl.nn.norm.BatchNorm;
import ai.djl.nn.norm.LayerNorm;
import ai.djl.training.ParameterStore;
import ai.djl.util.Pair;
import java.lang.reflect.Field;
import java.lang.reflect.Method;
import java.util.ArrayList;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.function.Function;

/**
 * Runs a tree of blocks layer by layer, so that the inputs and outputs of its linear and
 * convolution layers can be seen. DJL has no hooks: {@link SequentialBlock} and {@link
 * ParallelBlock} are run from here instead of by themselves, everything else by itself. A parallel
 * block's way to join its branches is private; it is read by reflection, and nothing is written.
 */
final class TracedModel {

  /** Sees the layers of a forward pass. */
  interface Tap {
    /**
     * Hears of a layer.
     *
     * @param layer index of the layer
     * @param inputs what goes in
     * @param outputs what comes out
     * @return what to pass on instead of the outputs
     */
    NDList layer(int layer, NDList inputs, NDList outputs);
  }

  private final Block root;
  private final List<TracedLayer> layers = new ArrayList<>();
  private final IdentityHashMap<Block, Integer> indices = new IdentityHashMap<>();
  private final IdentityHashMap<ParallelBlock, Function<List<NDList>, NDList>> joins =
      new IdentityHashMap<>();
  private final List<String> unsupported = new ArrayList<>();

  private TracedModel(Block root) {
    this.root = root;
  }

  /**
   * The layers of a model.
   *
   * @throws IllegalArgumentException if weights that training changes are in other kinds of layers,
   *     which are named, or there is no linear or convolution layer with such weights
   */
  static TracedModel of(Block root) {
    TracedModel model = new TracedModel(root);
    model.visit("", root);
    if (!model.unsupported.isEmpty()) {
      throw new IllegalArgumentException(
          "KFAC is for Linear and ungrouped Conv1d, Conv2d and Conv3d layers inside SequentialBlock"
              + " and ParallelBlock, got "
              + String.join(", ", model.unsupported)
              + ": freeze them (they stay at their weights then), or use DiagonalLaplace or"
              + " LastLayerLaplace");
    }
    if (model.layers.isEmpty()) {
      throw new IllegalArgumentException(
          "KFAC needs a Linear or convolution layer whose weights training changes, got none:"
              + " unfreeze one with freezeParameters(false)");
    }
    return model;
  }

  private void visit(String path, Block block) {
    if (!hasTrained(block)) {
      return;
    }
    if (runsAs(block, SequentialBlock.class) && !((SequentialBlock) block).isReturnIntermediate()
        || runsAs(block, ParallelBlock.class)) {
      if (block instanceof ParallelBlock parallel) {
        joins.put(parallel, join(parallel));
      }
      for (Pair<String, Block> child : block.getChildren()) {
        visit(path + "/" + child.getKey(), child.getValue());
      }
    } else if (runsAs(block, Linear.class) || isConvolution(block)) {
      TracedLayer layer = TracedLayer.of(root, block);
      indices.put(block, layers.size());
      layers.add(layer);
    } else if (!isNormalisation(block)) {
      unsupported.add(
          (path.isEmpty() ? "/" : path) + " (" + block.getClass().getSimpleName() + ")");
    }
  }

  private static boolean hasTrained(Block block) {
    return block.getParameters().values().stream().anyMatch(Parameter::requiresGradient);
  }

  private static boolean isConvolution(Block block) {
    return runsAs(block, Convolution.class) && ((Convolution) block).getGroups() == 1;
  }

  /** Its few weights stay at the mean. */
  private static boolean isNormalisation(Block block) {
    return block instanceof BatchNorm || block instanceof LayerNorm || block instanceof Prelu;
  }

  /** Whether a block is of a kind and computes what that kind does. */
  private static boolean runsAs(Block block, Class<?> kind) {
    if (!kind.isInstance(block)) {
      return false;
    }
    for (Class<?> type = block.getClass(); type != kind; type = type.getSuperclass()) {
      for (Method method : type.getDeclaredMethods()) {
        if (method.getName().startsWith("forward")) {
          return false;
        }
      }
    }
    return true;
  }

  @SuppressWarnings("unchecked") // the field's declared type
  private static Function<List<NDList>, NDList> join(ParallelBlock block) {
    try {
      Field field = ParallelBlock.class.getDeclaredField("function");
      field.setAccessible(true);
      return (Function<List<NDList>, NDList>) field.get(block);
    } catch (ReflectiveOperationException | RuntimeException e) {
      throw new IllegalStateException(
          "KFAC must run the branches of a ParallelBlock by itself, the engine does not allow it"
              + " here ("
              + e.getMessage()
              + "): use DiagonalLaplace or LastLayerLaplace",
          e);
    }
  }

  List<TracedLayer> layers() {
    return layers;
  }

  /** A forward pass in evaluation mode. */
  NDList forward(ParameterStore store, NDList inputs, Tap tap) {
    return forward(root, store, inputs, tap);
  }

  private NDList forward(Block block, ParameterStore store, NDList inputs, Tap tap) {
    if (indices.containsKey(block)) {
      return tap.layer(indices.get(block), inputs, block.forward(store, inputs, false));
    }
    if (block instanceof ParallelBlock parallel && joins.containsKey(parallel)) {
      List<NDList> branches = new ArrayList<>();
      for (Block child : block.getChildren().values()) {
        branches.add(forward(child, store, inputs, tap));
      }
      return joins.get(parallel).apply(branches);
    }
    if (block instanceof SequentialBlock && leadsToLayer(block)) {
      NDList current = inputs;
      for (Block child : block.getChildren().values()) {
        current = forward(child, store, current, tap);
      }
      return current;
    }
    return block.forward(store, inputs, false);
  }

  private boolean leadsToLayer(Block block) {
    return indices.containsKey(block)
        || block.getChildren().values().stream().anyMatch(this::leadsToLayer);
  }
}
