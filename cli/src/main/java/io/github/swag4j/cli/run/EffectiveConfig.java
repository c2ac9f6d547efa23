package io.github.swag4j.cli.run;

import com.google.gson.Gson;
import com.google.gson.GsonBuilder;
import com.google.gson.JsonArray;
import com.google.gson.JsonElement;
import com.google.gson.JsonPrimitive;
import io.github.swag4j.base.AtomicFile;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;

/**
 * Every option of {@code train} that a run was made with, those that were left at their defaults
 * too: what {@code --config} takes to make it again, whatever the defaults are then. What has no
 * value, such as the limit of rows where all are taken, is left out.
 */
public final class EffectiveConfig {
  private static final Gson GSON = new GsonBuilder().disableHtmlEscaping().create();

  /** A setting of runs from before rows were drawn in proportion, which no option has. */
  private static final String ORDER = "data.order";

  private final Map<String, JsonElement> options = new LinkedHashMap<>();

  private EffectiveConfig(RunConfig config) {
    ConfigDifference.leaves(config)
        .forEach(
            (place, value) -> {
              if (isOption(place, value, config)) {
                options.put(ConfigDifference.option(place).substring(2), value);
              }
            });
  }

  /** The options of a run. */
  public static EffectiveConfig of(RunConfig config) {
    return new EffectiveConfig(config);
  }

  private static boolean isOption(String place, JsonElement value, RunConfig config) {
    boolean none =
        value.isJsonNull()
            || value.isJsonArray() && value.getAsJsonArray().isEmpty()
            || place.equals(ORDER);
    return !none
        && switch (place) {
          // Refused where they would be of no use.
          case "methods.members" -> config.methods().ofMembers();
          case "methods.fgeCycle" -> config.methods().list().contains(Method.FGE);
          case "optimiser.learningRate", "averaging.swaStart" -> !config.fromTrained();
          default -> true;
        };
  }

  /** Says that there is a run for each of these seeds. */
  public EffectiveConfig seeds(List<Integer> seeds) {
    options.remove("seed");
    JsonArray all = new JsonArray();
    seeds.forEach(all::add);
    options.put("seeds", all);
    return this;
  }

  /** Says whether temperature scaling stands beside the methods. */
  public EffectiveConfig temperature(boolean wanted) {
    if (!wanted) {
      options.put("no-temperature", new JsonPrimitive(true));
    }
    return this;
  }

  /** Each option and its value as on a command line, lists with commas. */
  public Map<String, String> words() {
    Map<String, String> words = new LinkedHashMap<>();
    options.forEach(
        (key, value) ->
            words.put(
                key,
                value.isJsonArray()
                    ? value.getAsJsonArray().asList().stream()
                        .map(JsonElement::getAsString)
                        .collect(Collectors.joining(", "))
                    : value.getAsString()));
    return words;
  }

  /** The options as a YAML file. */
  public String yaml() {
    StringBuilder text =
        new StringBuilder("# Every option of this run. To make it again, bit for bit:\n")
            .append("#   swag4j train --config config.yaml --out DIR\n");
    options.forEach(
        (key, value) -> text.append(key).append(": ").append(scalar(value)).append('\n'));
    return text.toString();
  }

  /** Writes them, whole or not at all. */
  public void write(Path file) throws IOException {
    byte[] bytes = yaml().getBytes(StandardCharsets.UTF_8);
    AtomicFile.write(file, out -> out.write(bytes));
  }

  /** JSON is YAML too; words that need no quotes have none. */
  private static String scalar(JsonElement value) {
    if (value instanceof JsonArray list) {
      return list.asList().stream()
          .map(EffectiveConfig::scalar)
          .collect(Collectors.joining(", ", "[", "]"));
    }
    String text = value.getAsString();
    boolean plain =
        text.matches("[A-Za-z/][\\w./-]*") && !List.of("true", "false", "null").contains(text);
    return plain ? text : GSON.toJson(value);
  }
}
