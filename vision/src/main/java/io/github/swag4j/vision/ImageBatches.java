package io.github.swag4j.vision;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDList;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.Shape;
import io.github.swag4j.base.SplitMix;
import io.github.swag4j.swa.djl.InputBatches;
import io.github.swag4j.vision.augmentation.Augmentation;
import io.github.swag4j.vision.data.ImageData;
import io.github.swag4j.vision.data.ImageSize;
import io.github.swag4j.vision.data.Normalisation;
import java.util.Objects;
import java.util.Random;
import java.util.function.Consumer;

/**
 * Images as the networks take them: {@code [rows][channels][height][width]}, normalised, in
 * batches.
 *
 * <p>A last row is never a batch of its own: normalised by itself a row is nothing, and PyTorch
 * refuses to; the batch before takes it along. Immutable; safe for use by several threads.
 */
public final class ImageBatches implements InputBatches {
  private final ImageData images;
  private final Normalisation normalisation;
  private final int batchSize;

  /**
   * Images in batches.
   *
   * @param images the rows
   * @param normalisation what their levels are scaled by
   * @param batchSize rows in a batch, at least 1
   * @throws IllegalArgumentException if the batch size is below 1, or the normalisation is of
   *     another number of channels
   */
  public ImageBatches(ImageData images, Normalisation normalisation, int batchSize) {
    if (batchSize < 1) {
      throw new IllegalArgumentException("batchSize must be at least 1, got " + batchSize);
    }
    if (normalisation.mean().size() != images.channels()) {
      throw new IllegalArgumentException(
          "normalisation must be of the images' channels, "
              + images.channels()
              + ", got "
              + normalisation.mean().size());
    }
    this.images = Objects.requireNonNull(images, "images");
    this.normalisation = Objects.requireNonNull(normalisation, "normalisation");
    this.batchSize = batchSize;
  }

  /**
   * Shape of a batch of one image, as a block is initialised with.
   *
   * @param size size of the images
   * @return {@code (1, channels, height, width)}
   */
  public static Shape inputShape(ImageSize size) {
    return new Shape(1, size.channels(), size.height(), size.width());
  }

  /**
   * Number of rows in all batches together.
   *
   * @return at least 0
   */
  public int size() {
    return images.size();
  }

  /**
   * Number of batches in a pass.
   *
   * @return at least 0
   */
  public int count() {
    int count = 0;
    for (int from = 0; from < images.size(); from += rows(images.size() - from)) {
      count++;
    }
    return count;
  }

  private int rows(int left) {
    return left <= batchSize + 1 ? left : batchSize;
  }

  @Override
  public void forEach(NDManager manager, Consumer<NDList> consumer) {
    int[] order = new int[images.size()];
    for (int i = 0; i < order.length; i++) {
      order[i] = i;
    }
    int rows;
    for (int from = 0; from < order.length; from += rows) {
      rows = rows(order.length - from);
      try (NDManager batch = manager.newSubManager()) {
        consumer.accept(new NDList(inputs(batch, order, from, rows, (values, offset, row) -> {})));
      }
    }
  }

  /** What a training step takes. */
  @FunctionalInterface
  public interface LabelledBatch {
    /**
     * Takes a batch, whose arrays are closed afterwards.
     *
     * @param inputs {@code [rows][channels][height][width]}, float32
     * @param labels {@code [rows]}, class indices as float32
     */
    void accept(NDArray inputs, NDArray labels);
  }

  /** What is done to the values of a row before they are normalised. */
  @FunctionalInterface
  private interface RowChange {
    void apply(float[] values, int offset, int row);
  }

  /**
   * Hands out batches of rows in an order; each lives in a manager of its own.
   *
   * @param manager parent of the batches' managers
   * @param order {@code [rows]}, index of each row to hand out
   * @param consumer takes the batches
   * @throws IndexOutOfBoundsException if there is no such row
   * @throws IllegalStateException if the images have no labels
   */
  public void forEach(NDManager manager, int[] order, LabelledBatch consumer) {
    forEach(manager, order, (values, offset, row) -> {}, consumer);
  }

  /**
   * Hands out batches of rows in an order, augmented for an epoch.
   *
   * @param manager parent of the batches' managers
   * @param order {@code [rows]}, index of each row to hand out
   * @param augmentation what is done to the images
   * @param seed seed of the training
   * @param epoch epoch from 0
   * @param consumer takes the batches
   * @throws IndexOutOfBoundsException if there is no such row
   * @throws IllegalStateException if the images have no labels
   */
  public void forEach(
      NDManager manager,
      int[] order,
      Augmentation augmentation,
      long seed,
      int epoch,
      LabelledBatch consumer) {
    ImageSize size = images.imageSize();
    forEach(
        manager,
        order,
        (values, offset, row) -> augmentation.apply(values, offset, size, seed, epoch, row),
        consumer);
  }

  private void forEach(NDManager manager, int[] order, RowChange change, LabelledBatch consumer) {
    int rows;
    for (int from = 0; from < order.length; from += rows) {
      rows = rows(order.length - from);
      float[] labels = new float[rows];
      for (int r = 0; r < rows; r++) {
        labels[r] = images.label(order[from + r]);
      }
      try (NDManager batch = manager.newSubManager()) {
        consumer.accept(
            inputs(batch, order, from, rows, change), batch.create(labels, new Shape(rows)));
      }
    }
  }

  private NDArray inputs(NDManager batch, int[] order, int from, int rows, RowChange change) {
    ImageSize size = images.imageSize();
    int length = size.values();
    float[] values = new float[rows * length];
    for (int r = 0; r < rows; r++) {
      images.copyScaled(order[from + r], values, r * length);
      change.apply(values, r * length, order[from + r]);
    }
    int plane = size.height() * size.width();
    for (int c = 0; c < size.channels(); c++) {
      float mean = (float) (double) normalisation.mean().get(c);
      float factor = (float) (1 / normalisation.standardDeviation().get(c));
      for (int r = 0; r < rows; r++) {
        int first = (r * size.channels() + c) * plane;
        for (int i = first; i < first + plane; i++) {
          values[i] = (values[i] - mean) * factor;
        }
      }
    }
    return batch.create(values, new Shape(rows, size.channels(), size.height(), size.width()));
  }

  /**
   * A shuffled order of the rows.
   *
   * @param seed seed of the training
   * @param epoch epoch from 0
   * @return {@code [rows]}, each index once; the same for a seed and epoch on every machine
   */
  public int[] shuffled(long seed, int epoch) {
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
