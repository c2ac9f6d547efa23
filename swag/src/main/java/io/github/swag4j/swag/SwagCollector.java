package io.github.swag4j.swag;

import io.github.swag4j.swa.AveragingPlan;
import io.github.swag4j.swa.WeightCollector;
import io.github.swag4j.swa.internal.BlockCut;
import io.github.swag4j.swa.internal.BlockValues;
import io.github.swag4j.swa.internal.Blocks;
import io.github.swag4j.swa.io.WeightFormatException;
import io.github.swag4j.swa.weights.Accumulation;
import io.github.swag4j.swa.weights.WeightLayout;
import io.github.swag4j.swa.weights.WeightSource;
import io.github.swag4j.swa.weights.Weights;
import io.github.swag4j.swag.SwagPosterior.Centre;
import java.io.IOException;
import java.nio.FloatBuffer;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Objects;
import java.util.Optional;

/**
 * Collects the moments of a {@link SwagPosterior} along training.
 *
 * <p>Moments are updated by Welford's recurrence, mean += (w - mean) / n and m2 += (w - mean_old)
 * (w - mean_new), which keeps small variances beside large means where the mean of squares minus
 * the square of the mean cancels. The newest deviation overwrites the oldest in a ring. Mutable,
 * one owner; (rank + 4) * 4 bytes a weight, (rank + 2) * 4 with {@link Accumulation#FLOAT32}; of
 * these, rank * 4 are deviations, which may lie in files or be bfloat16 ({@link DeviationStorage}).
 *
 * <p>What is collected serves every posterior: {@link SwagPosterior#diagonal} and {@link
 * SwagPosterior#lowRankOnly} of it, too. With rank 0 there are no deviations to pay for.
 *
 * <p>Weights are checked before anything is changed: after a refusal the collector is what it was.
 *
 * @see <a href="https://doi.org/10.1080/00401706.1962.10490022">Welford 1962</a>
 */
public final class SwagCollector implements WeightCollector {
  private final AveragingPlan plan;
  private final SwagPosterior.Options options;
  private final Accumulation accumulation;
  private WeightLayout layout;
  private final boolean variances;
  private RunningMoments moments;
  private DeviationRing ring;
  private long count;
  private boolean frozen;

  /**
   * A collector of nothing yet, with compensated sums and deviations on the heap.
   *
   * @param plan when to collect
   * @param options how the posterior is estimated
   */
  public SwagCollector(AveragingPlan plan, SwagPosterior.Options options) {
    this(plan, options, Accumulation.COMPENSATED);
  }

  /**
   * A collector of nothing yet, with deviations on the heap.
   *
   * @param plan when to collect
   * @param options how the posterior is estimated
   * @param accumulation how mean and sum of squares are kept
   */
  public SwagCollector(
      AveragingPlan plan, SwagPosterior.Options options, Accumulation accumulation) {
    this(plan, options, accumulation, DeviationStorage.heap());
  }

  /**
   * A collector of nothing yet.
   *
   * @param plan when to collect
   * @param options how the posterior is estimated
   * @param accumulation how mean and sum of squares are kept
   * @param storage where deviations are kept, by the collector and its posterior; a full disk is an
   *     {@link java.io.UncheckedIOException} of what needs the room, which changes nothing then
   * @throws IllegalArgumentException if deviations are to be bfloat16 and measured from the final
   *     mean, so that weights would have to be rounded
   */
  public SwagCollector(
      AveragingPlan plan,
      SwagPosterior.Options options,
      Accumulation accumulation,
      DeviationStorage storage) {
    this(plan, options, accumulation, storage, true);
  }

  private SwagCollector(
      AveragingPlan plan,
      SwagPosterior.Options options,
      Accumulation accumulation,
      DeviationStorage storage,
      boolean variances) {
    this.plan = Objects.requireNonNull(plan, "plan");
    this.options = Objects.requireNonNull(options, "options");
    this.accumulation = Objects.requireNonNull(accumulation, "accumulation");
    if (storage.bfloat16() && options.centre() == Centre.FINAL_MEAN) {
      throw new IllegalArgumentException(
          "deviations from the final mean are weights until the end, which bfloat16 would round to"
              + " 3 digits: use Centre.RUNNING_MEAN, or float32");
    }
    if (!variances && options.rank() == 0) {
      throw new IllegalArgumentException(
          "a collector without variances must keep deviations, got rank 0: nothing would be left");
    }
    this.ring = new DeviationRing(options.rank(), storage);
    this.variances = variances;
  }

  /**
   * A collector of mean and deviations only, for posteriors of the low-rank part alone. It keeps no
   * sum of squares: (rank + 2) * 4 bytes a weight, (rank + 1) * 4 with {@link
   * Accumulation#FLOAT32}. Mean and deviations are bit for bit those of a collector with variances.
   *
   * @param plan when to collect
   * @param options how the posterior is estimated, of rank 2 or more; the variance floor plays no
   *     part
   * @param accumulation how the mean is kept
   * @param storage where deviations are kept
   * @return the collector, whose posteriors are {@link SwagPosterior#lowRankOnly} and have no
   *     {@link SwagPosterior#variance}
   * @throws IllegalArgumentException if the rank is 0, or deviations are to be bfloat16 and
   *     measured from the final mean
   */
  public static SwagCollector withoutVariances(
      AveragingPlan plan,
      SwagPosterior.Options options,
      Accumulation accumulation,
      DeviationStorage storage) {
    return new SwagCollector(plan, options, accumulation, storage, false);
  }

  /** A collector as it was saved. */
  SwagCollector(
      AveragingPlan plan,
      SwagPosterior.Options options,
      DeviationStorage storage,
      SwagCollectorFile.State state) {
    this(plan, options, state.accumulation(), storage, state.variances());
    layout = state.layout();
    moments = state.moments();
    count = state.count();
    state.columns().forEach(ring::put);
  }

  @Override
  public AveragingPlan plan() {
    return plan;
  }

  /** {@return how the posterior is estimated} */
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
    BlockCut cut = layout == null ? new BlockCut(weights.layout()) : moments.mean().cut();
    FloatBuffer[] views = RunningMoments.collectable(weights, cut);
    DeviationColumn column = ring.at(count, cut.layout());
    if (layout == null) {
      moments = RunningMoments.of(cut, accumulation, variances);
      layout = cut.layout();
    }
    count++;
    moments.add(views, column, options.centre() == Centre.FINAL_MEAN, 1.0 / count);
  }

  /**
   * Collects weights of files or of an ensemble, in their order, whatever the {@link #plan} says of
   * when. All are read once before the first is collected, so that what one of them is refused for
   * changes nothing here.
   *
   * @param series the weights
   * @throws io.github.swag4j.swa.io.WeightFormatException if a file is damaged or does not fit the
   *     layout, listing what does not, or holds a value that is not finite
   * @throws IOException if reading fails
   * @throws IllegalArgumentException if they are of another layout than what is here, or a weight
   *     is above 1e15 in size
   * @throws IllegalStateException after {@link #freeze}
   */
  public void collectAll(CheckpointSeries series) throws IOException {
    requireNotFrozen();
    if (layout != null) {
      layout.requireSame(series.layout());
    }
    BlockCut cut = new BlockCut(series.layout());
    for (int i = 0; i < series.size(); i++) {
      RunningMoments.collectable(series.weights(i), cut);
    }
    for (int i = 0; i < series.size(); i++) {
      collect(series.weights(i));
    }
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
    if (other == this) {
      throw new IllegalArgumentException("a collector must be merged with another, got itself");
    }
    if (!settings().equals(other.settings())) {
      throw new IllegalArgumentException(
          "collectors must have the same options, accumulation, variances or none, and type of"
              + " deviations, got "
              + settings()
              + " and "
              + other.settings());
    }
    if (other.count == 0) {
      return;
    }
    if (layout != null) {
      layout.requireSame(other.layout);
    }
    List<DeviationColumn> columns =
        other.ring.inOrder(other.count).stream()
            .map(column -> ring.copy(column, other.moments.mean().cut(), null))
            .toList();
    if (layout == null) {
      layout = other.layout;
      moments = other.moments.copy();
    } else {
      moments.merge(count, other.moments, other.count);
    }
    count += other.count;
    for (int k = 0; k < columns.size(); k++) {
      ring.put(count - columns.size() + k, columns.get(k));
    }
  }

  private List<Object> settings() {
    return List.of(
        options,
        accumulation,
        variances ? "variances" : "no variances",
        ring.storage().bfloat16() ? "bfloat16" : "float32");
  }

  /**
   * {@return the posterior of what was collected so far, at the default scale: 1/2 with both parts,
   * 1 with one} It is an immutable copy: collecting may go on.
   *
   * @throws IllegalStateException if fewer than two weight vectors were collected, a variance is
   *     above float32, or after {@link #freeze}
   */
  public SwagPosterior posterior() {
    return build(true);
  }

  /**
   * {@return the same as {@link #posterior}, at the end} The deviations move into the posterior,
   * nothing of them is copied, and the sums are let go. This collector can neither collect nor give
   * a posterior afterwards.
   *
   * @throws IllegalStateException if fewer than two weight vectors were collected, a variance is
   *     above float32, or at the second call; only the last ends the collector
   */
  public SwagPosterior freeze() {
    SwagPosterior posterior = build(false);
    frozen = true;
    moments = null;
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
    BlockValues mean = moments.mean();
    Weights variance = null;
    if (variances) {
      variance = Weights.adopt(layout, moments.m2().toTensors(count, options.varianceFloor()));
      requireFinite("variance", variance);
    }
    Weights centre = Weights.adopt(layout, mean.toTensors());
    requireFinite("mean", centre);
    BlockValues shift = options.centre() == Centre.FINAL_MEAN ? mean : null;
    List<DeviationColumn> deviations = ring.inOrder(count, mean.cut(), shift, copy);
    return SwagPosterior.of(new SwagMoments(options, count, centre, variance, deviations));
  }

  /**
   * The variances of a tensor's weights over what was collected, in float64: the digits that the
   * posterior rounds away.
   *
   * @param tensor its place in the layout
   * @return m2 / n for each weight, without the floor
   * @throws IllegalStateException before anything was collected, after {@link #freeze}, or {@link
   *     #withoutVariances}
   */
  public double[] variance(int tensor) {
    requireNotFrozen();
    if (count == 0) {
      throw new IllegalStateException("nothing was collected yet, there is no variance");
    }
    if (!variances) {
      throw new IllegalStateException("the collector keeps no variances, as was asked of it");
    }
    return Arrays.stream(moments.m2().toArray(tensor)).map(sum -> sum / count).toArray();
  }

  private void requireFinite(String what, Weights weights) {
    try {
      Blocks.requireFinite(weights, what, "the weights collected are too far apart for float32");
    } catch (IllegalArgumentException e) {
      throw new IllegalStateException(e.getMessage(), e);
    }
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
    SwagCollectorFile.write(
        file,
        options,
        ring.storage().bfloat16(),
        new SwagCollectorFile.State(
            accumulation, variances, layout, count, moments, ring.inSlots(count)));
  }

  /**
   * {@return a collector that goes on where {@link #save} stopped, with deviations on the heap}
   *
   * @param file the file
   * @param plan when to collect
   * @throws WeightFormatException if the file is damaged or of another kind
   * @throws IOException if reading fails
   */
  public static SwagCollector load(Path file, AveragingPlan plan) throws IOException {
    return SwagCollectorFile.read(file, plan, Optional.empty());
  }

  /**
   * {@return a collector that goes on where {@link #save} stopped, with deviations in files}
   *
   * @param file the file
   * @param plan when to collect
   * @param directory where deviations are kept, as by {@link DeviationStorage#in}
   * @throws WeightFormatException if the file is damaged or of another kind
   * @throws IOException if reading fails
   */
  public static SwagCollector load(Path file, AveragingPlan plan, Path directory)
      throws IOException {
    return SwagCollectorFile.read(file, plan, Optional.of(directory));
  }
}
