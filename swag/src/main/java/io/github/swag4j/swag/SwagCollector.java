package io.github.swag4j.swag;

import io.github.swag4j.swa.AveragingPlan;
import io.github.swag4j.swa.WeightCollector;
import io.github.swag4j.swa.WeightLayout;
import io.github.swag4j.swa.WeightSource;
import io.github.swag4j.swa.Weights;
import io.github.swag4j.swa.internal.Blocks;
import io.github.swag4j.swag.SwagPosterior.Centre;
import java.util.ArrayList;
import java.util.List;

/**
 * Collects the moments of a {@link SwagPosterior} along training.
 *
 * <p>Moments are updated by Welford's recurrence, mean += (w - mean) / n and m2 += (w - mean_old)
 * (w - mean_new), which keeps small variances beside large means where the mean of squares minus
 * the square of the mean cancels. Each weight is touched once a collection; the newest deviation
 * overwrites the oldest in a ring. Mutable, one owner; (rank + 2) * 4 bytes a weight.
 *
 * @see <a href="https://doi.org/10.1080/00401706.1962.10490022">Welford 1962</a>
 */
public final class SwagCollector implements WeightCollector {
  private final AveragingPlan plan;
  private final SwagPosterior.Options options;
  private WeightLayout layout;
  private float[][] mean;
  private float[][] m2;
  private float[][][] ring;
  private long count;

  /**
   * A collector of nothing yet.
   *
   * @param plan when to collect
   * @param options how the posterior is estimated
   */
  public SwagCollector(AveragingPlan plan, SwagPosterior.Options options) {
    this.plan = plan;
    this.options = options;
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
    WeightLayout checked = Blocks.requireNext(layout, weights, "weights to collect");
    if (layout == null) {
      layout = checked;
      mean = Blocks.allocate(layout);
      m2 = Blocks.allocate(layout);
      ring = new float[options.rank()][][];
    }
    float[][] column = null;
    if (options.rank() > 0) {
      int slot = (int) (count % options.rank());
      if (ring[slot] == null) {
        ring[slot] = Blocks.allocate(layout);
      }
      column = ring[slot];
    }
    count++;
    update(weights, column);
  }

  private void update(WeightSource weights, float[][] column) {
    float share = (float) (1.0 / count);
    boolean keepWeights = options.centre() == Centre.FINAL_MEAN;
    Blocks.forEach(
        layout,
        (tensor, from, to) -> {
          int length = to - from;
          float[] w = new float[length];
          weights.values(tensor).get(from, w);
          float[] means = mean[tensor];
          float[] squares = m2[tensor];
          for (int i = 0; i < length; i++) {
            float before = w[i] - means[from + i];
            float now = means[from + i] + before * share;
            means[from + i] = now;
            float after = w[i] - now;
            squares[from + i] += before * after;
            w[i] = keepWeights ? w[i] : after;
          }
          if (column != null) {
            System.arraycopy(w, 0, column[tensor], from, length);
          }
        });
  }

  /**
   * The posterior of what was collected so far, at the default scale: 1/2 with a low-rank part, 1
   * without.
   *
   * @return an immutable copy; collecting may go on
   * @throws IllegalStateException if fewer than two weight vectors were collected
   */
  public SwagPosterior posterior() {
    if (count < 2) {
      throw new IllegalStateException(
          "a posterior needs at least 2 collected weight vectors, got "
              + count
              + ": train longer or start collecting earlier");
    }
    List<Weights> deviations = new ArrayList<>();
    int columns = (int) Math.min(count, options.rank());
    for (int k = 0; k < columns; k++) {
      float[][] column = ring[(int) ((count - columns + k) % options.rank())];
      deviations.add(
          options.centre() == Centre.FINAL_MEAN
              ? Weights.adopt(layout, minusMean(column))
              : Weights.of(layout, column));
    }
    return new SwagPosterior(
        options,
        count,
        SwagPosterior.defaultScale(columns),
        Weights.of(layout, mean),
        Weights.adopt(layout, variance()),
        deviations);
  }

  private float[][] minusMean(float[][] column) {
    float[][] out = Blocks.allocate(layout);
    Blocks.forEach(
        layout,
        (tensor, from, to) -> {
          for (int i = from; i < to; i++) {
            out[tensor][i] = column[tensor][i] - mean[tensor][i];
          }
        });
    return out;
  }

  private float[][] variance() {
    float[][] out = Blocks.allocate(layout);
    Blocks.forEach(
        layout,
        (tensor, from, to) -> {
          for (int i = from; i < to; i++) {
            out[tensor][i] =
                Math.max((float) (m2[tensor][i] / (double) count), options.varianceFloor());
          }
        });
    return out;
  }
}
