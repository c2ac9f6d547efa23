package io.github.swag4j.swa;

import com.google.gson.JsonArray;
import com.google.gson.JsonElement;
import com.google.gson.JsonObject;
import com.google.gson.JsonParser;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.Reader;
import java.net.URISyntaxException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/** Values made by PyTorch; see {@code src/test/python/make_golden.py}. */
public final class Golden {

  private Golden() {}

  public static JsonObject read(String name) {
    try (Reader reader =
        new InputStreamReader(
            Golden.class.getResourceAsStream("golden/" + name), StandardCharsets.UTF_8)) {
      return JsonParser.parseReader(reader).getAsJsonObject();
    } catch (IOException e) {
      throw new IllegalStateException(e);
    }
  }

  public static Path file(String name) {
    try {
      return Path.of(Golden.class.getResource("golden/" + name).toURI());
    } catch (URISyntaxException e) {
      throw new IllegalStateException(e);
    }
  }

  /** All numbers of a nested array, row-major. */
  public static double[] doubles(JsonElement array) {
    List<Double> out = new ArrayList<>();
    collect(array, out);
    return out.stream().mapToDouble(Double::doubleValue).toArray();
  }

  public static float[] floats(JsonElement array) {
    double[] values = doubles(array);
    float[] out = new float[values.length];
    for (int i = 0; i < out.length; i++) {
      out[i] = (float) values[i];
    }
    return out;
  }

  private static void collect(JsonElement element, List<Double> out) {
    if (element instanceof JsonArray array) {
      array.forEach(e -> collect(e, out));
    } else {
      out.add(element.getAsDouble());
    }
  }
}
