package io.github.swag4j.swag;

import io.github.swag4j.swa.AveragingPlan;
import io.github.swag4j.swa.WeightCollector;
import io.github.swag4j.swa.internal.BlockCut;
import io.github.swag4j.swa.internal.BlockValues;
import io.github.swag4j.swa.internal.Blocks;
import io.github.swag4j.swa.internal.CollectorFile;
import io.github.swag4j.swa.io.SafeTensors;
import io.github.swag4j.swa.io.SafeTensorsWriter;
import io.github.swag4j.swa.io.WeightFormatException;
import io.github.swag4j.swa.weights.Accumulation;
import io.github.swag4j.swa.weights.WeightLayout;
import io.github.swag4j.swa.weights.WeightSource;
import io.github.swag4j.swa.weights.Weights;
import io.github.swag4j.swag.SwagPosterior.Centre;
import java.io.IOException;
import java.nio.FloatBuffer;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Objects;

/**
 * Collects the moments of a {@link SwagPosterior} along training.
 *
 * <p>Moments are updated by Welford's recurrence, mean += (w - mean) / n and m2 += (w - mean_old)
 * (w - mean_new), which keeps small variances beside large means where the mean of squares minus
 * the square of the mean cancels. The newest deviation overwrites the oldest in a ring. Mutable,
 * one owner; (rank + 4) * 4 bytes a weight, (rank + 2) * 4 with {@link Accumulation#FLOAT32}.
 *
 * <p>Weights are checked before anything is changed: after a refusal the collector is what it was.
 *
 * @see <a href="https://doi.org/10.1080/00401706.1962.10490022">Welford 1962</a>
 */
public final class SwagCollector implements WeightCollector {
  private static final String KIND = "swag-collector-state";
  private static final String MEAN = "mean";
  private static final String M2 = "m2";
  private static final String COLUMN = "column.";

  /** About 1e15: the squares of 8 million differences of such weights add up within float32. */
  private static final double SAFE_SIZE = 0x1p50;

  private final AveragingPlan plan;
  private final SwagPosterior.Options options;
  private final Accumulation accumulation;
  private WeightLayout layout;
  private BlockValues mean;
  private BlockValues m2;
  private float[][][] ring;
  private long count;
  private boolean frozen;

  /**
   * A collector of nothing yet, with compensated sums.
   *
   * @param plan when to collect
   * @param options how the posterior is estimated
   */
  public SwagCollector(AveragingPlan plan, SwagPosterior.Options options) {
    this(plan, options, Accumulation.COMPENSATED);
  }

  /**
   * A collector of nothing yet.
   *
   * @param plan when to collect
   * @param options how the posterior is estimated
   * @param accumulation how mean and sum of squares are kept
   */
  public SwagCollector(
      AveragingPlan plan, SwagPosterior.Options options, Accumulation accumulation) {
    this.plan = Objects.requireNonNull(plan, "plan");
    this.options = Objects.requireNonNull(options, "options");
    this.accumulation = Objects.requireNonNull(accumulation, "accumulation");
    this.ring = new float[options.rank()][][];
  }

  @Override
  public AveragingPlan plan() {
    return plan;
  }

  /**
   * How the posterior is estimated.
   *
   * @return the options
   */
  public SwagPosterior.Options options() {
    return options;
  }

  @Override
  public long count() {
    return count;
  }

  /**
   * {@inheritDoc}
   *
   * @throws IllegalArgumentException also if a weight is above 1e15 in size, where variances leave
   *     float32
   * @throws IllegalStateException after {@link #freeze}
   */
  @Override
  public void collect(WeightSource weights) {
    requireNotFrozen();
    if (layout != null) {
      layout.requireSame(weights.layout());
    }
    BlockCut cut = layout == null ? new BlockCut(weights.layout()) : mean.cut();
    FloatBuffer[] views = Blocks.views(weights);
    if (!Blocks.areBelow(cut, views, SAFE_SIZE)) {
      Blocks.requireBelow(
          weights.layout(),
          views,
          SAFE_SIZE,
          "weights to collect",
          "training has diverged, lower the learning rate");
    }
    if (layout == null) {
      mean = new BlockValues(cut, accumulation);
      m2 = new BlockValues(cut, accumulation);
      layout = cut.layout();
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
    update(views, column);
  }

  private void update(FloatBuffer[] views, float[][] column) {
    double share = 1.0 / count;
    boolean keepWeights = options.centre() == Centre.FINAL_MEAN;
    BlockCut cut = mean.cut();
    cut.forEach(
        () -> {
          BlockValues.Scratch scratch = new BlockValues.Scratch();
          return block -> {
            int tensor = cut.tensor(block);
            int from = cut.from(block);
            int length = cut.length(block);
            views[tensor].get(from, scratch.weights, 0, length);
            if (column != null && keepWeights) {
              System.arraycopy(scratch.weights, 0, column[tensor], from, length);
            }
            BlockValues.moments(mean, m2, block, scratch, share);
            if (column != null && !keepWeights) {
              System.arraycopy(scratch.weights, 0, column[tensor], from, length);
            }
          };
        });
  }

  /**
   * Takes in what another collector collected, as if it came after what is here: parts of a chain
   * that were collected apart. Mean and variance are those of all weight vectors together, by
   * Chan's formula in float64. The deviations are the last {@code rank} of this collector's
   * followed by the other's, oldest first; with {@link Centre#FINAL_MEAN} they are re-centred on
   * the mean of all, with {@link Centre#RUNNING_MEAN} each stays relative to the running mean of
   * its own part.
   *
   * @param other the later part; it stays as it is
   * @throws IllegalArgumentException if layout, options or accumulation differ, or it is this
   *     collector; nothing is taken in then
   * @throws IllegalStateException after {@link #freeze} of one of them
   */
  public void merge(SwagCollector other) {
    requireNotFrozen();
    other.requireNotFrozen();
    if (other == this || !other.options.equals(options) || other.accumulation != accumulation) {
      throw new IllegalArgumentException(
          other == this
              ? "a collector must be merged with another, got itself"
              : "collectors must have the same options and accumulation, got "
                  + options
                  + ", "
                  + accumulation
                  + " and "
                  + other.options
                  + ", "
                  + other.accumulation);
    }
    if (other.count == 0) {
      return;
    }
    if (layout == null) {
      layout = other.layout;
      mean = other.mean.copy();
      m2 = other.m2.copy();
    } else {
      layout.requireSame(other.layout);
      BlockValues.merge(mean, m2, count, other.mean, other.m2, other.count);
    }
    int rank = options.rank();
    for (long i = Math.max(0, other.count - rank); i < other.count; i++) {
      float[][] from = other.ring[(int) (i % rank)];
      float[][] copy = new float[from.length][];
      Arrays.setAll(copy, t -> from[t].clone());
      ring[(int) ((count + i) % rank)] = copy;
    }
    count += other.count;
  }

  /**
   * The posterior of what was collected so far, at the default scale: 1/2 with a low-rank part, 1
   * without.
   *
   * @return an immutable copy; collecting may go on
   * @throws IllegalStateException if fewer than two weight vectors were collected, a variance is
   *     above float32, or after {@link #freeze}
   */
  public SwagPosterior posterior() {
    return build(true);
  }

  /**
   * The same as {@link #posterior}, at the end: the deviations move into the posterior, nothing of
   * them is copied, and the sums are let go. This collector can neither collect nor give a
   * posterior afterwards.
   *
   * @return the posterior
   * @throws IllegalStateException if fewer than two weight vectors were collected, a variance is
   *     above float32, or at the second call; only the last ends the collector
   */
  public SwagPosterior freeze() {
    SwagPosterior posterior = build(false);
    frozen = true;
    mean = null;
    m2 = null;
    ring = null;
    return posterior;
  }

  private void requireNotFrozen() {
    if (frozen) {
      throw new IllegalStateException(
          "the collector gave its memory to the posterior of freeze(): make a new one, or call"
              + " posterior() where collecting goes on");
    }
  }

  private SwagPosterior build(boolean copy) {
    requireNotFrozen();
    if (count < 2) {
      throw new IllegalStateException(
          "a posterior needs at least 2 collected weight vectors, got "
              + count
              + ": train longer or start collecting earlier");
    }
    double n = count;
    float floor = options.varianceFloor();
    Weights variance =
        Weights.adopt(layout, m2.toTensors(sum -> Math.max((float) (sum / n), floor)));
    requireFinite("variance", variance);
    Weights centre = Weights.adopt(layout, mean.toTensors());
    requireFinite("mean", centre);
    List<Weights> deviations = new ArrayList<>();
    int columns = (int) Math.min(count, options.rank());
    for (int k = 0; k < columns; k++) {
      float[][] column = ring[(int) ((count - columns + k) % options.rank())];
      if (options.centre() == Centre.FINAL_MEAN) {
        column = minusMean(column, copy);
      }
      boolean owned = !copy || options.centre() == Centre.FINAL_MEAN;
      deviations.add(owned ? Weights.adopt(layout, column) : Weights.of(layout, column));
    }
    return new SwagPosterior(
        options, count, SwagPosterior.defaultScale(columns), centre, variance, deviations);
  }

  private void requireFinite(String what, Weights weights) {
    try {
      Blocks.requireFinite(weights, what, "the weights collected are too far apart for float32");
    } catch (IllegalArgumentException e) {
      throw new IllegalStateException(e.getMessage(), e);
    }
  }

  private float[][] minusMean(float[][] column, boolean copy) {
    float[][] out = copy ? Blocks.allocate(layout) : column;
    BlockCut cut = mean.cut();
    cut.forEach(
        () -> {
          double[] means = new double[Blocks.SIZE];
          return block -> {
            mean.read(block, means);
            int tensor = cut.tensor(block);
            int from = cut.from(block);
            for (int i = 0; i < cut.length(block); i++) {
              out[tensor][from + i] = (float) (column[tensor][from + i] - means[i]);
            }
          };
        });
    return out;
  }

  /**
   * Saves the state, so that {@link #load} goes on bit for bit.
   *
   * @param file where to, in the safetensors format; replaced atomically
   * @throws IOException if writing fails
   * @throws IllegalStateException after {@link #freeze}
   */
  public void save(Path file) throws IOException {
    requireNotFrozen();
    SafeTensorsWriter writer =
        CollectorFile.start(KIND, layout, count)
            .metadata("accumulation", accumulation.name())
            .metadata("rank", Integer.toString(options.rank()))
            .metadata("centre", options.centre().name())
            .metadata("variance_floor", Float.toString(options.varianceFloor()));
    if (layout != null) {
      CollectorFile.add(writer, MEAN, mean);
      CollectorFile.add(writer, M2, m2);
      for (int k = 0; k < ring.length && ring[k] != null; k++) {
        CollectorFile.add(writer, COLUMN + k, layout, ring[k]);
      }
    }
    writer.write(file);
  }

  /**
   * Goes on where {@link #save} stopped.
   *
   * @param file the file
   * @param plan when to collect
   * @return the collector
   * @throws WeightFormatException if the file is damaged or of another kind
   * @throws IOException if reading fails
   */
  public static SwagCollector load(Path file, AveragingPlan plan) throws IOException {
    try (SafeTensors opened = SafeTensors.open(file)) {
      CollectorFile.requireKind(file, opened, KIND);
      try {
        return read(file, opened, plan);
      } catch (IllegalArgumentException e) {
        throw new WeightFormatException(file, "metadata is not valid: " + e.getMessage());
      }
    }
  }

  private static SwagCollector read(Path file, SafeTensors opened, AveragingPlan plan)
      throws IOException {
    SwagCollector out =
        new SwagCollector(
            plan,
            new SwagPosterior.Options(
                Integer.parseInt(opened.requireMetadata("rank")),
                Float.parseFloat(opened.requireMetadata("variance_floor")),
                Centre.valueOf(opened.requireMetadata("centre"))),
            Accumulation.valueOf(opened.requireMetadata("accumulation")));
    out.count = Long.parseLong(opened.requireMetadata("count"));
    if (out.count < 0) {
      throw new IllegalArgumentException("count must be at least 0, got " + out.count);
    }
    if (out.count > 0) {
      out.layout = CollectorFile.layout(file, opened, MEAN);
      BlockCut cut = new BlockCut(out.layout);
      out.mean = CollectorFile.values(file, opened, MEAN, cut, out.accumulation);
      out.m2 = CollectorFile.values(file, opened, M2, cut, out.accumulation);
      for (int k = 0; k < Math.min(out.count, out.ring.length); k++) {
        out.ring[k] = CollectorFile.tensors(file, opened, COLUMN + k, out.layout);
      }
    }
    return out;
  }
}
