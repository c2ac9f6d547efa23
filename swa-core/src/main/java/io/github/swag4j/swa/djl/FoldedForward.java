package io.github.swag4j.swa.djl;

import ai.djl.ndarray.NDList;
import ai.djl.ndarray.NDManager;
import ai.djl.nn.Block;
import ai.djl.nn.SequentialBlock;
import ai.djl.nn.convolutional.Conv2d;
import ai.djl.nn.norm.BatchNorm;
import ai.djl.training.ParameterStore;
import java.util.ArrayList;
import java.util.List;

/**
 * A forward pass in evaluation mode in which convolutions do what the batch normalisation after
 * them would: one pass over the activations less for each pair. Pairs are a {@link Conv2d} and the
 * {@link BatchNorm} right after it in a {@link SequentialBlock}, of exactly these classes; all
 * other blocks run as they are, whole. Valid as long as nobody writes the weights and statistics it
 * was made from.
 */
final class FoldedForward implements AutoCloseable {

  /** A step of the pass. */
  @FunctionalInterface
  interface Step {
    NDList run(NDList inputs);
  }

  private final ParameterStore parameters;
  private final NDManager manager;
  private final List<Step> steps = new ArrayList<>();
  private int pairs;

  private FoldedForward(ParameterStore parameters, NDManager manager) {
    this.parameters = parameters;
    this.manager = manager;
  }

  /**
   * Folds what can be folded.
   *
   * @param block an initialised block
   * @param parameters hands out the values
   * @param parent of the folded weights' manager, which lives until {@link #close}
   */
  static FoldedForward of(Block block, ParameterStore parameters, NDManager parent) {
    FoldedForward folded = new FoldedForward(parameters, parent.newSubManager());
    try {
      folded.add(block);
      return folded;
    } catch (RuntimeException | Error e) {
      folded.close();
      throw e;
    }
  }

  private void add(Block block) {
    if (!isTakenApart(block)) {
      steps.add(inputs -> block.forward(parameters, inputs, false));
      return;
    }
    List<Block> children = block.getChildren().values();
    for (int i = 0; i < children.size(); i++) {
      Block child = children.get(i);
      Block next = i + 1 < children.size() ? children.get(i + 1) : null;
      FoldedConvolution pair = pair(child, next);
      if (pair == null) {
        add(child);
      } else {
        steps.add(pair);
        pairs++;
        i++;
      }
    }
  }

  private static boolean isTakenApart(Block block) {
    return block.getClass() == SequentialBlock.class
        && !((SequentialBlock) block).isReturnIntermediate();
  }

  private FoldedConvolution pair(Block first, Block second) {
    return second != null
            && first.getClass() == Conv2d.class
            && second.getClass() == BatchNorm.class
        ? FoldedConvolution.of((Conv2d) first, (BatchNorm) second, parameters, manager)
        : null;
  }

  /** Pairs folded. */
  int pairs() {
    return pairs;
  }

  /** What the block's forward pass gives. */
  NDList run(NDList inputs) {
    NDList current = inputs;
    for (Step step : steps) {
      current = step.run(current);
    }
    return current;
  }

  @Override
  public void close() {
    manager.close();
  }
}
