package io.github.swag4j.calibration.ood;

import com.google.gson.JsonElement;
import com.google.gson.JsonObject;
import com.google.gson.JsonParser;
import io.github.swag4j.calibration.Predictions;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;

/** The shared logits and the values that Python's libraries compute from them. */
public final class OodFixture {
  private OodFixture() {}

  /** In-distribution logits, {@code [500][4]}, with labels. */
  public static Predictions in() {
    double[][] rows = table("/fixtures/logits_id.csv");
    double[][] logits = new double[rows.length][4];
    int[] labels = new int[rows.length];
    for (int r = 0; r < rows.length; r++) {
      System.arraycopy(rows[r], 0, logits[r], 0, 4);
      labels[r] = (int) rows[r][4];
    }
    return Predictions.ofLogits(logits, labels);
  }

  /** Out-of-distribution logits, {@code [300][4]}. */
  public static Predictions out() {
    return Predictions.builder().logits(table("/fixtures/logits_ood.csv")).build();
  }

  /** The oracle's values. */
  public static JsonObject expected() {
    return json("/fixtures/expected.json").getAsJsonObject();
  }

  /** A JSON resource. */
  public static JsonElement json(String resource) {
    try (BufferedReader reader = open(resource)) {
      return JsonParser.parseReader(reader);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static double[][] table(String resource) {
    List<double[]> rows = new ArrayList<>();
    try (BufferedReader reader = open(resource)) {
      reader.readLine();
      for (String line = reader.readLine(); line != null; line = reader.readLine()) {
        String[] cells = line.split(",", -1);
        double[] row = new double[cells.length];
        for (int i = 0; i < row.length; i++) {
          row[i] = Double.parseDouble(cells[i]);
        }
        rows.add(row);
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    return rows.toArray(new double[0][]);
  }

  private static BufferedReader open(String resource) {
    return new BufferedReader(
        new InputStreamReader(
            OodFixture.class.getResourceAsStream(resource), StandardCharsets.UTF_8));
  }
}
