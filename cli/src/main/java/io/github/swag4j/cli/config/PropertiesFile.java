package io.github.swag4j.cli.config;

import io.github.swag4j.cli.config.ConfigValue.Items;
import io.github.swag4j.cli.config.ConfigValue.Keys;
import io.github.swag4j.cli.config.ConfigValue.Place;
import io.github.swag4j.cli.config.ConfigValue.Word;
import java.io.IOException;
import java.io.StringReader;
import java.nio.charset.CharacterCodingException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Properties;

/**
 * A file of Java properties with the lines they are on. A key that is there several times is a
 * list, as a property has no other way to be one.
 */
final class PropertiesFile {
  private PropertiesFile() {}

  static Keys read(Path file) throws IOException {
    List<String> lines;
    try {
      lines = Files.readAllLines(file);
    } catch (CharacterCodingException e) {
      throw new IOException(file + ": must be UTF-8 text, it has bytes that are none", e);
    }
    Map<String, List<ConfigValue>> all = new LinkedHashMap<>();
    Map<String, Place> places = new LinkedHashMap<>();
    for (int i = 0; i < lines.size(); i++) {
      Place place = new Place(file, i + 1);
      StringBuilder logical = new StringBuilder(lines.get(i));
      boolean comment = lines.get(i).strip().matches("[#!].*");
      while (!comment && isContinued(logical) && i + 1 < lines.size()) {
        logical.append('\n').append(lines.get(++i));
      }
      Properties one = new Properties();
      try {
        one.load(new StringReader(logical.toString()));
      } catch (IllegalArgumentException e) {
        throw place.refusal("must be a property: " + e.getMessage());
      }
      for (String key : one.stringPropertyNames()) {
        places.putIfAbsent(key, place);
        all.computeIfAbsent(key, k -> new ArrayList<>())
            .add(new Word(place, one.getProperty(key).strip()));
      }
    }
    Map<String, ConfigValue> entries = new LinkedHashMap<>();
    all.forEach(
        (key, values) ->
            entries.put(
                key, values.size() == 1 ? values.get(0) : new Items(places.get(key), values)));
    return new Keys(new Place(file, 1), entries, places);
  }

  /** Whether a line ends in a backslash that is not itself escaped. */
  private static boolean isContinued(CharSequence line) {
    int slashes = 0;
    while (slashes < line.length() && line.charAt(line.length() - 1 - slashes) == '\\') {
      slashes++;
    }
    return slashes % 2 == 1;
  }
}
