package io.github.swag4j.cli.chart;

import io.github.swag4j.calibration.Interval;
import io.github.swag4j.calibration.comparison.Bootstrap;
import io.github.swag4j.calibration.comparison.MethodComparisons;
import io.github.swag4j.calibration.comparison.Metric;
import io.github.swag4j.calibration.comparison.MetricInterval;
import io.github.swag4j.calibration.comparison.PairedComparison;
import io.github.swag4j.calibration.conformal.ConformalClassifier;
import io.github.swag4j.calibration.conformal.ConformalScore;
import io.github.swag4j.reports.Chart;
import io.github.swag4j.reports.comparison.DifferenceChart;
import io.github.swag4j.reports.comparison.MethodChart;
import io.github.swag4j.reports.selection.ConformalChart;
import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** Charts that need something computed first: sets, intervals, tests. */
final class FittedCharts {
  private FittedCharts() {}

  static Chart conformal(ChartInput in) {
    ConformalClassifier fitted =
        ConformalClassifier.fit(
            in.fitting().orElseThrow(),
            ConformalClassifier.Options.of(in.alpha(), ConformalScore.aps()));
    double nominal = BigDecimal.ONE.subtract(BigDecimal.valueOf(in.alpha())).doubleValue();
    return ConformalChart.of(in.title(), fitted.predict(in.only()), nominal);
  }

  static Chart methods(ChartInput in) {
    Map<String, Double> pValues = new HashMap<>();
    if (in.methods().size() > 1) {
      MethodComparisons tests = tests(in);
      for (int i = 0; i < tests.comparisons().size(); i++) {
        pValues.put(tests.comparisons().get(i).first(), tests.adjustedPValues().get(i));
      }
    }
    Map<String, MethodChart.Measured> measured = new LinkedHashMap<>();
    in.methods()
        .forEach(
            (name, p) -> {
              MetricInterval of = Bootstrap.of(in.metric(), p, in.bootstrap());
              Interval interval = new Interval(of.lower(), of.upper());
              double pValue = pValues.getOrDefault(name, Double.NaN);
              measured.put(
                  name, new MethodChart.Measured(of.estimate(), interval, pValue, List.of()));
            });
    return MethodChart.of(in.title(), in.metricTitle(), "95 % interval over rows", measured);
  }

  static Chart differences(ChartInput in) {
    List<DifferenceChart.Row> rows = new ArrayList<>();
    for (PairedComparison each : tests(in).comparisons()) {
      rows.add(
          new DifferenceChart.Row(
              each.first() + ", " + each.metric(),
              each.difference(),
              new Interval(each.lower(), each.upper()),
              each.direction() == Metric.Direction.LOWER_IS_BETTER));
    }
    return DifferenceChart.of(in.title(), baseline(in), rows);
  }

  private static MethodComparisons tests(ChartInput in) {
    return MethodComparisons.against(in.metric(), baseline(in), in.methods(), in.bootstrap());
  }

  private static String baseline(ChartInput in) {
    return in.methods().keySet().iterator().next();
  }
}
