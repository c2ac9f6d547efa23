package io.github.swag4j.swa;

import io.github.swag4j.swa.internal.Blocks;

/**
 * Running average of weights: uniform (SWA) or exponential (EMA).
 *
 * <p>Uniform: mean += (w - mean) / n for the n-th weights, so n equal weights average to themselves
 * exactly. Exponential: ema += (1 - decay) (w - ema), beginning with the first weights. Mutable,
 * one owner; 4 bytes a weight.
 *
 * @see <a href="https://arxiv.org/abs/1803.05407">Izmailov et al. 2018, Averaging Weights Leads to
 *     Wider Optima and Better Generalization, algorithm 1</a>
 */
public final class WeightAverage implements WeightCollector {
  private final AveragingPlan plan;
  private final double decay;
  private WeightLayout layout;
  private float[][] average;
  private long count;

  private WeightAverage(AveragingPlan plan, double decay) {
    this.plan = plan;
    this.decay = decay;
  }

  /**
   * The average of stochastic weight averaging: all weights count the same.
   *
   * @param plan when to collect
   * @return an empty average
   */
  public static WeightAverage uniform(AveragingPlan plan) {
    return new WeightAverage(plan, Double.NaN);
  }

  /**
   * An exponential moving average.
   *
   * @param plan when to collect
   * @param decay share of the old average kept at each collection, in [0, 1)
   * @return an empty average
   * @throws IllegalArgumentException if decay is not in [0, 1)
   */
  public static WeightAverage exponential(AveragingPlan plan, double decay) {
    if (!(decay >= 0 && decay < 1)) {
      throw new IllegalArgumentException("decay must be in [0, 1), got " + decay);
    }
    return new WeightAverage(plan, decay);
  }

  @Override
  public AveragingPlan plan() {
    return plan;
  }

  @Override
  public long count() {
    return count;
  }

  @Override
  public void collect(WeightSource weights) {
    WeightLayout checked = Blocks.requireNext(layout, weights, "weights to average");
    if (layout == null) {
      layout = checked;
      average = Blocks.allocate(layout);
    }
    count++;
    double share = count == 1 ? 1 : Double.isNaN(decay) ? 1.0 / count : 1 - decay;
    float factor = (float) share;
    Blocks.forEach(
        layout,
        (tensor, from, to) -> {
          float[] w = new float[to - from];
          weights.values(tensor).get(from, w);
          float[] mean = average[tensor];
          for (int i = 0; i < w.length; i++) {
            mean[from + i] += (w[i] - mean[from + i]) * factor;
          }
        });
  }

  /**
   * The average of what was collected so far.
   *
   * @return a copy
   * @throws IllegalStateException if nothing was collected
   */
  public Weights average() {
    if (count == 0) {
      throw new IllegalStateException(
          "nothing was averaged yet: collecting begins after unit " + (plan.start() + 1));
    }
    return Weights.of(layout, average);
  }
}
