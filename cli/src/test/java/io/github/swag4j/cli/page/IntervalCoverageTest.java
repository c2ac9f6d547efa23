package io.github.swag4j.cli.page;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.swag4j.calibration.Predictions;
import io.github.swag4j.calibration.binning.BinTotals;
import io.github.swag4j.calibration.binning.Binning;
import io.github.swag4j.calibration.binning.BinningConvention;
import io.github.swag4j.calibration.sketch.CalibrationSketch;
import io.github.swag4j.cli.page.MetricIntervals.Value;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

/**
 * How often 95 % intervals cover the truth on simulated data sets. More of them by {@code
 * -Dcoverage.sets=60 -Dcoverage.print=true}, which gave the numbers of docs/metrics.md.
 */
class IntervalCoverageTest {
  private static final int SETS = Integer.getInteger("coverage.sets", 40);
  private static final int ROWS = Integer.getInteger("coverage.rows", 300);
  private static final int REPLICATES = Integer.getInteger("coverage.replicates", 400);
  private static final int TRUTH_ROWS = Integer.getInteger("coverage.truth", 60_000);
  private static final BinningConvention GUO = BinningConvention.GUO;
  private static final List<String> ZERO_IF_CALIBRATED =
      List.of("ece", "rmsce", "ece_debiased", "smece", "ece_equal_mass", "classwise_ece");
  private static final List<String> OTHERS =
      List.of("accuracy", "nll", "brier", "aurc", "augrc", "failure_auroc");

  @Test
  void intervalsCoverTheTruthOfOverconfidentAndOfCalibratedModels() {
    for (double sharpness : new double[] {1, 1.7}) {
      Map<String, Integer> covered = new LinkedHashMap<>();
      Map<String, Integer> streamed = new LinkedHashMap<>();
      Predictions population = predictions(TRUTH_ROWS, sharpness, -1);
      Map<String, Double> truth = truth(population, sharpness == 1);
      Binning gaps = GUO.bin(GUO.forecasts(population));
      for (int set = 0; set < SETS; set++) {
        Predictions p = predictions(ROWS, sharpness, set);
        Binning filled = GUO.bin(GUO.forecasts(p));
        truth.put("mce", gap(gaps, filled, true, sharpness == 1));
        truth.put("ace", gap(gaps, filled, false, sharpness == 1));
        MetricIntervals.Options how = new MetricIntervals.Options(REPLICATES, 0.95, set);
        count(covered, truth, MetricIntervals.ofAll(p, GUO, how));
        count(streamed, truth, MetricIntervals.of(CalibrationSketch.of(p).summary(), how));
      }
      if (Boolean.getBoolean("coverage.print")) {
        System.err.println("sharpness " + sharpness + " rows: " + covered + " of " + SETS);
        System.err.println("sharpness " + sharpness + " sums: " + streamed + " of " + SETS);
      }
      List<String> all = new ArrayList<>(ZERO_IF_CALIBRATED);
      all.addAll(OTHERS);
      all.addAll(List.of("mce", "ace"));
      // 95 % of them less five standard deviations.
      int least = (int) Math.floor(SETS * (0.95 - 5 * Math.sqrt(0.95 * 0.05 / SETS)));
      assertThat(covered.keySet()).containsAll(all);
      for (String key : all) {
        assertThat(covered.get(key)).as(key + " at sharpness " + sharpness).isGreaterThan(least);
      }
      for (String key : List.of("ece", "rmsce", "nll", "brier", "accuracy", "mce", "ace")) {
        assertThat(streamed.get(key)).as("streamed " + key).isGreaterThan(least);
      }
    }
  }

  private static void count(
      Map<String, Integer> covered, Map<String, Double> truth, MetricIntervals intervals) {
    truth.forEach(
        (key, value) -> {
          Value of = intervals.byKey().get(key);
          if (of != null) {
            boolean in = of.lower() <= value && value <= of.upper();
            covered.merge(key, in ? 1 : 0, Integer::sum);
          }
        });
  }

  private static Map<String, Double> truth(Predictions population, boolean calibrated) {
    var json = PredictionMetrics.of(population, GUO);
    Map<String, Double> truth = new LinkedHashMap<>();
    for (String key : ZERO_IF_CALIBRATED) {
      truth.put(key, calibrated ? 0 : json.get(key).getAsDouble());
    }
    for (String key : OTHERS) {
      truth.put(key, json.get(key).getAsDouble());
    }
    return truth;
  }

  /** The largest or the mean gap that the bins have which a sample fills. */
  private static double gap(Binning population, Binning filled, boolean most, boolean calibrated) {
    double[] gaps =
        IntStream.range(0, filled.bins().size())
            .filter(b -> !filled.bins().get(b).isEmpty())
            .mapToObj(population.bins()::get)
            .mapToDouble(BinTotals::gap)
            .toArray();
    if (calibrated) {
      return 0;
    }
    return most
        ? Arrays.stream(gaps).max().orElseThrow()
        : Arrays.stream(gaps).average().orElseThrow();
  }

  /** Labels drawn from a softmax of noise, forecasts of the same sharpened. */
  private static Predictions predictions(int rows, double sharpness, long seed) {
    Random random = new Random(seed);
    float[][] p = new float[rows][];
    int[] labels = new int[rows];
    for (int r = 0; r < rows; r++) {
      double[] z = {
        1.6 * random.nextGaussian(), 1.6 * random.nextGaussian(), 1.6 * random.nextGaussian()
      };
      labels[r] = drawn(softmax(z, 1), random.nextDouble());
      double[] stated = softmax(z, sharpness);
      p[r] = new float[] {(float) stated[0], (float) stated[1], (float) stated[2]};
    }
    return Predictions.of(p, labels);
  }

  private static int drawn(double[] p, double uniform) {
    return uniform < p[0] ? 0 : uniform < p[0] + p[1] ? 1 : 2;
  }

  private static double[] softmax(double[] z, double sharpness) {
    double[] e = new double[z.length];
    double sum = 0;
    for (int k = 0; k < z.length; k++) {
      e[k] = Math.exp(sharpness * z[k]);
      sum += e[k];
    }
    for (int k = 0; k < z.length; k++) {
      e[k] /= sum;
    }
    return e;
  }
}
