package io.github.swag4j.swag.laplace;

import io.github.swag4j.calibration.Predictions;
import io.github.swag4j.calibration.scores.ProperScores;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;

/**
 * The prior precision, one for all layers, with the smallest negative log likelihood of validation
 * data: a grid of equal steps in log10, then golden sections between the neighbours of its best
 * point. Validation rows must be neither training nor test rows.
 *
 * <pre>{@code
 * LastLayerFeatures validation = LastLayerLaplace.of(model).features(validationSet);
 * LaplacePosterior best =
 *     PriorPrecisionSearch.of(p -> LastLayerPredictive.probit(p).predict(validation))
 *         .search(posterior)
 *         .posterior();
 * }</pre>
 */
public final class PriorPrecisionSearch {
  private static final double GOLDEN = (Math.sqrt(5) - 1) / 2;

  /** Predicts labelled validation rows with a posterior. */
  @FunctionalInterface
  public interface Validation {
    /**
     * Predicts.
     *
     * @param posterior the posterior
     * @return predictions with labels, of the same rows each time
     * @throws IOException if the rows cannot be read
     */
    Predictions predict(LaplacePosterior posterior) throws IOException;
  }

  /**
   * One prior precision that was tried.
   *
   * @param priorPrecision the precision
   * @param nll mean negative log likelihood of the validation rows, in nats
   */
  public record Trial(double priorPrecision, double nll) {}

  /**
   * What a search found.
   *
   * @param posterior with the best of the tried prior precisions
   * @param trials all that were tried, by precision: the curve for a report
   */
  public record Result(LaplacePosterior posterior, List<Trial> trials) {
    /**
     * Copies the list.
     *
     * @param posterior with the best of the tried prior precisions
     * @param trials all that were tried, by precision
     */
    public Result {
      trials = List.copyOf(trials);
    }
  }

  private final Validation validation;
  private final double least;
  private final double most;
  private final int points;
  private final int refinements;

  private PriorPrecisionSearch(
      Validation validation, double least, double most, int points, int refinements) {
    this.validation = validation;
    this.least = least;
    this.most = most;
    this.points = points;
    this.refinements = refinements;
  }

  /**
   * A search of 17 points from 1e-4 to 1e4 and 8 refinements.
   *
   * @param validation predicts labelled validation rows
   * @return the search
   */
  public static PriorPrecisionSearch of(Validation validation) {
    return new PriorPrecisionSearch(validation, 1e-4, 1e4, 17, 8);
  }

  /**
   * Sets the grid.
   *
   * @param from least precision, above 0
   * @param to largest precision, above {@code from}
   * @param count points of the grid, at least 2
   * @return the search
   * @throws IllegalArgumentException if the numbers are not so
   */
  public PriorPrecisionSearch grid(double from, double to, int count) {
    if (!(from > 0 && to > from) || Double.isInfinite(to) || count < 2) {
      throw new IllegalArgumentException(
          "a grid must be of 2 points or more between positive precisions, got "
              + count
              + " from "
              + from
              + " to "
              + to);
    }
    return new PriorPrecisionSearch(validation, from, to, count, refinements);
  }

  /**
   * Sets how often the best interval is cut.
   *
   * @param count at least 0
   * @return the search
   * @throws IllegalArgumentException if it is negative
   */
  public PriorPrecisionSearch refinements(int count) {
    if (count < 0) {
      throw new IllegalArgumentException("refinements must be at least 0, got " + count);
    }
    return new PriorPrecisionSearch(validation, least, most, points, count);
  }

  /**
   * Searches.
   *
   * @param posterior the posterior; its prior precision does not matter
   * @return the best and the curve; where the best is at an end of the grid, the optimum may be
   *     beyond it
   * @throws IllegalArgumentException if predictions have no labels
   * @throws IOException if the validation rows cannot be read
   */
  public Result search(LaplacePosterior posterior) throws IOException {
    double from = StrictMath.log(least);
    double step = (StrictMath.log(most) - from) / (points - 1);
    List<Trial> trials = new ArrayList<>();
    int best = 0;
    for (int i = 0; i < points; i++) {
      trials.add(trial(posterior, i == points - 1 ? most : StrictMath.exp(from + i * step)));
      best = trials.get(i).nll() < trials.get(best).nll() ? i : best;
    }
    double low = from + Math.max(best - 1, 0) * step;
    double high = from + Math.min(best + 1, points - 1) * step;
    refine(posterior, trials, low, high);
    Trial winner = trials.stream().min(Comparator.comparingDouble(Trial::nll)).orElseThrow();
    trials.sort(Comparator.comparingDouble(Trial::priorPrecision));
    return new Result(posterior.withPriorPrecision(winner.priorPrecision()), trials);
  }

  private void refine(LaplacePosterior posterior, List<Trial> trials, double from, double to)
      throws IOException {
    double low = from;
    double high = to;
    double left = high - GOLDEN * (high - low);
    double right = low + GOLDEN * (high - low);
    double atLeft = Double.NaN;
    double atRight = Double.NaN;
    for (int i = 0; i < refinements; i++) {
      if (Double.isNaN(atLeft)) {
        atLeft = tried(posterior, trials, left);
      } else if (Double.isNaN(atRight)) {
        atRight = tried(posterior, trials, right);
      }
      if (Double.isNaN(atLeft) || Double.isNaN(atRight)) {
        continue;
      }
      if (atLeft <= atRight) {
        high = right;
        right = left;
        atRight = atLeft;
        left = high - GOLDEN * (high - low);
        atLeft = Double.NaN;
      } else {
        low = left;
        left = right;
        atLeft = atRight;
        right = low + GOLDEN * (high - low);
        atRight = Double.NaN;
      }
    }
  }

  private double tried(LaplacePosterior posterior, List<Trial> trials, double log)
      throws IOException {
    Trial trial = trial(posterior, StrictMath.exp(log));
    trials.add(trial);
    return trial.nll();
  }

  private Trial trial(LaplacePosterior posterior, double precision) throws IOException {
    Predictions predictions = validation.predict(posterior.withPriorPrecision(precision));
    return new Trial(precision, ProperScores.of(predictions).nll());
  }
}
