package io.github.swag4j.calibration.selection;

import io.github.swag4j.calibration.Predictions;
import io.github.swag4j.calibration.internal.CompensatedSum;
import io.github.swag4j.calibration.internal.WeightedMeanVariance;
import io.github.swag4j.calibration.recalibration.TemperatureScaling;
import io.github.swag4j.calibration.recalibration.TemperatureScaling.Outcome;
import io.github.swag4j.calibration.scores.ProperScores;
import java.io.IOException;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/**
 * Chooses the scale of a posterior (its temperature) on validation rows: a grid first, then scales
 * halfway between the best one and its neighbours, halfway in the root of the scale, which is what
 * samples are spread by.
 *
 * <p>Every scale must be predicted with the same seed. Samples then differ in their spread and in
 * nothing else, and their noise, which alone would decide between neighbours, cancels from the
 * differences. A temperature is fitted at each scale to the same rows; one number from many rows
 * flatters each scale alike.
 */
public final class ScaleSearch {

  /** What predicts validation rows at a scale, for example a Bayesian model average. */
  @FunctionalInterface
  public interface Validation {

    /**
     * Predicts with one seed, whatever the scale.
     *
     * @param scale factor of the posterior's covariance, at least 0
     * @return predictions of labelled rows, the same at every scale
     * @throws IOException if data cannot be read
     */
    Predictions predict(double scale) throws IOException;
  }

  /**
   * Which scales are tried.
   *
   * @param grid scales to begin with, at least 2, each at least 0 and once
   * @param refinements how often both neighbours of the best are halved, 0 to 20
   * @param leastTemperature least temperature, above 0
   * @param greatestTemperature greatest temperature, above the least
   */
  public record Options(
      List<Double> grid, int refinements, double leastTemperature, double greatestTemperature) {
    /**
     * Checks the numbers.
     *
     * @param grid scales to begin with, at least 2, each at least 0 and once
     * @param refinements how often both neighbours of the best are halved, 0 to 20
     * @param leastTemperature least temperature, above 0
     * @param greatestTemperature greatest temperature, above the least
     * @throws IllegalArgumentException if one is out of range
     */
    public Options {
      grid = grid.stream().sorted().toList();
      grid.forEach(scale -> ScalePoint.require("scale", scale));
      if (grid.size() < 2 || grid.stream().distinct().count() < grid.size()) {
        throw new IllegalArgumentException(
            "a grid must have at least 2 scales that differ, got " + grid);
      }
      if (refinements < 0 || refinements > 20) {
        throw new IllegalArgumentException(
            "refinements must be between 0 and 20, got " + refinements);
      }
      if (!(leastTemperature > 0
          && leastTemperature < greatestTemperature
          && greatestTemperature < Double.POSITIVE_INFINITY)) {
        throw new IllegalArgumentException(
            "temperatures must be above 0, ascending and finite, got "
                + leastTemperature
                + " and "
                + greatestTemperature);
      }
    }

    /**
     * Scales 0, 1/16, 1/8, 1/4, 1/2, 1 and 2, refined twice; temperatures from 1/20 to 20.
     *
     * @return the defaults, at most 11 scales
     */
    public static Options defaults() {
      return new Options(List.of(0.0, 0.0625, 0.125, 0.25, 0.5, 1.0, 2.0), 2, 0.05, 20);
    }

    /**
     * The same with another grid.
     *
     * @param scales scales to begin with
     * @return the options
     */
    public Options withGrid(double... scales) {
      return new Options(
          Arrays.stream(scales).boxed().toList(),
          refinements,
          leastTemperature,
          greatestTemperature);
    }

    /**
     * The same with another number of refinements.
     *
     * @param times how often both neighbours of the best are halved
     * @return the options
     */
    public Options withRefinements(int times) {
      return new Options(grid, times, leastTemperature, greatestTemperature);
    }
  }

  /** Losses of each row at a scale, and what was fitted there. */
  private record Tried(
      double[] plain, double[] calibrated, double mean, double temperature, Outcome outcome) {}

  private final Options options;
  private final Validation validation;
  private final TreeMap<Double, Tried> tried = new TreeMap<>();
  private Predictions first;
  private double[] weights;

  private ScaleSearch(Options options, Validation validation) {
    this.options = options;
    this.validation = validation;
  }

  /**
   * Tries scales.
   *
   * @param options which
   * @param validation predicts validation rows at a scale, with one seed
   * @return the curve
   * @throws IllegalArgumentException if predictions have no labels or one row, or rows or labels
   *     change from scale to scale; the message names the scale
   * @throws IOException if data cannot be read
   */
  public static ScaleCurve run(Options options, Validation validation) throws IOException {
    return new ScaleSearch(options, validation).search();
  }

  private ScaleCurve search() throws IOException {
    for (double scale : options.grid()) {
      attempt(scale);
    }
    for (int i = 0; i < options.refinements(); i++) {
      double best = best();
      Double below = tried.lowerKey(best);
      Double above = tried.higherKey(best);
      if (below != null) {
        attempt(between(below, best));
      }
      if (above != null) {
        attempt(between(best, above));
      }
    }
    Tried best = tried.get(best());
    List<ScalePoint> points =
        tried.entrySet().stream().map(e -> point(e.getKey(), e.getValue(), best)).toList();
    return new ScaleCurve(points, first.rows());
  }

  private static double between(double low, double high) {
    double root = (Math.sqrt(low) + Math.sqrt(high)) / 2;
    return root * root;
  }

  private double best() {
    Map.Entry<Double, Tried> best = tried.firstEntry();
    for (Map.Entry<Double, Tried> entry : tried.entrySet()) {
      best = entry.getValue().mean() < best.getValue().mean() ? entry : best;
    }
    return best.getKey();
  }

  private void attempt(double scale) throws IOException {
    if (tried.containsKey(scale)) {
      return; // halving has reached neighbouring doubles
    }
    Predictions predictions = validation.predict(scale);
    try {
      requireRows(predictions, scale);
      tried.put(scale, judged(predictions));
    } catch (IllegalArgumentException e) {
      throw new IllegalArgumentException("at scale " + scale + ": " + e.getMessage(), e);
    }
  }

  private void requireRows(Predictions predictions, double scale) {
    if (!predictions.hasLabels() || predictions.rows() < 2) {
      throw new IllegalArgumentException(
          "a scale must be chosen on at least 2 labelled rows, got "
              + predictions.rows()
              + (predictions.hasLabels() ? "" : " without labels"));
    }
    if (first == null) {
      double[] all = new double[predictions.rows()];
      Arrays.setAll(all, predictions::weight);
      if (Arrays.stream(all).filter(w -> w > 0).count() < 2) {
        throw new IllegalArgumentException(
            "a scale must be chosen on at least 2 rows of weight above 0");
      }
      first = predictions;
      weights = all;
    } else {
      SameRows.check(
          "predictions at scales " + options.grid().get(0) + " and " + scale, first, predictions);
    }
  }

  private Tried judged(Predictions predictions) {
    TemperatureScaling fitted;
    if (isFlat(predictions)) {
      fitted = TemperatureScaling.of(1, predictions.classes()); // every temperature is alike
    } else {
      fitted =
          TemperatureScaling.fit(
              predictions,
              TemperatureScaling.Options.defaults()
                  .within(options.leastTemperature(), options.greatestTemperature()));
    }
    double[] calibrated = losses(fitted.applyInSample(predictions));
    return new Tried(
        losses(predictions), calibrated, mean(calibrated), fitted.temperature(), fitted.outcome());
  }

  private static boolean isFlat(Predictions predictions) {
    for (int r = 0; r < predictions.rows(); r++) {
      for (int k = 1; k < predictions.classes(); k++) {
        if (predictions.probability(r, k) != predictions.probability(r, 0)) {
          return false;
        }
      }
    }
    return true;
  }

  private static double[] losses(Predictions predictions) {
    double[] out = new double[predictions.rows()];
    for (int r = 0; r < out.length; r++) {
      double p = predictions.probability(r, predictions.label(r));
      out[r] = -Math.log(Math.max(p, ProperScores.NLL_FLOOR));
    }
    return out;
  }

  private ScalePoint point(double scale, Tried at, Tried best) {
    double[] differences = new double[at.calibrated().length];
    Arrays.setAll(differences, r -> at.calibrated()[r] - best.calibrated()[r]);
    return new ScalePoint(
        scale,
        mean(at.plain()),
        error(at.plain()),
        at.temperature(),
        at.outcome(),
        at.mean(),
        error(at.calibrated()),
        at.mean() - best.mean(),
        error(differences));
  }

  private double mean(double[] values) {
    CompensatedSum sum = new CompensatedSum();
    CompensatedSum total = new CompensatedSum();
    double largest = Arrays.stream(weights).max().getAsDouble();
    for (int r = 0; r < values.length; r++) {
      sum.add(weights[r] / largest * values[r]);
      total.add(weights[r] / largest);
    }
    return sum.value() / total.value();
  }

  private double error(double[] values) {
    return Math.sqrt(WeightedMeanVariance.of(values, weights));
  }
}
