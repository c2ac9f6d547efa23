package io.github.swag4j.calibration.ood.features;

import io.github.swag4j.base.DotProduct;
import io.github.swag4j.calibration.ood.PredictionScores;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.stream.IntStream;
import org.apache.commons.math3.linear.Array2DRowRealMatrix;
import org.apache.commons.math3.linear.SingularValueDecomposition;

/**
 * Virtual-logit matching (ViM): the part of a row's features outside the principal subspace of the
 * training features, scaled to the size of a logit, against the energy of its logits.
 *
 * <p>Features are shifted to the origin o = -W^+ b. R holds the eigenvectors of (1/rows) sum (x -
 * o)(x - o)^T beyond the D largest; alpha = mean max logit / mean ||R (x - o)|| over the training
 * rows. The score is alpha ||R (x - o)|| - ln sum_k exp z_k.
 *
 * @see <a href="https://arxiv.org/abs/2203.10807">Wang et al. 2022, ViM: Out-Of-Distribution with
 *     Virtual-logit Matching, section 4</a>
 */
public final class VirtualLogitMatching implements FeatureDetector {
  private final LinearHead head;
  private final double[] origin;
  private final double[][] residual;
  private final double alpha;

  private VirtualLogitMatching(
      LinearHead head, double[] origin, double[][] residual, double alpha) {
    this.head = head;
    this.origin = origin;
    this.residual = residual;
    this.alpha = alpha;
  }

  /**
   * Fits with the paper's dimension of the principal subspace: 1000 for at least 2048 features, 512
   * for at least 768, else half of them.
   *
   * @param train features of training rows
   * @param head the last layer
   * @return the detector {@code vim}
   * @throws IllegalArgumentException as {@link #fit(FeatureBatch, LinearHead, int)}
   */
  public static VirtualLogitMatching fit(FeatureBatch train, LinearHead head) {
    int n = train.dimensions();
    return fit(train, head, n >= 2048 ? 1000 : n >= 768 ? 512 : n / 2);
  }

  /**
   * Fits the residual space and the scale.
   *
   * @param train features of training rows
   * @param head the last layer
   * @param principal dimension D of the principal subspace, at least 0 and below the number of
   *     features
   * @return the detector {@code vim}
   * @throws IllegalArgumentException if D is out of range, the head takes another number of
   *     features, the training features have nothing but rounding outside the principal subspace,
   *     products of them overflow, or the mean largest logit is not above 0, so that alpha would
   *     turn the score around
   */
  public static VirtualLogitMatching fit(FeatureBatch train, LinearHead head, int principal) {
    train.needDimensions("the head", head.dimensions());
    if (principal < 0 || principal >= train.dimensions()) {
      throw new IllegalArgumentException(
          "principal dimension must be at least 0 and below the "
              + train.dimensions()
              + " features, got "
              + principal);
    }
    double[] origin =
        new SingularValueDecomposition(new Array2DRowRealMatrix(head.weight()))
            .getSolver()
            .getInverse()
            .operate(head.bias());
    for (int i = 0; i < origin.length; i++) {
      origin[i] = -origin[i];
    }
    double[][] rows = train.features();
    double[][] moment = Whitening.covariance(rows, new double[][] {origin}, null);
    double[][] residual = Whitening.smallest(moment, train.dimensions() - principal);
    if (residual.length == 0) {
      throw new IllegalArgumentException(
          "vim needs training features outside the principal subspace, got none: lower the"
              + " principal dimension, which is "
              + principal);
    }
    double logits = 0;
    double lengths = 0;
    for (int r = 0; r < rows.length; r++) {
      double largest = Arrays.stream(head.logits(rows[r])).max().orElseThrow();
      logits += (largest - logits) / (r + 1);
      lengths += (length(residual, rows[r], origin) - lengths) / (r + 1);
    }
    if (!(logits > 0)) {
      throw new IllegalArgumentException(
          "vim needs a mean largest logit above 0, got "
              + logits
              + ": rows outside the principal subspace would score lower, not higher; add one"
              + " constant to all biases, which changes no probability");
    }
    return new VirtualLogitMatching(head, origin, residual, logits / lengths);
  }

  private static double length(double[][] residual, double[] x, double[] origin) {
    double[] outside = Whitening.apply(residual, x, origin);
    return Math.sqrt(DotProduct.of(outside, outside));
  }

  /**
   * The scale of the virtual logit.
   *
   * @return alpha
   */
  public double alpha() {
    return alpha;
  }

  @Override
  public String name() {
    return "vim";
  }

  @Override
  public double[] score(FeatureBatch batch) {
    batch.needDimensions(name(), origin.length);
    double[] scores = new double[batch.rows()];
    IntStream.range(0, scores.length)
        .parallel()
        .forEach(
            r -> {
              double[] x = batch.features()[r];
              scores[r] =
                  alpha * length(residual, x, origin) + PredictionScores.energy(head.logits(x), 1);
            });
    return scores;
  }

  Map<String, double[][]> state() {
    Map<String, double[][]> state = new LinkedHashMap<>();
    state.put("alpha", new double[][] {{alpha}});
    state.put("origin", new double[][] {origin});
    state.put("residual", residual);
    state.put("weight", head.weight());
    state.put("bias", new double[][] {head.bias()});
    return state;
  }

  static VirtualLogitMatching of(DetectorState state) {
    LinearHead head = LinearHead.of(state);
    double[] origin = state.row("origin", head.dimensions());
    return new VirtualLogitMatching(
        head, origin, state.matrix("residual", origin.length), state.number("alpha"));
  }
}
