package io.github.swag4j.reports;

import io.github.swag4j.reports.drawing.Figure;
import io.github.swag4j.reports.drawing.Plot;
import io.github.swag4j.reports.drawing.Sheet;
import java.util.Locale;

/**
 * A chart that is a sheet of plots. Its numbers are exactly those that are drawn: a row for each
 * point, with the panel and the series that it belongs to, and its bounds where it has them.
 */
public abstract class PlottedChart extends Chart {
  private static final int WIDE = 540;

  /** A chart draws itself when it is asked to. */
  protected PlottedChart() {}

  /**
   * The plots and the texts around them.
   *
   * @return a new sheet
   */
  protected abstract Sheet sheet();

  @Override
  protected boolean hasWideLayout() {
    return true;
  }

  @Override
  protected Figure figure(Layout layout) {
    return sheet().draw(layout == Layout.WIDE ? WIDE : Sheet.COLUMN);
  }

  @Override
  public ChartData data() {
    Sheet sheet = sheet();
    String horizontal =
        sheet.xTitle().toLowerCase(Locale.ROOT).replaceAll("[^a-z0-9]+", "_").replaceAll("_$", "");
    ChartData.Builder data =
        ChartData.builder("panel", "series", horizontal, "value", "lower", "upper");
    for (Plot.Row row : sheet.rows()) {
      data.row(row.panel(), row.series(), row.x(), row.y(), row.lower(), row.upper());
    }
    return data.build();
  }
}
