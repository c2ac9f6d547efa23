package io.github.swag4j.cli.page;

import io.github.swag4j.calibration.Predictions;
import io.github.swag4j.calibration.binning.BinningConvention;
import io.github.swag4j.calibration.comparison.PairedComparison;
import io.github.swag4j.cli.findings.Evidence;
import io.github.swag4j.cli.findings.Ranking;
import io.github.swag4j.cli.run.Method;
import io.github.swag4j.cli.run.Results;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** What a run's page concludes from: each method's numbers with intervals, and how they compare. */
final class MethodGrounds {
  static final String ECE = MethodBootstrap.ECE;

  private static final BinningConvention BINNING = BinningConvention.GUO;
  private final List<Method> methods;
  private final boolean scaled;
  private final Map<Method, Grounds> grounds = new LinkedHashMap<>();
  private final Map<String, Ranking> rankings = new LinkedHashMap<>();

  /** Of a run; the first time it takes a bootstrap. */
  static MethodGrounds of(Results results) {
    return results.once(MethodGrounds.class, MethodGrounds::new);
  }

  private MethodGrounds(Results results) {
    methods = results.methods();
    scaled = !results.temperatures().isEmpty();
    for (Method method : methods) {
      Predictions predicted = results.test(method);
      MetricIntervals intervals =
          Grounds.intervals(predicted, BINNING, MetricIntervals.Options.defaults(), false);
      grounds.put(method, Grounds.of(method.title(), predicted, BINNING, intervals));
    }
    List<RowValues> rows = grounds.values().stream().map(Grounds::rows).toList();
    if (RowValues.areOfTheSameRows(rows)) {
      rankings.putAll(RowValues.rankings(rows, null));
      rankings.put(ECE, ece(results));
    }
  }

  private Ranking ece(Results results) {
    double[] values =
        methods.stream()
            .mapToDouble(m -> Evaluation.Scores.of(results.test(m), BINNING).ece())
            .toArray();
    return Ranking.of(values, (a, b) -> ece(results, methods.get(a), methods.get(b)), true);
  }

  private static double[] ece(Results results, Method a, Method b) {
    PairedComparison compared = MethodBootstrap.of(results).difference(ECE, a, b);
    return new double[] {compared.difference(), compared.standardError()};
  }

  List<Evidence> judged() {
    return grounds.values().stream().map(Grounds::judged).toList();
  }

  MetricIntervals intervals(Method method) {
    return grounds.get(method).intervals();
  }

  /** The rankings in the words of a sentence. */
  Map<String, Ranking> rankings() {
    return RowValues.inWords(rankings);
  }

  /** The metrics that a method is the best by, beyond chance. */
  List<String> best(Method method) {
    List<String> best = new ArrayList<>();
    rankings.forEach(
        (metric, ranking) -> {
          if (ranking.isCertain() && methods.get(ranking.best()) == method) {
            best.add(metric);
          }
        });
    return best;
  }

  /** What is marked, or why nothing is. */
  String marks() {
    String said = marks("Marked:", "Nothing is marked");
    return said.isEmpty() ? "" : " " + said;
  }

  /** What a star on the terminal says, or why there is none; empty of one method. */
  String stars() {
    return marks("* is", "No star");
  }

  private String marks(String marked, String nothing) {
    if (rankings.isEmpty()) {
      return "";
    }
    return rankings.values().stream().anyMatch(Ranking::isCertain)
        ? marked
            + " better than every other method beyond chance (paired by rows, 95 %, Holm's"
            + " correction)"
            + (scaled ? "; the numbers at T are not tested." : ".")
        : nothing
            + ": no method is better than all others beyond chance (paired by rows, 95 %, Holm's"
            + " correction).";
  }
}
