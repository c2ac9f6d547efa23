package io.github.swag4j.calibration.comparison;

import com.google.gson.JsonElement;
import com.google.gson.JsonObject;
import com.google.gson.JsonParser;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.stream.StreamSupport;

/** Golden values made by the scripts in src/test/python. */
public record Golden(JsonObject values) {

  public static Golden of(String resource) {
    try (var in =
        new InputStreamReader(Golden.class.getResourceAsStream(resource), StandardCharsets.UTF_8)) {
      return new Golden(JsonParser.parseReader(in).getAsJsonObject());
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  public Golden in(String name) {
    return new Golden(values.getAsJsonObject(name));
  }

  public double number(String name) {
    return values.get(name).getAsDouble();
  }

  public double[] numbers(String name) {
    return numbers(values.get(name));
  }

  public double[][] table(String name) {
    return StreamSupport.stream(values.getAsJsonArray(name).spliterator(), false)
        .map(Golden::numbers)
        .toArray(double[][]::new);
  }

  private static double[] numbers(JsonElement array) {
    return StreamSupport.stream(array.getAsJsonArray().spliterator(), false)
        .mapToDouble(JsonElement::getAsDouble)
        .toArray();
  }
}
