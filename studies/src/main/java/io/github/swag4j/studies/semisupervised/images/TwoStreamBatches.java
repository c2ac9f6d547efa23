package io.github.swag4j.studies.semisupervised.images;

import io.github.swag4j.base.SplitMix;

/**
 * Which images are in a batch: always so many with label and so many without, from two streams. An
 * epoch is one pass over the images without label, shuffled anew, its incomplete last batch left
 * out; the stream of those with label is passed through again and again, shuffled anew each time.
 *
 * <p>Batches are a pure function of (seed, step): a training that goes on in the middle sees those
 * that it would have seen.
 */
public final class TwoStreamBatches {

  /**
   * Images of a step.
   *
   * @param labelled {@code [labelled a batch]}, indices among images with labels
   * @param passes {@code [labelled a batch]}, how often the stream had been passed through before
   *     that image
   * @param unlabelled {@code [unlabelled a batch]}, indices among images without, all different in
   *     an epoch
   * @param epoch of the step, from 0
   */
  public record Batch(int[] labelled, long[] passes, int[] unlabelled, long epoch) {}

  private final int labelled;
  private final int unlabelled;
  private final int labelledBatch;
  private final int unlabelledBatch;
  private final Order withLabels;
  private final Order without;

  /**
   * Batches.
   *
   * @param labelled images with labels, at least 1
   * @param unlabelled images without, at least as many as in a batch
   * @param labelledBatch of the first in a batch, at least 1
   * @param unlabelledBatch of the second, at least 1
   * @param seed decides the orders
   * @throws IllegalArgumentException if a number is out of range
   */
  public TwoStreamBatches(
      int labelled, int unlabelled, int labelledBatch, int unlabelledBatch, long seed) {
    if (labelled < 1 || labelledBatch < 1 || unlabelledBatch < 1) {
      throw new IllegalArgumentException(
          "images with labels and both parts of a batch must be at least 1, got "
              + labelled
              + ", "
              + labelledBatch
              + " and "
              + unlabelledBatch);
    }
    if (unlabelled < unlabelledBatch) {
      throw new IllegalArgumentException(
          "images without labels must fill a batch of " + unlabelledBatch + ", got " + unlabelled);
    }
    this.labelled = labelled;
    this.unlabelled = unlabelled;
    this.labelledBatch = labelledBatch;
    this.unlabelledBatch = unlabelledBatch;
    this.withLabels = new Order(labelled, seed, 1);
    this.without = new Order(unlabelled, seed, 2);
  }

  /**
   * Steps in an epoch.
   *
   * @return at least 1
   */
  public int stepsPerEpoch() {
    return unlabelled / unlabelledBatch;
  }

  /**
   * The batch of a step.
   *
   * @param step from 0
   * @return its images
   */
  public Batch of(long step) {
    int[] first = new int[labelledBatch];
    long[] passes = new long[labelledBatch];
    for (int i = 0; i < labelledBatch; i++) {
      long at = step * labelledBatch + i;
      passes[i] = at / labelled;
      first[i] = withLabels.of(passes[i])[(int) (at % labelled)];
    }
    long epoch = step / stepsPerEpoch();
    int from = (int) (step % stepsPerEpoch()) * unlabelledBatch;
    int[] second = new int[unlabelledBatch];
    System.arraycopy(without.of(epoch), from, second, 0, unlabelledBatch);
    return new Batch(first, passes, second, epoch);
  }

  /** Permutations by number; the last one is kept. */
  private static final class Order {
    private final int size;
    private final long seed;
    private final long stream;
    private long pass = -1;
    private int[] order;

    Order(int size, long seed, long stream) {
      this.size = size;
      this.seed = seed;
      this.stream = stream;
    }

    int[] of(long wanted) {
      if (wanted != pass) {
        int[] next = new int[size];
        for (int i = 0; i < size; i++) {
          next[i] = i;
        }
        new SplitMix(FewLabels.hash(seed, stream, wanted)).shuffle(next);
        order = next;
        pass = wanted;
      }
      return order;
    }
  }
}
