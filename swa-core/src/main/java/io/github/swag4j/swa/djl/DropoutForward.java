package io.github.swag4j.swa.djl;

import ai.djl.ndarray.NDList;
import ai.djl.nn.Block;
import ai.djl.nn.ParallelBlock;
import ai.djl.nn.Parameter;
import ai.djl.nn.SequentialBlock;
import ai.djl.nn.SymbolBlock;
import ai.djl.nn.norm.Dropout;
import ai.djl.nn.recurrent.RecurrentBlock;
import ai.djl.training.ParameterStore;
import ai.djl.util.Pair;
import java.lang.reflect.Field;
import java.util.ArrayList;
import java.util.Collections;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Set;
import java.util.function.Function;

/**
 * A forward pass in which dropout is active and every other layer evaluates: the counterpart of
 * {@link BatchStatisticsForward}.
 *
 * <p>The engine has one training flag for a whole block. A block without dropout inside runs
 * without the flag, one with dropout and no batch normalisation with it. Where both are inside, the
 * children of a {@link SequentialBlock} or {@link ParallelBlock} are run one by one; a TorchScript
 * module from {@link TorchScriptModels} has its batch normalisation told to evaluate, see {@link
 * TorchScriptCode#FUNCTION}; other composite blocks do not show how they join their children and
 * are refused.
 */
final class DropoutForward {
  private final Block root;
  private final Set<Block> dropping = Collections.newSetFromMap(new IdentityHashMap<>());
  private final Set<Block> normalising = Collections.newSetFromMap(new IdentityHashMap<>());
  private final IdentityHashMap<Block, Function<List<NDList>, NDList>> joins =
      new IdentityHashMap<>();
  private final List<ScriptNormsEvaluate> modules = new ArrayList<>();

  /**
   * A pass through a block.
   *
   * @throws IllegalArgumentException if there is no dropout in it
   * @throws IllegalStateException if dropout cannot be switched on alone
   */
  DropoutForward(Block root) {
    this.root = root;
    mark("", root);
    if (!dropping.contains(root)) {
      throw new IllegalArgumentException(
          "Monte Carlo dropout needs a model with dropout, this one has no Dropout layer: predict"
              + " without it, or train a model that has dropout");
    }
    requireApart("", root);
  }

  private void mark(String name, Block block) {
    if (block instanceof SymbolBlock) {
      TorchScriptModels.requireSwitchable(block);
      modules.add(new ScriptNormsEvaluate(name, block));
      dropping.add(block);
      return;
    }
    boolean drops = block instanceof Dropout || block instanceof RecurrentBlock;
    boolean norms =
        block.getDirectParameters().values().stream()
            .anyMatch(p -> p.getType() == Parameter.Type.RUNNING_VAR);
    for (Pair<String, Block> child : block.getChildren()) {
      mark(name + "/" + child.getKey(), child.getValue());
      drops |= dropping.contains(child.getValue());
      norms |= normalising.contains(child.getValue());
    }
    if (drops) {
      dropping.add(block);
    }
    if (norms) {
      normalising.add(block);
    }
  }

  private void requireApart(String name, Block block) {
    if (!dropping.contains(block) || !normalising.contains(block)) {
      return;
    }
    if (block.getClass() == ParallelBlock.class) {
      joins.put(block, join(name, block));
    } else if (block.getClass() != SequentialBlock.class) {
      throw new IllegalStateException(
          "dropout must be switched on without the batch normalisation beside it, block "
              + (name.isEmpty() ? "itself" : name)
              + " has both inside and is a "
              + block.getClass().getSimpleName()
              + ", which does not show how it joins its children: build it of SequentialBlock and"
              + " ParallelBlock, or move Dropout out of it");
    }
    for (Pair<String, Block> child : block.getChildren()) {
      requireApart(name + "/" + child.getKey(), child.getValue());
    }
  }

  /** How a parallel block joins its branches, which it keeps to itself. */
  @SuppressWarnings("unchecked")
  private static Function<List<NDList>, NDList> join(String name, Block block) {
    try {
      Field function = ParallelBlock.class.getDeclaredField("function");
      function.setAccessible(true);
      return (Function<List<NDList>, NDList>) function.get(block);
    } catch (ReflectiveOperationException | RuntimeException e) {
      throw new IllegalStateException(
          "dropout must be switched on without the batch normalisation beside it, the engine's"
              + " ParallelBlock "
              + name
              + " does not allow it here ("
              + e.getMessage()
              + "): move Dropout out of it",
          e);
    }
  }

  /**
   * Runs a batch.
   *
   * @throws IllegalStateException if a layer of a TorchScript module does not evaluate
   */
  NDList run(ParameterStore parameters, NDList batch) {
    modules.forEach(ScriptNormsEvaluate::ask);
    try {
      NDList outputs = EngineFailures.explained(batch, () -> run(root, parameters, batch));
      modules.forEach(ScriptNormsEvaluate::requireAsked);
      return outputs;
    } finally {
      modules.forEach(ScriptNormsEvaluate::restore);
    }
  }

  private NDList run(Block block, ParameterStore parameters, NDList inputs) {
    if (!dropping.contains(block) || !normalising.contains(block)) {
      return block.forward(parameters, inputs, dropping.contains(block));
    }
    Function<List<NDList>, NDList> join = joins.get(block);
    if (join != null) {
      List<NDList> branches = new ArrayList<>();
      block.getChildren().values().forEach(c -> branches.add(run(c, parameters, inputs)));
      return join.apply(branches);
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
