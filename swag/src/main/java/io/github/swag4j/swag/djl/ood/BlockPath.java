package io.github.swag4j.swag.djl.ood;

import ai.djl.ndarray.NDList;
import ai.djl.nn.Block;
import ai.djl.nn.ParallelBlock;
import ai.djl.nn.SequentialBlock;
import ai.djl.nn.core.Linear;
import ai.djl.training.ParameterStore;
import ai.djl.util.Pair;
import java.util.ArrayList;
import java.util.List;

/**
 * The way from a block down to one of the blocks inside it, and how to run up to there.
 *
 * @see LayerFeatures
 */
final class BlockPath {
  private final Block root;
  private final List<Integer> steps;
  private final String name;
  private final Block end;
  private final boolean before;

  private BlockPath(Block root, List<Integer> steps, boolean before) {
    this.root = root;
    this.steps = steps;
    this.before = before;
    StringBuilder names = new StringBuilder();
    Block current = root;
    for (int step : steps) {
      requireOpen(current, names.toString());
      Pair<String, Block> child = current.getChildren().get(step);
      names.append(names.isEmpty() ? "" : "/").append(child.getKey());
      current = child.getValue();
    }
    this.name = names.toString();
    this.end = current;
  }

  private static void requireOpen(Block block, String name) {
    if (block.getClass() != SequentialBlock.class && block.getClass() != ParallelBlock.class) {
      throw new IllegalArgumentException(
          "layers can be reached inside SequentialBlock and ParallelBlock, "
              + (name.isEmpty() ? "the model" : name)
              + " is a "
              + block.getClass().getSimpleName()
              + ", which does not show what it runs: build it of those, or take the features of the"
              + " whole block");
    }
  }

  /**
   * The way to the outputs of a block.
   *
   * @param name names or indices of children with slashes between them
   * @throws IllegalArgumentException if there is none, or it cannot be reached
   */
  static BlockPath to(Block root, String name) {
    List<Integer> steps = new ArrayList<>();
    Block current = root;
    for (String part : name.split("/", -1)) {
      int step = step(current, part);
      if (step < 0) {
        throw new IllegalArgumentException(
            "the model must have a layer \""
                + name
                + "\", at \""
                + part
                + "\" there are "
                + current.getChildren().keys());
      }
      steps.add(step);
      current = current.getChildren().get(step).getValue();
    }
    return new BlockPath(root, steps, false);
  }

  private static int step(Block block, String part) {
    List<String> names = block.getChildren().keys();
    if (names.contains(part)) {
      return names.indexOf(part);
    }
    boolean number = part.matches("\\d{1,9}");
    return number && Integer.parseInt(part) < names.size() ? Integer.parseInt(part) : -1;
  }

  /**
   * The way to the inputs of the last linear layer.
   *
   * @throws IllegalArgumentException if the last block with parameters is no {@code Linear}
   */
  static BlockPath toLastLinear(Block root) {
    List<Integer> steps = new ArrayList<>();
    Block current = root;
    int next = lastWithParameters(current);
    while (next >= 0) {
      steps.add(next);
      current = current.getChildren().get(next).getValue();
      next = lastWithParameters(current);
    }
    if (!(current instanceof Linear)) {
      throw new IllegalArgumentException(
          "the last layer with parameters must be a Linear for its inputs to be the features, got "
              + current.getClass().getSimpleName()
              + ": name a layer with LayerFeatures.of(block, name)");
    }
    return new BlockPath(root, steps, true);
  }

  private static int lastWithParameters(Block block) {
    for (int i = block.getChildren().size() - 1; i >= 0; i--) {
      if (!block.getChildren().get(i).getValue().getParameters().isEmpty()) {
        return i;
      }
    }
    return -1;
  }

  /** The block at the end. */
  Block end() {
    return end;
  }

  /** Whether the way ends at the block's inputs, not at its outputs. */
  boolean isBefore() {
    return before;
  }

  /** Runs what is on the way. */
  NDList run(ParameterStore parameters, NDList batch) {
    NDList current = batch;
    Block block = root;
    for (int step : steps) {
      // A parallel block's branch gets the block's own inputs.
      for (int i = 0; i < step && block instanceof SequentialBlock; i++) {
        current = block.getChildren().get(i).getValue().forward(parameters, current, false);
      }
      block = block.getChildren().get(step).getValue();
    }
    return before ? current : block.forward(parameters, current, false);
  }

  @Override
  public String toString() {
    return (before ? "the inputs of " : "") + (name.isEmpty() ? "the model" : name);
  }
}
