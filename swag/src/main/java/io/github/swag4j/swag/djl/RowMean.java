package io.github.swag4j.swag.djl;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.types.Shape;
import io.github.swag4j.swag.djl.internal.LogitEvidence;

/**
 * Running mean over samples of one row's class probabilities and their entropy. What is wrong with
 * an output is refused as in a prediction of many rows, held together with the rows before it.
 */
final class RowMean {
  private final PredictorOptions options;
  private final LogitEvidence evidence;
  private final AgreedShape shape = new AgreedShape("rows", 1);
  private double[] mean;
  private double entropy;
  private int samples;

  /**
   * A mean of no samples.
   *
   * @param options what the model gives
   * @param evidence of this row and those served before, or null if it is not to be judged
   */
  RowMean(PredictorOptions options, LogitEvidence evidence) {
    this.options = options;
    this.evidence = evidence;
  }

  /** Not judged sample by sample, as no answer is given before all are in. */
  private record UnjudgedRow(ClassOutputs outputs) implements RowDecoder {
    @Override
    public int width(Shape shape) {
      return outputs.width(shape);
    }

    @Override
    public void decode(double[] values, int from, int width, int row) {
      outputs.decode(values, from, width, row);
    }
  }

  /** Takes in the output of the next sample, of one row. */
  void add(NDArray outputs) {
    RowDecoder decoder = new UnjudgedRow(new ClassOutputs(options.output(), evidence));
    OutputTable table =
        new OutputTable(samples, shape, decoder, w -> options.requireClasses(null, w));
    table.add(outputs, 1);
    table.end();
    double[] values = table.values();
    take(values.length == 1 ? new double[] {1 - values[0], values[0]} : values);
  }

  private void take(double[] p) {
    samples++;
    mean = mean == null ? new double[p.length] : mean;
    double own = 0;
    for (int k = 0; k < p.length; k++) {
      mean[k] += (p[k] - mean[k]) / samples;
      own -= p[k] > 0 ? p[k] * StrictMath.log(p[k]) : 0;
    }
    entropy += (Math.max(own, 0) - entropy) / samples;
  }

  RowPrediction prediction() {
    if (evidence != null) {
      evidence.requireLogits(false);
    }
    return RowPrediction.of(mean, entropy, options::className);
  }
}
