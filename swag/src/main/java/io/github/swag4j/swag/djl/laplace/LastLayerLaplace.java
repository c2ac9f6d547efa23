package io.github.swag4j.swag.djl.laplace;

import ai.djl.Model;
import ai.djl.ndarray.NDManager;
import ai.djl.nn.Block;
import ai.djl.training.dataset.Dataset;
import io.github.swag4j.calibration.ood.features.LinearHead;
import io.github.swag4j.swa.djl.EngineDefaults;
import io.github.swag4j.swa.djl.InputBatches;
import io.github.swag4j.swa.djl.ModelWeights;
import io.github.swag4j.swa.weights.Weights;
import io.github.swag4j.swag.djl.internal.LabelledBatches;
import io.github.swag4j.swag.laplace.FullCurvature;
import io.github.swag4j.swag.laplace.LaplacePosterior;
import io.github.swag4j.swag.laplace.LastLayerCollector;
import io.github.swag4j.swag.laplace.LastLayerFeatures;
import io.github.swag4j.swag.laplace.Structure;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Objects;

/**
 * Laplace approximation over the last layer of a classifier, all other weights staying as they are:
 *
 * <pre>{@code
 * LaplacePosterior posterior =
 *     LastLayerLaplace.of(model).structure(Structure.KRONECKER).fit(train).optimisePriorPrecision();
 * Predictions predictions = LinearisedPredictor.of(model, posterior).predict(test);
 * }</pre>
 *
 * <p>One forward pass over the training rows, no gradients; in evaluation mode, that is without
 * dropout and with the batch-norm statistics that the model has. Any network of DJL blocks that
 * ends in a {@code Linear} with the logits for outputs, frozen or not; of TorchScript modules those
 * that end in one, at features / classes forward passes. The live model is as before afterwards,
 * also when something fails.
 *
 * <p>A value: each method gives a new one and leaves this one as it was.
 *
 * @see <a href="https://arxiv.org/abs/2106.14806">Daxberger et al. 2021, Laplace Redux</a>
 */
public final class LastLayerLaplace {
  private final LastLayer last;
  private final Structure structure;

  private LastLayerLaplace(LastLayer last, Structure structure) {
    this.last = last;
    this.structure = structure;
  }

  /**
   * A Laplace approximation with the Kronecker structure.
   *
   * @param model an initialised and trained model
   * @return the approximation, to be fitted
   * @throws IllegalArgumentException if it does not end in a linear layer, or that layer's weights
   *     are tied to others
   */
  public static LastLayerLaplace of(Model model) {
    return of(model.getBlock());
  }

  /**
   * A Laplace approximation with the Kronecker structure.
   *
   * @param block an initialised and trained block
   * @return the approximation, to be fitted
   * @throws IllegalArgumentException if it does not end in a linear layer, or that layer's weights
   *     are tied to others
   */
  public static LastLayerLaplace of(Block block) {
    EngineDefaults.apply();
    return new LastLayerLaplace(LastLayer.of(block), Structure.KRONECKER);
  }

  /**
   * Sets how much of the curvature is kept.
   *
   * @param kept FULL takes 16 bytes times the square of the number of weights
   * @return the approximation
   * @throws IllegalArgumentException if the layer is too large for it: FULL is for 8,192 weights at
   *     most
   */
  public LastLayerLaplace structure(Structure kept) {
    if (kept == Structure.FULL) {
      FullCurvature.requireFits(last.layer());
    }
    return new LastLayerLaplace(last, Objects.requireNonNull(kept, "structure"));
  }

  /**
   * Fits it.
   *
   * @param train the rows the model was trained on, with integer labels, in any order
   * @return the posterior, with prior precision 1
   * @throws IllegalArgumentException if labels are missing or no classes, inputs or outputs are not
   *     finite, there is no row, or the layer is too large for the structure
   * @throws IOException if the data cannot be read
   */
  public LaplacePosterior fit(Dataset train) throws IOException {
    return fit(LabelledBatches.of(train));
  }

  /**
   * Fits it.
   *
   * @param train the rows the model was trained on
   * @param labels {@code [rows]} class indices
   * @return the posterior, with prior precision 1
   * @throws IllegalArgumentException if labels are missing or no classes, inputs or outputs are not
   *     finite, there is no row, or the layer is too large for the structure
   * @throws IOException if the data cannot be read
   */
  public LaplacePosterior fit(InputBatches train, int[] labels) throws IOException {
    return fit(LabelledBatches.of(train, labels));
  }

  private LaplacePosterior fit(LabelledBatches train) throws IOException {
    Weights mean = ModelWeights.of(last.model()).capture();
    try (FeaturePass pass = new FeaturePass(last)) {
      LastLayerCollector collector =
          new LastLayerCollector(last.layer(), structure, pass.weight(), pass.bias());
      train
          .required("a Laplace approximation")
          .forEach(
              pass.manager(), (inputs, labels) -> collector.add(pass.features(inputs), labels));
      if (collector.rows() == 0) {
        throw new IllegalArgumentException("a Laplace approximation needs training rows, got 0");
      }
      return LaplacePosterior.of(
          mean, List.of(collector.curvature()), collector.logLikelihood(), collector.rows());
    }
  }

  /**
   * The features that go into the last layer, 4 bytes for each row and input: for predictions with
   * many priors or samples.
   *
   * @param dataset integer labels or none
   * @return features, with labels if the data set has them
   * @throws IllegalArgumentException if there is no row, or outputs are not those of the last layer
   * @throws IOException if the data cannot be read
   */
  public LastLayerFeatures features(Dataset dataset) throws IOException {
    return features(LabelledBatches.of(dataset));
  }

  /**
   * The features that go into the last layer, 4 bytes for each row and input.
   *
   * @param inputs the rows
   * @param labels {@code [rows]} class indices, or null if unknown
   * @return features, with labels if there are any
   * @throws IllegalArgumentException if there is no row, or outputs are not those of the last layer
   * @throws IOException if the data cannot be read
   */
  public LastLayerFeatures features(InputBatches inputs, int[] labels) throws IOException {
    return features(LabelledBatches.of(inputs, labels));
  }

  /**
   * The model's outputs for features, without running it: W x + b with the weights it has now.
   *
   * @param features what {@link #features(Dataset)} gave
   * @return logits {@code [rows][classes]}
   * @throws IllegalArgumentException if a row has not as many features as the layer has inputs
   */
  public double[][] logits(LastLayerFeatures features) {
    LinearHead head = head();
    double[][] logits = new double[features.rows()][];
    double[] row = new double[features.inputs()];
    int r = 0;
    for (float[] batch : features.batches()) {
      for (int from = 0; from < batch.length; from += row.length) {
        for (int i = 0; i < row.length; i++) {
          row[i] = batch[from + i];
        }
        logits[r++] = head.logits(row);
      }
    }
    return logits;
  }

  private LinearHead head() {
    int inputs = last.layer().inputs();
    double[][] rows = new double[last.layer().outputs()][inputs];
    double[] biases = new double[rows.length];
    try (FeaturePass pass = new FeaturePass(last)) {
      float[] weight = pass.weight();
      float[] bias = pass.bias();
      for (int k = 0; k < rows.length; k++) {
        for (int i = 0; i < inputs; i++) {
          rows[k][i] = weight[k * inputs + i];
        }
        biases[k] = bias == null ? 0 : bias[k];
      }
    }
    return LinearHead.of(rows, biases);
  }

  private LastLayerFeatures features(LabelledBatches rows) throws IOException {
    List<float[]> batches = new ArrayList<>();
    List<int[]> labels = new ArrayList<>();
    try (FeaturePass pass = new FeaturePass(last)) {
      NDManager manager = pass.manager();
      rows.forEach(
          manager,
          (inputs, of) -> {
            batches.add(pass.features(inputs));
            if (of != null) {
              labels.add(of);
            }
          });
    }
    return new LastLayerFeatures(last.layer().inputs(), batches, joined(labels, batches.size()));
  }

  private static int[] joined(List<int[]> labels, int batches) {
    if (labels.isEmpty()) {
      return null;
    }
    if (labels.size() != batches) {
      throw new IllegalArgumentException("a data set must have labels for all rows or none");
    }
    return labels.stream().flatMapToInt(Arrays::stream).toArray();
  }

  LastLayer last() {
    return last;
  }
}
