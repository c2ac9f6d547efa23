package io.github.swag4j.cli.config;

import io.github.swag4j.cli.run.UsageException;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;

/** What stands at a place of a configuration: a word, a list, or keys with values of their own. */
public sealed interface ConfigValue {

  /** Where it is. */
  Place place();

  /**
   * A place in a file.
   *
   * @param file the file
   * @param line its line, from 1
   */
  record Place(Path file, int line) {

    /** Such as {@code run.yaml:7}. */
    @Override
    public String toString() {
      return file + ":" + line;
    }

    /** A refusal of what stands here. */
    public UsageException refusal(String words) {
      return new UsageException(this + ": " + words);
    }
  }

  /**
   * A word, a number, true or false, as it was written.
   *
   * @param place where it is
   * @param text what it says
   */
  record Word(Place place, String text) implements ConfigValue {
    @Override
    public String toString() {
      return "'" + text + "'";
    }
  }

  /**
   * A list.
   *
   * @param place where it begins
   * @param items what is in it
   */
  record Items(Place place, List<ConfigValue> items) implements ConfigValue {
    @Override
    public String toString() {
      return "a list";
    }
  }

  /**
   * Keys in the order in which they were written.
   *
   * @param place where they begin
   * @param entries their values, by key
   * @param places where each key is
   */
  record Keys(Place place, Map<String, ConfigValue> entries, Map<String, Place> places)
      implements ConfigValue {
    @Override
    public String toString() {
      return "keys with values of their own";
    }
  }
}
