package io.github.swag4j.cli.page;

import io.github.swag4j.calibration.Interval;
import io.github.swag4j.calibration.comparison.ChangeTest;
import io.github.swag4j.cli.findings.Part;
import io.github.swag4j.cli.run.RunDirectory;
import io.github.swag4j.reports.MetricsTable;
import io.github.swag4j.reports.MetricsTable.Better;
import io.github.swag4j.reports.ReportPage;
import io.github.swag4j.reports.monitoring.WindowChart;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/** The sections of a page about parts of a file: its groups, and its windows. */
final class PartSections {
  private PartSections() {}

  /** The groups as a conclusion takes them; those without intervals are left out. */
  static List<Part> parts(GroupIntervals groups) {
    List<Part> parts = new ArrayList<>();
    for (PartIntervals group : groups.groups()) {
      group
          .intervals()
          .get("mean_confidence")
          .ifPresent(
              confidence ->
                  parts.add(
                      new Part(
                          group.name(),
                          group.rows(),
                          group.rows(),
                          confidence.value(),
                          group.scores().accuracy())));
    }
    return parts;
  }

  static void groups(ReportPage.Builder page, String file, GroupIntervals groups) {
    page.section(file + " by " + groups.column())
        .table(
            table(groups.column(), groups.groups()),
            String.format(
                Locale.ROOT,
                "The intervals in small type hold for all %d groups at once, in %s of data sets,"
                    + " so that of the worst group, too.",
                groups.groups().size(),
                PageWords.percent(groups.level())));
  }

  static void windows(
      ReportPage.Builder page,
      RunDirectory directory,
      String figure,
      String file,
      WindowIntervals windows)
      throws IOException {
    WindowChart chart =
        WindowChart.of(file + " over " + windows.column(), windows.level(), chartWindows(windows));
    int change = change(windows);
    if (change > 0) {
      chart = chart.changedBefore(change);
    }
    chart.write(directory.figure(figure));
    page.section(file + " over " + windows.column())
        .charts(List.of(new ReportPage.Captioned(chart, "")), changes(windows))
        .details(
            "The windows as numbers",
            false,
            table(windows.column(), windows.windows()),
            PageNumbers.intervals(windows.level()));
  }

  private static List<WindowChart.Window> chartWindows(WindowIntervals windows) {
    return windows.windows().stream()
        .map(
            part ->
                new WindowChart.Window(
                    part.name(),
                    part.rows(),
                    measured(part, "accuracy", part.scores().accuracy()),
                    measured(part, "mean_confidence", Double.NaN),
                    measured(part, "nll", part.scores().nll())))
        .toList();
  }

  private static WindowChart.Measured measured(PartIntervals part, String key, double value) {
    return part.intervals()
        .get(key)
        .map(of -> new WindowChart.Measured(of.value(), new Interval(of.lower(), of.upper())))
        .orElseGet(() -> new WindowChart.Measured(value, Interval.UNKNOWN));
  }

  /** The window before which a certain change lies; 0 where there is none. */
  private static int change(WindowIntervals windows) {
    int most = -1;
    for (int i = 0; i < windows.changes().size(); i++) {
      boolean certain = windows.isCertain(i) && !windows.at().get(i).isEmpty();
      if (certain && (most < 0 || windows.adjusted()[i] < windows.adjusted()[most])) {
        most = i;
      }
    }
    if (most < 0) {
      return 0;
    }
    return nearestStart(windows.windows(), windows.changes().get(most).place());
  }

  /** The window, not the first, that begins nearest to a row. */
  private static int nearestStart(List<PartIntervals> windows, int row) {
    int nearest = 0;
    int start = 0;
    int distance = Integer.MAX_VALUE;
    for (int w = 1; w < windows.size(); w++) {
      start += windows.get(w - 1).rows();
      if (Math.abs(start - row) < distance) {
        distance = Math.abs(start - row);
        nearest = w;
      }
    }
    return nearest;
  }

  private static String changes(WindowIntervals windows) {
    List<String> certain = new ArrayList<>();
    for (int i = 0; i < windows.changes().size(); i++) {
      ChangeTest test = windows.changes().get(i);
      if (windows.isCertain(i)) {
        certain.add(test.what() + " (from " + windows.at().get(i) + " on)");
      }
    }
    String how = " (Holm's correction, " + PageWords.percent(windows.level()) + ")";
    return certain.isEmpty()
        ? "No metric changes beyond chance over these windows" + how + "."
        : "Beyond chance"
            + how
            + " these change: "
            + String.join(", ", certain)
            + ". The dashed line is at the window that begins nearest to the clearest change.";
  }

  private static MetricsTable table(String label, List<PartIntervals> parts) {
    MetricsTable.Builder table =
        MetricsTable.builder(label)
            .metric(new MetricsTable.Metric("accuracy", 4, Better.HIGHER))
            .lowerIsBetter("NLL")
            .lowerIsBetter("ECE")
            .lowerIsBetter("Brier")
            .metric(new MetricsTable.Metric("rows", 0, Better.NEITHER));
    for (PartIntervals part : parts) {
      Evaluation.Scores scores = part.scores();
      table
          .row(
              part.name(),
              scores.accuracy(),
              scores.nll(),
              scores.ece(),
              scores.brier(),
              part.rows())
          .intervals(
              PageNumbers.interval(part.intervals(), "accuracy"),
              PageNumbers.interval(part.intervals(), "nll"),
              PageNumbers.interval(part.intervals(), "ece"),
              PageNumbers.interval(part.intervals(), "brier"))
          .marked(List.of());
    }
    return table.build();
  }
}
