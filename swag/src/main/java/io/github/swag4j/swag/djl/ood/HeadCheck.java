package io.github.swag4j.swag.djl.ood;

import ai.djl.ndarray.NDList;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.Shape;
import ai.djl.nn.Block;
import io.github.swag4j.calibration.ood.features.FeatureBatch;
import io.github.swag4j.calibration.ood.features.LinearHead;
import io.github.swag4j.swa.djl.InputBatches;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.Arrays;
import java.util.Random;

/**
 * Whether the last linear layer gives the model's logits: a layer that something follows, or one
 * branch of several, does not.
 */
final class HeadCheck {
  /** Of outputs in the engine's float32, against 1 and their size. */
  private static final double TOLERANCE = 1e-3;

  private static final int NOISE_ROWS = 4;

  private HeadCheck() {}

  /**
   * Holds a head against logits of the model.
   *
   * @param rows features, with logits if the model's outputs can be such
   * @param head the last layer's weights
   * @return the rows
   * @throws IllegalArgumentException if the head gives others, or there are none
   */
  static FeatureBatch requireLogits(FeatureBatch rows, LinearHead head) {
    if (!rows.hasLogits()) {
      throw new IllegalArgumentException(
          "the model's outputs must be those of its last linear layer, got distributions or numbers"
              + " in [0, 1]"
              + remedy());
    }
    for (int r = 0; r < rows.rows(); r++) {
      double[] expected = rows.logits(r);
      double[] given = head.logits(rows.features(r));
      for (int k = 0; k < Math.max(expected.length, given.length); k++) {
        if (expected.length != given.length
            || !(Math.abs(given[k] - expected[k]) <= TOLERANCE * (1 + Math.abs(expected[k])))) {
          throw new IllegalArgumentException(
              "the model's outputs must be those of its last linear layer, got "
                  + Arrays.toString(expected)
                  + " in row "
                  + r
                  + " where that gives "
                  + Arrays.toString(given)
                  + remedy());
        }
      }
    }
    return rows;
  }

  private static String remedy() {
    return ": use a detector without a head, or end the model in the layer";
  }

  /**
   * Holds a head against what the model gives for noise of the shape it was initialised with.
   *
   * @throws IllegalArgumentException if the model gives others
   * @throws IllegalStateException if it takes no such noise
   */
  static LinearHead requireLogitsOfNoise(LayerFeatures layer, Block block, LinearHead head) {
    FeatureBatch rows;
    try {
      rows = layer.of(noise(block.getInputShapes()));
    } catch (IllegalArgumentException | IllegalStateException e) {
      throw new IllegalStateException(
          "the linear head is held against the outputs for noise, which the model does not take ("
              + e.getMessage()
              + "): call FeatureDetection.fitWithHead, which holds it against rows of yours",
          e);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    requireLogits(rows, head);
    return head;
  }

  private static InputBatches noise(Shape[] inputs) {
    if (inputs.length != 1 || inputs[0].dimension() < 1) {
      throw new IllegalArgumentException(
          "must have one input of rows, got " + Arrays.toString(inputs));
    }
    Shape shape = new Shape(NOISE_ROWS).addAll(inputs[0].slice(1));
    float[] values = new float[Math.toIntExact(shape.size())];
    Random random = new Random(1);
    for (int i = 0; i < values.length; i++) {
      values[i] = (float) random.nextGaussian();
    }
    return (parent, consumer) -> {
      try (NDManager own = parent.newSubManager()) {
        consumer.accept(new NDList(own.create(values, shape)));
      }
    };
  }
}
