package io.github.swag4j.swag.djl;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/** The standard errors over samples that a {@link StopRule} asks for. */
sealed interface SampleErrors {

  /**
   * Takes in a sample, before its values are in the mean.
   *
   * @param values the sample's
   * @param mean the mean of those before it
   * @param samples how many there are with this one
   */
  void add(double[] values, double[] mean, int samples);

  /**
   * The standard error.
   *
   * @param mean the mean of all samples
   * @return at least 0
   */
  double value(double[] mean);

  void save(Map<String, double[]> into);

  void restore(int samples, Map<String, double[]> state);

  /**
   * Of a mean: mean over rows of the largest of the columns' sd / sqrt(S), by Welford's recurrence.
   * 8 bytes a row and column.
   */
  final class OfMeans implements SampleErrors {
    private final AgreedShape shape;
    private double[] squares = new double[0];
    private int samples;

    OfMeans(AgreedShape shape) {
      this.shape = shape;
    }

    @Override
    public void add(double[] values, double[] mean, int now) {
      if (squares.length == 0) {
        squares = new double[values.length];
      }
      samples = now;
      for (int i = 0; i < values.length; i++) {
        double delta = values[i] - mean[i];
        squares[i] += delta * (delta - delta / now);
      }
    }

    @Override
    public double value(double[] mean) {
      int width = shape.width();
      double sum = 0;
      for (int from = 0; from < squares.length; from += width) {
        double most = 0;
        for (int i = from; i < from + width; i++) {
          most = Math.max(most, squares[i]);
        }
        sum += Math.sqrt(most / (samples - 1) / samples);
      }
      return sum / shape.rows();
    }

    @Override
    public void save(Map<String, double[]> into) {
      into.put("squares", squares);
    }

    @Override
    public void restore(int now, Map<String, double[]> state) {
      samples = now;
      squares = SavedPrediction.array(state, "squares").clone();
    }
  }

  /**
   * Of the mean NLL, by the jackknife over samples: sqrt((S - 1) / S sum_s (m_(-s) - mean)^2), with
   * m_(-s) the NLL of the mean without sample s. 8 bytes a row and sample.
   */
  final class OfNll implements SampleErrors {
    private final int[] labels;
    private final AgreedShape shape;
    private final double floor;
    private final List<double[]> ofLabels = new ArrayList<>();

    OfNll(int[] labels, AgreedShape shape, double floor) {
      this.labels = labels;
      this.shape = shape;
      this.floor = floor;
    }

    @Override
    public void add(double[] values, double[] mean, int now) {
      double[] p = new double[labels.length];
      for (int r = 0; r < p.length; r++) {
        p[r] = ofLabel(values, r);
      }
      ofLabels.add(p);
    }

    private double ofLabel(double[] values, int row) {
      return shape.width() == 1
          ? (labels[row] == 1 ? values[row] : 1 - values[row])
          : values[row * shape.width() + labels[row]];
    }

    @Override
    public double value(double[] mean) {
      int n = ofLabels.size();
      double[] without = new double[n];
      double centre = 0;
      for (int s = 0; s < n; s++) {
        double[] p = ofLabels.get(s);
        for (int r = 0; r < p.length; r++) {
          double others = (n * ofLabel(mean, r) - p[r]) / (n - 1);
          without[s] -= Math.log(Math.max(others, floor)) / p.length;
        }
        centre += without[s] / n;
      }
      double sum = 0;
      for (double value : without) {
        sum += (value - centre) * (value - centre);
      }
      return Math.sqrt(sum * (n - 1) / n);
    }

    @Override
    public void save(Map<String, double[]> into) {
      for (int s = 0; s < ofLabels.size(); s++) {
        into.put("label-probabilities/" + s, ofLabels.get(s));
      }
    }

    @Override
    public void restore(int samples, Map<String, double[]> state) {
      for (int s = 0; s < samples; s++) {
        ofLabels.add(SavedPrediction.array(state, "label-probabilities/" + s).clone());
      }
    }
  }
}
