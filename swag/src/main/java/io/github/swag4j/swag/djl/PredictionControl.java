package io.github.swag4j.swag.djl;

import java.nio.file.Path;
import java.util.Objects;
import java.util.Optional;
import java.util.function.BooleanSupplier;
import java.util.function.Consumer;

/**
 * How a long prediction is watched, ended early and gone on with. A value: each method gives a new
 * one and leaves this one as it was.
 */
public final class PredictionControl {
  private final Consumer<PredictionProgress> progress;
  private final BooleanSupplier cancelled;
  private final StopRule stop;
  private final Path state;
  private final int every;

  private PredictionControl(
      Consumer<PredictionProgress> progress,
      BooleanSupplier cancelled,
      StopRule stop,
      Path state,
      int every) {
    this.progress = progress;
    this.cancelled = cancelled;
    this.stop = stop;
    this.state = state;
    this.every = every;
  }

  /**
   * Nothing: all samples, unwatched.
   *
   * @return the control
   */
  public static PredictionControl none() {
    return new PredictionControl(p -> {}, () -> false, null, null, 0);
  }

  /**
   * Hears of every batch.
   *
   * @param listener called in a predicting thread, by one at a time; what it throws ends the
   *     prediction
   * @return the control
   */
  public PredictionControl withProgress(Consumer<PredictionProgress> listener) {
    Objects.requireNonNull(listener, "listener");
    return new PredictionControl(listener, cancelled, stop, state, every);
  }

  /**
   * Ends the prediction with a {@link java.util.concurrent.CancellationException} at the next batch
   * once this is true.
   *
   * @param isCancelled asked after every batch, by any predicting thread
   * @return the control
   */
  public PredictionControl withCancellation(BooleanSupplier isCancelled) {
    Objects.requireNonNull(isCancelled, "cancellation");
    return new PredictionControl(progress, isCancelled, stop, state, every);
  }

  /**
   * Takes no more samples once a rule is met in every data set.
   *
   * @param rule the rule
   * @return the control
   */
  public PredictionControl withStop(StopRule rule) {
    Objects.requireNonNull(rule, "rule");
    return new PredictionControl(progress, cancelled, rule, state, every);
  }

  /**
   * Saves the prediction's state while it runs, and goes on from it if it is there, to the same
   * bits as without a break. The file is written atomically, also when the prediction is cancelled,
   * interrupted or fails, and stays when it is done: the same prediction then takes no samples, one
   * with more samples only the new ones. When it goes on, finished samples are drawn once more and
   * held against the file.
   *
   * @param file where; a file of another seed, posterior, data, or kind of output is refused
   * @param everySamples how often it is saved, at least 1
   * @return the control
   * @throws IllegalArgumentException if everySamples is below 1
   */
  public PredictionControl resumable(Path file, int everySamples) {
    Objects.requireNonNull(file, "file");
    if (everySamples < 1) {
      throw new IllegalArgumentException(
          "the state must be saved every sample or more seldom, got every " + everySamples);
    }
    return new PredictionControl(progress, cancelled, stop, file, everySamples);
  }

  Consumer<PredictionProgress> progress() {
    return progress;
  }

  boolean isCancelled() {
    return cancelled.getAsBoolean();
  }

  Optional<StopRule> stop() {
    return Optional.ofNullable(stop);
  }

  Optional<Path> state() {
    return Optional.ofNullable(state);
  }

  boolean savesAfter(int samples) {
    return state != null && samples % every == 0;
  }
}
