package io.github.swag4j.swa.quantize;

/** How far the multiples of the grid reach below zero, in words of W bits. */
public enum Clip {
  /** From -(2^(W-1) - 1) to 2^(W-1) - 1: negated numbers round to negated ones. */
  SYMMETRIC,
  /** From -2^(W-1) to 2^(W-1) - 1, all that two's complement can say. */
  TWOS_COMPLEMENT
}
