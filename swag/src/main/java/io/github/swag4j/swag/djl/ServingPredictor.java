package io.github.swag4j.swag.djl;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDList;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.Shape;
import ai.djl.nn.Block;
import ai.djl.nn.SymbolBlock;
import io.github.swag4j.swa.djl.InferencePass;
import io.github.swag4j.swa.djl.Replica;
import io.github.swag4j.swag.WeightPosterior;
import io.github.swag4j.swag.djl.internal.LogitEvidence;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.locks.ReadWriteLock;
import java.util.concurrent.locks.ReentrantReadWriteLock;
import java.util.function.UnaryOperator;

/**
 * A Bayesian model average that answers row by row: the samples are drawn, and their batch-norm
 * statistics taken, once, when it is opened by {@link BayesianPredictor#serve}; a row is then one
 * forward pass a sample, averaged as {@link BayesianPredictor} averages.
 *
 * <p>Keeps every sample in memory: samples times the bytes of the model's parameters, those of
 * convolutions followed by batch norm twice. The live model is not touched, its weights may change
 * afterwards. Safe for use by several threads at once; closing waits for those that predict.
 */
public final class ServingPredictor implements AutoCloseable {
  private final List<Replica> samples = new ArrayList<>();
  private final ReadWriteLock lock = new ReentrantReadWriteLock();
  private final PredictorOptions options;
  private final Shape rowShape;
  private final LogitEvidence evidence;
  private boolean closed;

  private ServingPredictor(PredictorOptions options, Shape rowShape) {
    this.options = options;
    this.rowShape = rowShape;
    this.evidence = options.asSaid() ? null : ClassOutputs.evidence(options.output());
  }

  /**
   * Draws the samples.
   *
   * @throws IllegalStateException as {@link BayesianPredictor#predictAll}
   * @throws IllegalArgumentException as {@link BayesianPredictor#predictAll}, or if the model
   *     cannot be replicated
   */
  static ServingPredictor open(Block block, WeightPosterior posterior, PredictorOptions options)
      throws IOException {
    if (options.dropout()) {
      throw new IllegalStateException(
          "a serving predictor keeps weights and answers the same row with the same numbers, which"
              + " random masks do not: serve without monteCarloDropout()");
    }
    SamplePlan plan = new SamplePlan(block, posterior, options);
    ServingPredictor serving = new ServingPredictor(options, rowShape(block));
    boolean done = false;
    try (DrawnSamples drawn = new DrawnSamples(posterior, options.seed(), plan.samples())) {
      for (int s = 0; s < plan.samples(); s++) {
        Replica replica = Replica.of(block);
        serving.samples.add(replica);
        plan.write(plan.of(replica), s, drawn.next(s), UnaryOperator.identity());
        replica.fold();
        options.progress().accept(s + 1);
      }
      done = true;
      return serving;
    } finally {
      if (!done) {
        serving.close();
      }
    }
  }

  /** Null for models that do not know it. */
  private static Shape rowShape(Block block) {
    if (block instanceof SymbolBlock) {
      return null;
    }
    Shape[] inputs = block.getInputShapes();
    return inputs.length == 1 && inputs[0].dimension() > 0 ? inputs[0].slice(1) : null;
  }

  /**
   * Predicts a row given as numbers.
   *
   * @param row the values of one row, row-major in the shape the block was initialised with; of any
   *     length for models that do not know their shape, which then get {@code [1][length]}
   * @return classes, confidence and uncertainty
   * @throws IllegalArgumentException if the row has another number of values, the model cannot run
   *     it, or its output is not what was said
   * @throws IllegalStateException if this is closed
   */
  public RowPrediction predict(float[] row) {
    Objects.requireNonNull(row, "row");
    Shape shape = rowShape == null ? new Shape(row.length) : rowShape;
    if (shape.size() != row.length) {
      throw new IllegalArgumentException(
          "a row must have " + shape.size() + " values, shape " + shape + ", got " + row.length);
    }
    return predictIn(
        manager -> new NDList(manager.create(row, new Shape(1).addAll(shape))), row.length);
  }

  /**
   * Predicts a row.
   *
   * @param row one row without a batch dimension
   * @return classes, confidence and uncertainty
   * @throws IllegalArgumentException if the model cannot run it, or its output is not what was said
   * @throws IllegalStateException if this is closed
   */
  public RowPrediction predict(NDArray row) {
    return predict(new NDList(row));
  }

  /**
   * Predicts a row of a model with several inputs.
   *
   * @param row one array an input, without batch dimensions
   * @return classes, confidence and uncertainty
   * @throws IllegalArgumentException if the model cannot run it, or its output is not what was said
   * @throws IllegalStateException if this is closed
   */
  public RowPrediction predict(NDList row) {
    return predictIn(
        manager -> {
          NDList batch = new NDList();
          for (NDArray array : row) {
            NDArray own = array.expandDims(0);
            own.attach(manager);
            batch.add(own);
          }
          return batch;
        },
        row.size());
  }

  /** Makes a batch of one row, attached to a manager. */
  private interface RowSource {
    NDList batch(NDManager manager);
  }

  private RowPrediction predictIn(RowSource row, int size) {
    if (size == 0) {
      throw new IllegalArgumentException("a row must have values, got none");
    }
    lock.readLock().lock();
    try {
      if (closed) {
        throw new IllegalStateException("this serving predictor is closed: open another");
      }
      return average(row);
    } finally {
      lock.readLock().unlock();
    }
  }

  private RowPrediction average(RowSource row) {
    RowMean mean = new RowMean(options, evidence);
    try (InferencePass first = InferencePass.of(samples.get(0))) {
      first.run(samples, row.batch(first.manager()), mean::add);
    }
    return mean.prediction();
  }

  @Override
  public void close() {
    lock.writeLock().lock();
    try {
      closed = true;
      samples.forEach(Replica::close);
      samples.clear();
    } finally {
      lock.writeLock().unlock();
    }
  }
}
