package io.github.swag4j.reports;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.swag4j.reports.drawing.Ink;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ReportPageTest {
  private static ReportPage page() {
    Chart same = Samples.reliability("SGD");
    return ReportPage.titled("Report <of> a run")
        .lead("Lead & more, 5 %")
        .points(List.of(new ReportPage.Point("Next", "Do <this>", "run & see")))
        .section("Calibration")
        .paragraph("Words")
        .table(MetricsTable.builder("m").lowerIsBetter("x").row("a", 1).build(), "A \"caption\"")
        .charts(
            List.of(
                new ReportPage.Captioned(same, "one"),
                new ReportPage.Captioned(same, "two"),
                new ReportPage.Captioned(Samples.scores("o"), "")))
        .chart(Samples.training("t"), "three")
        .details("More <rows>", false, Samples.table(), "fold")
        .definitions(Map.of("ECE", "a & b"))
        .settings(Map.of("Seed", "<script>"))
        .footer("end")
        .build();
  }

  @Test
  void aNameDoesNotTurnTheSentenceThatItStandsIn() {
    String page =
        ReportPage.titled("a\u202eb")
            .lead("classes cat, \u202edog, \u2066eel and \u0007fox, \uffff")
            .build()
            .toHtml();
    assertThat(page)
        .contains("<h1>a\\u202eb</h1>", "cat, \\u202edog, \\u2066eel and \\u0007fox, \ufffd</p>")
        .doesNotContain("\u202e", "\u2066", "\u0007", "\uffff");
  }

  @Test
  void idsAreUniqueEvenWhenAChartIsShownTwice() {
    List<String> ids =
        Pattern.compile(" id=\"([^\"]+)\"")
            .matcher(page().toHtml())
            .results()
            .map((MatchResult m) -> m.group(1))
            .toList();
    assertThat(ids).hasSize(10).doesNotHaveDuplicates();
  }

  @Test
  void nothingOutsideThePageIsNeeded() {
    String html = page().toHtml().replace("xmlns=\"http://www.w3.org/2000/svg\"", "");
    assertThat(html).doesNotContain("http:", "https:", "url(", "@import", "<script", "<link");
  }

  @Test
  void bodyIsWellFormedAndEscaped() {
    String html = page().toHtml();
    Samples.parse(html.substring(html.indexOf("<body>"), html.indexOf("</html>")));
    assertThat(html).contains("<h1>Report &lt;of&gt; a run</h1>", "Lead &amp; more, 5\u00a0%");
    assertThat(html).contains("<dt>Next</dt><dd>Do &lt;this&gt;<code>run &amp; see</code></dd>");
    assertThat(html).contains("<dt>Seed</dt><dd>&lt;script&gt;</dd>");
  }

  @Test
  void partsStandInTheOrderTheyWereAdded() {
    assertThat(page().toHtml())
        .containsSubsequence(
            "<h1>",
            "class=\"lead\"",
            "class=\"points\"",
            "<main>",
            "<section>",
            "<h2>Calibration",
            "<p>Words",
            "<table>",
            "one</figcaption>",
            "two</figcaption>",
            "broad-only",
            "narrow-only",
            "three",
            "<details>",
            "<summary>More &lt;rows&gt;</summary>",
            "fold</figcaption>",
            "class=\"words\"",
            "<dt>ECE</dt><dd>a &amp; b</dd>",
            "class=\"settings\"",
            "<footer>end");
  }

  @Test
  void everyInkCanBeRestyledForDarkPages() {
    String html = page().toHtml();
    assertThat(html).contains("prefers-color-scheme: dark");
    for (Ink ink : Ink.values()) {
      assertThat(html).contains("--" + ink.key() + ": " + ink.darkHex());
    }
  }

  @Test
  void aTableWiderThanItsFrameIsShadedWhereItGoesOnAndKeepsItsLabels() {
    String html = page().toHtml();
    String frame = html.substring(html.indexOf(".scroll {"));
    frame = frame.substring(0, frame.indexOf('}'));
    // The cover moves with the table and bares the shade, which stays at the frame's edge.
    assertThat(frame).containsSubsequence("overflow-x: auto", "100% local", "100% scroll");
    assertThat(html.split("--shade: ", -1)).as("on light pages and on dark ones").hasSize(3);
    assertThat(html).contains("tbody tr > :first-child", "position: sticky; left: 0");
    MetricsTable two =
        MetricsTable.builder("method", "score")
            .higherIsBetter("AUROC")
            .row(List.of("SWAG", "mutual_information"), 0.5)
            .build();
    assertThat(two.toHtml()).contains("<table class=\"two-labels\">", "mutual_<wbr/>information");
  }

  @Test
  void twoChartsFillTwoColumnsThreeThreeAndTextIsNeverLargerThanThePages() {
    Chart chart = Samples.reliability("t");
    ReportPage.Captioned one = new ReportPage.Captioned(chart, "");
    String two = ReportPage.titled("t").charts(List.of(one, one), "for both").build().toHtml();
    assertThat(two)
        .containsOnlyOnce("for both")
        .contains("charts two", "wide-only", "standard-only", "viewBox=\"0 0 540 ");
    String three = ReportPage.titled("t").charts(List.of(one, one, one)).build().toHtml();
    assertThat(three).contains("charts three").doesNotContain("<div class=\"wide-only\">");
    // The largest text of a drawing is 15 units high, the page's 16 pixels.
    assertThat(PageStyle.css())
        .contains(
            ".chart { display: block; width: 100%; height: auto; margin: 0 auto; max-width: 384px; }")
        .contains(".wide-only .chart { max-width: 564px; }");
    assertThat(384.0 / 360 * 15).isLessThanOrEqualTo(16.01);
    assertThat(564.0 / 540 * 15).isLessThanOrEqualTo(16.01);
  }

  @Test
  void rowsOfAShortTableOfManyColumnsCanTurnIntoCards() {
    MetricsTable.Builder columns =
        MetricsTable.builder("m").lowerIsBetter("x").lowerIsBetter("y").lowerIsBetter("z");
    String few =
        ReportPage.titled("t").table(columns.row("a", 1, 2, 3).build(), "").build().toHtml();
    assertThat(few).contains("<table class=\"cards\">", "<td class=\"number\" data-name=\"y\">");
    for (int row = 0; row < 20; row++) {
      columns.row("b", 1, 2, 3);
    }
    assertThat(ReportPage.titled("t").table(columns.build(), "").build().toHtml())
        .doesNotContain("<table class=\"cards\">", "data-name=");
    assertThat(PageStyle.css()).contains("content: attr(data-name)");
  }

  @Test
  void samePageGivesTheSameBytesAndLeavesNoTemporaryFile(@TempDir Path dir) throws Exception {
    page().write(dir.resolve("report.html"));
    page().write(dir.resolve("report.html"));
    assertThat(dir.resolve("report.html")).hasContent(page().toHtml());
    try (var files = Files.list(dir)) {
      assertThat(files).hasSize(1);
    }
  }
}
