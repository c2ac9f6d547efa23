package io.github.swag4j.swa.internal;

import io.github.swag4j.swa.weights.Accumulation;
import java.util.Arrays;
import java.util.function.DoubleUnaryOperator;

/**
 * One number a weight, kept block by block: float32, float32 and residual, or float64. Mutable.
 * Blocks are different arrays, so that threads may work on different blocks.
 */
public final class BlockValues {
  private final BlockCut cut;
  private final Accumulation accumulation;
  final float[][] high;
  final float[][] low;
  final double[][] wide;

  /**
   * Zeros.
   *
   * @param cut the blocks
   * @param accumulation how numbers are kept
   */
  public BlockValues(BlockCut cut, Accumulation accumulation) {
    this.cut = cut;
    this.accumulation = accumulation;
    boolean doubles = accumulation == Accumulation.FLOAT64;
    high = doubles ? null : new float[cut.count()][];
    low = accumulation == Accumulation.COMPENSATED ? new float[cut.count()][] : null;
    wide = doubles ? new double[cut.count()][] : null;
    for (int b = 0; b < cut.count(); b++) {
      int length = cut.length(b);
      if (doubles) {
        wide[b] = new double[length];
      } else {
        high[b] = new float[length];
      }
      if (low != null) {
        low[b] = new float[length];
      }
    }
  }

  /**
   * The same numbers in memory of their own.
   *
   * @return the copy
   */
  public BlockValues copy() {
    BlockValues out = new BlockValues(cut, accumulation);
    for (int b = 0; b < cut.count(); b++) {
      int length = cut.length(b);
      if (wide != null) {
        System.arraycopy(wide[b], 0, out.wide[b], 0, length);
      } else {
        System.arraycopy(high[b], 0, out.high[b], 0, length);
      }
      if (low != null) {
        System.arraycopy(low[b], 0, out.low[b], 0, length);
      }
    }
    return out;
  }

  /** Scratch memory of one thread. */
  public static final class Scratch {
    /** The weights of a block. */
    public final float[] weights;

    /** Room for a block in float64. */
    public final double[] wide;

    private final float[] before;

    /**
     * New memory.
     *
     * @param cut whose blocks fit in
     */
    public Scratch(BlockCut cut) {
      int room = cut.longest();
      weights = new float[room];
      wide = new double[room];
      before = new float[room];
    }
  }

  /**
   * The blocks.
   *
   * @return how the layout is cut
   */
  public BlockCut cut() {
    return cut;
  }

  /**
   * How numbers are kept.
   *
   * @return the accumulation
   */
  public Accumulation accumulation() {
    return accumulation;
  }

  /**
   * Moves a block towards weights: value += (w - value) share. With a share of 1 it has the weights
   * to the bit: a difference from what was there before would have lost small ones.
   *
   * @param block which
   * @param scratch holds the weights
   * @param share how far, from 0 to 1
   */
  public void moveTowards(int block, Scratch scratch, double share) {
    if (share == 1) {
      set(block, scratch.weights);
      return;
    }
    int length = cut.length(block);
    switch (accumulation) {
      case FLOAT32 -> BlockKernels.mean(scratch.weights, high[block], length, (float) share);
      case COMPENSATED ->
          BlockKernels.mean(scratch.weights, high[block], low[block], length, (float) share);
      case FLOAT64 -> {
        BlockKernels.widen(scratch.weights, scratch.wide, length);
        BlockKernels.mean(scratch.wide, wide[block], length, share);
      }
    }
  }

  private void set(int block, float[] weights) {
    int length = cut.length(block);
    if (wide != null) {
      BlockKernels.widen(weights, wide[block], length);
    } else {
      System.arraycopy(weights, 0, high[block], 0, length);
    }
    if (low != null) {
      Arrays.fill(low[block], 0);
    }
  }

  /**
   * Updates mean and sum of squares by Welford's recurrence.
   *
   * @param mean the mean
   * @param m2 sum of squared deviations, cut and kept as the mean
   * @param block which block
   * @param scratch holds the weights; afterwards their deviations from the new mean
   * @param share 1 / n
   */
  public static void moments(
      BlockValues mean, BlockValues m2, int block, Scratch scratch, double share) {
    int length = mean.cut.length(block);
    float[] w = scratch.weights;
    float factor = (float) share;
    switch (mean.accumulation) {
      case FLOAT32 -> BlockKernels.moments(w, mean.high[block], m2.high[block], length, factor);
      case COMPENSATED ->
          BlockKernels.moments(
              w,
              mean.high[block],
              mean.low[block],
              m2.high[block],
              m2.low[block],
              scratch.before,
              length,
              factor);
      case FLOAT64 -> {
        BlockKernels.widen(w, scratch.wide, length);
        BlockKernels.moments(scratch.wide, mean.wide[block], m2.wide[block], length, share);
        BlockKernels.narrow(scratch.wide, w, length);
      }
    }
  }

  /**
   * Updates the mean as {@link #moments} does, bit for bit, where no sum of squares is kept.
   *
   * @param block which block
   * @param scratch holds the weights; afterwards their deviations from the new mean
   * @param share 1 / n
   */
  public void moveAndSubtract(int block, Scratch scratch, double share) {
    int length = cut.length(block);
    float[] w = scratch.weights;
    float factor = (float) share;
    switch (accumulation) {
      case FLOAT32 -> BlockKernels.deviations(w, high[block], length, factor);
      case COMPENSATED -> BlockKernels.deviations(w, high[block], low[block], length, factor);
      case FLOAT64 -> {
        BlockKernels.widen(w, scratch.wide, length);
        BlockKernels.deviations(scratch.wide, wide[block], length, share);
        BlockKernels.narrow(scratch.wide, w, length);
      }
    }
  }

  /**
   * Puts the means of two parts together as {@link #merge} does.
   *
   * @param count vectors in this part, at least 1
   * @param other mean of the second part, of the same layout
   * @param otherCount vectors in the second part, at least 1
   */
  public void mergeMean(long count, BlockValues other, long otherCount) {
    double share = otherCount / ((double) count + otherCount);
    cut.forEach(
        () -> {
          double[] a = new double[Blocks.SIZE];
          double[] b = new double[Blocks.SIZE];
          return block -> {
            read(block, a);
            other.read(block, b);
            for (int i = 0; i < cut.length(block); i++) {
              a[i] += (b[i] - a[i]) * share;
            }
            write(block, a);
          };
        });
  }

  /**
   * Puts the moments of two parts together, in float64: with d = mean_b - mean_a, mean = mean_a + d
   * n_b / n and m2 = m2_a + m2_b + d^2 n_a n_b / n.
   *
   * @param mean mean of the first part; afterwards of both
   * @param m2 sum of squared deviations of the first part; afterwards of both
   * @param count vectors in the first part, at least 1
   * @param otherMean mean of the second part, of the same layout
   * @param otherM2 sum of squared deviations of the second part
   * @param otherCount vectors in the second part, at least 1
   * @see <a href="https://doi.org/10.1080/00031305.1983.10483115">Chan, Golub, LeVeque 1983,
   *     Algorithms for Computing the Sample Variance, equation 2.1</a>
   */
  public static void merge(
      BlockValues mean,
      BlockValues m2,
      long count,
      BlockValues otherMean,
      BlockValues otherM2,
      long otherCount) {
    double total = (double) count + otherCount;
    double share = otherCount / total;
    double spread = count * share;
    mean.cut.forEach(
        () -> {
          double[] a = new double[Blocks.SIZE];
          double[] b = new double[Blocks.SIZE];
          double[] squares = new double[Blocks.SIZE];
          double[] otherSquares = new double[Blocks.SIZE];
          return block -> {
            mean.read(block, a);
            otherMean.read(block, b);
            m2.read(block, squares);
            otherM2.read(block, otherSquares);
            for (int i = 0; i < mean.cut.length(block); i++) {
              double difference = b[i] - a[i];
              a[i] += difference * share;
              squares[i] += otherSquares[i] + difference * difference * spread;
            }
            mean.write(block, a);
            m2.write(block, squares);
          };
        });
  }

  /**
   * Reads a block.
   *
   * @param block which
   * @param into where to, from 0
   */
  public void read(int block, double[] into) {
    int length = cut.length(block);
    if (wide != null) {
      System.arraycopy(wide[block], 0, into, 0, length);
      return;
    }
    BlockKernels.widen(high[block], into, length);
    if (low != null) {
      BlockKernels.addWidened(low[block], into, length);
    }
  }

  /**
   * The values of one tensor in float64.
   *
   * @param tensor place of the tensor
   * @return the values in their order
   */
  public double[] toArray(int tensor) {
    double[] out = new double[cut.layout().tensor(tensor).size()];
    double[] block = new double[Blocks.SIZE];
    for (int b = cut.first(tensor); b < cut.first(tensor + 1); b++) {
      read(b, block);
      System.arraycopy(block, 0, out, cut.from(b), cut.length(b));
    }
    return out;
  }

  /**
   * Writes a block, rounded to what can be kept.
   *
   * @param block which
   * @param values the values, from 0
   */
  public void write(int block, double[] values) {
    int length = cut.length(block);
    for (int i = 0; i < length; i++) {
      if (wide != null) {
        wide[block][i] = values[i];
      } else {
        high[block][i] = (float) values[i];
      }
      if (low != null) {
        low[block][i] = (float) (values[i] - high[block][i]);
      }
    }
  }

  /**
   * The values in arrays of their own.
   *
   * @param function what becomes of each on the way, in float64
   * @return {@code [tensors][size of tensor]}, rounded to float32
   */
  public float[][] toTensors(DoubleUnaryOperator function) {
    float[][] out = Blocks.allocate(cut.layout());
    cut.forEach(
        () -> {
          double[] values = new double[Blocks.SIZE];
          return block -> {
            read(block, values);
            float[] target = out[cut.tensor(block)];
            int from = cut.from(block);
            int length = cut.length(block);
            for (int i = 0; i < length; i++) {
              target[from + i] = (float) function.applyAsDouble(values[i]);
            }
          };
        });
    return out;
  }

  /**
   * The values divided by a number, in arrays of their own.
   *
   * @param divisor the number
   * @param floor what results are raised to
   * @return {@code [tensors][size of tensor]}, divided in float64 and rounded to float32
   */
  public float[][] toTensors(double divisor, float floor) {
    float[][] out = Blocks.allocate(cut.layout());
    cut.forEach(
        () -> {
          double[] values = new double[Blocks.SIZE];
          return block -> {
            read(block, values);
            BlockKernels.divide(
                values, divisor, floor, out[cut.tensor(block)], cut.from(block), cut.length(block));
          };
        });
    return out;
  }

  /**
   * The values in arrays of their own.
   *
   * @return {@code [tensors][size of tensor]}, rounded to float32
   */
  public float[][] toTensors() {
    if (high == null) {
      return toTensors(DoubleUnaryOperator.identity());
    }
    // A residual is below half a unit in the last place: high is the rounded value already.
    float[][] out = Blocks.allocate(cut.layout());
    cut.forEach(
        () ->
            block ->
                System.arraycopy(
                    high[block], 0, out[cut.tensor(block)], cut.from(block), cut.length(block)));
    return out;
  }
}
