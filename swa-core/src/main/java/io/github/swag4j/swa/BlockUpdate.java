package io.github.swag4j.swa;

/** A user's own rule of averaging, for one block of weights at a time. */
@FunctionalInterface
public interface BlockUpdate {

  /**
   * Updates part of the average. Called from several threads, for different blocks; the result must
   * depend on the arguments alone.
   *
   * @param average the average so far, zeros at first; entries from 0 to length are overwritten
   * @param weights the weights to take in; not to be written
   * @param length how many entries count
   * @param count how many weight vectors are in the average already
   */
  void update(double[] average, float[] weights, int length, long count);
}
