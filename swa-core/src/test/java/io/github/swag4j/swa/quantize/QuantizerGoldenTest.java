package io.github.swag4j.swa.quantize;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.gson.JsonArray;
import com.google.gson.JsonElement;
import com.google.gson.JsonObject;
import com.google.gson.JsonParser;
import io.github.swag4j.swa.quantize.NumberFormat.BlockFloatingPoint;
import io.github.swag4j.swa.quantize.NumberFormat.FixedPoint;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.Reader;
import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.Test;

/**
 * Values of QPyTorch's definitions, and of those of the paper's public code, which clips as two's
 * complement does; made by src/test/python/make_quantize_golden.py.
 */
class QuantizerGoldenTest {

  @Test
  void everyBitIsThatOfTheDefinition() throws IOException {
    int cases = 0;
    try (Reader in =
        new InputStreamReader(
            QuantizerGoldenTest.class.getResourceAsStream("golden.json"), StandardCharsets.UTF_8)) {
      for (JsonElement each : JsonParser.parseReader(in).getAsJsonArray()) {
        JsonObject c = each.getAsJsonObject();
        JsonArray draw = c.getAsJsonArray("draw");
        Draw numbers =
            new Draw(
                draw.get(0).getAsLong(),
                Role.valueOf(draw.get(1).getAsString()),
                draw.get(2).getAsLong(),
                draw.get(3).getAsInt());
        long[] shape =
            c.getAsJsonArray("shape").asList().stream().mapToLong(JsonElement::getAsLong).toArray();
        float[] values = floats(c.getAsJsonArray("values"));
        Quantizer quantizer =
            new Quantizer(
                format(c),
                c.get("stochastic").getAsBoolean() ? Rounding.STOCHASTIC : Rounding.NEAREST);
        assertThat(quantizer.quantized(values, numbers, shape))
            .as("%s", quantizer)
            .isEqualTo(floats(c.getAsJsonArray("expected")));
        cases++;
      }
    }
    assertThat(cases).isEqualTo(34);
  }

  private static NumberFormat format(JsonObject c) {
    int word = c.get("word").getAsInt();
    Clip clip = c.get("symmetric").getAsBoolean() ? Clip.SYMMETRIC : Clip.TWOS_COMPLEMENT;
    return c.get("kind").getAsString().equals("fixed")
        ? new FixedPoint(word, c.get("fraction").getAsInt(), clip)
        : new BlockFloatingPoint(word, 8, Blocks.valueOf(c.get("blocks").getAsString()), clip);
  }

  private static float[] floats(JsonArray bits) {
    float[] values = new float[bits.size()];
    for (int i = 0; i < values.length; i++) {
      values[i] = Float.intBitsToFloat(bits.get(i).getAsInt());
    }
    return values;
  }
}
