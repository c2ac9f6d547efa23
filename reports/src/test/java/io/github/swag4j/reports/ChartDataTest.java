package io.github.swag4j.reports;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.Test;

class ChartDataTest {

  @Test
  void csvHasAllDigitsQuotesWhatNeedsThemAndLeavesMissingNumbersEmpty() {
    ChartData data =
        ChartData.builder("name", "value", "rows")
            .row("a, \"b\"\nc", 0.1 + 0.2, 3L)
            .row("plain", Double.NaN, 4L)
            .build();
    assertThat(data.toCsv())
        .isEqualTo("name,value,rows\n\"a, \"\"b\"\"\nc\",0.30000000000000004,3\nplain,,4\n");
    assertThat(data.numbers("rows")).containsExactly(3, 4);
    assertThat(data.table().stringColumn("name").get(1)).isEqualTo("plain");
    assertThat(data.table().doubleColumn("value").isMissing(1)).isTrue();
  }

  @Test
  void rowsThatDoNotFitAreRefused() {
    ChartData.Builder builder = ChartData.builder("name", "value").row("a", 1);
    assertThatThrownBy(() -> builder.row("a")).hasMessage("a row must have 2 cells, got 1");
    assertThatThrownBy(() -> builder.row("a", "b"))
        .hasMessage("value must be all text or all numbers, got b");
    assertThatThrownBy(() -> builder.row("a", 'c'))
        .hasMessage("value must be text or a number, got c");
    assertThatThrownBy(() -> builder.build().numbers("name"))
        .hasMessage("column must be one of numbers among [name, value], got name");
  }
}
