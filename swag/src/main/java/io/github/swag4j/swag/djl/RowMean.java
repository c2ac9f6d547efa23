package io.github.swag4j.swag.djl;

import ai.djl.ndarray.NDArray;

/**
 * Running mean over samples of one row's class probabilities and their entropy. What is wrong with
 * an output is refused as in a prediction of many rows.
 */
final class RowMean {
  private final PredictorOptions options;
  private final AgreedShape shape = new AgreedShape("rows", 1);
  private double[] mean;
  private double entropy;
  private int samples;

  RowMean(PredictorOptions options) {
    this.options = options;
  }

  /** Takes in the output of the next sample, of one row. */
  void add(NDArray outputs) {
    ClassOutputs decoder = new ClassOutputs(options.output(), options.asSaid());
    OutputTable table = new OutputTable(samples, shape, decoder, width -> {});
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
    return RowPrediction.of(mean, entropy);
  }
}
