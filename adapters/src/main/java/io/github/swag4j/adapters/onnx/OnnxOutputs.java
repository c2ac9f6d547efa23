package io.github.swag4j.adapters.onnx;

import ai.onnxruntime.OnnxJavaType;
import ai.onnxruntime.OnnxTensor;
import ai.onnxruntime.OnnxValue;
import ai.onnxruntime.OrtException;
import ai.onnxruntime.OrtSession;
import io.github.swag4j.calibration.Predictions;
import io.github.swag4j.calibration.PredictionsBuilder;
import io.github.swag4j.swag.djl.BayesianPredictor.Output;
import io.github.swag4j.swag.djl.internal.LogitEvidence;
import java.nio.FloatBuffer;
import java.util.Arrays;

/** A model's outputs under one sample as class probabilities. */
final class OnnxOutputs {
  private static final String AS_SAID = ", or outputAsSaid if these are logits all the same";

  private final OnnxOptions options;
  private final LogitEvidence evidence;

  OnnxOutputs(OnnxOptions options) {
    this.options = options;
    this.evidence = options.asSaid() ? null : evidence(options.output());
  }

  private static LogitEvidence evidence(Output output) {
    return switch (output) {
      case LOGITS ->
          new LogitEvidence(
              "say output(Output.PROBABILITIES) if the model ends in a softmax" + AS_SAID,
              "say output(Output.SIGMOIDS) if the model ends in a sigmoid" + AS_SAID);
      case BINARY_LOGIT ->
          new LogitEvidence(
              null, "say output(Output.BINARY_PROBABILITY) if it ends in a sigmoid" + AS_SAID);
      case PROBABILITIES, SIGMOIDS, BINARY_PROBABILITY -> null;
    };
  }

  boolean isBinary() {
    return options.output() == Output.BINARY_LOGIT || options.output() == Output.BINARY_PROBABILITY;
  }

  /** The model's output among all it gives. */
  private OnnxTensor tensor(OrtSession.Result result) {
    OnnxValue value;
    if (options.outputName() == null) {
      if (result.size() != 1) {
        throw new IllegalArgumentException(
            "the model gives " + result.size() + " outputs: say which with outputName");
      }
      value = result.get(0);
    } else {
      value =
          result
              .get(options.outputName())
              .orElseThrow(
                  () ->
                      new IllegalArgumentException(
                          "the model must have an output " + options.outputName()));
    }
    if (value instanceof OnnxTensor tensor && tensor.getInfo().type == OnnxJavaType.FLOAT) {
      return tensor;
    }
    throw new IllegalArgumentException(
        "the model's output must be a float32 tensor, got " + value.getInfo());
  }

  /**
   * Decodes a batch.
   *
   * @param result what the model gave
   * @param rows rows it was given
   * @param moreToCome whether more rows come before anybody is given an answer
   */
  Predictions decode(OrtSession.Result result, long rows, boolean moreToCome) throws OrtException {
    OnnxTensor tensor = tensor(result);
    long[] shape = tensor.getInfo().getShape();
    boolean column = shape.length == 1 || (shape.length == 2 && shape[1] == 1);
    if (shape.length == 0 || shape[0] != rows || (isBinary() ? !column : shape.length != 2)) {
      throw new IllegalArgumentException(
          "the model's output must have shape ["
              + rows
              + (isBinary() ? "] or [" + rows + ", 1]" : ", classes]")
              + ", got "
              + Arrays.toString(shape)
              + (column && shape[0] == rows
                  ? ": say output(Output.BINARY_LOGIT) or BINARY_PROBABILITY for one column"
                  : ""));
    }
    FloatBuffer values = tensor.getFloatBuffer();
    int width = isBinary() ? 1 : Math.toIntExact(shape[1]);
    judge(values, width, moreToCome);
    return probabilities(values, (int) rows, width);
  }

  private void judge(FloatBuffer values, int width, boolean moreToCome) {
    if (evidence == null) {
      return;
    }
    double[] row = new double[width];
    for (int from = 0; from < values.limit(); from += width) {
      for (int k = 0; k < width; k++) {
        row[k] = values.get(from + k);
      }
      evidence.add(row, 0, width);
    }
    evidence.requireLogits(moreToCome);
  }

  private Predictions probabilities(FloatBuffer values, int rows, int width) {
    PredictionsBuilder builder = Predictions.builder();
    PredictionsBuilder.RowSource source =
        (row, into, from) -> {
          for (int k = 0; k < width; k++) {
            into[from + k] = values.get(row * width + k);
          }
        };
    return switch (options.output()) {
      case LOGITS -> builder.logits(rows, width, source).build();
      case PROBABILITIES -> builder.probabilities(rows, width, true, source).build();
      case SIGMOIDS -> {
        for (int i = 0; i < values.limit(); i++) {
          if (!(values.get(i) <= 1 + Predictions.RANGE_TOLERANCE)) {
            throw new IllegalArgumentException(
                "sigmoids must lie in [0, 1], got "
                    + values.get(i)
                    + ": say output(Output.LOGITS) if the model ends without them");
          }
        }
        yield builder.probabilities(rows, width, true, source).renormalise().build();
      }
      case BINARY_LOGIT, BINARY_PROBABILITY -> {
        double[] positive = new double[rows];
        for (int r = 0; r < rows; r++) {
          double x = values.get(r);
          positive[r] = options.output() == Output.BINARY_LOGIT ? sigmoid(x) : x;
        }
        yield builder.positiveProbabilities(positive).build();
      }
    };
  }

  private static double sigmoid(double x) {
    double e = StrictMath.exp(-Math.abs(x));
    return x >= 0 ? 1 / (1 + e) : e / (1 + e);
  }

  /** Judges a sample whose rows are all in. */
  void end() {
    if (evidence != null) {
      evidence.requireLogits(false);
    }
  }
}
