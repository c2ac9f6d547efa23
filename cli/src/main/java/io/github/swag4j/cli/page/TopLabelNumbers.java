package io.github.swag4j.cli.page;

import com.google.gson.JsonArray;
import com.google.gson.JsonNull;
import com.google.gson.JsonObject;
import io.github.swag4j.base.PValue;
import io.github.swag4j.calibration.Forecasts;
import io.github.swag4j.calibration.TopLabels;
import io.github.swag4j.calibration.binning.BinningConvention;
import io.github.swag4j.calibration.error.CalibrationError;
import io.github.swag4j.calibration.error.DebiasedCalibrationError;
import io.github.swag4j.calibration.error.SmoothCalibrationError;
import io.github.swag4j.calibration.ood.DetectionCurve;
import io.github.swag4j.calibration.selective.RiskCoverageCurve;
import io.github.swag4j.reports.MetricsTable;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/**
 * The metrics of a file that has the class predicted and its confidence alone, and the names of
 * those that cannot be known of it.
 *
 * @param file the file
 * @param rows rows judged
 * @param words how many classes occur in it
 * @param metrics by their names in JSON; NaN where one is undefined
 * @param intervals those of them that have one, or null if none were asked for
 */
public record TopLabelNumbers(
    Path file, long rows, int words, Map<String, Double> metrics, MetricIntervals intervals) {

  /** What needs the probabilities of every class. */
  private static final List<String> UNKNOWN = List.of("nll", "brier", "classwise_ece");

  private static final String WHY =
      "the file has the class predicted and its confidence alone; NLL, the Brier score and all else"
          + " that needs the probability of every class are unknown";

  /**
   * Judges rows.
   *
   * @param words how many classes occur in the file
   * @param how how intervals are made, or null for none
   */
  public static TopLabelNumbers of(
      Path file,
      TopLabels rows,
      int words,
      BinningConvention convention,
      MetricIntervals.Options how) {
    Forecasts forecasts = rows.forecasts();
    CalibrationError error = CalibrationError.of(forecasts, convention);
    RiskCoverageCurve curve = curve(rows);
    Map<String, Double> metrics = new LinkedHashMap<>();
    metrics.put("accuracy", forecasts.eventRate());
    metrics.put("mean_confidence", forecasts.meanProbability());
    metrics.put("confidence_brier", rows.confidenceBrier());
    metrics.put("ece", error.ece());
    metrics.put("mce", error.mce());
    metrics.put("rmsce", error.rmsce());
    metrics.put("ace", error.ace());
    metrics.put("ece_debiased", DebiasedCalibrationError.of(error.binning()).l2());
    metrics.put("smece", SmoothCalibrationError.of(forecasts).value());
    metrics.put("aurc", curve.aurc());
    metrics.put("augrc", curve.augrc());
    metrics.put("failure_auroc", failureAuroc(rows));
    MetricIntervals known = null;
    if (how != null) {
      known =
          rows.hasStandIn()
              ? MetricIntervals.ofAll(rows.standIn(), convention, how)
              : MetricIntervals.none(rows.rows(), how);
      Map<String, MetricIntervals.Value> kept = new LinkedHashMap<>(known.byKey());
      kept.keySet().retainAll(metrics.keySet());
      known = new MetricIntervals(known.rows(), how, known.calibrationPValue(), kept);
    }
    return new TopLabelNumbers(file, rows.rows(), words, metrics, known);
  }

  private static RiskCoverageCurve curve(TopLabels rows) {
    double[] confidences = new double[rows.rows()];
    boolean[] correct = new boolean[rows.rows()];
    double[] weights = rows.hasWeights() ? new double[rows.rows()] : null;
    for (int row = 0; row < confidences.length; row++) {
      confidences[row] = rows.confidence(row);
      correct[row] = rows.isCorrect(row);
      if (weights != null) {
        weights[row] = rows.weight(row);
      }
    }
    return weights == null
        ? RiskCoverageCurve.of(confidences, correct)
        : RiskCoverageCurve.of(confidences, correct, weights);
  }

  /** How well confidence tells right rows from wrong ones; NaN where all are one or the other. */
  private static double failureAuroc(TopLabels rows) {
    double[][] scores = new double[2][rows.rows()];
    double[][] weights = new double[2][rows.rows()];
    int[] count = new int[2];
    double[] weight = new double[2];
    for (int row = 0; row < rows.rows(); row++) {
      int part = rows.isCorrect(row) ? 0 : 1;
      scores[part][count[part]] = -rows.confidence(row);
      weights[part][count[part]++] = rows.weight(row);
      weight[part] += rows.weight(row);
    }
    if (!(weight[0] > 0 && weight[1] > 0)) {
      return Double.NaN;
    }
    for (int part = 0; part < 2; part++) {
      scores[part] = Arrays.copyOf(scores[part], count[part]);
      weights[part] = Arrays.copyOf(weights[part], count[part]);
    }
    return DetectionCurve.of(scores[0], weights[0], scores[1], weights[1]).auroc();
  }

  /** One object: what is unknown is null, and named. */
  public JsonObject json(BinningConvention convention) {
    JsonObject object = new JsonObject();
    object.addProperty("file", file.toString());
    object.addProperty("top_label_alone", true);
    object.addProperty("n", rows);
    object.addProperty("classes_seen", words);
    metrics.forEach((key, value) -> PredictionMetrics.number(object, key, value));
    UNKNOWN.forEach(key -> object.add(key, JsonNull.INSTANCE));
    JsonArray unknown = new JsonArray();
    UNKNOWN.forEach(unknown::add);
    object.add("unknown", unknown);
    object.addProperty("note", WHY);
    object.addProperty("convention", convention.name());
    object.addProperty("bins", convention.bins());
    if (intervals != null) {
      object.add("intervals", JudgedJson.of(intervals));
    }
    return object;
  }

  /** The metrics of some files, those that are unknown called so. */
  public static MetricsTable table(List<TopLabelNumbers> judged) {
    List<String> header = new ArrayList<>(List.of("file", "n", "classes seen"));
    List<String> keys =
        List.of(
            "accuracy",
            "nll",
            "brier",
            "ece",
            "mce",
            "ace",
            "confidence_brier",
            "mean_confidence",
            "aurc",
            "failure_auroc");
    keys.forEach(key -> header.add(MetricWords.name(key)));
    MetricsTable.Builder table = MetricsTable.builder(header.toArray(String[]::new));
    for (TopLabelNumbers each : judged) {
      List<String> row = new ArrayList<>();
      row.add(each.file().toString());
      row.add(String.format(Locale.ROOT, "%,d", each.rows()));
      row.add(Integer.toString(each.words()));
      keys.forEach(key -> row.add(each.text(key)));
      table.row(row);
    }
    return table.build();
  }

  private String text(String key) {
    return UNKNOWN.contains(key) ? "unknown" : JudgedTables.number(metrics.get(key));
  }

  /** One row for each file and metric that has an interval. */
  public static MetricsTable intervals(List<TopLabelNumbers> judged, String percent) {
    MetricsTable.Builder table = JudgedTables.intervalsHeader(percent);
    judged.forEach(each -> JudgedTables.intervals(each.file(), each.intervals(), table));
    return table.build();
  }

  /** What to say below the table. */
  public static List<String> notes(List<TopLabelNumbers> judged) {
    List<String> lines = new ArrayList<>();
    for (TopLabelNumbers each : judged) {
      lines.add(each.file() + ": " + WHY);
      if (each.intervals() != null && each.intervals().byKey().isEmpty()) {
        lines.add(
            each.file()
                + ": no intervals: "
                + (each.rows() < 2
                    ? "one row has none"
                    : "so many rows with a confidence so near 0 have none"));
      }
      if (each.intervals() != null && !Double.isNaN(each.intervals().calibrationPValue())) {
        lines.add(
            each.file()
                + ": p-value of a calibrated confidence "
                + PValue.text(each.intervals().calibrationPValue()));
      }
    }
    return lines;
  }
}
