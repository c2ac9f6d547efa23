package io.github.swag4j.base.json;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.List;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class JsonObjectTest {

  @Property(tries = 500)
  void everyDoubleReadsBackToItsBits(@ForAll long bits) {
    double value = Double.longBitsToDouble(bits);
    String text = new JsonObject().put("v", value).put("a", new double[] {value, 1}).toString();
    JsonObject read = JsonObject.parse(text);
    assertThat(Double.doubleToLongBits(read.number("v"))).isEqualTo(Double.doubleToLongBits(value));
    assertThat(Double.doubleToLongBits(read.numbers("a")[0]))
        .isEqualTo(Double.doubleToLongBits(value));
  }

  @Property(tries = 300)
  void everyStringReadsBack(@ForAll String name, @ForAll String value) {
    JsonObject read =
        JsonObject.parse(
            new JsonObject().put(name, value).put(name + "x", List.of(value)).toString());
    assertThat(read.string(name)).isEqualTo(value);
    assertThat(read.strings(name + "x")).containsExactly(value);
  }

  @Property(tries = 500)
  void anyTextIsReadOrRefusedNeverACrash(@ForAll String text) {
    try {
      JsonObject.parse("{\"a\":" + text + "}");
    } catch (JsonException e) {
      assertThat(e).hasMessageStartingWith("JSON ");
    }
  }

  @Test
  void gsonReadsWhatIsWritten() {
    String text =
        new JsonObject()
            .put("n", -0.0)
            .put("inf", Double.POSITIVE_INFINITY)
            .put("t", true)
            .put("q", "a\"\\\n\u0001\u00e9")
            .put("o", new JsonObject().put("l", 3L))
            .put("e", new double[0])
            .toString();
    com.google.gson.JsonObject read =
        com.google.gson.JsonParser.parseString(text).getAsJsonObject();
    assertThat(Double.doubleToLongBits(read.get("n").getAsDouble()))
        .isEqualTo(Double.doubleToLongBits(-0.0));
    assertThat(read.get("inf").getAsString()).isEqualTo("Infinity");
    assertThat(read.get("q").getAsString()).isEqualTo("a\"\\\n\u0001\u00e9");
    assertThat(read.getAsJsonObject("o").get("l").getAsInt()).isEqualTo(3);
    assertThat(read.getAsJsonArray("e")).isEmpty();
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '^',
      value = {
        "[1]|line 1, column 1: '{' expected, got '['",
        "{\"a\":1} x|column 9: end of text expected, got 'x'",
        "{\"a\":01}|column 7: '}' expected, got '1'",
        "{\"a\":1.}|column 7: '}' expected, got '.'",
        "{\"a\":NaN}|column 6: object, array, string, number, true or false expected, got 'N'",
        "{\"a\":null}|got 'n'",
        "{\"a\":1e999}|within the range of double",
        "{\"a\":1,\"a\":2}|column 8: name \"a\" given twice",
        "{\"a\" 1}|':' expected, got '1'",
        "{\"a\":\"x|'\"' expected, got end of text",
        "{\"a\":\"\\x\"}|escape expected",
        "{\"a\":\"\\u12\"}|escape expected",
        "{\"a\":[1,]}|expected, got ']'",
        "{|'\"' expected, got end of text"
      })
  void badTextIsRefusedWithLineAndColumn(String text, String message) {
    assertThatThrownBy(() -> JsonObject.parse(text))
        .isInstanceOf(JsonException.class)
        .hasMessageContaining(message);
  }

  @Test
  void placeCountsLines() {
    assertThatThrownBy(() -> JsonObject.parse("{\n \"a\": [1,\n  x]}"))
        .hasMessageStartingWith("JSON line 3, column 3:");
  }

  @Test
  void deepNestingIsRefusedNotAStackOverflow() {
    assertThatThrownBy(() -> JsonObject.parse("{\"a\":" + "[".repeat(100000)))
        .isInstanceOf(JsonException.class)
        .hasMessageContaining("nesting must not be deeper");
  }

  @Test
  void wrongTypesNameThePath() {
    JsonObject json =
        JsonObject.parse("{\"o\":{\"a\":[1,\"x\"],\"n\":1.5,\"s\":\"t\"}}").object("o");
    assertThatThrownBy(() -> json.numbers("a")).hasMessage("JSON o.a[1] must be a number, got x");
    assertThatThrownBy(() -> json.strings("a")).hasMessageContaining("o.a[0] must be a string");
    assertThatThrownBy(() -> json.integer("n", 0, 9)).hasMessageContaining("got 1.5");
    assertThatThrownBy(() -> json.number("s")).hasMessageContaining("o.s must be a number");
    assertThatThrownBy(() -> json.truth("s")).hasMessageContaining("must be true or false");
    assertThatThrownBy(() -> json.object("z")).hasMessage("JSON o.z is missing");
    assertThatThrownBy(() -> json.requireOnly("a", "n")).hasMessageContaining("o.s is not known");
  }
}
