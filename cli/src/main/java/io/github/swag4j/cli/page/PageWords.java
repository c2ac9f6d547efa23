package io.github.swag4j.cli.page;

import io.github.swag4j.calibration.Predictions;
import io.github.swag4j.cli.findings.Finding;
import io.github.swag4j.cli.findings.Finding.Topic;
import io.github.swag4j.reports.MetricsTable;
import io.github.swag4j.reports.MetricsTable.Better;
import io.github.swag4j.reports.MetricsTable.Metric;
import io.github.swag4j.reports.ReportPage;
import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/** Counts and names as a page says them. */
public final class PageWords {

  /** So many names of classes are listed before the rest are counted. */
  private static final int MOST_NAMES = 12;

  private PageWords() {}

  /** What sets of predictions hold, by the name of the set. */
  public static MetricsTable data(Map<String, Predictions> sets) {
    MetricsTable.Builder table =
        MetricsTable.builder("data", "class names")
            .metric(new Metric("rows", 0, Better.NEITHER))
            .metric(new Metric("classes", 0, Better.NEITHER));
    sets.forEach(
        (name, set) ->
            table.row(
                List.of(name, set.hasClassNames() ? names(set.classNames()) : "not known"),
                set.rows(),
                set.classes()));
    return table.build();
  }

  /** A share as it was said, such as "95 %" or "99.5 %". */
  public static String percent(double share) {
    return new BigDecimal(Double.toString(share))
            .movePointRight(2)
            .stripTrailingZeros()
            .toPlainString()
        + " %";
  }

  /** Such as "3 classes (cat, dog, fox)", without names where there are none. */
  static String classes(int classes, List<String> names) {
    String count = String.format(Locale.ROOT, "%,d classes", classes);
    return names.isEmpty() ? count : count + " (" + names(names) + ")";
  }

  /** Names in a row, the first ones of many. */
  static String names(List<String> names) {
    if (names.size() <= MOST_NAMES) {
      return String.join(", ", names);
    }
    return String.join(", ", names.subList(0, MOST_NAMES - 2))
        + String.format(Locale.ROOT, " and %,d more", names.size() - MOST_NAMES + 2);
  }

  /** What is concluded: accuracy and confidence in the first paragraph, the rest by topic. */
  static void conclude(ReportPage.Builder page, String what, List<Finding> findings) {
    StringBuilder lead = new StringBuilder(what);
    List<ReportPage.Point> points = new ArrayList<>();
    for (Finding finding : findings) {
      if (finding.topic() == Topic.ACCURACY || finding.topic() == Topic.AVERAGE) {
        lead.append(' ').append(finding.text());
      } else {
        points.add(
            new ReportPage.Point(finding.topic().words(), finding.text(), finding.command()));
      }
    }
    page.lead(lead.toString()).points(points);
  }

  /** A word as a shell takes it. */
  public static String quoted(String word) {
    return word.matches("[A-Za-z0-9_./:=@%+,-]+") ? word : "'" + word.replace("'", "'\\''") + "'";
  }
}
