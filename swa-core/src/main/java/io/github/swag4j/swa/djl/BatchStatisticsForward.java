package io.github.swag4j.swa.djl;

import ai.djl.Device;
import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDList;
import ai.djl.ndarray.NDManager;
import ai.djl.nn.Block;
import ai.djl.nn.Parameter;
import ai.djl.nn.SequentialBlock;
import ai.djl.nn.SymbolBlock;
import ai.djl.training.ParameterStore;
import ai.djl.util.Pair;
import java.util.ArrayList;
import java.util.Collections;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Set;
import java.util.function.Function;

/**
 * A forward pass in which batch-norm layers use their batch's own statistics and every other layer
 * evaluates.
 *
 * <p>The engine has one training flag for a whole block, so the children of a {@link
 * SequentialBlock} are run one by one, the flag on for those with batch normalisation inside. Other
 * composite blocks do not show how they join their children: they run as a whole, with a {@link
 * DropoutSwitch} off. A symbol block always evaluates; its batch normalisation is asked in another
 * way.
 *
 * <p>A layer that runs twice in a pass leaves a mixture of two batches' statistics. Layers fetch
 * their parameters once a run, so runs can be counted there, whatever the reason for them.
 */
final class BatchStatisticsForward {

  private static final class CountingParameters extends ParameterStore {
    private final IdentityHashMap<Parameter, Integer> reads = new IdentityHashMap<>();

    private final Function<Parameter, NDArray> values;

    CountingParameters(NDManager manager, Function<Parameter, NDArray> values) {
      super(manager, false);
      this.values = values;
    }

    @Override
    public NDArray getValue(Parameter parameter, Device device, boolean training) {
      reads.merge(parameter, 1, Integer::sum);
      NDArray value = parameter == null ? null : values.apply(parameter);
      return value == null || value == parameter.getArray()
          ? super.getValue(parameter, device, training)
          : value;
    }
  }

  private final Block root;
  private final Function<Parameter, NDArray> values;
  private final Set<Block> normalising = Collections.newSetFromMap(new IdentityHashMap<>());
  private final DropoutSwitch dropout;
  private final ChannelsLast order;

  /**
   * A pass through a block.
   *
   * @param values the array of each parameter
   * @throws IllegalStateException if dropout cannot be switched off alone
   */
  BatchStatisticsForward(Block root, Function<Parameter, NDArray> values) {
    this.root = root;
    this.values = values;
    mark(root);
    List<Block> whole = new ArrayList<>();
    addWhole(root, whole);
    this.dropout = DropoutSwitch.of(whole);
    this.order = ChannelsLast.of(root);
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

  private void addWhole(Block block, List<Block> whole) {
    if (!normalising.contains(block)) {
      return;
    }
    if (isTakenApart(block)) {
      block.getChildren().values().forEach(child -> addWhole(child, whole));
    } else {
      whole.add(block);
    }
  }

  private static boolean isTakenApart(Block block) {
    return block.getClass() == SequentialBlock.class;
  }

  /**
   * Runs a batch.
   *
   * @param manager owner of the pass
   * @param batch the inputs
   * @return how often each parameter was fetched; nothing for blocks that do not fetch theirs
   */
  IdentityHashMap<Parameter, Integer> run(NDManager manager, NDList batch) {
    CountingParameters parameters = new CountingParameters(manager, values);
    dropout.off();
    try {
      NDList inputs = order.of(batch);
      EngineFailures.explained(batch, () -> run(root, parameters, inputs));
    } finally {
      dropout.on();
    }
    return parameters.reads;
  }

  private NDList run(Block block, ParameterStore parameters, NDList inputs) {
    boolean training = normalising.contains(block) && !(block instanceof SymbolBlock);
    if (!training || !isTakenApart(block)) {
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
