package io.github.swag4j.base;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class PrintableTest {
  @Test
  void textThatIsSeenStaysAsItIs() {
    String text = "layer.0.weight \u00fc \u6f22 \ud83d\ude00 a\\b e\u0301 \u200d";
    assertThat(Printable.line(text)).isSameAs(text);
  }

  @Test
  void whatMovesTheCursorOrBeginsALineIsWrittenOut() {
    assertThat(Printable.line("a\u001b[2Jb\n\r\t\u0000\u007f\u009b"))
        .isEqualTo("a\\u001b[2Jb\\n\\r\\t\\u0000\\u007f\\u009b");
    assertThat(Printable.line("\u2028\u2029")).isEqualTo("\\u2028\\u2029");
    assertThat(Printable.lines("a\nb\r")).isEqualTo("a\nb\\r");
  }

  @Test
  void whatTurnsTheDirectionOfWritingIsWrittenOut() {
    assertThat(Printable.line("tp.\u202esrotaler")).isEqualTo("tp.\\u202esrotaler");
    assertThat(Printable.line("\u2066\u200f\u061c")).isEqualTo("\\u2066\\u200f\\u061c");
  }

  @Test
  void halvesOfSurrogatePairsAreWrittenOut() {
    assertThat(Printable.line("a\ud800b\udc00")).isEqualTo("a\\ud800b\\udc00");
  }
}
