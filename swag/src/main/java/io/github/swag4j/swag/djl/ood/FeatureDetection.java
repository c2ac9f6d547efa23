package io.github.swag4j.swag.djl.ood;

import ai.djl.training.dataset.Dataset;
import io.github.swag4j.calibration.ood.features.FeatureBatch;
import io.github.swag4j.calibration.ood.features.FeatureDetector;
import io.github.swag4j.calibration.ood.features.LinearHead;
import io.github.swag4j.swa.djl.InputBatches;
import java.io.IOException;
import java.util.Objects;
import java.util.function.BiFunction;
import java.util.function.Function;

/**
 * A detector of {@code calibration.ood.features} with the layer that its features come from:
 *
 * <pre>{@code
 * FeatureDetection vim =
 *     FeatureDetection.fitWithHead(LayerFeatures.of(model), train, VirtualLogitMatching::fit);
 * double[] scores = vim.scores(test);
 * }</pre>
 *
 * <p>The detector is fitted once and stays as it is; features are of the weights the model has when
 * rows are scored, so it must have those it had when the detector was fitted.
 */
public final class FeatureDetection {
  private final LayerFeatures layer;
  private final FeatureDetector detector;

  private FeatureDetection(LayerFeatures layer, FeatureDetector detector) {
    this.layer = layer;
    this.detector = Objects.requireNonNull(detector, "detector");
  }

  /**
   * A detector that is there already, from {@code DetectorFiles} perhaps.
   *
   * @param layer where its features came from
   * @param detector fitted on those
   * @return the detection
   */
  public static FeatureDetection of(LayerFeatures layer, FeatureDetector detector) {
    return new FeatureDetection(layer, detector);
  }

  /**
   * Fits a detector of features, logits and labels.
   *
   * @param layer where features come from
   * @param train the rows the model was trained on, with labels if the detector needs them
   * @param fit {@code Mahalanobis::fit}, or {@code rows -> NearestNeighbours.fit(rows, 50)}
   * @return the detection
   * @throws IllegalArgumentException if features cannot be taken, or the detector refuses them
   * @throws IOException if the data cannot be read
   */
  public static FeatureDetection fit(
      LayerFeatures layer, Dataset train, Function<FeatureBatch, ? extends FeatureDetector> fit)
      throws IOException {
    return new FeatureDetection(layer, fit.apply(layer.of(train)));
  }

  /**
   * Fits a detector of features, logits and labels.
   *
   * @param layer where features come from
   * @param train the rows the model was trained on
   * @param labels {@code [rows]}, or null if the detector needs none
   * @param fit {@code Mahalanobis::fit}, or {@code rows -> NearestNeighbours.fit(rows, 50)}
   * @return the detection
   * @throws IllegalArgumentException if features cannot be taken, or the detector refuses them
   * @throws IOException if the data cannot be read
   */
  public static FeatureDetection fit(
      LayerFeatures layer,
      InputBatches train,
      int[] labels,
      Function<FeatureBatch, ? extends FeatureDetector> fit)
      throws IOException {
    FeatureBatch rows = labels == null ? layer.of(train) : layer.of(train, labels);
    return new FeatureDetection(layer, fit.apply(rows));
  }

  /**
   * Fits a detector that needs the last linear layer's weights too.
   *
   * @param layer {@link LayerFeatures#of(ai.djl.Model)}
   * @param train the rows the model was trained on, with labels if the detector needs them
   * @param fit {@code VirtualLogitMatching::fit}, or another that takes a head
   * @return the detection
   * @throws IllegalArgumentException if features cannot be taken, the detector refuses them, or the
   *     model's outputs are not that layer's
   * @throws IllegalStateException if the features are not those of the last linear layer
   * @throws IOException if the data cannot be read
   */
  public static FeatureDetection fitWithHead(
      LayerFeatures layer,
      Dataset train,
      BiFunction<FeatureBatch, LinearHead, ? extends FeatureDetector> fit)
      throws IOException {
    LinearHead head = layer.linearHead();
    return fit(layer, train, rows -> fit.apply(HeadCheck.requireLogits(rows, head), head));
  }

  /**
   * Fits a detector that needs the last linear layer's weights too.
   *
   * @param layer {@link LayerFeatures#of(ai.djl.Model)}
   * @param train the rows the model was trained on
   * @param labels {@code [rows]}, or null if the detector needs none
   * @param fit {@code VirtualLogitMatching::fit}, or another that takes a head
   * @return the detection
   * @throws IllegalArgumentException if features cannot be taken, the detector refuses them, or the
   *     model's outputs are not that layer's
   * @throws IllegalStateException if the features are not those of the last linear layer
   * @throws IOException if the data cannot be read
   */
  public static FeatureDetection fitWithHead(
      LayerFeatures layer,
      InputBatches train,
      int[] labels,
      BiFunction<FeatureBatch, LinearHead, ? extends FeatureDetector> fit)
      throws IOException {
    LinearHead head = layer.linearHead();
    return fit(layer, train, labels, rows -> fit.apply(HeadCheck.requireLogits(rows, head), head));
  }

  /**
   * The fitted detector.
   *
   * @return the detector, to be saved by {@code DetectorFiles}
   */
  public FeatureDetector detector() {
    return detector;
  }

  /**
   * Scores rows.
   *
   * @param inputs the rows
   * @return {@code [rows]}; higher = more out-of-distribution
   * @throws IllegalArgumentException if features cannot be taken
   * @throws IOException if the data cannot be read
   */
  public double[] scores(InputBatches inputs) throws IOException {
    return detector.score(layer.of(inputs));
  }

  /**
   * Scores the rows of a DJL data set.
   *
   * @param dataset the rows, not shuffled
   * @return {@code [rows]}; higher = more out-of-distribution
   * @throws IllegalArgumentException if features cannot be taken
   * @throws IOException if the data cannot be read
   */
  public double[] scores(Dataset dataset) throws IOException {
    return scores(InputBatches.of(dataset));
  }
}
