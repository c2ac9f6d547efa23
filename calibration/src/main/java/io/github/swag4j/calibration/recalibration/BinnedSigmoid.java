package io.github.swag4j.calibration.recalibration;

import java.util.Map;

/** A sigmoid followed by bins of its output, each with its mean output. */
record BinnedSigmoid(Sigmoid sigmoid, StepFunction bins) implements BinaryMap {

  static BinnedSigmoid fit(double[] scores, double[] labels, double[] weights, int bins) {
    Sigmoid sigmoid = Sigmoid.fit(scores, labels, weights);
    double[] scaled = new double[scores.length];
    for (int i = 0; i < scaled.length; i++) {
      scaled[i] = sigmoid.apply(scores[i]);
    }
    TiedScores tied = new TiedScores(scaled, scaled, weights);
    int[] ends = tied.equalMassEnds(bins);
    double[] values = new double[ends.length];
    int from = 0;
    for (int b = 0; b < ends.length; b++) {
      double sum = 0;
      double weight = 0;
      for (; from <= ends[b]; from++) {
        sum += tied.sums[from];
        weight += tied.weights[from];
      }
      values[b] = Math.min(sum / weight, 1);
    }
    return new BinnedSigmoid(sigmoid, new StepFunction(StepFunction.edges(tied, ends), values));
  }

  @Override
  public double apply(double score) {
    return bins.apply(sigmoid.apply(score));
  }

  @Override
  public void describe(String prefix, Map<String, double[]> out) {
    sigmoid.describe(prefix, out);
    bins.describe(prefix, out);
  }

  @Override
  public String inWords() {
    return sigmoid.inWords() + ", then " + bins.inWords();
  }

  static BinnedSigmoid read(RecalibratorParameters p, String prefix) {
    return new BinnedSigmoid(Sigmoid.read(p, prefix), StepFunction.read(p, prefix));
  }
}
