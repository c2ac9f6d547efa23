package io.github.swag4j.cli.comparison;

import io.github.swag4j.base.PValue;
import io.github.swag4j.cli.comparison.Contender.Spread;
import io.github.swag4j.cli.comparison.Group.Difference;
import io.github.swag4j.cli.comparison.Judgement.Detection;
import io.github.swag4j.reports.MetricsTable;
import io.github.swag4j.reports.MetricsTable.Better;
import io.github.swag4j.reports.MetricsTable.Metric;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;

/**
 * A comparison in tables: in numbers, for programs, and in cells such as {@code 0.9012 ± 0.0007},
 * for people.
 */
final class ComparisonTables {
  private final Comparison compared;
  private final List<Column> columns;

  ComparisonTables(Comparison compared) {
    this.compared = compared;
    this.columns =
        Arrays.stream(Column.values())
            .filter(
                column ->
                    compared.groups().stream()
                        .flatMap(group -> group.contenders().stream())
                        .anyMatch(each -> !Double.isNaN(each.values(column).mean())))
            .toList();
  }

  private String[] labels(String... own) {
    List<String> labels = new ArrayList<>(compared.hasGroups() ? List.of("data") : List.of());
    labels.addAll(List.of(own));
    return labels.toArray(String[]::new);
  }

  private List<String> labels(Group group, String... own) {
    List<String> labels =
        new ArrayList<>(compared.hasGroups() ? List.of(group.title()) : List.of());
    labels.addAll(List.of(own));
    return labels;
  }

  private static void spread(MetricsTable.Builder table, String name) {
    table.metric(new Metric(name, 4, Better.NEITHER));
    table.metric(new Metric("se " + name, 4, Better.NEITHER));
  }

  private static String number(String format, double value) {
    return Double.isNaN(value) ? "–" : String.format(Locale.ROOT, format, value).replace('-', '−');
  }

  /** Mean and standard error, or the one number there is. */
  private static String cell(Spread spread) {
    String mean = number("%.4f", spread.mean());
    double error = spread.error();
    return Double.isNaN(error) ? mean : mean + number(" ± %.4f", error);
  }

  /** One row for each contender: mean and standard error of each metric. */
  MetricsTable means() {
    MetricsTable.Builder table = MetricsTable.builder(labels("method"));
    table.metric(new Metric("seeds", 0, Better.NEITHER));
    columns.forEach(column -> spread(table, column.title()));
    for (Group group : compared.groups()) {
      for (Contender each : group.contenders()) {
        double[] row = new double[1 + 2 * columns.size()];
        row[0] = each.seeds().isEmpty() ? Double.NaN : each.seeds().size();
        for (int c = 0; c < columns.size(); c++) {
          Spread values = each.values(columns.get(c));
          row[1 + 2 * c] = values.mean();
          row[2 + 2 * c] = values.error();
        }
        table.row(labels(group, each.name()), row);
      }
    }
    return table.build();
  }

  /** The same for people. */
  MetricsTable meansInWords() {
    List<String> head = new ArrayList<>(List.of("method", "seeds"));
    columns.forEach(column -> head.add(column.title()));
    MetricsTable.Builder table = MetricsTable.builder(labels(head.toArray(String[]::new)));
    for (Group group : compared.groups()) {
      for (Contender each : group.contenders()) {
        List<String> cells = new ArrayList<>(labels(group, each.name()));
        cells.add(each.seeds().isEmpty() ? "–" : Integer.toString(each.seeds().size()));
        columns.forEach(column -> cells.add(cell(each.values(column))));
        table.row(cells);
      }
    }
    return table.build();
  }

  /** One row for each contender but the baselines, and metric. */
  MetricsTable differences() {
    MetricsTable.Builder table = MetricsTable.builder(labels("method", "minus", "metric"));
    table.metric(new Metric("difference", 4, Better.NEITHER));
    table.metric(new Metric("se", 4, Better.NEITHER));
    table.metric(new Metric("better seeds", 0, Better.NEITHER));
    table.metric(new Metric("p rows (Holm)", 4, Better.P_VALUE));
    table.metric(new Metric("p seeds (Holm)", 4, Better.P_VALUE));
    for (Difference each : compared.differences()) {
      table.row(
          labels(
              each.group(),
              each.contender().name(),
              each.group().baseline().name(),
              each.column().title()),
          each.value(),
          each.error(),
          each.betterSeeds(),
          each.pRows(),
          each.pSeeds());
    }
    return table.build();
  }

  /** The same for people. */
  MetricsTable differencesInWords() {
    MetricsTable.Builder table =
        MetricsTable.builder(
            labels(
                "method",
                "minus",
                "metric",
                "difference",
                "better seeds",
                "p rows (Holm)",
                "p seeds (Holm)"));
    for (Difference each : compared.differences()) {
      String value =
          number("%+.4f", each.value())
              + (Double.isNaN(each.error()) ? "" : number(" ± %.4f", each.error()));
      table.row(
          labels(
              each.group(),
              each.contender().name(),
              each.group().baseline().name(),
              each.column().title(),
              value,
              each.bySeed().length == 0
                  ? "–"
                  : (int) each.betterSeeds() + " of " + each.bySeed().length,
              probability(each.pRows()),
              probability(each.pSeeds())));
    }
    return table.build();
  }

  private static String probability(double p) {
    return Double.isNaN(p) ? "–" : PValue.text(p);
  }

  /** Whether anything was told apart. */
  boolean hasDetections() {
    return compared.groups().stream()
        .flatMap(group -> group.contenders().stream())
        .anyMatch(each -> !each.detections().isEmpty());
  }

  /** One row for each contender, unusual data set and score. */
  MetricsTable detections() {
    MetricsTable.Builder table = MetricsTable.builder(labels("unlike", "method", "score"));
    spread(table, "AUROC");
    spread(table, "FPR95");
    for (Group group : compared.groups()) {
      for (Contender each : group.contenders()) {
        for (List<String> which : each.detections()) {
          Spread auroc = each.detections(which, Detection::auroc);
          Spread fpr = each.detections(which, Detection::fpr95);
          table.row(
              labels(group, which.get(0), each.name(), which.get(1)),
              auroc.mean(),
              auroc.error(),
              fpr.mean(),
              fpr.error());
        }
      }
    }
    return table.build();
  }

  /** The same for people. */
  MetricsTable detectionsInWords() {
    MetricsTable.Builder table =
        MetricsTable.builder(labels("unlike", "method", "score", "AUROC", "FPR95"));
    for (Group group : compared.groups()) {
      for (Contender each : group.contenders()) {
        for (List<String> which : each.detections()) {
          table.row(
              labels(
                  group,
                  which.get(0),
                  each.name(),
                  which.get(1).replace('_', ' '),
                  cell(each.detections(which, Detection::auroc)),
                  cell(each.detections(which, Detection::fpr95))));
        }
      }
    }
    return table.build();
  }

  private static final List<Column> SHIFTED = List.of(Column.ACCURACY, Column.NLL, Column.ECE);

  /** Whether anything is known of images made worse. */
  boolean hasShifts() {
    return compared.groups().stream()
        .flatMap(group -> group.contenders().stream())
        .anyMatch(each -> !each.strengths().isEmpty());
  }

  /** One row for each contender and strength. */
  MetricsTable shifts() {
    MetricsTable.Builder table = MetricsTable.builder(labels("method", "strength"));
    SHIFTED.forEach(column -> spread(table, column.title()));
    for (Group group : compared.groups()) {
      for (Contender each : group.contenders()) {
        for (int strength : each.strengths()) {
          double[] row = new double[2 * SHIFTED.size()];
          for (int c = 0; c < SHIFTED.size(); c++) {
            Spread values = each.shifted(strength, SHIFTED.get(c));
            row[2 * c] = values.mean();
            row[2 * c + 1] = values.error();
          }
          table.row(labels(group, each.name(), Integer.toString(strength)), row);
        }
      }
    }
    return table.build();
  }

  /** The same for people. */
  MetricsTable shiftsInWords() {
    MetricsTable.Builder table =
        MetricsTable.builder(labels("method", "strength", "accuracy", "NLL", "ECE"));
    for (Group group : compared.groups()) {
      for (Contender each : group.contenders()) {
        for (int strength : each.strengths()) {
          List<String> cells =
              new ArrayList<>(labels(group, each.name(), Integer.toString(strength)));
          SHIFTED.forEach(column -> cells.add(cell(each.shifted(strength, column))));
          table.row(cells);
        }
      }
    }
    return table.build();
  }
}
