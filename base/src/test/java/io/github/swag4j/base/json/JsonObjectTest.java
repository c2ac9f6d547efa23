package io.github.swag4j.base.json;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.ByteBuffer;
import java.nio.CharBuffer;
import java.util.List;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import org.junit.jupiter.api.Test;

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

  @Test
  void deepNestingIsRefusedNotAStackOverflow() {
    assertThatThrownBy(() -> JsonObject.parse("{\"a\":" + "[".repeat(100000)))
        .isInstanceOf(JsonException.class)
        .hasMessageContaining("Nesting limit 32 reached");
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

  @Test
  void wholeNumbersBeyondTheDigitsOfDoubleAreExact() {
    JsonObject json = JsonObject.parse("{\"a\":9007199254740993,\"b\":[1.0],\"c\":-0,\"d\":1e2}");
    assertThat(json.integer("a", 0, Long.MAX_VALUE)).isEqualTo(9007199254740993L);
    assertThat(json.integer("d", 0, 100)).isEqualTo(100);
    assertThat(json.toString()).contains("\"a\":9007199254740993,\"b\":[1.0],\"c\":-0.0");
    assertThatThrownBy(() -> json.integer("a", 0, 9007199254740992L))
        .hasMessageContaining("between 0 and 9007199254740992, got 9007199254740993");
  }

  @Test
  void nullsOfOtherProgramsAreAsGoodAsMissing() {
    byte[] text = "{\"a\":null,\"o\":[{\"b\":1,\"c\":null}]}".getBytes(UTF_8);
    JsonObject json = JsonObject.parseOmittingNulls(ByteBuffer.wrap(text));
    assertThat(json.names()).containsExactly("o");
    assertThat(json.objects("o").get(0).names()).containsExactly("b");
    assertThatThrownBy(() -> json.objects("o").get(0).objects("b"))
        .hasMessage("JSON o[0].b must be an array of objects, got 1");
    assertThatThrownBy(() -> JsonObject.parse("{\"a\":null}")).hasMessageContaining("got null");
  }

  @Test
  void whatIsWrittenCanBeEncodedEvenWithLoneSurrogates() throws Exception {
    String name = "\ud800 \ud83d\ude00";
    String text = new JsonObject().put(name, name).toString();
    byte[] bytes = new byte[UTF_8.newEncoder().encode(CharBuffer.wrap(text)).remaining()];
    UTF_8.newEncoder().encode(CharBuffer.wrap(text)).get(bytes);
    assertThat(JsonObject.parse(new String(bytes, UTF_8)).string(name)).isEqualTo(name);
  }
}
