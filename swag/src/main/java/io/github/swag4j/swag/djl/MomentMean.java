package io.github.swag4j.swag.djl;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.IntConsumer;
import java.util.function.Supplier;

/**
 * Running mean over samples of the columns of a data set's rows, and their variance over samples by
 * Welford's recurrence: what regression and logits are folded into. Holds 16 bytes a row and
 * column.
 */
final class MomentMean implements SampleAccumulator {
  private final Supplier<RowDecoder> decoders;
  private final IntConsumer widthCheck;
  private final boolean keep;
  private final AgreedShape shape;
  private final List<double[]> kept = new ArrayList<>();
  private double[] mean;
  private double[] squares;
  private int samples;

  /**
   * A mean of no samples.
   *
   * @param decoders a decoder for each pass
   * @param widthCheck hears of the width in the first batch, and may refuse it
   * @param known what is known of each row, for messages
   * @param knownRows how many rows, or -1
   * @param options what is kept, and the rule to stop
   */
  MomentMean(
      Supplier<RowDecoder> decoders,
      IntConsumer widthCheck,
      String known,
      int knownRows,
      PredictorOptions options) {
    this.decoders = decoders;
    this.widthCheck = widthCheck;
    this.keep = options.keepSamples();
    this.shape = new AgreedShape(known, knownRows);
    if (options.control().stop().filter(r -> r.of() != StopRule.Of.MEANS).isPresent()) {
      throw new IllegalArgumentException(
          "predicted numbers can stop on the standard error of means alone, got "
              + options.control().stop().get().of()
              + ": call StopRule.means");
    }
  }

  @Override
  public OutputTable begin(int sample) {
    return new OutputTable(sample, shape, decoders.get(), widthCheck);
  }

  @Override
  public void fold(int sample, OutputTable table) {
    double[] x = table.values();
    if (mean == null) {
      mean = new double[x.length];
      squares = new double[x.length];
    }
    samples++;
    for (int i = 0; i < x.length; i++) {
      double before = x[i] - mean[i];
      mean[i] += before / samples;
      squares[i] += before * (x[i] - mean[i]);
    }
    if (keep) {
      kept.add(x);
    }
  }

  @Override
  public boolean isEnough(StopRule rule) {
    int width = shape.width();
    double sum = 0;
    for (int from = 0; from < squares.length; from += width) {
      double most = 0;
      for (int i = from; i < from + width; i++) {
        most = Math.max(most, squares[i]);
      }
      sum += Math.sqrt(most / (samples - 1) / samples);
    }
    return sum / shape.rows() <= rule.tolerance();
  }

  @Override
  public Map<String, double[]> state() {
    Map<String, double[]> state = new LinkedHashMap<>();
    state.put("shape", new double[] {shape.rows(), shape.width()});
    state.put("mean", mean);
    state.put("squares", squares);
    for (int s = 0; s < kept.size(); s++) {
      state.put("samples/" + s, kept.get(s));
    }
    return state;
  }

  @Override
  public void restore(int folded, Map<String, double[]> state) {
    double[] earlier = SavedPrediction.array(state, "shape");
    shape.restore((int) earlier[0], (int) earlier[1]);
    mean = SavedPrediction.array(state, "mean").clone();
    squares = SavedPrediction.array(state, "squares").clone();
    samples = folded;
    for (int s = 0; s < folded && keep; s++) {
      kept.add(SavedPrediction.array(state, "samples/" + s));
    }
  }

  int rows() {
    return shape.rows();
  }

  int width() {
    return shape.width();
  }

  /** Means over samples, {@code [rows * width]}. */
  double[] means() {
    return mean.clone();
  }

  /** Variances over samples, {@code [rows * width]}. */
  double[] variances() {
    return Arrays.stream(squares).map(s -> s / samples).toArray();
  }

  /** What was kept of each sample, {@code [samples][rows * width]}. */
  double[][] kept() {
    return kept.toArray(double[][]::new);
  }

  /** Mean over samples of a column, {@code [rows]}. */
  double[] mean(int column) {
    return column(mean, column, 1);
  }

  /** Variance over samples of a column, divided by their number, {@code [rows]}. */
  double[] variance(int column) {
    return column(squares, column, samples);
  }

  /** A column of each sample kept, {@code [samples][rows]}. */
  double[][] kept(int column) {
    return kept.stream().map(x -> column(x, column, 1)).toArray(double[][]::new);
  }

  private double[] column(double[] of, int column, double divisor) {
    double[] out = new double[rows()];
    for (int r = 0; r < out.length; r++) {
      out[r] = of[r * width() + column] / divisor;
    }
    return out;
  }
}
