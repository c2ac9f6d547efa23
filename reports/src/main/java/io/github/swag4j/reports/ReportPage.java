package io.github.swag4j.reports;

import io.github.swag4j.base.AtomicFile;
import io.github.swag4j.reports.drawing.Figure;
import io.github.swag4j.reports.drawing.Markup;
import io.github.swag4j.reports.drawing.SvgDocument;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Objects;

/**
 * One self-contained HTML page: text, tables, charts and settings in the order they were added.
 *
 * <p>Style and drawings are inline and there are no scripts, so the page opens anywhere, offline,
 * and can be mailed or archived as one file. It follows the reader's light or dark setting and fits
 * phones. All text is escaped. Immutable; the same content gives the same bytes.
 */
public final class ReportPage {

  /**
   * A chart and the sentence below it.
   *
   * @param chart the chart
   * @param caption what to see in it; may be empty
   */
  public record Captioned(Chart chart, String caption) {
    /**
     * Checks that both are there.
     *
     * @param chart the chart
     * @param caption what to see in it; may be empty
     */
    public Captioned {
      Objects.requireNonNull(chart, "chart");
      Objects.requireNonNull(caption, "caption");
    }
  }

  /**
   * What follows from the numbers on one topic.
   *
   * @param topic a word or two, such as {@code Accuracy}
   * @param text whole sentences
   * @param command what to type next, shown as it is; may be empty
   */
  public record Point(String topic, String text, String command) {
    /**
     * Checks that all are there.
     *
     * @param topic a word or two, such as {@code Accuracy}
     * @param text whole sentences
     * @param command what to type next, shown as it is; may be empty
     */
    public Point {
      Objects.requireNonNull(topic, "topic");
      Objects.requireNonNull(text, "text");
      Objects.requireNonNull(command, "command");
    }
  }

  /** Tables of more columns of numbers do not fit on a phone. */
  private static final int MOST_COLUMNS = 2;

  /** Of more rows than these, cards are longer than anybody scrolls. */
  private static final int MOST_CARDS = 12;

  private final String html;

  private ReportPage(String html) {
    this.html = html;
  }

  /**
   * Starts a page.
   *
   * @param title its heading and the name of its tab
   * @return a builder
   */
  public static Builder titled(String title) {
    return new Builder(Objects.requireNonNull(title, "title"));
  }

  /**
   * The page.
   *
   * @return HTML text
   */
  public String toHtml() {
    return html;
  }

  /**
   * Writes the page, whole or not at all: to a temporary name in the same folder, then renamed.
   * Folders are made when missing.
   *
   * @param file where to, usually {@code report.html}
   * @throws IOException if the file cannot be written
   */
  public void write(Path file) throws IOException {
    AtomicFile.write(file, out -> out.write(html.getBytes(StandardCharsets.UTF_8)));
  }

  /** Collects the parts of a page from top to bottom. */
  public static final class Builder {
    private final String title;
    private final StringBuilder body = new StringBuilder(65_536);
    private final StringBuilder head = new StringBuilder();
    private String footer = "";
    private int charts;
    private boolean inSection;

    private Builder(String title) {
      this.title = title;
    }

    /**
     * A paragraph of summary below the title, larger than the rest.
     *
     * @param text plain text
     * @return this builder
     */
    public Builder lead(String text) {
      head.append("<p class=\"lead\">").append(Markup.prose(text)).append("</p>\n");
      return this;
    }

    /**
     * What follows from the numbers, below the summary and before any of them: a few words on each
     * point, under its topic.
     *
     * @param points the points, the most important first
     * @return this builder
     */
    public Builder points(List<Point> points) {
      if (points.isEmpty()) {
        return this;
      }
      head.append("<dl class=\"points\">\n");
      for (Point point : points) {
        head.append("<div><dt>").append(Markup.escape(point.topic())).append("</dt><dd>");
        head.append(Markup.prose(point.text()));
        if (!point.command().isEmpty()) {
          head.append("<code>").append(Markup.escape(point.command())).append("</code>");
        }
        head.append("</dd></div>\n");
      }
      head.append("</dl>\n");
      return this;
    }

    /**
     * The heading of a new section.
     *
     * @param heading plain text
     * @return this builder
     */
    public Builder section(String heading) {
      body.append(inSection ? "</section>\n<section>\n" : "<section>\n");
      inSection = true;
      body.append("<h2>").append(Markup.escape(heading)).append("</h2>\n");
      return this;
    }

    /**
     * The heading of a part of a section.
     *
     * @param heading plain text
     * @return this builder
     */
    public Builder part(String heading) {
      body.append("<h3>").append(Markup.escape(heading)).append("</h3>\n");
      return this;
    }

    /**
     * A paragraph.
     *
     * @param text plain text
     * @return this builder
     */
    public Builder paragraph(String text) {
      body.append("<p>").append(Markup.prose(text)).append("</p>\n");
      return this;
    }

    /**
     * A table. On a phone the rows of a short one with many columns turn into cards; another that
     * is too wide for the screen scrolls inside its frame, whose edge is shaded where more is
     * hidden, while the labels of its rows stay.
     *
     * @param table the table
     * @param caption plain text; may be empty
     * @return this builder
     */
    public Builder table(MetricsTable table, String caption) {
      body.append(
          "<figure class=\"table\">\n<div class=\"scroll\" tabindex=\"0\" role=\"region\" ");
      String name = caption.isEmpty() ? "Table" : caption;
      body.append("aria-label=\"").append(Markup.escape(name)).append("\">\n");
      boolean cards = table.metrics().size() > MOST_COLUMNS && table.rows() <= MOST_CARDS;
      body.append(TableHtml.of(table, cards)).append("</div>\n");
      caption(caption);
      body.append("</figure>\n");
      return this;
    }

    /**
     * A table that is folded away below a line of text until the reader asks for it.
     *
     * @param summary the line, plain text
     * @param open whether the table is shown at first
     * @param table the table
     * @param caption plain text; may be empty
     * @return this builder
     */
    public Builder details(String summary, boolean open, MetricsTable table, String caption) {
      body.append(open ? "<details open=\"\">\n" : "<details>\n");
      body.append("<summary>").append(Markup.escape(summary)).append("</summary>\n");
      table(table, caption);
      body.append("</details>\n");
      return this;
    }

    /**
     * A chart in a row of its own.
     *
     * @param chart the chart
     * @param caption plain text; may be empty
     * @return this builder
     */
    public Builder chart(Chart chart, String caption) {
      return charts(List.of(new Captioned(chart, caption)));
    }

    /**
     * Charts side by side as far as the screen is wide enough, for comparing methods.
     *
     * @param group the charts
     * @return this builder
     */
    public Builder charts(List<Captioned> group) {
      return charts(group, "");
    }

    /**
     * Charts side by side as far as the screen is wide enough, with one caption for all of them.
     *
     * @param group the charts
     * @param caption what to see in every one of them; may be empty
     * @return this builder
     */
    public Builder charts(List<Captioned> group, String caption) {
      // Two fill two columns, four make two rows of two; others stand in threes.
      boolean halves = group.size() <= 2 || group.size() == 4;
      body.append("<div class=\"charts ");
      body.append(group.size() == 1 ? "one" : halves ? "two" : "three").append("\">\n");
      for (Captioned each : group) {
        charts++;
        boolean row = each.chart().hasNarrowLayout();
        body.append(row ? "<figure class=\"row\">\n" : "<figure>\n");
        drawing(each.chart(), halves);
        caption(each.caption());
        body.append("</figure>\n");
      }
      body.append("</div>\n");
      if (!caption.isEmpty()) {
        body.append("<p class=\"caption\">").append(Markup.prose(caption)).append("</p>\n");
      }
      return this;
    }

    /** A chart in the layouts that it has for the room it may be given. */
    private void drawing(Chart chart, boolean half) {
      String standard = SvgDocument.of(chart.figure(Chart.Layout.STANDARD), "chart" + charts + "-");
      if (chart.hasNarrowLayout()) {
        Figure narrow = chart.figure(Chart.Layout.NARROW);
        only("broad", standard);
        only("narrow", SvgDocument.of(narrow, "chart" + charts + "n-"));
      } else if (half && chart.hasWideLayout()) {
        Figure wide = chart.figure(Chart.Layout.WIDE);
        only("wide", SvgDocument.of(wide, "chart" + charts + "w-"));
        only("standard", standard);
      } else {
        body.append(standard);
      }
    }

    private void only(String room, String svg) {
      body.append("<div class=\"").append(room).append("-only\">\n").append(svg);
      body.append("</div>\n");
    }

    /**
     * Settings by name: configuration, seeds, versions, conventions, hashes.
     *
     * @param settings names and values in the order of the map's iteration; use one whose order is
     *     fixed
     * @return this builder
     */
    public Builder settings(Map<String, String> settings) {
      return list("settings", settings);
    }

    /**
     * Words and what they mean, in columns where the screen is wide enough.
     *
     * @param meanings words and meanings in the order of the map's iteration; use one whose order
     *     is fixed
     * @return this builder
     */
    public Builder definitions(Map<String, String> meanings) {
      return list("words", meanings);
    }

    private Builder list(String style, Map<String, String> entries) {
      body.append("<dl class=\"").append(style).append("\">\n");
      entries.forEach(
          (name, value) -> {
            body.append("<div><dt>").append(Markup.escape(name)).append("</dt><dd>");
            body.append(Markup.escape(value)).append("</dd></div>\n");
          });
      body.append("</dl>\n");
      return this;
    }

    /**
     * The last line of the page.
     *
     * @param text plain text, for example the program and its version
     * @return this builder
     */
    public Builder footer(String text) {
      footer = text;
      return this;
    }

    /**
     * Builds the page.
     *
     * @return the page
     */
    public ReportPage build() {
      StringBuilder out = new StringBuilder(body.length() + 8192);
      out.append("<!DOCTYPE html>\n<html lang=\"en\">\n<head>\n<meta charset=\"utf-8\">\n");
      out.append("<meta name=\"viewport\" content=\"width=device-width, initial-scale=1\">\n");
      out.append("<title>").append(Markup.escape(title)).append("</title>\n");
      out.append("<style>\n").append(PageStyle.css()).append("</style>\n</head>\n<body>\n");
      out.append("<header>\n<h1>").append(Markup.escape(title)).append("</h1>\n");
      out.append(head).append("</header>\n<main>\n").append(body);
      out.append(inSection ? "</section>\n" : "").append("</main>\n");
      out.append("<footer>").append(Markup.escape(footer)).append("</footer>\n");
      return new ReportPage(out.append("</body>\n</html>\n").toString());
    }

    private void caption(String caption) {
      if (!caption.isEmpty()) {
        body.append("<figcaption>").append(Markup.prose(caption)).append("</figcaption>\n");
      }
    }
  }
}
