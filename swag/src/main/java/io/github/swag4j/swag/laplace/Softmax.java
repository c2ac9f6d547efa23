package io.github.swag4j.swag.laplace;

/** Probabilities of logits, in double precision and the same bits on every machine. */
public final class Softmax {

  private Softmax() {}

  /**
   * The probabilities of a row.
   *
   * @param logits {@code [classes]}, finite
   * @param probabilities {@code [classes]}, overwritten; may be the logits
   * @return log sum exp of the logits, in nats
   */
  public static double of(double[] logits, double[] probabilities) {
    double max = Double.NEGATIVE_INFINITY;
    for (double logit : logits) {
      max = Math.max(max, logit);
    }
    double sum = 0;
    for (int c = 0; c < logits.length; c++) {
      probabilities[c] = StrictMath.exp(logits[c] - max);
      sum += probabilities[c];
    }
    for (int c = 0; c < logits.length; c++) {
      probabilities[c] /= sum;
    }
    return max + StrictMath.log(sum);
  }

  /**
   * Probabilities of Gaussian logits, by the extended probit approximation: the softmax of m_c /
   * sqrt(1 + pi/8 v_c).
   *
   * @param means {@code [classes]}
   * @param variances {@code [classes]}, at least 0
   * @param probabilities {@code [classes]}, overwritten; may be the means
   * @see <a href="https://doi.org/10.1162/neco.1992.4.5.720">MacKay 1992, The Evidence Framework
   *     Applied to Classification Networks; Spiegelhalter and Lauritzen 1990</a>
   */
  public static void probit(double[] means, double[] variances, double[] probabilities) {
    for (int c = 0; c < means.length; c++) {
      probabilities[c] = means[c] / Math.sqrt(1 + Math.PI / 8 * variances[c]);
    }
    of(probabilities, probabilities);
  }
}
