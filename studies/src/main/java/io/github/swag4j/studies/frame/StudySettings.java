package io.github.swag4j.studies.frame;

import com.google.gson.JsonElement;
import com.google.gson.JsonNull;
import com.google.gson.JsonObject;
import io.github.swag4j.cli.run.RunDirectory;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;

/** Settings of a part held against those that it was made with. */
final class StudySettings {
  private StudySettings() {}

  /** What differs, in words; empty if nothing does. Numbers are compared by value. */
  static String difference(JsonElement there, JsonElement wanted) {
    JsonObject before = there instanceof JsonObject object ? object : new JsonObject();
    JsonObject now = wanted.getAsJsonObject();
    Set<String> names = new TreeSet<>(before.keySet());
    names.addAll(now.keySet());
    List<String> differences = new ArrayList<>();
    for (String name : names) {
      JsonElement old = before.has(name) ? before.get(name) : JsonNull.INSTANCE;
      JsonElement current = now.has(name) ? now.get(name) : JsonNull.INSTANCE;
      if (!same(old, current)) {
        differences.add(name + " was " + old + ", is " + current);
      }
    }
    return String.join("; ", differences);
  }

  /** A number read from a file is of another class than one that was never written. */
  private static boolean same(JsonElement a, JsonElement b) {
    return a.equals(b) || a.toString().equals(b.toString());
  }

  /** What a part found, held against its record. */
  static <T> T read(Path file, JsonElement found, Class<T> type) throws IOException {
    return RunDirectory.fromJson(file, found, type);
  }
}
