package io.github.swag4j.base.json;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.ByteBuffer;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class JsonSourceTest {

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '^',
      value = {
        "[1]|line 1, column 2, path $: an object expected, got an array",
        "1|an object expected, got a number",
        "{'a':1} x|line 1, column 10, path $: not JSON as RFC 8259 defines it",
        "{} {}|not JSON as RFC 8259",
        "{}}|not JSON as RFC 8259",
        "{'a':01}|path $.a: not JSON as RFC 8259",
        "{'a':1.}|not JSON as RFC 8259",
        "{'a':.5}|not JSON as RFC 8259",
        "{'a':+1}|not JSON as RFC 8259",
        "{'a':0x1}|not JSON as RFC 8259",
        "{'a':-}|not JSON as RFC 8259",
        "{'a':NaN}|not JSON as RFC 8259",
        "{'a':-Infinity}|not JSON as RFC 8259",
        "{'a':True}|not JSON as RFC 8259",
        "{'a':nul}|not JSON as RFC 8259",
        "{'a':1e999}|within the range of double expected, got 1e999",
        "{'a':1,'a':2}|name \"a\" given twice",
        "{'b':{'a':1,'\\u0061':2}}|path $.b.a: name \"a\" given twice",
        "{'a' 1}|Expected ':'",
        "{'a':'x|Unterminated string",
        "{'a':'\\x'}|Invalid escape sequence",
        "{'a':'\\~'}|Invalid escaped character",
        "{'a':'\\u12'}|Malformed Unicode escape",
        "{'a':[1,]}|not JSON as RFC 8259",
        "{'a':[1 2]}|Unterminated array",
        "{'a':1,}|Expected name",
        "{a:1}|not JSON as RFC 8259",
        "{'a':1;'b':2}|not JSON as RFC 8259",
        "{'a':1}//|not JSON as RFC 8259",
        "{'a':1/**/}|not JSON as RFC 8259",
        ")]}~{}|not JSON as RFC 8259",
        "{|End of input",
        "^^|End of input"
      })
  void whatIsNotOneJsonObjectIsRefusedWithItsPlaceReadOrSkipped(String text, String message) {
    String json = text.replace('\'', '"').replace('~', '\'');
    for (JsonAction action : List.<JsonAction>of(JsonObject::parse, JsonSource::check)) {
      assertThatThrownBy(() -> action.read(json))
          .isInstanceOf(JsonException.class)
          .hasMessageStartingWith("JSON line ")
          .hasMessageContaining(message)
          .hasMessageNotContaining("setStrictness");
    }
  }

  private interface JsonAction {
    void read(String text);
  }

  @Test
  void lettersThatGsonPassesOverAreRefused() {
    for (char c = 0; c < 0x20; c++) {
      String text = "{\"a\":\"" + c + "\"}";
      assertThatThrownBy(() -> JsonObject.parse(text)).hasMessageContaining("control characters");
      assertThatThrownBy(() -> JsonSource.check(text)).hasMessageContaining("control characters");
      String name = "{\"" + c + "\":1}";
      assertThatThrownBy(() -> JsonSource.check(name)).hasMessageContaining("control characters");
    }
    assertThatThrownBy(() -> JsonObject.parse("\ufeff{}")).hasMessageContaining("byte order mark");
    assertThatThrownBy(() -> JsonObject.parse("\f{}")).isInstanceOf(JsonException.class);
    assertThatThrownBy(() -> JsonObject.parse("\u00a0{}")).isInstanceOf(JsonException.class);
  }

  @Test
  void bytesMustBeUtf8() {
    byte[] latin = "{\"\u00e9\":1}".getBytes(java.nio.charset.StandardCharsets.ISO_8859_1);
    assertThatThrownBy(() -> JsonSource.of(ByteBuffer.wrap(latin)))
        .isInstanceOf(JsonException.class)
        .hasMessage("JSON must be UTF-8, byte 2 is not");
    JsonSource source = JsonSource.of(ByteBuffer.wrap("{\"\u00e9\":1}".getBytes(UTF_8)));
    source.beginObject();
    assertThat(source.name()).isEqualTo("\u00e9");
  }

  @ParameterizedTest
  @ValueSource(longs = {Long.MIN_VALUE, -1, 0, 9007199254740993L, Long.MAX_VALUE})
  void everyLongIsExact(long value) {
    JsonSource source = JsonSource.of("{\"a\":" + value + "}");
    source.beginObject();
    source.name();
    assertThat(source.integer()).isEqualTo(value);
  }

  @ParameterizedTest
  @ValueSource(strings = {"9223372036854775808", "1.0", "1e2", "-0", "\"1\"", "true"})
  void whatIsNotAWholeNumberInDigitsIsNone(String text) {
    JsonSource source = JsonSource.of("{\"a\":" + text + "}");
    source.beginObject();
    source.name();
    assertThatThrownBy(source::integer)
        .isInstanceOf(JsonException.class)
        .hasMessageContaining("path $.a: ")
        .hasMessageContaining("number");
  }

  @Test
  void nestingEndsAtTheLimitAndNotBefore() {
    String inner = "[".repeat(JsonSource.MAX_DEPTH - 1) + "]".repeat(JsonSource.MAX_DEPTH - 1);
    assertThatCode(() -> JsonSource.check("{\"a\":" + inner + "}")).doesNotThrowAnyException();
    assertThatThrownBy(() -> JsonSource.check("{\"a\":[" + inner + "]}"))
        .hasMessageContaining("Nesting limit 32 reached");
    assertThatThrownBy(() -> JsonSource.check("{\"a\":".repeat(100_000)))
        .hasMessageContaining("Nesting limit 32 reached");
  }

  @Test
  void placesCountLines() {
    assertThatThrownBy(() -> JsonObject.parse("{\n \"a\": [1,\n  x]}"))
        .hasMessageStartingWith("JSON line 3, column 3, path $.a[1]: ");
  }
}
