package io.github.swag4j.swag.laplace;

import java.util.SplittableRandom;

/**
 * Which gradients make a curvature. Each row and each label k give a gradient of the cross entropy
 * in the logits, p - e_k, that is carried back through the network.
 *
 * @see <a href="https://arxiv.org/abs/1905.12558">Kunstner et al. 2019, Limitations of the
 *     Empirical Fisher Approximation</a>
 */
public enum Fisher {
  /**
   * Every label k, weighted by its probability: the Gauss-Newton matrix itself, and laplace-torch's
   * default. One forward and backward pass a class.
   */
  EXACT,
  /** One label a row, drawn from the model: unbiased for {@link #EXACT}. One pass. */
  SAMPLED,
  /** The label of the data: no curvature but close to a good fit with much data. One pass. */
  EMPIRICAL;

  /**
   * Backward passes a batch.
   *
   * @param classes classes of the model
   * @return at least 1
   */
  public int passes(int classes) {
    return this == EXACT ? classes : 1;
  }

  /**
   * What is carried back in a pass.
   *
   * @param pass which, from 0
   * @param probabilities {@code [rows][classes]} row-major
   * @param labels {@code [rows]} class indices
   * @param random where labels are drawn from, one number a row
   * @return {@code [rows][classes]}: for EXACT sqrt(p_k) (p - e_k) with k the pass, else p - e_k
   */
  public float[] gradients(
      int pass, double[] probabilities, int[] labels, SplittableRandom random) {
    int classes = probabilities.length / labels.length;
    float[] gradients = new float[probabilities.length];
    for (int r = 0; r < labels.length; r++) {
      int at = r * classes;
      int label =
          switch (this) {
            case EXACT -> pass;
            case SAMPLED -> drawn(probabilities, at, classes, random.nextDouble());
            case EMPIRICAL -> labels[r];
          };
      double weight = this == EXACT ? Math.sqrt(probabilities[at + label]) : 1;
      for (int c = 0; c < classes; c++) {
        gradients[at + c] = (float) (weight * (probabilities[at + c] - (c == label ? 1 : 0)));
      }
    }
    return gradients;
  }

  private static int drawn(double[] probabilities, int at, int classes, double uniform) {
    double sum = 0;
    for (int c = 0; c < classes - 1; c++) {
      sum += probabilities[at + c];
      if (uniform < sum) {
        return c;
      }
    }
    return classes - 1;
  }
}
