package io.github.swag4j.swag.laplace;

/** How much of a layer's curvature is kept. */
public enum Structure {
  /** The whole matrix; 16 bytes times the square of the number of weights. */
  FULL,
  /** A Kronecker product of two factors, one for inputs and one for outputs. */
  KRONECKER,
  /** The diagonal. */
  DIAGONAL
}
