package io.github.swag4j.swag.djl;

import java.util.Map;

/**
 * What the outputs of samples over one data set are folded into: class probabilities, logits or a
 * predicted number.
 *
 * <p>Several threads may fill tables at once, each its own; {@link #fold} is called by one thread
 * at a time, in the order of the samples, so a result never depends on which worker was faster.
 */
interface SampleAccumulator {

  /**
   * An empty table for one sample's pass over the rows.
   *
   * @param sample index of the sample
   * @return the table, of one thread at a time
   */
  OutputTable begin(int sample);

  /**
   * Takes in the next sample; called in order of samples, after the table ended.
   *
   * @param sample index of the sample, as many as were folded before
   * @param table its outputs, not used afterwards
   */
  void fold(int sample, OutputTable table);

  /**
   * Whether the rule to stop early is met with the samples folded so far.
   *
   * @param rule the rule
   * @return true if this data set needs no further samples
   */
  boolean isEnough(StopRule rule);

  /**
   * All numbers that folding goes on from, by name.
   *
   * @return arrays of this accumulator, to be written before the next fold
   */
  Map<String, double[]> state();

  /**
   * Goes on from numbers that {@link #state} gave.
   *
   * @param samples how many samples they are of
   * @param state the numbers
   * @throws IllegalArgumentException if they are of another data set
   */
  void restore(int samples, Map<String, double[]> state);
}
