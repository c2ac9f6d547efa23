package io.github.swag4j.swag.laplace;

import io.github.swag4j.swag.GaussianNoise;
import java.util.Arrays;

/**
 * Class probabilities of a row whose logits are Gaussian: by the extended probit approximation, or
 * as the mean of the softmax over samples of the logits, with their mean entropy beside it.
 *
 * <p>Samples are a function of (seed, sample, row): neither batches nor threads change them.
 *
 * @param samples how many; 0 for the probit approximation
 * @param seed which series
 */
public record GaussianLogits(int samples, long seed) {

  /**
   * Probabilities of a row.
   *
   * @param row its index, which its noise hangs on
   * @param means {@code [classes]}
   * @param covariance {@code [classes][classes]}, symmetric and positive semi-definite
   * @param probabilities {@code [classes]}, overwritten
   * @return the samples' mean entropy in nats; NaN without samples
   */
  public double predict(int row, double[] means, double[] covariance, double[] probabilities) {
    int classes = means.length;
    if (samples == 0) {
      double[] variances = new double[classes];
      Arrays.setAll(variances, c -> Math.max(covariance[c * classes + c], 0));
      Softmax.probit(means, variances, probabilities);
      return Double.NaN;
    }
    // Fewer weights than classes make it singular, which a Cholesky factor cannot be of.
    SymmetricEigen eigen = SymmetricEigen.ofPositive(covariance, classes);
    double[] z = new double[classes];
    double[] q = new double[classes];
    double entropy = 0;
    Arrays.fill(probabilities, 0);
    for (int s = 0; s < samples; s++) {
      GaussianNoise.fill(seed, s, row, z);
      System.arraycopy(means, 0, q, 0, classes);
      for (int i = 0; i < classes; i++) {
        double factor = Math.sqrt(eigen.value(i)) * z[i];
        DenseMatrix.addMultiple(q, 0, eigen.vectors(), i * classes, factor, classes);
      }
      Softmax.of(q, q);
      for (int c = 0; c < classes; c++) {
        probabilities[c] += q[c] / samples;
        entropy -= q[c] > 0 ? q[c] * StrictMath.log(q[c]) : 0;
      }
    }
    return Math.max(entropy / samples, 0);
  }
}
