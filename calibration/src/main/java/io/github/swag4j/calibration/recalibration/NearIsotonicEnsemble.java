package io.github.swag4j.calibration.recalibration;

import io.github.swag4j.calibration.Predictions;
import io.github.swag4j.calibration.internal.CompensatedSum;
import io.github.swag4j.calibration.provenance.FitOrigin;
import io.github.swag4j.calibration.recalibration.fit.FittingSet;
import java.util.ArrayList;
import java.util.List;

/**
 * Ensemble of near-isotonic regressions (ENIR): all models on the path from the data to isotonic
 * regression, which may fall a little where the data insist, averaged with weights proportional to
 * exp(-criterion / 2). The average is a step function with edges half way between scores. Each
 * class against the rest, divided by their sum.
 *
 * <p>With L the log-likelihood of a model, k its number of distinct values and n the total weight:
 * BIC = -2 L + k ln n, AIC = -2 L + 2 k. Ties are pooled first, so the order of rows does not
 * matter, and models whose weight is below 1e-16 of the best are left out. The model at lambda 0,
 * which is the labels themselves, is not one of them. Maps ends of the scale to exactly 0 and 1, as
 * isotonic regression does: judge it by Brier score or by a log loss with a floor.
 *
 * @see <a href="https://doi.org/10.1109/ICDM.2016.0047">Naeini and Cooper 2016, Binary classifier
 *     calibration using an ensemble of near isotonic regression models</a>
 */
public final class NearIsotonicEnsemble extends OneVersusRest {

  /** The name of the method. */
  public static final String METHOD = "enir";

  /** exp(-80 / 2) is below the last bit of the best model's weight. */
  private static final double NEGLIGIBLE = 80;

  private static final double SMALLEST = 1e-300;

  /** What models are weighted by. */
  public enum Criterion {
    /** Bayesian information criterion: the paper's choice. */
    BIC {
      @Override
      double perValue(double rows) {
        return Math.log(rows);
      }
    },
    /** Akaike's information criterion: more values, for large sets. */
    AIC {
      @Override
      double perValue(double rows) {
        return 2;
      }
    };

    abstract double perValue(double rows);
  }

  private NearIsotonicEnsemble(int classes, FitOrigin fittedOn, BinaryMap[] maps) {
    super(METHOD, classes, fittedOn, BinaryMap.Score.PROBABILITY, maps);
  }

  /**
   * Fits on labelled rows with BIC.
   *
   * @param predictions labelled rows of every class, not those to be judged
   * @return the fitted recalibrator
   * @throws IllegalArgumentException if there are no labels or a class has no row
   */
  public static NearIsotonicEnsemble fit(Predictions predictions) {
    return fit(predictions, Criterion.BIC);
  }

  /**
   * Fits on labelled rows.
   *
   * @param predictions labelled rows of every class, not those to be judged
   * @param criterion what models are weighted by
   * @return the fitted recalibrator
   * @throws IllegalArgumentException if there are no labels or a class has no row
   */
  public static NearIsotonicEnsemble fit(Predictions predictions, Criterion criterion) {
    FittingSet fit = FittingSet.ofEveryClass(METHOD, predictions);
    BinaryMap[] maps =
        fitAll(
            fit,
            BinaryMap.Score.PROBABILITY,
            (x, y, w) -> average(new TiedScores(x, y, w), criterion));
    return new NearIsotonicEnsemble(fit.classes, fit.origin(), maps);
  }

  private static StepFunction average(TiedScores scores, Criterion criterion) {
    // The isotonic model comes last and bounds what others may cost: no values of a model's groups
    // are likelier than their means, whose likelihood is kept merge by merge.
    double price = criterion.perValue(scores.totalWeight);
    NearIsotonicPath isotonic = NearIsotonicPath.walk(scores, path -> {});
    double worst = price * isotonic.groups() - 2 * logLikelihood(isotonic) + NEGLIGIBLE;
    List<Double> criteria = new ArrayList<>();
    NearIsotonicPath.walk(
        scores,
        path ->
            criteria.add(
                price * path.groups() - 2 * path.greatestLogLikelihood() > worst + 1
                    ? Double.POSITIVE_INFINITY
                    : price * path.groups() - 2 * logLikelihood(path)));
    double best = criteria.stream().mapToDouble(c -> c).min().orElseThrow();
    double total = 0;
    for (double c : criteria) {
      total += weight(c, best);
    }
    double all = total;
    double[] mean = new double[scores.size()];
    int[] model = {0};
    NearIsotonicPath.walk(
        scores,
        path -> {
          double share = weight(criteria.get(model[0]++), best) / all;
          for (int g = 0, from = 0; g >= 0 && share > 0; g = path.next(g)) {
            double value = share * path.value(g);
            for (; from <= path.end(g); from++) {
              mean[from] += value;
            }
          }
        });
    return StepFunction.ofDistinct(scores, mean);
  }

  private static double weight(double criterion, double best) {
    return criterion - best > NEGLIGIBLE ? 0 : Math.exp((best - criterion) / 2);
  }

  private static double logLikelihood(NearIsotonicPath path) {
    CompensatedSum log = new CompensatedSum();
    for (int g = 0; g >= 0; g = path.next(g)) {
      double positive = path.positive(g);
      double negative = path.weight(g) - positive;
      double p = path.value(g);
      log.add(positive > 0 ? positive * Math.log(Math.max(p, SMALLEST)) : 0);
      log.add(negative > 0 ? negative * Math.log(Math.max(1 - p, SMALLEST)) : 0);
    }
    return log.value();
  }

  /**
   * The averaged map of a class, before division by the sum over classes.
   *
   * @param k the class; 1 in a binary problem
   * @param probability its predicted probability
   * @return its recalibrated probability
   * @throws IllegalArgumentException if the problem is binary and k is not 1
   */
  public double predict(int k, double probability) {
    return map(k).apply(probability);
  }

  static NearIsotonicEnsemble ofParameters(RecalibratorParameters p) {
    return new NearIsotonicEnsemble(
        p.classes(), p.fittedOn(), readAll(p, name -> StepFunction.read(p, name)));
  }
}
