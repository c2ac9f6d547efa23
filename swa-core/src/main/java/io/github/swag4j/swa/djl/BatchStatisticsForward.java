package io.github.swag4j.swa.djl;

import ai.djl.Device;
import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDList;
import ai.djl.ndarray.NDManager;
import ai.djl.nn.Block;
import ai.djl.nn.Parameter;
import ai.djl.nn.SequentialBlock;
import ai.djl.nn.norm.Dropout;
import ai.djl.training.ParameterStore;
import ai.djl.util.Pair;
import java.util.Collections;
import java.util.IdentityHashMap;
import java.util.Map;
import java.util.Set;
import java.util.function.Predicate;

/**
 * A forward pass in which batch-norm layers use their batch's own statistics and every other layer
 * evaluates.
 *
 * <p>The engine has one training flag for a whole block, so the children of a {@link
 * SequentialBlock} are run one by one, the flag on for those with batch normalisation inside. Other
 * composite blocks do not show how they join their children: they run as a whole, which is right as
 * long as there is no dropout in them.
 *
 * <p>A layer that runs twice in a pass leaves a mixture of two batches' statistics. Layers fetch
 * their parameters once a run, so runs can be counted there, whatever the reason for them.
 */
final class BatchStatisticsForward {

  private static final class CountingParameters extends ParameterStore {
    private final Map<Parameter, Integer> reads = new IdentityHashMap<>();

    CountingParameters(NDManager manager) {
      super(manager, false);
    }

    @Override
    public NDArray getValue(Parameter parameter, Device device, boolean training) {
      reads.merge(parameter, 1, Integer::sum);
      return super.getValue(parameter, device, training);
    }
  }

  private final Block root;
  private final Set<Block> normalising = Collections.newSetFromMap(new IdentityHashMap<>());

  BatchStatisticsForward(Block root) {
    this.root = root;
    mark(root);
  }

  private boolean mark(Block block) {
    boolean found = hasStatistics(block);
    for (Pair<String, Block> child : block.getChildren()) {
      found |= mark(child.getValue());
    }
    if (found) {
      normalising.add(block);
    }
    return found;
  }

  private static boolean hasStatistics(Block block) {
    return block.getDirectParameters().values().stream()
        .anyMatch(p -> p.getType() == Parameter.Type.RUNNING_VAR);
  }

  /**
   * Checks that dropout can be switched off alone.
   *
   * @throws IllegalArgumentException if a block that cannot be taken apart has both batch
   *     normalisation and dropout inside
   */
  void requireDropoutCanBeOff() {
    requireDropoutCanBeOff("", root);
  }

  private void requireDropoutCanBeOff(String name, Block block) {
    if (!normalising.contains(block)) {
      return;
    }
    if (block.getClass() != SequentialBlock.class && any(block, Dropout.class::isInstance)) {
      throw new IllegalArgumentException(
          "block "
              + (name.isEmpty() ? "/" : name)
              + " must not have both batch normalisation and dropout inside, unless it is a"
              + " SequentialBlock, got "
              + block.getClass().getSimpleName()
              + ": build the model again with Blocks.identityBlock() in the place of each Dropout"
              + " and give it these weights, parameters keep their names");
    }
    for (Pair<String, Block> child : block.getChildren()) {
      requireDropoutCanBeOff(name + "/" + child.getKey(), child.getValue());
    }
  }

  private static boolean any(Block block, Predicate<Block> wanted) {
    return wanted.test(block)
        || block.getChildren().values().stream().anyMatch(child -> any(child, wanted));
  }

  /**
   * Runs a batch.
   *
   * @param manager owner of the pass
   * @param batch the inputs
   * @return how often each parameter was fetched; nothing for blocks that do not fetch theirs
   */
  Map<Parameter, Integer> run(NDManager manager, NDList batch) {
    CountingParameters parameters = new CountingParameters(manager);
    run(root, parameters, batch);
    return parameters.reads;
  }

  private NDList run(Block block, ParameterStore parameters, NDList inputs) {
    boolean training = normalising.contains(block);
    if (!training || block.getClass() != SequentialBlock.class) {
      return block.forward(parameters, inputs, training);
    }
    NDList current = inputs;
    NDList all = new NDList();
    for (Block child : block.getChildren().values()) {
      current = run(child, parameters, current);
      all.addAll(current);
    }
    return ((SequentialBlock) block).isReturnIntermediate() ? all : current;
  }
}
