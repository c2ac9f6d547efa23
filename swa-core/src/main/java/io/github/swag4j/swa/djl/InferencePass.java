package io.github.swag4j.swa.djl;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDList;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.DataType;
import ai.djl.ndarray.types.Shape;
import ai.djl.nn.Block;
import ai.djl.nn.Parameter;
import ai.djl.training.ParameterStore;
import java.util.List;
import java.util.function.Consumer;

/**
 * Forward passes of a model in evaluation mode, or in evaluation mode but for its dropout: on the
 * model's own device, without gradients (which the engine switches off only in the thread that
 * loaded it), and with the engine's errors told by the batch that caused them. Belongs to the
 * thread that opened it, and must be closed there; the thread's gradient mode is then as it was.
 */
public final class InferencePass implements AutoCloseable {

  /** Masks tried before a model is called one without dropout. */
  private static final int TRIES = 16;

  private static final long NUMBERS = 1L << 53;

  private final Block block;
  private final NDManager manager;
  private final ParameterStore parameters;
  private final TorchEngine.GradientsOff gradients;
  private final Runnable check;
  private final DropoutForward dropout;
  private final ChannelsLast order;
  private final long afterwards;
  private long seed;
  private boolean dropoutSeen;
  private FoldedForward folded;

  private InferencePass(
      Block block, NDManager manager, ParameterStore own, Runnable check, DropoutForward dropout) {
    this.block = block;
    this.manager = manager;
    this.parameters = own == null ? new ParameterStore(manager, false) : own;
    this.check = check;
    this.dropout = dropout;
    this.order = ChannelsLast.of(block);
    this.afterwards = dropout == null ? 0 : drawn();
    // Last: a constructor that throws leaves nobody to switch them on again.
    this.gradients = TorchEngine.gradientsOff();
  }

  private long drawn() {
    try (NDArray number = manager.randomInteger(0, NUMBERS, new Shape(1), DataType.INT64)) {
      return number.getLong();
    }
  }

  /**
   * Opens a pass.
   *
   * @param block an initialised block
   * @return the pass
   */
  public static InferencePass of(Block block) {
    return new InferencePass(block, manager(block), null, () -> {}, null);
  }

  /**
   * Opens a pass through a replica.
   *
   * @param replica not written while the pass runs
   * @return the pass
   */
  public static InferencePass of(Replica replica) {
    return new InferencePass(
        replica.block(),
        replica.manager().newSubManager(),
        replica.parameters(),
        replica::requireFetched,
        null);
  }

  /**
   * Opens a pass with dropout as in training: each forward pass drops other units. Batch
   * normalisation evaluates, with the statistics the model has.
   *
   * <p>Masks come from the engine's only generator, which {@link #seed} sets; no other thread may
   * draw from it meanwhile. Afterwards it goes on from a number that was drawn from it before, so
   * what follows does not repeat the masks. A TorchScript module counts the passes of its batch
   * normalisation ({@code num_batches_tracked}), which only momentum None uses.
   *
   * @param block an initialised block
   * @return the pass
   * @throws IllegalArgumentException if the block has no dropout
   * @throws IllegalStateException if its dropout cannot be switched on without batch normalisation:
   *     both are inside one composite block that is neither a {@code SequentialBlock} nor a {@code
   *     ParallelBlock}, or in a TorchScript module that {@link TorchScriptModels} did not load
   */
  public static InferencePass withDropout(Block block) {
    DropoutForward dropout = new DropoutForward(block);
    return new InferencePass(block, manager(block), null, () -> {}, dropout);
  }

  private static NDManager manager(Block block) {
    for (Parameter parameter : block.getParameters().values()) {
      if (parameter.isInitialized()) {
        return parameter.getArray().getManager().newSubManager();
      }
    }
    return NDManager.newBaseManager();
  }

  /**
   * The parent for batches' managers, on the model's device.
   *
   * @return closed with this pass
   */
  public NDManager manager() {
    return manager;
  }

  /**
   * Begins a series of masks: the same ones for the same number and the same batches. Does nothing
   * without dropout.
   *
   * @param newSeed which series
   */
  public void seed(long newSeed) {
    seed = newSeed;
    if (dropout != null) {
      TorchEngine.seed(manager.getEngine(), seed);
    }
  }

  /**
   * Folds batch normalisation into the convolutions before it, where outputs then differ by the
   * rounding of float32 alone: 1e-5 of a layer's largest output at most. For many batches under the
   * same weights and statistics: until {@link #unfold} nobody may write them, {@link #run} would
   * not see it. Does nothing with dropout.
   */
  public void fold() {
    unfold();
    if (dropout == null) {
      folded = FoldedForward.of(block, parameters, manager);
    }
  }

  /** Lets the layers run as they are again, with the values they have now. */
  public void unfold() {
    if (folded != null) {
      folded.close();
      folded = null;
    }
  }

  /**
   * Runs a batch.
   *
   * @param batch the inputs
   * @return the model's only output, attached to the batch's manager
   * @throws IllegalArgumentException if the engine fails, the model has more outputs than one, or
   *     dropout is asked for and changes nothing
   * @throws IllegalStateException if a layer of a TorchScript module cannot evaluate beside
   *     dropout, or a replica's block takes parameters past the store
   */
  public NDArray run(NDList batch) {
    NDList inputs = order.of(batch);
    if (dropout == null) {
      NDList outputs =
          EngineFailures.explained(
              batch,
              () -> folded == null ? block.forward(parameters, inputs, false) : folded.run(inputs));
      check.run();
      return single(outputs);
    }
    requireDropout(inputs);
    return single(dropout.run(parameters, inputs));
  }

  /**
   * Runs a batch through replicas of the model, one after the other: what opening a pass for each
   * costs is paid once. A replica that was folded runs so.
   *
   * @param replicas of the model this pass was opened for, not written meanwhile
   * @param batch the inputs
   * @param consumer takes the only output of each, attached to the batch's manager
   * @throws IllegalArgumentException if the engine fails or there are more outputs than one
   * @throws IllegalStateException if a replica's block takes parameters past the store
   */
  public void run(List<Replica> replicas, NDList batch, Consumer<NDArray> consumer) {
    NDList inputs = order.of(batch);
    for (Replica replica : replicas) {
      NDArray output = single(EngineFailures.explained(batch, () -> replica.forward(inputs)));
      replica.requireFetched();
      consumer.accept(output);
    }
  }

  /** A part of the model's forward pass. */
  @FunctionalInterface
  public interface Part {

    /**
     * Runs blocks in evaluation mode.
     *
     * @param parameters to be handed to the blocks
     * @param batch the model's inputs
     * @return what the part gives
     */
    NDList run(ParameterStore parameters, NDList batch);
  }

  /**
   * Runs a batch through a part of the model, in evaluation mode.
   *
   * @param batch the inputs
   * @param part which blocks to run, and how
   * @return the part's only output, attached to the batch's manager
   * @throws IllegalArgumentException if the engine fails or there are more outputs than one
   */
  public NDArray run(NDList batch, Part part) {
    NDList inputs = order.of(batch);
    return single(EngineFailures.explained(batch, () -> part.run(parameters, inputs)));
  }

  /** A rate of 0, or a TorchScript module without dropout, shows only in what comes out. */
  private void requireDropout(NDList batch) {
    if (dropoutSeen) {
      return;
    }
    NDArray first = single(dropout.run(parameters, batch));
    for (int i = 1; i < TRIES && !dropoutSeen; i++) {
      try (NDArray next = single(dropout.run(parameters, batch))) {
        dropoutSeen = !next.contentEquals(first);
      }
    }
    first.close();
    if (!dropoutSeen) {
      throw new IllegalArgumentException(
          "Monte Carlo dropout needs a model with dropout, "
              + TRIES
              + " passes over the first batch gave the same output: its rate is 0, or so near 1"
              + " that nothing passes, or the archive has none: predict without it, or train with"
              + " another rate");
    }
    seed(seed);
  }

  private static NDArray single(NDList outputs) {
    if (outputs.size() != 1) {
      throw new IllegalArgumentException(
          "the model must have 1 output, got " + outputs.size() + ": wrap it in a block of one");
    }
    return outputs.head();
  }

  @Override
  public void close() {
    try {
      if (dropout != null) {
        TorchEngine.seed(manager.getEngine(), afterwards);
      }
      manager.close();
    } finally {
      gradients.close();
    }
  }
}
