package io.github.swag4j.cli.run;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDList;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.Shape;
import io.github.swag4j.base.SplitMix;
import io.github.swag4j.cli.data.ImageDataset;
import io.github.swag4j.swa.djl.InputBatches;
import java.util.Random;
import java.util.function.Consumer;

/** Images as the networks take them: grey levels scaled to mean 0 and standard deviation 1. */
public final class ImageBatches implements InputBatches {

  /**
   * What grey levels in [0, 1] are scaled by.
   *
   * @param mean their mean over the training images
   * @param standardDeviation their standard deviation
   */
  public record Normalisation(double mean, double standardDeviation) {

    /** The scaling that makes these images so. */
    public static Normalisation of(ImageDataset images) {
      // Grey levels are integers: their sums are exact in a long.
      long sum = 0;
      long squares = 0;
      byte[] pixels = images.pixels();
      for (byte pixel : pixels) {
        int level = pixel & 0xff;
        sum += level;
        squares += (long) level * level;
      }
      double mean = (double) sum / pixels.length;
      double variance = (double) squares / pixels.length - mean * mean;
      return new Normalisation(mean / 255, Math.max(Math.sqrt(variance) / 255, 1e-6));
    }
  }

  private final ImageDataset images;
  private final Normalisation normalisation;
  private final int batchSize;

  ImageBatches(ImageDataset images, Normalisation normalisation, int batchSize) {
    this.images = images;
    this.normalisation = normalisation;
    this.batchSize = batchSize;
  }

  int size() {
    return images.size();
  }

  /** Number of batches in a pass. */
  int count() {
    int count = 0;
    for (int from = 0; from < images.size(); from += rows(images.size() - from)) {
      count++;
    }
    return count;
  }

  /**
   * Rows of the next batch. None is left alone for the last: normalised by itself a row is nothing,
   * and PyTorch refuses to.
   */
  private int rows(int left) {
    return left <= batchSize + 1 ? left : batchSize;
  }

  @Override
  public void forEach(NDManager manager, Consumer<NDList> consumer) {
    int[] order = new int[images.size()];
    for (int i = 0; i < order.length; i++) {
      order[i] = i;
    }
    forEach(manager, order, (inputs, labels) -> consumer.accept(new NDList(inputs)));
  }

  /** What a training step takes. */
  interface LabelledBatch {
    void accept(NDArray inputs, NDArray labels);
  }

  /** Hands out batches of rows in an order; each lives in a manager of its own. */
  void forEach(NDManager manager, int[] order, LabelledBatch consumer) {
    int pixels = images.height() * images.width();
    float mean = (float) normalisation.mean();
    float factor = (float) (1 / normalisation.standardDeviation());
    int rows;
    for (int from = 0; from < order.length; from += rows) {
      rows = rows(order.length - from);
      float[] values = new float[rows * pixels];
      float[] labels = new float[rows];
      for (int r = 0; r < rows; r++) {
        images.copyScaled(order[from + r], values, r * pixels);
        labels[r] = images.label(order[from + r]);
      }
      for (int i = 0; i < values.length; i++) {
        values[i] = (values[i] - mean) * factor;
      }
      try (NDManager batch = manager.newSubManager()) {
        consumer.accept(
            batch.create(values, new Shape(rows, 1, images.height(), images.width())),
            batch.create(labels, new Shape(rows)));
      }
    }
  }

  /** A shuffled order of the rows, the same for a seed and epoch on every machine. */
  int[] shuffled(long seed, int epoch) {
    // Streams of Random with neighbouring seeds are alike; those of mixed seeds are not.
    SplitMix seeds = new SplitMix((seed - 1) * 0x9E3779B97F4A7C15L + epoch);
    Random random = new Random(seeds.nextLong());
    int[] order = new int[images.size()];
    for (int i = 0; i < order.length; i++) {
      int other = random.nextInt(i + 1);
      order[i] = order[other];
      order[other] = i;
    }
    return order;
  }
}
