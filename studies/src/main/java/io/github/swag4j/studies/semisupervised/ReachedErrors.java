package io.github.swag4j.studies.semisupervised;

import io.github.swag4j.reports.MetricsTable;
import io.github.swag4j.reports.MetricsTable.Better;
import io.github.swag4j.reports.MetricsTable.Metric;
import io.github.swag4j.studies.frame.OverSeeds;
import io.github.swag4j.studies.semisupervised.FewLabelsTask.Found;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/**
 * After how many epochs an error is reached: that of SGD at the end, by the mean over seeds of each
 * one's errors by epochs.
 */
final class ReachedErrors {
  private static final List<String> ASKED =
      List.of(FewLabelsTask.SGD, FewLabelsTask.SWA, FewLabelsTask.FAST_SWA);

  private ReachedErrors() {}

  /** Mean error in percent after each epoch, of averages from their first one on; none diverged. */
  static double[] curve(List<Found> seeds, String weights) {
    int points = seeds.get(0).curves().get(weights).size();
    return OverSeeds.curve(
            points,
            i -> seeds.stream().mapToDouble(found -> 100 * found.curves().get(weights).get(i)))
        .mean();
  }

  /**
   * The first epoch after which an error is no more than a target.
   *
   * @param curve errors, the last one after the last epoch
   * @return from 1; NaN if none is
   */
  static double reached(double[] curve, double target, int epochs) {
    for (int i = 0; i < curve.length; i++) {
      if (curve[i] <= target) {
        return epochs - curve.length + i + 1;
      }
    }
    return Double.NaN;
  }

  /** Epochs of SGD, SWA and fast-SWA until SGD's last error. */
  static double[] epochs(List<Found> seeds) {
    double[] sgd = curve(seeds, FewLabelsTask.SGD);
    double target = sgd[sgd.length - 1];
    return ASKED.stream()
        .mapToDouble(weights -> reached(curve(seeds, weights), target, sgd.length))
        .toArray();
  }

  static MetricsTable table(Map<Integer, Map<Way, List<Found>>> found) {
    MetricsTable.Builder table = MetricsTable.builder("Labels", "Training");
    table.metric(new Metric("Error, %", 2, Better.NEITHER));
    ASKED.forEach(weights -> table.metric(new Metric(weights, 0, Better.NEITHER)));
    found.forEach(
        (labels, of) ->
            of.forEach(
                (way, all) -> {
                  List<Found> seeds = Found.finite(all);
                  if (seeds.isEmpty()) {
                    return;
                  }
                  double[] sgd = curve(seeds, FewLabelsTask.SGD);
                  double[] epochs = epochs(seeds);
                  table.row(
                      List.of(String.format(Locale.ROOT, "%,d", labels), way.title()),
                      sgd[sgd.length - 1],
                      epochs[0],
                      epochs[1],
                      epochs[2]);
                }));
    return table.build();
  }

  /** Whether fast-SWA is sooner there, by the pairs of labels and method. */
  static String sentence(Map<Integer, Map<Way, List<Found>>> found) {
    int[] than = new int[4];
    int all = 0;
    for (Map<Way, List<Found>> of : found.values()) {
      for (List<Found> each : of.values()) {
        List<Found> seeds = Found.finite(each);
        if (seeds.isEmpty()) {
          continue;
        }
        double[] epochs = epochs(seeds);
        all++;
        than[0] += epochs[2] < epochs[0] ? 1 : 0;
        than[1] += epochs[2] == epochs[0] ? 1 : 0;
        // Never reached is later than any epoch.
        than[2] +=
            epochs[2] < epochs[1] || !Double.isNaN(epochs[2]) && Double.isNaN(epochs[1]) ? 1 : 0;
        than[3] += epochs[2] == epochs[1] ? 1 : 0;
      }
    }
    return String.format(
        Locale.ROOT,
        "fast-SWA reaches the error that SGD ends with in fewer epochs than SGD for %d of %d pairs of"
            + " labels and method, in as many for %d, later or never for %d; in fewer than SWA for"
            + " %d, in as many for %d.",
        than[0],
        all,
        than[1],
        all - than[0] - than[1],
        than[2],
        than[3]);
  }
}
