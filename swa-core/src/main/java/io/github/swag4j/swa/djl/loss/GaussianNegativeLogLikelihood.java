package io.github.swag4j.swa.djl.loss;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDList;
import ai.djl.ndarray.index.NDIndex;
import ai.djl.ndarray.types.Shape;
import ai.djl.nn.Activation;
import ai.djl.training.loss.Loss;
import java.util.Locale;
import java.util.Objects;

/**
 * Negative log-likelihood of a Gaussian whose mean and variance the network both predicts: the mean
 * over rows of (ln v + (y - m)^2 / v) / 2 + ln(2 pi) / 2, in nats for targets of unit 1. The
 * network gives {@code [rows][2]}: column 0 the mean m, column 1 the variance v in the form that
 * was said.
 *
 * <p>A variance of 0 has no likelihood, so v is at least {@value #LEAST_VARIANCE}; a smaller one
 * has the gradient of that bound, which leads it back, as in PyTorch's {@code GaussianNLLLoss}.
 * Scale targets to about unit variance before training.
 *
 * @see <a href="https://doi.org/10.1109/ICNN.1994.374138">Nix and Weigend 1994, Estimating the mean
 *     and variance of the target probability distribution, eq. 1</a>
 */
public final class GaussianNegativeLogLikelihood extends Loss {

  /** Smallest variance, as in PyTorch's {@code GaussianNLLLoss}. */
  public static final float LEAST_VARIANCE = 1e-6f;

  private static final float HALF_LOG_2PI = (float) (0.5 * Math.log(2 * Math.PI));

  /** What the second column holds. */
  public enum VarianceForm {
    /** ln v: any number, the form that trains best. */
    LOG_VARIANCE,
    /** x with v = softplus(x) = ln(1 + e^x): any number. */
    SOFTPLUS,
    /** v itself, which the network must keep above 0. */
    VARIANCE
  }

  private final VarianceForm form;

  /**
   * A loss.
   *
   * @param form what the second column holds
   */
  public GaussianNegativeLogLikelihood(VarianceForm form) {
    super(
        "GaussianNegativeLogLikelihood("
            + Objects.requireNonNull(form, "form").name().toLowerCase(Locale.ROOT)
            + ")");
    this.form = form;
  }

  /**
   * The loss of a batch.
   *
   * @param labels one array of targets, {@code [rows]} or {@code [rows][1]}
   * @param predictions one array {@code [rows][2]}
   * @return a scalar that gradients flow from
   * @throws IllegalArgumentException if the shapes are others
   */
  @Override
  public NDArray evaluate(NDList labels, NDList predictions) {
    NDArray predicted = predictions.singletonOrThrow();
    Shape shape = predicted.getShape();
    if (shape.dimension() != 2 || shape.get(1) != 2) {
      throw new IllegalArgumentException(
          "the Gaussian likelihood needs predictions [rows][2], mean and variance, got " + shape);
    }
    NDArray mean = predicted.get(new NDIndex(":, 0"));
    NDArray second = predicted.get(new NDIndex(":, 1"));
    NDArray miss = mean.sub(RowPairs.targets(labels, mean));
    NDArray squares = miss.mul(miss);
    NDArray sum;
    if (form == VarianceForm.LOG_VARIANCE) {
      NDArray log = atLeast(second, (float) Math.log(LEAST_VARIANCE));
      sum = log.add(squares.mul(log.neg().exp()));
    } else {
      NDArray raw = form == VarianceForm.SOFTPLUS ? Activation.softPlus(second) : second;
      NDArray variance = atLeast(raw, LEAST_VARIANCE);
      sum = variance.log().add(squares.div(variance));
    }
    return sum.mean()
        .mul(RowPairs.number(predicted, 0.5f))
        .add(RowPairs.number(predicted, HALF_LOG_2PI));
  }

  /** The larger of each value and a bound, with the gradient of the value. */
  private static NDArray atLeast(NDArray values, float bound) {
    NDArray missing = values.maximum(RowPairs.number(values, bound)).sub(values);
    return values.add(missing.stopGradient());
  }
}
