package io.github.swag4j.swa.quantize;

/** What a tensor is in training; each draws its own random numbers. */
public enum Role {
  /** Weights after a step. */
  WEIGHT(1),
  /** What a layer hands on to the next. */
  ACTIVATION(2),
  /** Gradients of weights. */
  GRADIENT(3),
  /** Gradients of activations, handed back from layer to layer. */
  ERROR(4),
  /** The momentum that is kept for the next step. */
  MOMENTUM(5),
  /** Weights of more bits that steps add to. */
  ACCUMULATOR(6),
  /** The average of weights. */
  AVERAGE(7);

  /** Its word in the counter: part of the algorithm, never to be given again. */
  final int word;

  Role(int word) {
    this.word = word;
  }
}
