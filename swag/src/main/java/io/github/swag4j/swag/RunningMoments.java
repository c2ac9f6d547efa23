package io.github.swag4j.swag;

import io.github.swag4j.swa.internal.BlockCut;
import io.github.swag4j.swa.internal.BlockValues;
import io.github.swag4j.swa.internal.Blocks;
import io.github.swag4j.swa.weights.Accumulation;
import io.github.swag4j.swa.weights.WeightSource;
import java.nio.FloatBuffer;

/**
 * Mean of weight vectors and, unless it is left out, their sum of squared deviations. Mutable, one
 * owner.
 *
 * @param mean the mean
 * @param m2 sum of squared deviations from it; null where it is not kept
 */
record RunningMoments(BlockValues mean, BlockValues m2) {

  /** About 1e15: the squares of 8 million differences of such weights add up within float32. */
  private static final double SAFE_SIZE = 0x1p50;

  /** Of nothing yet. */
  static RunningMoments of(BlockCut cut, Accumulation accumulation, boolean squares) {
    return new RunningMoments(
        new BlockValues(cut, accumulation), squares ? new BlockValues(cut, accumulation) : null);
  }

  /** The values of weights, checked. */
  static FloatBuffer[] collectable(WeightSource weights, BlockCut cut) {
    FloatBuffer[] views = Blocks.views(weights);
    if (!Blocks.areBelow(cut, views, SAFE_SIZE)) {
      Blocks.requireBelow(
          weights.layout(),
          views,
          SAFE_SIZE,
          "weights to collect",
          "training has diverged, lower the learning rate");
    }
    return views;
  }

  RunningMoments copy() {
    return new RunningMoments(mean.copy(), m2 == null ? null : m2.copy());
  }

  /**
   * Takes in the next weight vector.
   *
   * @param views its values
   * @param column is written; null for none
   * @param keepWeights whether with the weights themselves, else with deviations from the new mean
   * @param share 1 / n
   */
  void add(FloatBuffer[] views, DeviationColumn column, boolean keepWeights, double share) {
    BlockCut cut = mean.cut();
    cut.forEach(
        () -> {
          BlockValues.Scratch scratch = new BlockValues.Scratch(cut);
          return block -> {
            int tensor = cut.tensor(block);
            int from = cut.from(block);
            int length = cut.length(block);
            views[tensor].get(from, scratch.weights, 0, length);
            if (column != null && keepWeights) {
              column.write(tensor, from, scratch.weights, length);
            }
            if (m2 == null) {
              mean.moveAndSubtract(block, scratch, share);
            } else {
              BlockValues.moments(mean, m2, block, scratch, share);
            }
            if (column != null && !keepWeights) {
              column.write(tensor, from, scratch.weights, length);
            }
          };
        });
  }

  /** Takes in the moments of a later part. */
  void merge(long count, RunningMoments other, long otherCount) {
    if (m2 == null) {
      mean.mergeMean(count, other.mean, otherCount);
    } else {
      BlockValues.merge(mean, m2, count, other.mean, other.m2, otherCount);
    }
  }
}
