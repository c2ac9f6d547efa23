package io.github.swag4j.cli.run;

import com.google.gson.JsonElement;
import com.google.gson.JsonNull;
import com.google.gson.JsonObject;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;

/** Which option makes one run another. */
final class ConfigDifference {

  /** Options by their place in {@code run.json}; all other places have an option of their name. */
  private static final Map<String, String> OPTIONS =
      Map.of(
          "data.name", "--data",
          "data.directory", "--data-dir",
          "data.oodDirectories", "--ood-dir",
          "data.validationRows", "--validation");

  private ConfigDifference() {}

  /**
   * Checks that a run is gone on with under the options it was begun with.
   *
   * @throws UsageException if one differs; says which
   */
  static void requireNone(RunConfig was, RunConfig now) {
    Map<String, JsonElement> before = leaves(was);
    for (Map.Entry<String, JsonElement> e : leaves(now).entrySet()) {
      JsonElement expected = before.getOrDefault(e.getKey(), JsonNull.INSTANCE);
      if (!expected.equals(e.getValue())) {
        throw new UsageException(
            option(e.getKey(), now.fromTrained())
                + " must be "
                + expected
                + " as in the run to resume, got "
                + e.getValue()
                + ": repeat the run's options, or begin again with --overwrite instead of"
                + " --resume");
      }
    }
  }

  /** Settings by their place in run.json. */
  static Map<String, JsonElement> leaves(RunConfig config) {
    Map<String, JsonElement> out = new LinkedHashMap<>();
    collect("", RunDirectory.toJson(config).getAsJsonObject(), out);
    return out;
  }

  private static void collect(String prefix, JsonObject object, Map<String, JsonElement> out) {
    for (Map.Entry<String, JsonElement> e : object.entrySet()) {
      if (e.getValue() instanceof JsonObject inner) {
        collect(prefix + e.getKey() + ".", inner, out);
      } else {
        out.put(prefix + e.getKey(), e.getValue());
      }
    }
  }

  /** The option of a setting; a model from elsewhere is trained at the averaging rate alone. */
  private static String option(String place, boolean fromTrained) {
    return fromTrained && place.equals("optimiser.learningRate")
        ? "--swa-learning-rate"
        : option(place);
  }

  static String option(String place) {
    String known = OPTIONS.get(place);
    if (known != null) {
      return known;
    }
    String name = place.substring(place.lastIndexOf('.') + 1);
    return "--" + name.replaceAll("([A-Z])", "-$1").toLowerCase(Locale.ROOT);
  }
}
