package io.github.swag4j.swag.djl;

import ai.djl.ndarray.types.Shape;
import io.github.swag4j.swa.djl.loss.GaussianNegativeLogLikelihood;
import io.github.swag4j.swa.djl.loss.GaussianNegativeLogLikelihood.VarianceForm;

/** A regression network's outputs as a mean, or as mean and variance. */
final class RegressionColumns implements RowDecoder {
  private final VarianceForm form;

  /**
   * A decoder.
   *
   * @param output what the network gives
   */
  RegressionColumns(RegressionOutput output) {
    this.form = output instanceof RegressionOutput.MeanAndVariance both ? both.form() : null;
  }

  @Override
  public int width(Shape shape) {
    boolean two = shape.dimension() == 2 && shape.get(1) == 2;
    boolean one = shape.dimension() == 1 || (shape.dimension() == 2 && shape.get(1) == 1);
    if (form == null && !one) {
      throw new IllegalArgumentException(
          "the output of a network of the mean must have shape [rows] or [rows][1], got "
              + shape
              + (two
                  ? ": say RegressionOutput.meanAndLogVariance if it gives a variance too"
                  : ""));
    }
    if (form != null && !two) {
      throw new IllegalArgumentException(
          "the output of a network of mean and variance must have shape [rows][2], got "
              + shape
              + (one ? ": say RegressionOutput.mean, or meanWithNoiseOf, for a mean alone" : ""));
    }
    return form == null ? 1 : 2;
  }

  @Override
  public void decode(double[] values, int from, int width, int row) {
    if (form == null) {
      return;
    }
    double x = values[from + 1];
    double variance =
        switch (form) {
          case LOG_VARIANCE -> StrictMath.exp(x);
          case SOFTPLUS -> Math.max(x, 0) + StrictMath.log1p(StrictMath.exp(-Math.abs(x)));
          case VARIANCE -> x;
        };
    if (!(variance >= 0)) {
      throw new IllegalArgumentException(
          "a variance must be at least 0, got "
              + variance
              + " in row "
              + row
              + ": say RegressionOutput.meanAndLogVariance or meanAndSoftplus if that is what the"
              + " network gives");
    }
    if (variance == Double.POSITIVE_INFINITY) {
      throw new IllegalArgumentException(
          "the variance must be finite, got "
              + (form == VarianceForm.LOG_VARIANCE ? "exp(" + x + ")" : variance)
              + " in row "
              + row
              + (form == VarianceForm.LOG_VARIANCE
                  ? ": say RegressionOutput.meanAndVariance if the network gives the variance itself"
                  : ": look for weights or inputs that are not finite"));
    }
    // The loss that trains such networks has the same bound, where x is below it.
    values[from + 1] = Math.max(variance, GaussianNegativeLogLikelihood.LEAST_VARIANCE);
  }
}
