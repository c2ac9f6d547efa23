package io.github.swag4j.calibration.ood.features;

import io.github.swag4j.base.DotProduct;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.stream.IntStream;

/**
 * Mahalanobis distance to the nearest class mean under a covariance shared by the classes, and its
 * relative form.
 *
 * <p>With class means mu_k and S = (1/rows) sum (x - mu_y)(x - mu_y)^T the score is min_k (x -
 * mu_k)^T S^+ (x - mu_k), at least 0; the relative score subtracts the distance to one Gaussian
 * fitted to all rows, which removes directions that say nothing about classes. S^+ is the
 * pseudo-inverse: features that never vary do not count. Classes without training rows have no
 * mean.
 *
 * @see <a href="https://arxiv.org/abs/1807.03888">Lee et al. 2018, A Simple Unified Framework for
 *     Detecting Out-of-Distribution Samples, eqs. 1 and 2</a>
 * @see <a href="https://arxiv.org/abs/2106.09022">Ren et al. 2021, A Simple Fix to Mahalanobis
 *     Distance, eqs. 2 and 3</a>
 */
public final class Mahalanobis implements FeatureDetector {
  private final double[] centre;
  private final double[][] means;
  private final double[][] whitening;
  private final double[][] background;
  private final double[][] whiteMeans;

  private Mahalanobis(
      double[] centre, double[][] means, double[][] whitening, double[][] background) {
    this.centre = centre;
    this.means = means;
    this.whitening = whitening;
    this.background = background;
    this.whiteMeans = new double[means.length][];
    Arrays.setAll(whiteMeans, k -> Whitening.apply(whitening, means[k], centre));
  }

  /**
   * Fits class means and the shared covariance.
   *
   * @param train features of training rows with labels
   * @return the detector {@code mahalanobis}
   * @throws IllegalArgumentException if there are no labels, no feature varies within classes, or
   *     products of features overflow
   */
  public static Mahalanobis fit(FeatureBatch train) {
    return fit(train, false);
  }

  /**
   * Fits class means, the shared covariance, and one Gaussian of all rows to compare with.
   *
   * @param train features of training rows with labels
   * @return the detector {@code relative_mahalanobis}
   * @throws IllegalArgumentException if there are no labels, no feature varies within classes, or
   *     products of features overflow
   */
  public static Mahalanobis fitRelative(FeatureBatch train) {
    return fit(train, true);
  }

  private static Mahalanobis fit(FeatureBatch train, boolean relative) {
    int[] labels = train.labels("mahalanobis");
    int[] classes = Arrays.stream(labels).distinct().sorted().toArray();
    int[] classOf = new int[labels.length];
    Arrays.setAll(classOf, r -> Arrays.binarySearch(classes, labels[r]));
    double[][] rows = train.features();
    double[][] means = new double[classes.length][];
    for (int k = 0; k < means.length; k++) {
      int wanted = k;
      means[k] =
          Whitening.mean(
              IntStream.range(0, rows.length)
                  .filter(r -> classOf[r] == wanted)
                  .mapToObj(r -> rows[r])
                  .toArray(double[][]::new));
    }
    double[] centre = Whitening.mean(rows);
    double[][] whitening = Whitening.of(Whitening.covariance(rows, means, classOf));
    if (whitening.length == 0) {
      throw new IllegalArgumentException(
          "mahalanobis needs features that vary within classes, got none: give more rows a class");
    }
    double[][] background =
        relative
            ? Whitening.of(Whitening.covariance(rows, new double[][] {centre}, null))
            : new double[0][];
    return new Mahalanobis(centre, means, whitening, background);
  }

  @Override
  public String name() {
    return background.length > 0 ? "relative_mahalanobis" : "mahalanobis";
  }

  @Override
  public double[] score(FeatureBatch batch) {
    batch.needDimensions(name(), centre.length);
    double[] scores = new double[batch.rows()];
    IntStream.range(0, scores.length)
        .parallel()
        .forEach(r -> scores[r] = score(batch.features()[r]));
    return scores;
  }

  private double score(double[] x) {
    double[] white = Whitening.apply(whitening, x, centre);
    double least = Double.POSITIVE_INFINITY;
    for (double[] mean : whiteMeans) {
      least = Math.min(least, Whitening.squaredDistance(white, mean));
    }
    double[] overall = Whitening.apply(background, x, centre);
    return least - DotProduct.of(overall, overall);
  }

  Map<String, double[][]> state() {
    Map<String, double[][]> state = new LinkedHashMap<>();
    state.put("centre", new double[][] {centre});
    state.put("means", means);
    state.put("whitening", whitening);
    state.put("background", background);
    return state;
  }

  static Mahalanobis of(DetectorState state) {
    double[] centre = state.row("centre");
    return new Mahalanobis(
        centre,
        state.matrix("means", centre.length),
        state.matrix("whitening", centre.length),
        state.matrixOrEmpty("background", centre.length));
  }
}
