package io.github.swag4j.swa.io.average;

/** What an average is computed in. Half precision is widened first, always. */
public enum Precision {
  /**
   * Sums in doubles, rounded once at the end: within half a unit in the last place of the exact
   * average of float32 values, but for sums that cancel beyond a double's 53 bits.
   */
  FLOAT64,
  /** The operations of PyTorch's AveragedModel in float32, for the same bits. */
  FLOAT32
}
