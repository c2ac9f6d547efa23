package io.github.swag4j.swag.djl.surface;

import ai.djl.nn.Block;
import io.github.swag4j.swa.djl.InputBatches;
import io.github.swag4j.swa.djl.ModelWeights;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.function.IntConsumer;

/**
 * Evaluates a classifier at many weight vectors: the points of a loss surface.
 *
 * <p>At each point the weights are written into a replica of the model, its batch-norm statistics,
 * if it has any, are recomputed for them, and all training and test rows run in evaluation mode;
 * outputs are taken for logits. The live model is not touched. Each worker has a replica and one of
 * the engine's threads, so a point has the same bits whatever the number of workers and their
 * order. Where weights, statistics or outputs are not finite the point is a {@link
 * SurfacePoint#isHole hole}.
 *
 * <p>Immutable: each setting gives a new one. The model must not be trained meanwhile.
 */
public final class SurfaceEvaluation {

  /** All settings together. */
  record Settings(
      Block block,
      LabelledInputs train,
      LabelledInputs test,
      InputBatches batchNorm,
      int workers,
      IntConsumer listener,
      Path file,
      Map<String, String> facts) {}

  private final Settings settings;

  private SurfaceEvaluation(Settings settings) {
    this.settings = settings;
  }

  /**
   * An evaluation with one worker, batch-norm statistics from the training rows, saved nowhere.
   *
   * @param block an initialised block with one output, {@code [rows][classes]} of logits; one that
   *     can be replicated
   * @param train rows of the training loss
   * @param test rows of the test loss and error
   * @return the evaluation
   */
  public static SurfaceEvaluation of(Block block, LabelledInputs train, LabelledInputs test) {
    return new SurfaceEvaluation(
        new Settings(
            Objects.requireNonNull(block, "block"),
            Objects.requireNonNull(train, "train"),
            Objects.requireNonNull(test, "test"),
            train.inputs(),
            1,
            done -> {},
            null,
            Map.of()));
  }

  /**
   * Recomputes batch-norm statistics from other rows.
   *
   * @param inputs what the model was trained on, or a fair sample of it in mixed order
   * @return the evaluation
   */
  public SurfaceEvaluation refreshBatchNorm(InputBatches inputs) {
    Settings s = settings;
    return new SurfaceEvaluation(
        new Settings(
            s.block,
            s.train,
            s.test,
            Objects.requireNonNull(inputs, "inputs"),
            s.workers,
            s.listener,
            s.file,
            s.facts));
  }

  /**
   * Evaluates several points at a time. Each worker takes the bytes of the model's parameters.
   *
   * @param count workers, at least 1
   * @return the evaluation
   * @throws IllegalArgumentException if count is below 1
   */
  public SurfaceEvaluation workers(int count) {
    if (count < 1) {
      throw new IllegalArgumentException("workers must be at least 1, got " + count);
    }
    Settings s = settings;
    return new SurfaceEvaluation(
        new Settings(s.block, s.train, s.test, s.batchNorm, count, s.listener, s.file, s.facts));
  }

  /**
   * Tells how many points are done, those of an earlier process among them.
   *
   * @param listener called once at the beginning and after each point, by one thread at a time
   * @return the evaluation
   */
  public SurfaceEvaluation onPoint(IntConsumer listener) {
    Settings s = settings;
    return new SurfaceEvaluation(
        new Settings(
            s.block,
            s.train,
            s.test,
            s.batchNorm,
            s.workers,
            Objects.requireNonNull(listener, "listener"),
            s.file,
            s.facts));
  }

  /**
   * Saves points to a file as they come, at most once a second, and goes on with those it has: the
   * result has the same bits as without an interruption.
   *
   * @param file where to; if it is there, it must be of the same facts and number of points
   * @param facts what decides about the points: fingerprints of weights and data, the grid; no tabs
   *     and line breaks
   * @return the evaluation
   */
  public SurfaceEvaluation checkpoint(Path file, Map<String, String> facts) {
    Settings s = settings;
    return new SurfaceEvaluation(
        new Settings(
            s.block,
            s.train,
            s.test,
            s.batchNorm,
            s.workers,
            s.listener,
            Objects.requireNonNull(file, "file"),
            Map.copyOf(facts)));
  }

  /**
   * Evaluates points.
   *
   * @param count how many, at least 1
   * @param points their weights, of the model's layout
   * @return one for each, in order
   * @throws IllegalArgumentException if the layouts differ, labels do not fit the rows, or outputs
   *     are no logits
   * @throws IOException if data or the checkpoint cannot be read or written, the checkpoint is of
   *     another surface, or the evaluation was interrupted
   */
  public List<SurfacePoint> evaluate(int count, WeightPoints points) throws IOException {
    if (count < 1) {
      throw new IllegalArgumentException("a surface must have at least 1 point, got " + count);
    }
    SurfaceFile file =
        settings.file == null ? null : new SurfaceFile(settings.file, count, settings.facts);
    SurfacePoint[] known = file == null ? new SurfacePoint[count] : file.read();
    SurfaceWorkers workers =
        new SurfaceWorkers(settings, points, ModelWeights.of(settings.block).layout(), known, file);
    return List.of(workers.run());
  }
}
