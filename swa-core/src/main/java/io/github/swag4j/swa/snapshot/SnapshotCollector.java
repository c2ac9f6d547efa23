package io.github.swag4j.swa.snapshot;

import io.github.swag4j.swa.AveragingPlan;
import io.github.swag4j.swa.WeightCollector;
import io.github.swag4j.swa.internal.Blocks;
import io.github.swag4j.swa.io.SafeTensorsWriter;
import io.github.swag4j.swa.io.StoredTensor;
import io.github.swag4j.swa.io.TensorCodec;
import io.github.swag4j.swa.io.TensorType;
import io.github.swag4j.swa.io.WeightFormatException;
import io.github.swag4j.swa.state.TrainingPosition;
import io.github.swag4j.swa.weights.WeightLayout;
import io.github.swag4j.swa.weights.WeightSource;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.FloatBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;

/**
 * Keeps the weights met along training as files, one a collection, for a {@link SnapshotEnsemble}.
 * Nothing of them stays in memory: values go from the model to the file. A file is whole or not
 * there, and is there before an older one is removed.
 *
 * <p>Every n-th unit is the plan's word: {@code AveragingPlan.epochs().every(n)}. Mutable, one
 * owner; a folder is one run's.
 */
public final class SnapshotCollector implements WeightCollector {

  /**
   * What is kept.
   *
   * @param last how many of the newest snapshots are kept; {@link #ALL} for all
   * @param type how values are stored: float32, or rounded once to float16 or bfloat16
   */
  public record Options(int last, TensorType type) {
    /** No snapshot is removed. */
    public static final int ALL = Integer.MAX_VALUE;

    /**
     * Checks the values.
     *
     * @param last how many are kept, at least 1
     * @param type float32, float16 or bfloat16
     * @throws IllegalArgumentException if last is below 1 or the type another
     */
    public Options {
      if (last < 1) {
        throw new IllegalArgumentException(
            "the snapshots kept must be at least the last 1, got " + last);
      }
      if (type != TensorType.F32 && type != TensorType.F16 && type != TensorType.BF16) {
        throw new IllegalArgumentException("snapshots must be F32, F16 or BF16, got " + type);
      }
    }

    /**
     * All snapshots, in float32.
     *
     * @return the options
     */
    public static Options defaults() {
      return new Options(ALL, TensorType.F32);
    }

    /**
     * Only the newest.
     *
     * @param newLast how many, at least 1
     * @return the options
     */
    public Options keepingLast(int newLast) {
      return new Options(newLast, type);
    }

    /**
     * In another precision.
     *
     * @param newType float32, float16 or bfloat16
     * @return the options
     */
    public Options storedAs(TensorType newType) {
      return new Options(last, newType);
    }
  }

  private static final int PIECE = 1 << 14;

  private final Path folder;
  private final AveragingPlan plan;
  private final Options options;
  private final List<SnapshotFile> held;
  private long count;

  private SnapshotCollector(
      Path folder, AveragingPlan plan, Options options, List<SnapshotFile> held) {
    this.folder = folder;
    this.plan = Objects.requireNonNull(plan, "plan");
    this.options = Objects.requireNonNull(options, "options");
    this.held = held;
  }

  /**
   * Begins a run's snapshots.
   *
   * @param folder where to; made with the first snapshot
   * @param plan when to collect
   * @param options what is kept
   * @return a collector of nothing yet
   * @throws IllegalStateException if the folder has snapshots already
   * @throws IOException if the folder cannot be read
   */
  public static SnapshotCollector start(Path folder, AveragingPlan plan, Options options)
      throws IOException {
    List<SnapshotFile> held = SnapshotFile.list(folder);
    if (!held.isEmpty()) {
      throw new IllegalStateException(
          folder
              + " must have no snapshots when a run begins, got "
              + held.size()
              + ": choose another folder, or go on with SnapshotCollector.resume(...)");
    }
    return new SnapshotCollector(folder, plan, options, held);
  }

  /**
   * Goes on with a run's snapshots after a restart. Snapshots taken after the position are of
   * training that was lost, and are removed: training comes by them again. Where only the last n
   * are kept, keep n and as many more as lie between two checkpoints; else some of the last n
   * before the position are gone already, and an ensemble of fewer than n is refused.
   *
   * @param folder where they are; may be empty
   * @param plan when to collect, in the unit of the snapshots there
   * @param options what is kept
   * @param position where training stands, as its checkpoint says
   * @return the collector
   * @throws IllegalArgumentException if the snapshots count another unit than the plan
   * @throws WeightFormatException if a snapshot is damaged or of another run
   * @throws IOException if the folder cannot be read or a file not be removed
   */
  public static SnapshotCollector resume(
      Path folder, AveragingPlan plan, Options options, TrainingPosition position)
      throws IOException {
    List<SnapshotFile> held = new ArrayList<>(SnapshotFile.list(folder));
    if (!held.isEmpty() && held.get(0).unit() != plan.unit()) {
      throw new IllegalArgumentException(
          "the plan must count what the snapshots of "
              + folder
              + " count, "
              + held.get(0).unit()
              + ", got "
              + plan.unit());
    }
    SnapshotCollector out = new SnapshotCollector(folder, plan, options, held);
    long finished = plan.unit().finished(position);
    // The newest first: what is left is whole if this is interrupted.
    while (!held.isEmpty() && out.newest().finished() > finished) {
      Files.deleteIfExists(held.remove(held.size() - 1).file());
    }
    out.count = held.isEmpty() ? collectedUpTo(plan, finished) : out.newest().number();
    out.removeOld();
    return out;
  }

  /**
   * Where all snapshots up to the position were removed as old, the plan knows how many there were.
   */
  private static long collectedUpTo(AveragingPlan plan, long finished) {
    long last = Math.min(finished, plan.last());
    return last < plan.first() ? 0 : (last - plan.first()) / plan.every() + 1;
  }

  private SnapshotFile newest() {
    return held.get(held.size() - 1);
  }

  @Override
  public AveragingPlan plan() {
    return plan;
  }

  /** {@inheritDoc} Those whose snapshots were removed count too. */
  @Override
  public long count() {
    return count;
  }

  /**
   * Takes a snapshot after the plan's next unit: its first, or {@code every} units after the last
   * snapshot.
   *
   * @throws IllegalArgumentException if a weight is not finite or not within the stored type, or
   *     the layout differs; no snapshot is changed then
   * @throws UncheckedIOException if writing fails
   */
  @Override
  public void collect(WeightSource weights) {
    collect(weights, held.isEmpty() ? plan.first() : newest().finished() + plan.every());
  }

  /**
   * {@inheritDoc}
   *
   * @throws IllegalArgumentException also if a weight is not within the stored type
   * @throws IllegalStateException if a snapshot of that unit or a later one is there
   * @throws UncheckedIOException if writing fails
   */
  @Override
  public void collect(WeightSource weights, long finished) {
    WeightLayout layout = weights.layout();
    if (!held.isEmpty()) {
      newest().layout().requireSame(layout);
      if (finished <= newest().finished()) {
        throw new IllegalStateException(
            "snapshots must be taken one after the other, got one after unit "
                + finished
                + " when there is "
                + newest().file()
                + ": after a restart call SnapshotCollector.resume(...) with the position");
      }
    }
    Blocks.requireFinite(
        weights, "weights of a snapshot", "training has diverged, lower the learning rate");
    SnapshotFile next =
        new SnapshotFile(
            SnapshotFile.path(folder, plan.unit(), finished),
            plan.unit(),
            finished,
            count + 1,
            options.last(),
            layout);
    SafeTensorsWriter writer = next.writer();
    for (int t = 0; t < layout.tensors().size(); t++) {
      WeightLayout.Tensor tensor = layout.tensor(t);
      FloatBuffer values = weights.values(t).duplicate();
      values.clear().limit(tensor.size());
      if (options.type() == TensorType.F32) {
        writer.tensor(tensor.name(), tensor.shape(), List.of(values));
      } else {
        writer.tensor(
            new StoredTensor(tensor.name(), options.type(), tensor.shape()),
            sink -> narrow(tensor.name(), values, sink));
      }
    }
    try {
      writer.write(next.file());
      held.add(next);
      count++;
      removeOld();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private void narrow(String name, FloatBuffer values, SafeTensorsWriter.Sink sink)
      throws IOException {
    TensorType type = options.type();
    double[] piece = new double[PIECE];
    ByteBuffer bytes = ByteBuffer.allocate(PIECE * type.bytes()).order(ByteOrder.LITTLE_ENDIAN);
    for (int from = 0; from < values.limit(); from += PIECE) {
      int length = Math.min(PIECE, values.limit() - from);
      for (int i = 0; i < length; i++) {
        piece[i] = values.get(from + i);
        if (Double.isInfinite(TensorCodec.rounded(piece[i], type))) {
          throw new IllegalArgumentException(
              "weights of a snapshot must be within "
                  + type
                  + ", got "
                  + piece[i]
                  + " at "
                  + name
                  + "["
                  + (from + i)
                  + "]: keep snapshots as F32");
        }
      }
      bytes.clear();
      TensorCodec.narrow(piece, length, type, bytes);
      sink.write(bytes.limit(length * type.bytes()));
    }
  }

  private void removeOld() throws IOException {
    while (held.size() > options.last()) {
      Files.deleteIfExists(held.remove(0).file());
    }
  }
}
