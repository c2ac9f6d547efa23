package io.github.swag4j.swa.djl;

import ai.djl.Device;
import ai.djl.Model;
import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDList;
import ai.djl.ndarray.NDManager;
import ai.djl.nn.Block;
import ai.djl.nn.Parameter;
import ai.djl.nn.SymbolBlock;
import ai.djl.training.ParameterStore;
import ai.djl.util.Pair;
import io.github.swag4j.swa.Selection;
import java.io.IOException;
import java.util.Collections;
import java.util.IdentityHashMap;
import java.util.Set;

/**
 * A model once more, with weights and batch-norm statistics of its own: writing them leaves the
 * live model as it is, and several replicas of one model can predict in several threads.
 *
 * <p>DJL cannot copy a block. Its blocks fetch their parameters from a store at each pass, so a
 * replica is the same block with another store; one that takes them past the store would use the
 * live model's in silence, and is refused after the first pass, before its output is handed out. A
 * TorchScript module takes its parameters from itself: it is written to a temporary file and loaded
 * again. A tree of DJL's blocks with a module inside cannot be replicated.
 *
 * <p>Memory: the bytes of the model's parameters, on its device. The values are those of the model
 * when the replica was made. To be used by one thread at a time while its values are written.
 */
public final class Replica implements AutoCloseable {
  private final Block block;
  private final Model reloaded;
  private final NDManager manager;
  private final IdentityHashMap<Parameter, NDArray> values;
  private final Set<Parameter> fetched = Collections.newSetFromMap(new IdentityHashMap<>());
  private volatile boolean verified;
  private volatile FoldedForward folded;

  private Replica(Block block, Model reloaded, NDManager manager) {
    this.block = block;
    this.reloaded = reloaded;
    this.manager = manager;
    this.values = new IdentityHashMap<>();
  }

  /**
   * Copies a model's values.
   *
   * @param live an initialised block
   * @return the replica
   * @throws IllegalArgumentException if the block has a TorchScript module among others
   * @throws IllegalStateException if the block is not initialised
   * @throws IOException if a TorchScript module cannot be written to a temporary file
   */
  public static Replica of(Block live) throws IOException {
    if (live instanceof SymbolBlock) {
      Model again = TorchScriptModels.reload(live);
      return new Replica(again.getBlock(), again, again.getNDManager());
    }
    requireOwnBlocks(live);
    for (Pair<String, Parameter> pair : live.getParameters()) {
      if (!pair.getValue().isInitialized()) {
        throw new IllegalStateException(
            "parameter " + pair.getKey() + " has no values yet: initialise the block first");
      }
    }
    Replica replica = new Replica(live, null, NDManager.newBaseManager());
    TorchEngine.GradientsOff gradients = TorchEngine.gradientsOff();
    boolean done = false;
    try {
      replica.copyValues();
      done = true;
      return replica;
    } finally {
      gradients.close();
      if (!done) {
        replica.close();
      }
    }
  }

  private void copyValues() {
    for (Parameter parameter : block.getParameters().values()) {
      if (!values.containsKey(parameter)) {
        NDArray own = parameter.getArray().duplicate();
        own.attach(manager);
        values.put(parameter, own);
      }
    }
  }

  /**
   * Whether a model can be replicated: it has no TorchScript module among other blocks.
   *
   * @param block a block
   * @return true for a module alone and for DJL's own blocks
   */
  public static boolean isPossible(Block block) {
    return block instanceof SymbolBlock || !hasModule(block);
  }

  private static boolean hasModule(Block block) {
    return block instanceof SymbolBlock
        || block.getChildren().values().stream().anyMatch(Replica::hasModule);
  }

  private static void requireOwnBlocks(Block live) {
    if (hasModule(live)) {
      throw new IllegalArgumentException(
          "a model with a TorchScript module inside other blocks cannot be replicated, the module"
              + " keeps its weights to itself: predict one sample at a time, or make the whole"
              + " model one archive");
    }
  }

  /**
   * The replica's weights, to be read and written.
   *
   * @return every parameter but running statistics
   */
  public ModelWeights weights() {
    return ModelWeights.of(block, Selection.weights(), this::value);
  }

  /**
   * The replica's batch-norm statistics, to be read and written.
   *
   * @return running means and variances; no tensors without batch normalisation
   */
  public ModelWeights statistics() {
    return ModelWeights.statistics(block, this::value);
  }

  /**
   * A refresh of the replica's batch-norm statistics for its weights.
   *
   * @param weighting how batches of different sizes count
   * @return the refresh
   * @throws IllegalStateException as {@link BatchNormRefresh#of(Block)}
   */
  public BatchNormRefresh refresh(BatchNormRefresh.Weighting weighting) {
    return BatchNormRefresh.of(block, weighting, this::value);
  }

  /**
   * Folds batch normalisation into the convolutions before it as {@link InferencePass#fold} does,
   * for all passes to come, which several threads may make at once. Takes the bytes of the folded
   * weights once more. Nobody may write the replica's values afterwards.
   */
  public void fold() {
    TorchEngine.GradientsOff gradients = TorchEngine.gradientsOff();
    try {
      folded = FoldedForward.of(block, parameters(), manager);
    } finally {
      gradients.close();
    }
  }

  /** Runs inputs in evaluation mode. */
  NDList forward(NDList inputs) {
    FoldedForward whole = folded;
    return whole == null ? block.forward(parameters(), inputs, false) : whole.run(inputs);
  }

  /** The block that runs: the live one for DJL's own blocks. */
  Block block() {
    return block;
  }

  /** Where the block's arrays live. */
  NDManager manager() {
    return manager;
  }

  private NDArray value(Parameter parameter) {
    NDArray own = values.get(parameter);
    return own == null ? parameter.getArray() : own;
  }

  /** The store that hands out the replica's values. */
  ParameterStore parameters() {
    return new OwnParameters();
  }

  private final class OwnParameters extends ParameterStore {

    OwnParameters() {
      super(manager, false);
    }

    @Override
    public NDArray getValue(Parameter parameter, Device device, boolean training) {
      if (!verified) {
        synchronized (fetched) {
          fetched.add(parameter);
        }
      }
      NDArray own = values.get(parameter);
      return own == null ? super.getValue(parameter, device, training) : own;
    }
  }

  /**
   * Checks after a pass that the block took its parameters from the store.
   *
   * @throws IllegalStateException if it left one there
   */
  void requireFetched() {
    if (verified) {
      return;
    }
    synchronized (fetched) {
      for (Pair<String, Parameter> pair : block.getParameters()) {
        if (values.containsKey(pair.getValue()) && !fetched.contains(pair.getValue())) {
          throw new IllegalStateException(
              "parameter "
                  + pair.getKey()
                  + " must be fetched from the ParameterStore in a forward pass, it was not, so the"
                  + " live model's values may have been used: predict one sample at a time, or"
                  + " leave out layers that do not run");
        }
      }
    }
    verified = true;
  }

  @Override
  public void close() {
    if (reloaded != null) {
      reloaded.close();
    } else {
      manager.close();
    }
  }
}
