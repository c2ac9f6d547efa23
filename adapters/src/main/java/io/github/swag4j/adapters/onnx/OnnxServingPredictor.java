package io.github.swag4j.adapters.onnx;

import ai.onnxruntime.OnnxTensor;
import ai.onnxruntime.OrtException;
import ai.onnxruntime.OrtSession;
import io.github.swag4j.swag.djl.RowPrediction;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.locks.ReadWriteLock;
import java.util.concurrent.locks.ReentrantReadWriteLock;

/**
 * A Bayesian model average over ONNX Runtime that answers row by row; opened by {@link
 * OnnxBayesianPredictor#serve}. Keeps a session a sample, so samples times the memory of the model.
 * Safe for use by several threads at once; closing waits for those that predict.
 */
public final class OnnxServingPredictor implements AutoCloseable {
  private final List<OrtSession> sessions = new ArrayList<>();
  private final ReadWriteLock lock = new ReentrantReadWriteLock();
  private final OnnxOptions options;
  private boolean closed;

  private OnnxServingPredictor(OnnxOptions options) {
    this.options = options;
  }

  static OnnxServingPredictor open(OnnxSamples samples, OnnxOptions options) throws OrtException {
    OnnxServingPredictor serving = new OnnxServingPredictor(options);
    boolean done = false;
    try {
      byte[] bytes = samples.bytes();
      for (int s = 0; s < samples.count(); s++) {
        serving.sessions.add(samples.open(s, bytes));
      }
      done = true;
      return serving;
    } finally {
      if (!done) {
        serving.close();
      }
    }
  }

  /**
   * Predicts a row of a model with one input.
   *
   * @param row the values of one row
   * @param rowShape their shape, without the dimension of the batch
   * @return class, confidence and uncertainty
   * @throws IllegalArgumentException if the row has another number of values, or the model's output
   *     is not what was said
   * @throws IllegalStateException if this is closed
   * @throws OrtException if the model cannot run it
   */
  public RowPrediction predict(float[] row, long... rowShape) throws OrtException {
    RowPrediction[] prediction = new RowPrediction[1];
    lock.readLock().lock();
    try {
      requireOpen();
      if (sessions.get(0).getNumInputs() != 1) {
        throw new IllegalArgumentException(
            "the model has " + sessions.get(0).getNumInputs() + " inputs: give them by name");
      }
      String input = sessions.get(0).getInputNames().iterator().next();
      long[] shape = rowShape.length == 0 ? new long[] {row.length} : rowShape;
      OnnxInputs.rows(input, new float[][] {row}, shape, 1)
          .forEach(batch -> prediction[0] = average(batch));
      return prediction[0];
    } finally {
      lock.readLock().unlock();
    }
  }

  /**
   * Predicts a row.
   *
   * @param inputs tensors of one row, {@code [1, ...]}, by the names of the model's inputs; the
   *     caller closes them
   * @return class, confidence and uncertainty
   * @throws IllegalArgumentException if the output is not what was said
   * @throws IllegalStateException if this is closed
   * @throws OrtException if the model cannot run it
   */
  public RowPrediction predict(Map<String, OnnxTensor> inputs) throws OrtException {
    lock.readLock().lock();
    try {
      requireOpen();
      return average(inputs);
    } finally {
      lock.readLock().unlock();
    }
  }

  private void requireOpen() {
    if (closed) {
      throw new IllegalStateException("this serving predictor is closed: open another");
    }
  }

  private RowPrediction average(Map<String, OnnxTensor> inputs) throws OrtException {
    SampleMean mean = new SampleMean(options);
    OnnxOutputs outputs = new OnnxOutputs(options);
    for (int s = 0; s < sessions.size(); s++) {
      mean.begin(s);
      try (OrtSession.Result result = sessions.get(s).run(inputs)) {
        mean.add(outputs.decode(result, 1, true));
      }
      mean.end();
    }
    outputs.end();
    List<String> names = options.classNames();
    if (!names.isEmpty() && names.size() != mean.probabilities().length) {
      throw new IllegalArgumentException(
          "class names must be as many as the model's classes, "
              + mean.probabilities().length
              + ", got "
              + names.size());
    }
    return RowPrediction.of(
        mean.probabilities(),
        mean.entropy(),
        k -> names.isEmpty() ? Integer.toString(k) : names.get(k));
  }

  @Override
  public void close() throws OrtException {
    lock.writeLock().lock();
    try {
      closed = true;
      for (OrtSession session : sessions) {
        session.close();
      }
      sessions.clear();
    } finally {
      lock.writeLock().unlock();
    }
  }
}
