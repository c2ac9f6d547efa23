package io.github.swag4j.swag.djl.ood;

import ai.djl.Model;
import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.types.DataType;
import ai.djl.ndarray.types.Shape;
import ai.djl.nn.Block;
import ai.djl.nn.Parameter;
import ai.djl.nn.SymbolBlock;
import ai.djl.nn.core.Linear;
import ai.djl.training.dataset.Dataset;
import ai.djl.util.Pair;
import io.github.swag4j.calibration.ood.features.FeatureBatch;
import io.github.swag4j.calibration.ood.features.LinearHead;
import io.github.swag4j.swa.djl.EngineDefaults;
import io.github.swag4j.swa.djl.InferencePass;
import io.github.swag4j.swa.djl.InputBatches;
import io.github.swag4j.swag.djl.internal.LabelledBatches;
import io.github.swag4j.swag.djl.internal.LogitEvidence;
import io.github.swag4j.swag.djl.laplace.LastLayerLaplace;
import io.github.swag4j.swag.laplace.LastLayerFeatures;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/**
 * What a network makes of rows on the way to its outputs, for the detectors of {@code
 * calibration.ood.features}: the inputs of its last linear layer, or the outputs of a layer by
 * name. In evaluation mode, with the weights and batch-norm statistics the model has.
 *
 * <p>DJL has no hooks. The blocks from the root down to the layer are run from here: the children
 * of a {@code SequentialBlock} before it, and of a {@code ParallelBlock} only the branch it is in.
 * Inside other composite blocks and TorchScript modules a layer cannot be reached and is refused,
 * but for the inputs of the last linear layer, which {@link LastLayerLaplace#features} makes that
 * layer show if the model's outputs are its own.
 *
 * <p>A value: each method gives a new one.
 */
public final class LayerFeatures {

  /** What is taken of features with more dimensions than rows and channels. */
  private enum Places {
    REFUSED,
    AVERAGED,
    FLATTENED
  }

  private final Block block;
  private final BlockPath path;
  private final LastLayerLaplace hidden;
  private final Places places;

  private LayerFeatures(Block block, BlockPath path, LastLayerLaplace hidden, Places places) {
    this.block = block;
    this.path = path;
    this.hidden = hidden;
    this.places = places;
  }

  /**
   * The inputs of the last linear layer.
   *
   * @param model a trained model
   * @return its features
   * @throws IllegalArgumentException if its last layer with parameters is no {@code Linear}
   */
  public static LayerFeatures of(Model model) {
    return of(model.getBlock());
  }

  /**
   * The inputs of the last linear layer.
   *
   * @param block a trained block
   * @return its features
   * @throws IllegalArgumentException if its last layer with parameters is no {@code Linear}
   */
  public static LayerFeatures of(Block block) {
    EngineDefaults.apply();
    if (block instanceof SymbolBlock) {
      return new LayerFeatures(block, null, LastLayerLaplace.of(block), Places.REFUSED);
    }
    BlockPath path = BlockPath.toLastLinear(block);
    LastLayerLaplace hidden = path.isOpen() ? null : LastLayerLaplace.of(block);
    return new LayerFeatures(block, path, hidden, Places.REFUSED);
  }

  /**
   * The outputs of a layer.
   *
   * @param block a trained block
   * @param name the names of children from the root to the layer with slashes between them, as
   *     {@code getChildren().keys()} gives them: {@code 03SequentialBlock/02Activation}; or their
   *     indices from 0: {@code 2/1}
   * @return its features
   * @throws IllegalArgumentException if there is no such layer, which names those that are, or it
   *     cannot be reached
   */
  public static LayerFeatures of(Block block, String name) {
    EngineDefaults.apply();
    return new LayerFeatures(block, BlockPath.to(block, name).requireOpen(), null, Places.REFUSED);
  }

  /**
   * Averages features of a channel over the places it has them, as Mahalanobis distances of
   * convolutions are taken: {@code [rows][channels][...]} becomes {@code [rows][channels]}.
   *
   * @return the features
   */
  public LayerFeatures averaged() {
    return new LayerFeatures(block, path, hidden, Places.AVERAGED);
  }

  /**
   * Takes every value of a row for a feature of its own: {@code [rows][...]} becomes {@code
   * [rows][values]}.
   *
   * @return the features
   */
  public LayerFeatures flattened() {
    return new LayerFeatures(block, path, hidden, Places.FLATTENED);
  }

  /**
   * Features and logits of rows.
   *
   * @param inputs the rows
   * @return a row for each, with the model's outputs for logits; without logits if it ends in a
   *     softmax or sigmoids
   * @throws IllegalArgumentException if there are no rows, the model cannot run them, or features
   *     have more dimensions and nothing was said of it
   * @throws IOException if the data cannot be read
   */
  public FeatureBatch of(InputBatches inputs) throws IOException {
    return of(inputs, null);
  }

  /**
   * Features, logits and labels of rows.
   *
   * @param inputs the rows
   * @param labels {@code [rows]} class indices, or null if unknown
   * @return a row for each
   * @throws IllegalArgumentException as {@link #of(InputBatches)}, or if there are not as many
   *     labels
   * @throws IOException if the data cannot be read
   */
  public FeatureBatch of(InputBatches inputs, int[] labels) throws IOException {
    return hidden == null
        ? run(LabelledBatches.of(inputs, labels))
        : shown(hidden.features(inputs, labels));
  }

  /**
   * Features, logits and labels of a DJL data set. It is read once: labels, logits and features are
   * of the same rows even where it is shuffled.
   *
   * @param dataset one integer label a row, or none
   * @return a row for each
   * @throws IllegalArgumentException as {@link #of(InputBatches)}, or if labels are no class
   *     indices, or some rows have labels and others none
   * @throws IOException if the data cannot be read
   */
  public FeatureBatch of(Dataset dataset) throws IOException {
    return hidden == null ? run(LabelledBatches.of(dataset)) : shown(hidden.features(dataset));
  }

  /** One pass: features, logits and labels are of the same rows, whatever their order. */
  private FeatureBatch run(LabelledBatches rows) throws IOException {
    List<double[]> features = new ArrayList<>();
    List<double[]> logits = new ArrayList<>();
    List<Integer> labels = new ArrayList<>();
    try (InferencePass pass = InferencePass.of(block)) {
      rows.forEach(
          pass.manager(),
          (batch, of) -> {
            if (of == null ? !labels.isEmpty() : labels.size() < features.size()) {
              throw new IllegalArgumentException(
                  "a data set must have labels for all rows or none");
            }
            addRows(logits, requireMatrix(pass.run(batch)));
            addRows(features, features(pass.run(batch, path::run)));
            if (of != null) {
              Arrays.stream(of).forEach(labels::add);
            }
          });
    }
    if (features.isEmpty()) {
      throw new IllegalArgumentException("features need at least 1 row, got 0");
    }
    FeatureBatch batch = FeatureBatch.of(features.toArray(double[][]::new));
    if (areLogits(logits)) {
      batch = batch.withLogits(logits.toArray(double[][]::new));
    }
    return labels.isEmpty()
        ? batch
        : batch.withLabels(labels.stream().mapToInt(Integer::intValue).toArray());
  }

  /** Features need none; detectors that do would be wrong of the outputs of a softmax. */
  private static boolean areLogits(List<double[]> outputs) {
    LogitEvidence evidence = LogitEvidence.ofBareModel();
    outputs.forEach(row -> evidence.add(row, 0, row.length));
    return evidence.areLogits();
  }

  /** Of a layer that cannot be reached: what goes into it, and what it makes of that. */
  private FeatureBatch shown(LastLayerFeatures features) {
    List<double[]> rows = new ArrayList<>();
    features.batches().forEach(values -> addRows(rows, values, features.inputs()));
    FeatureBatch batch =
        FeatureBatch.of(rows.toArray(double[][]::new)).withLogits(hidden.logits(features));
    int[] labels = features.labels();
    return labels == null ? batch : batch.withLabels(labels);
  }

  private NDArray features(NDArray output) {
    Shape shape = output.getShape();
    if (shape.dimension() == 2) {
      return requireMatrix(output);
    }
    if (shape.dimension() < 2 || places == Places.REFUSED) {
      throw new IllegalArgumentException(
          "features must have shape [rows][features], layer "
              + path
              + " gives "
              + shape
              + (shape.dimension() < 2 ? "" : ": call averaged() or flattened()"));
    }
    NDArray flat =
        places == Places.FLATTENED
            ? output.reshape(shape.get(0), shape.size() / shape.get(0))
            : output.reshape(shape.get(0), shape.get(1), -1).mean(new int[] {2});
    return requireMatrix(flat);
  }

  private static NDArray requireMatrix(NDArray output) {
    if (output.getShape().dimension() != 2 || output.getDataType() != DataType.FLOAT32) {
      throw new IllegalArgumentException(
          "outputs must be FLOAT32 of shape [rows][columns], got "
              + output.getDataType()
              + " "
              + output.getShape());
    }
    return output;
  }

  private static void addRows(List<double[]> rows, NDArray matrix) {
    addRows(rows, matrix.toFloatArray(), Math.toIntExact(matrix.getShape().get(1)));
  }

  private static void addRows(List<double[]> rows, float[] values, int width) {
    for (int from = 0; from < values.length; from += width) {
      double[] row = new double[width];
      for (int i = 0; i < width; i++) {
        row[i] = values[from + i];
      }
      rows.add(row);
    }
  }

  /**
   * The last linear layer's weights, which some detectors need beside the features. They are held
   * against what the model gives for four rows of noise.
   *
   * @return W and b; b is 0 for a layer without
   * @throws IllegalStateException if the features are not those that go into it, the model is a
   *     TorchScript module, or it takes no noise of the shape it was initialised with: {@link
   *     FeatureDetection#fitWithHead} holds the head against rows that it takes
   * @throws IllegalArgumentException if the model's outputs are not that layer's
   */
  public LinearHead head() {
    return HeadCheck.requireLogitsOfNoise(this, block, linearHead());
  }

  /** The same, to be held against rows of the user's. */
  LinearHead linearHead() {
    if (path == null) {
      throw new IllegalStateException(
          "the linear head of a TorchScript module cannot be told from its other tensors: build it"
              + " with LinearHead.of from the model's weights");
    }
    if (!(path.end() instanceof Linear linear) || !path.isBefore()) {
      throw new IllegalStateException(
          "the linear head belongs to features that go into the last linear layer, these are of "
              + path
              + ": call LayerFeatures.of(model)");
    }
    NDArray weight = linear.getDirectParameters().get("weight").getArray();
    int classes = Math.toIntExact(weight.getShape().get(0));
    List<double[]> rows = new ArrayList<>();
    addRows(rows, weight);
    double[] bias = new double[classes];
    for (Pair<String, Parameter> pair : linear.getDirectParameters()) {
      if (pair.getKey().equals("bias") && pair.getValue().isInitialized()) {
        float[] values = pair.getValue().getArray().toFloatArray();
        for (int k = 0; k < classes; k++) {
          bias[k] = values[k];
        }
      }
    }
    return LinearHead.of(rows.toArray(double[][]::new), bias);
  }
}
