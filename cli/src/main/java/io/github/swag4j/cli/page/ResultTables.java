package io.github.swag4j.cli.page;

import io.github.swag4j.calibration.Predictions;
import io.github.swag4j.calibration.binning.BinningConvention;
import io.github.swag4j.calibration.recalibration.TemperatureScaling;
import io.github.swag4j.calibration.scores.ProperScores;
import io.github.swag4j.cli.run.Method;
import io.github.swag4j.cli.run.Results;
import io.github.swag4j.cli.run.Temperatures;
import io.github.swag4j.reports.MetricsTable;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.function.Function;

/** The tables of a run, on the terminal and on the page. */
public final class ResultTables {

  private ResultTables() {}

  /**
   * One row for each method, what its temperature makes of it on the right; marked is what is
   * better than every other method beyond chance.
   */
  static MetricsTable calibration(Results results, MethodGrounds grounds) {
    return methods(results, grounds::best).build();
  }

  /** The same with none marked as the best. */
  static MetricsTable unmarked(Results results) {
    return methods(results, method -> List.of()).build();
  }

  private static MetricsTable.Builder methods(
      Results results, Function<Method, List<String>> best) {
    MetricsTable.Builder table = header("method");
    Temperatures temperatures = results.temperatures();
    if (temperatures.isEmpty()) {
      for (Method method : results.methods()) {
        row(table, method.title(), results.test(method));
        table.marked(best.apply(method));
      }
      return table;
    }
    table.metric(new MetricsTable.Metric("T", 3, MetricsTable.Better.NEITHER));
    table.lowerIsBetter("NLL at T").lowerIsBetter("ECE at T");
    for (Method method : results.methods()) {
      Evaluation.Scores scores = Evaluation.Scores.of(results.test(method), BinningConvention.GUO);
      Optional<Evaluation.Scores> scaled =
          temperatures.scaled(method).map(p -> Evaluation.Scores.of(p, BinningConvention.GUO));
      table.row(
          method.title(),
          scores.accuracy(),
          scores.nll(),
          scores.brier(),
          scores.ece(),
          temperatures.of(method).map(TemperatureScaling::temperature).orElse(Double.NaN),
          scaled.map(Evaluation.Scores::nll).orElse(Double.NaN),
          scaled.map(Evaluation.Scores::ece).orElse(Double.NaN));
      table.marked(best.apply(method));
    }
    return table;
  }

  /**
   * The same for a page: what matters first, intervals beside the numbers, and only what is better
   * than every other method beyond chance marked.
   */
  static MetricsTable calibrationOnPage(Results results, MethodGrounds grounds) {
    Temperatures temperatures = results.temperatures();
    MetricsTable.Builder table =
        MetricsTable.builder("method")
            .higherIsBetter(RowValues.ACCURACY)
            .lowerIsBetter(RowValues.NLL)
            .lowerIsBetter(MethodGrounds.ECE)
            .lowerIsBetter(RowValues.BRIER);
    boolean scaled = !temperatures.isEmpty();
    if (scaled) {
      table.metric(new MetricsTable.Metric("T", 3, MetricsTable.Better.NEITHER));
      table.lowerIsBetter("NLL at T").lowerIsBetter("ECE at T");
    }
    for (Method method : results.methods()) {
      Evaluation.Scores scores = Evaluation.Scores.of(results.test(method), BinningConvention.GUO);
      List<Double> row =
          new ArrayList<>(List.of(scores.accuracy(), scores.nll(), scores.ece(), scores.brier()));
      if (scaled) {
        Optional<Evaluation.Scores> at =
            temperatures.scaled(method).map(p -> Evaluation.Scores.of(p, BinningConvention.GUO));
        row.add(temperatures.of(method).map(TemperatureScaling::temperature).orElse(Double.NaN));
        row.add(at.map(Evaluation.Scores::nll).orElse(Double.NaN));
        row.add(at.map(Evaluation.Scores::ece).orElse(Double.NaN));
      }
      MetricIntervals intervals = grounds.intervals(method);
      table
          .row(method.title(), row.stream().mapToDouble(Double::doubleValue).toArray())
          .intervals(
              PageNumbers.interval(intervals, "accuracy"),
              PageNumbers.interval(intervals, "nll"),
              PageNumbers.interval(intervals, "ece"),
              PageNumbers.interval(intervals, "brier"))
          .marked(grounds.best(method));
    }
    return table.build();
  }

  /** What the columns of temperatures are; empty if there are none. */
  public static String temperatureCaption(Results results) {
    Temperatures temperatures = results.temperatures();
    StringBuilder text = new StringBuilder();
    if (!temperatures.isEmpty()) {
      text.append(
          "T: temperature scaling (softmax of logits / T), fitted on the held-out rows by NLL;"
              + " beside it the NLL and ECE of the test rows at T. The predicted classes do not"
              + " change.");
    }
    temperatures
        .atLimits()
        .forEach(
            (method, words) ->
                text.append(" The fit of T for ")
                    .append(method.title())
                    .append(' ')
                    .append(words)
                    .append('.'));
    temperatures
        .refused()
        .forEach(
            (method, reason) ->
                text.append(text.isEmpty() ? "" : " ")
                    .append("No temperature for ")
                    .append(method.title())
                    .append(": ")
                    .append(reason)
                    .append('.'));
    return text.toString();
  }

  /** A table with one label column and accuracy, NLL, Brier score and ECE. */
  public static MetricsTable.Builder header(String label) {
    return numbersAfter(MetricsTable.builder(label));
  }

  /** The columns of {@link Evaluation.Scores}, after those that a table has. */
  public static MetricsTable.Builder numbersAfter(MetricsTable.Builder table) {
    return table
        .higherIsBetter("accuracy")
        .lowerIsBetter("NLL")
        .lowerIsBetter("Brier")
        .lowerIsBetter("ECE");
  }

  /** Adds the row of some predictions to a table with {@link #header}. */
  public static void row(MetricsTable.Builder table, String label, Predictions predicted) {
    Evaluation.Scores scores = Evaluation.Scores.of(predicted, BinningConvention.GUO);
    table.row(label, scores.accuracy(), scores.nll(), scores.brier(), scores.ece());
  }

  /** What to say below a table of rows that NLL hangs on alone; empty if there are none. */
  public static String zeroProbabilities(String name, long rows) {
    return rows == 0
        ? ""
        : String.format(
            Locale.ROOT,
            "NLL of %s: %,d %s label probability 0, counted as %.1f (p = 1e-300)%n",
            name,
            rows,
            rows == 1 ? "row gives its" : "rows give their",
            -Math.log(ProperScores.NLL_FLOOR));
  }
}
