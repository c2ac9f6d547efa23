package io.github.swag4j.studies.semisupervised;

import io.github.swag4j.reports.CurveGridChart;
import io.github.swag4j.studies.semisupervised.FewLabelsTask.Found;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** Errors by epochs: a panel for each way of training, with all that is judged of it. */
final class ErrorCurves {
  private ErrorCurves() {}

  /** Means over the seeds that did not diverge; nothing if there are none. */
  static Optional<CurveGridChart> chart(String title, int epochs, Map<Way, List<Found>> found) {
    CurveGridChart.Builder chart = CurveGridChart.titled(title, "Epochs", "Test error, %");
    boolean there = false;
    for (Map.Entry<Way, List<Found>> each : found.entrySet()) {
      List<Found> ended = Found.finite(each.getValue());
      if (!ended.isEmpty()) {
        there = true;
        // A panel has room for what stands before the comma.
        add(chart.panel(each.getKey().title().replaceFirst(",.*", "")), epochs, ended);
      }
    }
    return there ? Optional.of(chart.build()) : Optional.empty();
  }

  /** Curves of averages begin later and end with the last epoch as all do. */
  private static void add(CurveGridChart.Builder chart, int epochs, List<Found> ended) {
    for (String weights : FewLabelsTask.JUDGED) {
      if (ended.get(0).curves().containsKey(weights)) {
        double[] y = ReachedErrors.curve(ended, weights);
        double[] x = new double[y.length];
        for (int i = 0; i < x.length; i++) {
          x[i] = epochs - y.length + i + 1;
        }
        chart.curve(weights, x, y);
      }
    }
  }
}
