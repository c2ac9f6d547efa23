package io.github.swag4j.adapters.djl;

import ai.djl.modality.Input;
import ai.djl.modality.Output;
import ai.djl.ndarray.NDList;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.Shape;
import com.google.gson.JsonArray;
import com.google.gson.JsonElement;
import com.google.gson.JsonObject;
import com.google.gson.JsonParseException;
import com.google.gson.JsonParser;
import io.github.swag4j.swag.djl.RowPrediction;
import java.util.ArrayList;
import java.util.List;

/** Requests and answers of a server. */
final class RowTexts {

  private RowTexts() {}

  static NDList array(NDManager manager, float[] row, Shape shape) {
    if (shape != null && shape.size() != row.length) {
      throw new IllegalArgumentException(
          "a row must have " + shape.size() + " values, shape " + shape + ", got " + row.length);
    }
    return new NDList(manager.create(row, shape == null ? new Shape(row.length) : shape));
  }

  static NDList read(NDManager manager, Input request, Shape shape) {
    String type = request.getProperty("Content-Type", "");
    if (!type.isEmpty() && !type.startsWith("application/json")) {
      return request.getDataAsNDList(manager);
    }
    if (request.getData() == null) {
      throw new IllegalArgumentException("a request must have a row, got nothing");
    }
    List<Float> values = new ArrayList<>();
    try {
      JsonElement body = JsonParser.parseString(request.getData().getAsString());
      JsonElement data = body.isJsonObject() ? body.getAsJsonObject().get("data") : body;
      if (data == null || !data.isJsonArray()) {
        throw new IllegalArgumentException(
            "a request must be an array of numbers, or an object with one as data");
      }
      for (JsonElement element : data.getAsJsonArray()) {
        values.add(number(element));
      }
    } catch (JsonParseException
        | UnsupportedOperationException
        | NumberFormatException
        | IllegalStateException e) {
      throw new IllegalArgumentException(
          "a request must be an array of numbers in JSON, without arrays inside: " + e.getMessage(),
          e);
    }
    float[] row = new float[values.size()];
    for (int i = 0; i < row.length; i++) {
      row[i] = values.get(i);
    }
    return array(manager, row, shape);
  }

  /** A number of JSON; not text of one, NaN, or an array that holds one. */
  private static float number(JsonElement element) {
    boolean number = element.isJsonPrimitive() && element.getAsJsonPrimitive().isNumber();
    float value = number ? element.getAsFloat() : Float.NaN;
    if (!Float.isFinite(value)) {
      throw new NumberFormatException("a number must be a finite float, got " + element);
    }
    return value;
  }

  static Output write(RowPrediction prediction, List<String> classNames) {
    JsonObject answer = new JsonObject();
    answer.addProperty("class", prediction.className());
    answer.addProperty("confidence", prediction.confidence());
    answer.addProperty("entropy", prediction.entropy());
    answer.addProperty("expected_entropy", prediction.expectedEntropy());
    answer.addProperty("mutual_information", prediction.mutualInformation());
    JsonArray probabilities = new JsonArray();
    for (double p : prediction.probabilities()) {
      probabilities.add(p);
    }
    answer.add("probabilities", probabilities);
    if (!classNames.isEmpty()) {
      JsonArray names = new JsonArray();
      classNames.forEach(names::add);
      answer.add("classes", names);
    }
    Output output = new Output();
    output.addProperty("Content-Type", "application/json");
    output.add(answer.toString());
    return output;
  }
}
