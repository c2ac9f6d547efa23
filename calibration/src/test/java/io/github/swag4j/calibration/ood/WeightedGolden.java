package io.github.swag4j.calibration.ood;

import com.google.gson.JsonArray;
import com.google.gson.JsonElement;
import com.google.gson.JsonObject;
import java.util.List;
import java.util.stream.StreamSupport;

/** What scikit-learn, SciPy and mpmath computed for weighted rows; see weighted_golden.py. */
public final class WeightedGolden {
  private static final JsonObject ALL =
      OodFixture.json("/ood/weighted_golden.json").getAsJsonObject();

  private WeightedGolden() {}

  /** The cases of a part. */
  public static List<JsonObject> cases(String name) {
    return StreamSupport.stream(ALL.getAsJsonArray(name).spliterator(), false)
        .map(JsonElement::getAsJsonObject)
        .toList();
  }

  /** A part that is a list of lists. */
  public static JsonArray rows(String name) {
    return ALL.getAsJsonArray(name);
  }
}
