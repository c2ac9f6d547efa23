package io.github.swag4j.calibration.reliability;

import io.github.swag4j.calibration.Forecasts;
import io.github.swag4j.calibration.Predictions;
import io.github.swag4j.calibration.internal.CompensatedSum;
import io.github.swag4j.calibration.internal.RowCount;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/**
 * The CORP reliability curve (consistent, optimally binned, reproducible, by
 * pool-adjacent-violators) and the parts of the Brier score it gives: mean score = MCB - DSC + UNC.
 *
 * <ul>
 *   <li>MCB, miscalibration: what recalibration by the curve would gain, at least 0, lower is
 *       better
 *   <li>DSC, discrimination: what the recalibrated forecasts gain over the event rate, at least 0,
 *       higher is better
 *   <li>UNC, uncertainty: score of the event rate, a property of the rows
 * </ul>
 *
 * <p>Rows of equal forecast are pooled first, so that ties are exact. There are no bins to choose.
 *
 * @see <a href="https://doi.org/10.1073/pnas.2016191118">Dimitriadis, Gneiting and Jordan 2021,
 *     Stable reliability diagrams for probabilistic classifiers, eq. 2 to 4</a>
 */
public final class CorpCurve {
  private final List<Step> steps;
  private final double brier;
  private final double recalibratedBrier;
  private final double uncertainty;
  private final long rows;

  /**
   * A level part of the curve.
   *
   * @param lower smallest forecast of the part
   * @param upper largest forecast of the part
   * @param eventRate share of events, the recalibrated probability
   * @param weight sum of the rows' weights
   */
  public record Step(double lower, double upper, double eventRate, double weight) {}

  private CorpCurve(Forecasts forecasts) {
    rows = forecasts.rows();
    List<Block> blocks = poolAdjacentViolators(forecasts);
    double total = forecasts.totalWeight();
    double rate = forecasts.eventRate();
    CompensatedSum score = new CompensatedSum();
    for (int i = 0; i < forecasts.rows(); i++) {
      double d = forecasts.probability(i) - (forecasts.outcome(i) ? 1 : 0);
      score.add(forecasts.weight(i) * d * d);
    }
    CompensatedSum recalibrated = new CompensatedSum();
    List<Step> out = new ArrayList<>(blocks.size());
    for (Block block : blocks) {
      double value = block.rate();
      recalibrated.add(block.weight * value * (1 - value));
      out.add(new Step(block.lower, block.upper, value, block.weight));
    }
    steps = List.copyOf(out);
    brier = score.value() / total;
    recalibratedBrier = recalibrated.value() / total;
    uncertainty = rate * (1 - rate);
  }

  /**
   * Curve of the top label, or of the positive class of a problem given as one column.
   *
   * @param predictions labelled predictions
   * @return the curve
   * @throws IllegalStateException if there are no labels
   */
  public static CorpCurve of(Predictions predictions) {
    return of(
        predictions.isBinary()
            ? Forecasts.ofClass(predictions, 1)
            : Forecasts.topLabel(predictions));
  }

  /**
   * Curve of any forecasts.
   *
   * @param forecasts the forecasts
   * @return the curve
   */
  public static CorpCurve of(Forecasts forecasts) {
    return new CorpCurve(forecasts);
  }

  /**
   * The level parts in ascending order.
   *
   * @return the steps, unmodifiable; event rates strictly rise
   */
  public List<Step> steps() {
    return steps;
  }

  /**
   * The curve: level within a part, straight between parts, level beyond the ends.
   *
   * @param forecast a probability
   * @return the recalibrated probability
   * @throws IllegalArgumentException if the forecast is not in [0, 1]
   */
  public double at(double forecast) {
    if (!(forecast >= 0 && forecast <= 1)) {
      throw new IllegalArgumentException("forecast must be in [0, 1], got " + forecast);
    }
    Step previous = null;
    for (Step step : steps) {
      if (forecast <= step.upper()) {
        if (previous == null || forecast >= step.lower()) {
          return step.eventRate();
        }
        double way = (forecast - previous.upper()) / (step.lower() - previous.upper());
        return previous.eventRate() + way * (step.eventRate() - previous.eventRate());
      }
      previous = step;
    }
    return previous.eventRate();
  }

  /**
   * Miscalibration.
   *
   * @return MCB = Brier of the forecasts - Brier of the recalibrated ones, at least 0 whatever the
   *     rounding
   */
  public double miscalibration() {
    return Math.max(0, brier - recalibratedBrier);
  }

  /**
   * Discrimination.
   *
   * @return DSC = Brier of the event rate - Brier of the recalibrated forecasts, at least 0
   *     whatever the rounding
   */
  public double discrimination() {
    return Math.max(0, uncertainty - recalibratedBrier);
  }

  /**
   * Uncertainty.
   *
   * @return UNC = rate (1 - rate), the Brier score of the event rate
   */
  public double uncertainty() {
    return uncertainty;
  }

  /**
   * Brier score of the forecasts.
   *
   * @return MCB - DSC + UNC
   */
  public double brier() {
    return brier;
  }

  /**
   * The three parts.
   *
   * @return such as "CORP: Brier 0.2500 = MCB 0.0220 - DSC 0.0193 + UNC 0.2473 (500 rows)"
   */
  @Override
  public String toString() {
    return String.format(
        Locale.ROOT,
        "CORP: Brier %.4f = MCB %.4f - DSC %.4f + UNC %.4f (%s)",
        brier,
        miscalibration(),
        discrimination(),
        uncertainty,
        RowCount.words(rows));
  }

  private static List<Block> poolAdjacentViolators(Forecasts forecasts) {
    List<Block> blocks = new ArrayList<>();
    int i = 0;
    while (i < forecasts.rows()) {
      Block block = new Block(forecasts.probability(i));
      CompensatedSum weight = new CompensatedSum();
      CompensatedSum hits = new CompensatedSum();
      while (i < forecasts.rows() && forecasts.probability(i) == block.lower) {
        weight.add(forecasts.weight(i));
        hits.add(forecasts.outcome(i) ? forecasts.weight(i) : 0);
        i++;
      }
      block.weight = weight.value();
      block.hits = hits.value();
      if (!(block.weight > 0)) {
        continue;
      }
      while (!blocks.isEmpty() && blocks.get(blocks.size() - 1).isAtLeast(block)) {
        block = blocks.remove(blocks.size() - 1).pooledWith(block);
      }
      blocks.add(block);
    }
    return blocks;
  }

  /** A part while it grows. */
  private static final class Block {
    private final double lower;
    private double upper;
    private double weight;
    private double hits;

    Block(double forecast) {
      lower = forecast;
      upper = forecast;
    }

    double rate() {
      return hits / weight;
    }

    /** Compared crosswise, so that equal rates of whole counts are seen to be equal. */
    boolean isAtLeast(Block next) {
      return hits * next.weight >= next.hits * weight;
    }

    Block pooledWith(Block next) {
      upper = next.upper;
      weight += next.weight;
      hits += next.hits;
      return this;
    }
  }
}
