package io.github.swag4j.calibration.recalibration;

import io.github.swag4j.calibration.NoFiniteOptimumException;
import io.github.swag4j.calibration.Predictions;
import io.github.swag4j.calibration.provenance.FitOrigin;
import io.github.swag4j.calibration.recalibration.fit.FittingSet;
import io.github.swag4j.calibration.recalibration.fit.LinearLikelihood;
import io.github.swag4j.calibration.recalibration.fit.NewtonCg;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/**
 * Vector scaling: softmax(w * z + b) with a factor and an intercept for each class.
 *
 * <p>Convex maximum likelihood without a penalty. Takes logits where there are some, else
 * logarithms of probabilities, and remembers which. May change the predicted class.
 *
 * @see <a href="https://arxiv.org/abs/1706.04599">Guo et al. 2017, section 4.2</a>
 */
public final class VectorScaling extends LogitRecalibrator {

  /** The name of the method. */
  public static final String METHOD = "vector";

  private final ScoreInput input;
  private final double[] weightsAndIntercepts;

  private VectorScaling(int classes, FitOrigin fittedOn, ScoreInput input, double[] w) {
    super(METHOD, classes, fittedOn);
    this.input = input;
    weightsAndIntercepts = w;
  }

  /**
   * Fits by maximum likelihood.
   *
   * @param predictions labelled rows of every class, not those to be judged
   * @return the fitted recalibrator
   * @throws IllegalArgumentException if there are no labels or a class has no row
   * @throws NoFiniteOptimumException if the classes are separable
   */
  public static VectorScaling fit(Predictions predictions) {
    FittingSet fit = FittingSet.ofEveryClass(METHOD, predictions);
    ScoreInput input = ScoreInput.of(predictions);
    LinearLikelihood f = new LinearLikelihood(fit, input.all(predictions), false, 0, 0);
    double[] w = NewtonCg.minimise(f, f.start("vector scaling"), "vector scaling");
    return new VectorScaling(fit.classes, fit.origin(), input, w);
  }

  /**
   * The factors of the scores.
   *
   * @return {@code [classes]}
   */
  public double[] weights() {
    return Arrays.copyOf(weightsAndIntercepts, classes());
  }

  /**
   * The intercepts. Only their differences matter.
   *
   * @return {@code [classes]}
   */
  public double[] intercepts() {
    return Arrays.copyOfRange(weightsAndIntercepts, classes(), 2 * classes());
  }

  @Override
  ScoreInput input() {
    return input;
  }

  @Override
  ScoreInput inputFor(Predictions predictions) {
    return input;
  }

  @Override
  double[] mapScores(double[] scores) {
    return LinearLikelihood.scores(weightsAndIntercepts, false, scores, 0, classes());
  }

  @Override
  public Map<String, double[]> parameters() {
    Map<String, double[]> out = new LinkedHashMap<>();
    out.put("weights", weights());
    out.put("intercepts", intercepts());
    return out;
  }

  @Override
  public List<String> inWords() {
    List<String> lines = new ArrayList<>();
    lines.add("p = softmax(w z + b) with w and b of each class's own, z the " + input.jsonName());
    for (int k = 0; k < classes(); k++) {
      lines.add(
          nameOf(k)
              + ": w = "
              + number(weightsAndIntercepts[k])
              + ", b = "
              + number(weightsAndIntercepts[classes() + k]));
    }
    return lines;
  }

  static VectorScaling ofParameters(RecalibratorParameters p) {
    double[] w = Arrays.copyOf(p.finite("weights", p.classes()), 2 * p.classes());
    System.arraycopy(p.finite("intercepts", p.classes()), 0, w, p.classes(), p.classes());
    return new VectorScaling(p.classes(), p.fittedOn(), p.input(), w);
  }

  @Override
  public String toString() {
    return String.format(
        Locale.ROOT, "vector scaling of %s, %d classes", input.jsonName(), classes());
  }
}
