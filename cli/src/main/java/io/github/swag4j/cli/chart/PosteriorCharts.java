package io.github.swag4j.cli.chart;

import io.github.swag4j.reports.Chart;
import io.github.swag4j.reports.posterior.SignalToNoiseChart;
import io.github.swag4j.reports.posterior.SpectrumChart;
import io.github.swag4j.swa.weights.WeightLayout;
import io.github.swag4j.swa.weights.Weights;
import io.github.swag4j.swag.io.PosteriorFile;
import io.github.swag4j.swag.io.PosteriorFiles;
import io.github.swag4j.swag.io.PosteriorSummary;
import java.io.IOException;
import java.nio.FloatBuffer;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** Charts of posterior files, read without an engine. */
final class PosteriorCharts {
  private static final Set<WeightLayout.Role> STATISTICS =
      EnumSet.of(WeightLayout.Role.RUNNING_MEAN, WeightLayout.Role.RUNNING_VARIANCE);

  private PosteriorCharts() {}

  static Chart spectrum(String title, Map<String, Path> files) throws IOException {
    Map<String, double[]> spectra = new LinkedHashMap<>();
    for (Map.Entry<String, Path> each : files.entrySet()) {
      PosteriorSummary summary =
          PosteriorSummary.of(PosteriorFiles.open(each.getValue()).verify().moments());
      if (summary.spectrum().isEmpty()) {
        throw new IOException(
            each.getValue()
                + ": a spectrum needs at least 2 deviations, the posterior holds fewer");
      }
      double[] values = summary.spectrum().stream().mapToDouble(Double::doubleValue).toArray();
      spectra.put(each.getKey(), values);
    }
    return SpectrumChart.of(title, spectra);
  }

  static Chart signalToNoise(String title, Path path) throws IOException {
    PosteriorFile file = PosteriorFiles.open(path).verify();
    Weights mean = file.mean();
    Weights variance = file.hasVariance() ? file.variance() : null;
    List<Weights> deviations = file.columns() > 1 ? file.deviations() : List.of();
    if (variance == null && deviations.isEmpty()) {
      throw new IOException(path + ": the posterior holds no spread, and so no ratio to it");
    }
    List<SignalToNoiseChart.Layer> layers = new ArrayList<>();
    List<WeightLayout.Tensor> tensors = file.layout().tensors();
    for (int t = 0; t < tensors.size(); t++) {
      // Statistics of batch norm are refreshed, not drawn.
      if (!STATISTICS.contains(tensors.get(t).role()) && tensors.get(t).size() > 0) {
        layers.add(
            SignalToNoiseChart.Layer.of(
                tensors.get(t).name(),
                array(mean.values(t)),
                spread(file.scale(), variance, deviations, t)));
      }
    }
    return SignalToNoiseChart.of(title, layers);
  }

  /**
   * Standard deviation of samples: sqrt(scale (variance + sum of squared deviations / (K - 1))).
   */
  private static float[] spread(
      double scale, Weights variance, List<Weights> deviations, int tensor) {
    float[] first = array((variance == null ? deviations.get(0) : variance).values(tensor));
    double[] sum = new double[first.length];
    for (Weights column : deviations) {
      float[] values = array(column.values(tensor));
      for (int i = 0; i < sum.length; i++) {
        sum[i] += (double) values[i] * values[i] / (deviations.size() - 1);
      }
    }
    float[] spread = new float[first.length];
    for (int i = 0; i < spread.length; i++) {
      spread[i] = (float) Math.sqrt(scale * (sum[i] + (variance == null ? 0 : first[i])));
    }
    return spread;
  }

  private static float[] array(FloatBuffer values) {
    float[] copy = new float[values.remaining()];
    values.get(copy);
    return copy;
  }
}
