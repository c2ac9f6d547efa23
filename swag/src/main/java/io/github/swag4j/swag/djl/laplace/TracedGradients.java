package io.github.swag4j.swag.djl.laplace;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDList;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.Shape;
import ai.djl.training.GradientCollector;
import io.github.swag4j.swa.djl.InferencePass;
import java.util.Arrays;

/**
 * A forward pass of a traced model and its gradients in what the layers give, once each: the
 * engine's graph does not outlive a backward pass. Parameters have no gradients.
 */
final class TracedGradients {

  /** Hears of what goes into a layer. */
  @FunctionalInterface
  interface Inputs {
    void of(int layer, NDList inputs);
  }

  /** Takes the gradient in a layer's outputs, {@code [outputs][rows * places]}. */
  @FunctionalInterface
  interface Taker {
    void take(int layer, NDArray gradient);
  }

  private final TracedModel traced;
  private final FrozenParameters store;
  private final GradientCollector collector;
  private final NDArray[] leaves;

  TracedGradients(TracedModel traced, FrozenParameters store, GradientCollector collector) {
    this.traced = traced;
    this.store = store;
    this.collector = collector;
    this.leaves = new NDArray[traced.layers().size()];
  }

  /**
   * Runs a batch.
   *
   * @param inputs the batch
   * @param own owns all that the pass makes; open until after {@link #backward}
   * @param listener hears of the layers' inputs
   * @return the model's outputs
   */
  NDList forward(NDList inputs, NDManager own, Inputs listener) {
    return traced.forward(
        store,
        aliases(inputs, own),
        (index, in, out) -> {
          listener.of(index, in);
          // A leaf of zeroes added to the outputs has their gradient.
          NDArray output = out.singletonOrThrow();
          NDArray leaf = own.zeros(output.getShape());
          leaf.setRequiresGradient(true);
          leaves[index] = leaf;
          return new NDList(output.add(leaf));
        });
  }

  /** Results are attached to where the first operand is, so to the pass and not to the batch. */
  private static NDList aliases(NDList inputs, NDManager own) {
    NDList aliases = new NDList();
    for (NDArray input : inputs) {
      NDArray alias = input.stopGradient();
      alias.attach(own);
      alias.setName(input.getName());
      aliases.add(alias);
    }
    return aliases;
  }

  /**
   * Columns of the matrices of the last pass: rows times places.
   *
   * @param places {@code [layers]}, overwritten
   */
  void placesOf(long[] places) {
    Arrays.setAll(places, l -> traced.layers().get(l).places(leaves[l]));
  }

  /**
   * Gradients of the sum of the outputs times factors.
   *
   * @param outputs of {@link #forward}
   * @param factors {@code [rows][outputs]}
   * @param own of {@link #forward}
   * @param taker takes them, each valid until it returns
   */
  void backward(NDList outputs, float[] factors, NDManager own, Taker taker) {
    Shape shape = outputs.head().getShape();
    // Constants of the graph stay open until the pass is over: the engine frees others early.
    NDArray constant = own.create(factors, shape);
    NDArray target = outputs.head().mul(constant).sum();
    collector.backward(target);
    for (int l = 0; l < leaves.length; l++) {
      try (NDManager part = own.newSubManager()) {
        NDArray gradient = leaves[l].getGradient();
        gradient.attach(part);
        taker.take(l, traced.layers().get(l).outputMatrix(gradient));
      }
    }
  }

  /**
   * Run layer by layer, the model must give what it gives as a whole.
   *
   * @param otherwise what to use for one that does not, for the message
   */
  void requireSame(InferencePass pass, NDList inputs, String otherwise) {
    float[] whole = pass.run(inputs).toFloatArray();
    NDList outputs = traced.forward(store, inputs, (layer, in, out) -> out);
    float[] byLayers = outputs.singletonOrThrow().toFloatArray();
    for (int i = 0; i < whole.length; i++) {
      if (byLayers.length != whole.length
          || Math.abs(byLayers[i] - whole[i]) > 1e-4 * (1 + Math.abs(whole[i]))) {
        throw new IllegalArgumentException(
            "run layer by layer, the model must give what it gives as a whole, output "
                + i
                + " differs: use "
                + otherwise);
      }
    }
  }
}
