package io.github.swag4j.calibration;

import com.google.gson.JsonObject;
import com.google.gson.JsonParser;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;

/** The shared fixture: 500 rows of 4 logits with labels, and what others compute from them. */
public final class Fixtures {
  private Fixtures() {}

  /** The fixture's in-distribution rows. */
  public static Predictions inDistribution() {
    String[] lines = text("logits_id.csv").strip().split("\\R", -1);
    double[][] logits = new double[lines.length - 1][4];
    int[] labels = new int[lines.length - 1];
    for (int i = 0; i < labels.length; i++) {
      String[] cells = lines[i + 1].split(",", -1);
      for (int k = 0; k < 4; k++) {
        logits[i][k] = Double.parseDouble(cells[k]);
      }
      labels[i] = Integer.parseInt(cells[4].strip());
    }
    return Predictions.ofLogits(logits, labels);
  }

  /** Expected values by name. */
  public static JsonObject expected() {
    return json("expected.json");
  }

  /** A JSON object of this folder of the test resources. */
  public static JsonObject json(String name) {
    return JsonParser.parseString(text(name)).getAsJsonObject();
  }

  private static String text(String name) {
    try (InputStream in = Fixtures.class.getResourceAsStream(name)) {
      return new String(in.readAllBytes(), StandardCharsets.UTF_8);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
