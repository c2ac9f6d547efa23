package io.github.swag4j.reports;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.github.swag4j.calibration.Interval;
import io.github.swag4j.reports.drawing.Numbers;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.junit.jupiter.api.Test;

class MetricsTableTest {
  private static MetricsTable table() {
    return MetricsTable.builder("Method")
        .higherIsBetter("Accuracy")
        .lowerIsBetter("NLL")
        .row("SGD", 0.91234567, 0.3)
        .row("SWAG, 30 samples", 0.9, Double.NaN)
        .build();
  }

  @Test
  void textIsAlignedAndMarksTheBest() {
    assertThat(table().toText())
        .isEqualTo(
            """
            Method            Accuracy      NLL
            ────────────────────────────────────
            SGD                 0.9123*  0.3000
            SWAG, 30 samples    0.9000        –
            """);
  }

  @Test
  void theBestIsMarkedAmongRowsOfTheSameFirstLabelOnlyIfTheseAreSaidToBeComparable() {
    String text =
        MetricsTable.builder("data set", "score")
            .comparedWithinFirstLabel()
            .higherIsBetter("AUROC")
            .row(List.of("near", "msp"), 0.6)
            .row(List.of("near", "entropy"), 0.7)
            .row(List.of("far", "msp"), 0.95)
            .row(List.of("far", "entropy"), 0.9)
            .row(List.of("alone", "msp"), 0.99)
            .build()
            .toText();
    assertThat(text.lines().filter(line -> line.contains("*")))
        .containsExactly("near      entropy  0.7000*", "far       msp      0.9500*");
  }

  @Test
  void thousandsAreSeparatedInColumnsWithoutDecimals() {
    MetricsTable counts =
        MetricsTable.builder("file")
            .metric(new MetricsTable.Metric("rows", 0, MetricsTable.Better.NEITHER))
            .lowerIsBetter("NLL")
            .row("a", 1234567, 1234.5)
            .row("b", 999, 0)
            .build();
    assertThat(counts.toText()).containsSubsequence("1,234,567 ", " 1234.5000", " 999 ");
    assertThat(counts.toHtml()).contains(">1,234,567<", ">1234.5000<");
    assertThat(counts.toCsv()).contains("1234567").doesNotContain("1,234");
    assertThat(Numbers.cell(-1234567.4, 0)).isEqualTo("−1,234,567");
    assertThat(Numbers.cell(Double.NaN, 0)).isEqualTo("–");
  }

  @Test
  void csvKeepsFullPrecisionAndQuotes() {
    assertThat(table().toCsv())
        .isEqualTo("Method,Accuracy,NLL\nSGD,0.91234567,0.3\n\"SWAG, 30 samples\",0.9,\n");
  }

  @Test
  void htmlEscapesAndMarksTheBest() {
    String html =
        MetricsTable.builder("<b>")
            .higherIsBetter("A&B")
            .row("<script>x</script>", 1)
            .row("y", 0.5)
            .build()
            .toHtml();
    assertThat(html).doesNotContain("<script", "<b>").contains("A&amp;B", "&lt;script&gt;");
    assertThat(html).contains("<strong>1.0000</strong>").doesNotContain("<strong>0.5");
  }

  @Test
  void intervalsStandInSmallTypeWithTheirEndsWhereTheyAreNotSymmetric() {
    MetricsTable table =
        MetricsTable.builder("m")
            .higherIsBetter("accuracy")
            .lowerIsBetter("ECE")
            .row("a", 0.8515, 0.0164)
            .intervals(new Interval(0.8362, 0.8668), new Interval(0, 0.0177))
            .row("b", 0.8, 0.02)
            .intervals(new Interval(0.78, 0.82))
            .build();
    assertThat(table.toHtml())
        .contains("0.8515</strong> <small title=\"0.8362 to 0.8668\">± 0.0153</small>")
        .contains("<small title=\"0.0000 to 0.0177\">0.0000 to 0.0177</small>")
        .contains(">0.0200</td>");
    assertThat(table.toText()).doesNotContain("±");
    assertThatThrownBy(() -> MetricsTable.builder("m").intervals(Interval.UNKNOWN))
        .isInstanceOf(IllegalStateException.class);
  }

  @Test
  void aPValueThatRoundsToZeroIsShownAsSmall() {
    MetricsTable table =
        MetricsTable.builder("m")
            .metric(new MetricsTable.Metric("p", 4, MetricsTable.Better.P_VALUE))
            .row("a", 1e-9)
            .row("b", 0.04)
            .row("c", Double.NaN)
            .row("d", 0.00007)
            .build();
    assertThat(table.toHtml()).contains(">&lt; 0.0001</td>", ">0.0400</td>", ">–</td>");
    assertThat(table.toText()).contains("d  < 0.0001"); // as the terminal's other p-values
    assertThat(table.hasMarks()).isFalse();
    assertThat(table.toCsv()).contains("1.0E-9");
  }

  @Test
  void aRowOfPValuesAmongOtherMetricsIsShownAsPValues() {
    MetricsTable table =
        MetricsTable.builder("metric")
            .metric(new MetricsTable.Metric("file", 4, MetricsTable.Better.NEITHER))
            .row("ECE", 1e-9)
            .row("p", 1e-9)
            .pValues()
            .build();
    assertThat(table.toText()).contains("ECE       0.0000", "p       < 0.0001");
  }

  @Test
  void onceItIsSaidWhatIsMarkedNothingElseIs() {
    MetricsTable said =
        MetricsTable.builder("m")
            .higherIsBetter("x")
            .higherIsBetter("y")
            .row("a", 1, 5)
            .row("b", 2, 4)
            .marked(List.of("y"))
            .build();
    assertThat(said.isBest(1, 1)).isTrue();
    assertThat(said.isBest(1, 0)).isFalse();
    assertThat(said.hasMarks()).isTrue();
    MetricsTable none =
        MetricsTable.builder("m")
            .higherIsBetter("x")
            .row("a", 1)
            .marked(List.of())
            .row("b", 2)
            .build();
    assertThat(none.hasMarks()).isFalse();
    assertThat(table().hasMarks()).isTrue();
  }

  @Test
  void numbersThatLookTheSameAreBestTogether() {
    MetricsTable ties =
        MetricsTable.builder("m")
            .lowerIsBetter("x")
            .row("a", 0.10001)
            .row("b", 0.10002)
            .row("c", 0.2)
            .build();
    assertThat(ties.isBest(0, 0)).isTrue();
    assertThat(ties.isBest(1, 0)).isTrue();
    assertThat(ties.isBest(2, 0)).isFalse();
  }

  private static MetricsTable scores() {
    return MetricsTable.builder("data set", "method")
        .higherIsBetter("AUROC")
        .row(List.of("near", "SGD"), 0.5)
        .row(List.of("far", "SGD"), 0.75)
        .row(List.of("near", "SWAG"), 0.25)
        .row(List.of("far", "SWAG"), Double.NaN)
        .build();
  }

  @Test
  void markdownEscapesAlignsNumbersAndMarksTheBest() {
    assertThat(table().toMarkdown())
        .isEqualTo(
            """
            | Method | Accuracy | NLL |
            | --- | ---: | ---: |
            | SGD | **0.9123** | 0.3000 |
            | SWAG, 30 samples | 0.9000 | – |
            """);
    assertThat(MetricsTable.builder("a|b").lowerIsBetter("x").row("c_d", 1).build().toMarkdown())
        .contains("| a\\|b |", "| c\\_d |");
  }

  @Test
  void eachValueOfALabelHasItsOwnTableInWhichTheBestIsMarked() {
    Map<String, MetricsTable> groups = scores().by("data set");
    assertThat(groups.keySet()).containsExactly("near", "far");
    assertThat(groups.get("near").toCsv())
        .isEqualTo("data set,method,AUROC\nnear,SGD,0.5\nnear,SWAG,0.25\n");
    assertThat(groups.get("near").isBest(0, 0)).isTrue();
    assertThatThrownBy(() -> scores().by("AUROC"))
        .hasMessage("label must be one of data set, method, got AUROC");
  }

  @Test
  void meansLeaveOutWhatDoesNotExist() {
    assertThat(scores().means("method").toCsv()).isEqualTo("method,AUROC\nSGD,0.625\nSWAG,0.25\n");
    assertThat(scores().means("data set", "method").toCsv()).isEqualTo(scores().toCsv());
  }

  @Test
  void aTableOfTablesawsIsTheSameTableAgain() {
    MetricsTable.Metric auroc = new MetricsTable.Metric("AUROC", 4, MetricsTable.Better.HIGHER);
    MetricsTable again = MetricsTable.of(scores().table(), auroc);
    assertThat(again.toText()).isEqualTo(scores().toText());
    assertThat(again.toCsv()).isEqualTo(scores().toCsv());
    assertThatThrownBy(
            () ->
                MetricsTable.of(
                    scores().table(),
                    new MetricsTable.Metric("method", 4, MetricsTable.Better.HIGHER)))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("number column method");
  }

  @Test
  void rowsOfAnotherShapeAreRefused() {
    assertThatThrownBy(() -> MetricsTable.builder("a").lowerIsBetter("x").row("r"))
        .hasMessage("row must have 1 labels and 1 numbers, got [r] and []");
    assertThatThrownBy(() -> MetricsTable.builder("a", "b").row(List.of("r")))
        .isInstanceOf(IllegalArgumentException.class);
  }

  @Test
  void numbersAreRoundedAsPeopleDo() {
    assertThat(Numbers.fixed(0.00005, 4)).isEqualTo("0.0001");
    assertThat(Numbers.fixed(-0.00001, 4)).isEqualTo("0.0000");
    assertThat(Numbers.fixed(-1.5, 1)).isEqualTo("−1.5");
    assertThat(Numbers.tick(0.6000000000000001, 0.2)).isEqualTo("0.6");
    assertThat(Numbers.tick(2e-5, 1e-5)).isEqualTo("2e-5");
  }

  @Test
  void latexHasTheRulesOfBooktabsAndNothingThatLatexTakesForItsOwn() {
    String hostile = "50 % of $x_1$ & {\\rm #2} ~^<a|b>\"'` é – -- 猫\n\nend";
    MetricsTable table =
        MetricsTable.builder("set", hostile)
            .higherIsBetter("accuracy")
            .metric(new MetricsTable.Metric("shift", 2, MetricsTable.Better.NEITHER))
            .row(List.of("a", "one"), 0.5, -1)
            .row(List.of("b", hostile), 0.75, Double.NaN)
            .build();
    assertThat(table.toLatex("5 % held out", "tab:means"))
        .isEqualTo(
            String.format(
                Locale.ROOT,
                """
            %% \\usepackage{booktabs,textcomp}
            \\begin{table}
            \\centering
            \\caption{5 \\%% held out}
            \\label{tab:means}
            \\begin{tabular}{llrr}
            \\toprule
            set & %1$s & accuracy & shift \\\\
            \\midrule
            a & one & 0.5000 & $-$1.00 \\\\
            \\addlinespace
            b & %1$s & \\textbf{0.7500} & -- \\\\
            \\bottomrule
            \\end{tabular}
            \\end{table}
            """,
                "50 \\% of \\$x\\_1\\$ \\& \\{\\textbackslash{}rm \\#2\\}"
                    + " \\textasciitilde{}\\textasciicircum{}\\textless{}a\\textbar{}b"
                    + "\\textgreater{}\\char34{}\\textquotesingle{}\\textasciigrave{}"
                    + " é -- -{}- \\texttt{U+732B}  end"));
    assertThat(table.toLatex("", "")).doesNotContain("caption", "label");
    // Behind a line break or a rule these would be its option, or vanish.
    assertThat(MetricsTable.builder("[set]").row("[b]").row("*c").build().toLatex("", ""))
        .contains("{[}set{]}", "\n{[}b{]}", "\n{*}c");
    assertThatThrownBy(() -> table.toLatex("", "a_b"))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("got 'a_b'");
  }
}
