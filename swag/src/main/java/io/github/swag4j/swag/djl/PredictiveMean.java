package io.github.swag4j.swag.djl;

import io.github.swag4j.calibration.Predictions;
import io.github.swag4j.calibration.PredictionsBuilder;
import io.github.swag4j.calibration.scores.ProperScores;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * Running mean over samples of a data set's class probabilities, and of their entropies, with the
 * metrics of each mean on the way. Holds 8 bytes a row and column, and 8 a row.
 */
final class PredictiveMean implements SampleAccumulator {

  /**
   * Takes each sample's probabilities, {@code [rows * classes]}; the array is not to be changed.
   */
  interface Samples {
    void accept(int sample, double[] probabilities, int classes) throws IOException;
  }

  private final PredictorOptions options;
  private final int[] labels;
  private final Samples listener;
  private final AgreedShape shape;
  private final SampleErrors errors;
  private final MetricCurve curve;
  private final List<double[]> kept = new ArrayList<>();
  private double[] mean;
  private double[] entropies;
  private int samples;

  /**
   * A mean of no samples.
   *
   * @param options what the model gives and what is kept
   * @param labels {@code [rows]}, or null
   * @param listener hears of each sample, in order
   */
  PredictiveMean(PredictorOptions options, int[] labels, Samples listener) {
    this.options = options;
    this.labels = labels;
    this.listener = listener;
    this.shape = new AgreedShape("labels", labels == null ? -1 : labels.length);
    this.curve = labels == null ? null : new MetricCurve(labels);
    this.errors = options.control().stop().map(this::errors).orElse(null);
  }

  private SampleErrors errors(StopRule rule) {
    return switch (rule.of()) {
      case PROBABILITIES -> new SampleErrors.OfMeans(shape);
      case NLL ->
          labels == null ? null : new SampleErrors.OfNll(labels, shape, ProperScores.NLL_FLOOR);
      case MEANS ->
          throw new IllegalArgumentException(
              "class probabilities can stop on the standard error of the NLL or of probabilities,"
                  + " got MEANS: call StopRule.nll or StopRule.probabilities");
    };
  }

  @Override
  public OutputTable begin(int sample) {
    RowDecoder decoder = new ClassOutputs(options.output(), options.asSaid());
    return new OutputTable(sample, shape, decoder, width -> options.requireClasses(labels, width));
  }

  @Override
  public void fold(int sample, OutputTable table) {
    double[] p = table.values();
    if (mean == null) {
      mean = new double[p.length];
      entropies = new double[table.rows()];
    }
    samples++;
    if (errors != null) {
      errors.add(p, mean, samples);
    }
    for (int i = 0; i < p.length; i++) {
      mean[i] += (p[i] - mean[i]) / samples;
    }
    for (int r = 0; r < entropies.length; r++) {
      entropies[r] += (entropy(p, r, table.width()) - entropies[r]) / samples;
    }
    if (curve != null) {
      curve.add(samples, mean, table.width());
    }
    if (options.keepSamples()) {
      kept.add(p);
    }
    try {
      listener.accept(sample, p, table.width());
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static double entropy(double[] p, int row, int width) {
    double sum = width == 1 ? term(p[row]) + term(1 - p[row]) : 0;
    for (int k = 0; k < width && width > 1; k++) {
      sum += term(p[row * width + k]);
    }
    return Math.max(sum, 0);
  }

  private static double term(double p) {
    return p > 0 ? -p * StrictMath.log(p) : 0;
  }

  @Override
  public boolean isEnough(StopRule rule) {
    return errors == null || errors.value(mean) <= rule.tolerance();
  }

  @Override
  public Map<String, double[]> state() {
    Map<String, double[]> state = new LinkedHashMap<>();
    state.put("shape", new double[] {shape.rows(), shape.width()});
    state.put("mean", mean);
    state.put("entropies", entropies);
    if (curve != null) {
      curve.save(state);
    }
    if (errors != null) {
      errors.save(state);
    }
    for (int s = 0; s < kept.size(); s++) {
      state.put("samples/" + s, kept.get(s));
    }
    return state;
  }

  @Override
  public void restore(int folded, Map<String, double[]> state) {
    shape.restore(
        (int) SavedPrediction.array(state, "shape")[0],
        (int) SavedPrediction.array(state, "shape")[1]);
    options.requireClasses(labels, shape.width());
    mean = SavedPrediction.array(state, "mean").clone();
    entropies = SavedPrediction.array(state, "entropies").clone();
    samples = folded;
    if (curve != null) {
      curve.restore(folded, state);
    }
    if (errors != null) {
      errors.restore(folded, state);
    }
    for (int s = 0; s < folded && options.keepSamples(); s++) {
      kept.add(SavedPrediction.array(state, "samples/" + s));
    }
  }

  /** The curve; empty without labels. */
  List<MetricPoint> curve() {
    return curve == null ? List.of() : curve.points();
  }

  Predictions predictions() {
    int rows = shape.rows();
    PredictionsBuilder builder = Predictions.builder().expectedEntropy(entropies);
    if (ClassOutputs.isBinary(options.output())) {
      builder.positiveProbabilities(mean);
    } else {
      float[] rounded = new float[mean.length];
      for (int i = 0; i < rounded.length; i++) {
        rounded[i] = (float) mean[i];
      }
      builder.probabilities(rounded, shape.width());
    }
    if (options.keepSamples()) {
      builder.samples(
          kept.stream().map(p -> table(p, rows, shape.width())).toArray(double[][][]::new));
    }
    if (!options.classNames().isEmpty()) {
      builder.classNames(options.classNames());
    }
    return labels == null ? builder.build() : builder.labels(labels).build();
  }

  private static double[][] table(double[] p, int rows, int width) {
    double[][] out = new double[rows][];
    for (int r = 0; r < rows; r++) {
      out[r] = new double[Math.max(width, 2)];
      if (width == 1) {
        out[r][0] = 1 - p[r];
        out[r][1] = p[r];
      } else {
        System.arraycopy(p, r * width, out[r], 0, width);
      }
    }
    return out;
  }
}
