package io.github.swag4j.cli.study;

import io.github.swag4j.cli.config.CommandArguments.Hint;
import io.github.swag4j.cli.config.ConfigValue;
import io.github.swag4j.cli.config.ConfigValue.Items;
import io.github.swag4j.cli.config.ConfigValue.Keys;
import io.github.swag4j.cli.config.ConfigValue.Place;
import io.github.swag4j.cli.config.ConfigValue.Word;
import io.github.swag4j.cli.config.YamlFile;
import io.github.swag4j.vision.corruption.Corruption;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * What a study file says.
 *
 * @param title heading of the page
 * @param options of {@code train}, the same for all jobs
 * @param variants methods that share trainings, and options of their own
 * @param seeds a job for each
 * @param limits of training rows, a job for each; null stands for all rows
 * @param shifts corruptions that every run is judged under; empty for none
 * @param limited whether the file says limits, so that tables are to be divided by them
 */
public record StudyFile(
    String title,
    Keys options,
    List<Variant> variants,
    List<Integer> seeds,
    List<Integer> limits,
    List<String> shifts,
    boolean limited) {

  private static final String TITLE = "title";
  private static final String OPTIONS = "options";
  private static final String METHODS = "methods";
  private static final String SEEDS = "seeds";
  private static final String LIMITS = "train-limits";

  /** The option of one job that the limits stand for. */
  private static final String LIMIT = "train-limit";

  private static final String SHIFTS = "shifts";
  private static final List<String> KEYS = List.of(TITLE, OPTIONS, METHODS, SEEDS, LIMITS, SHIFTS);
  private static final String ALL = "all";
  private static final int LONGEST_NAME = 60;

  /** What a study says itself, and what is of the single call. */
  private static final Set<String> NOT_OPTIONS =
      Set.of(
          "out",
          "method",
          "seed",
          SEEDS,
          "resume",
          "overwrite",
          "json",
          "pdf",
          "quiet",
          "no-color");

  /**
   * Methods of one training.
   *
   * @param name what its directory is called
   * @param options its own, the methods among them
   */
  public record Variant(String name, Keys options) {}

  /**
   * Reads a file.
   *
   * @param hint what may have been meant by a key that is not known
   * @throws io.github.swag4j.cli.run.UsageException if it says what no study is; says where
   */
  public static StudyFile read(Path file, Hint hint) throws IOException {
    Keys keys = YamlFile.read(file);
    keys.places()
        .forEach(
            (key, place) -> {
              if (!KEYS.contains(key)) {
                throw place.refusal("a study has no key '" + key + "'" + hint.of(key, KEYS));
              }
            });
    ConfigValue options = keys.entries().get(OPTIONS);
    Keys common = options == null ? new Keys(keys.place(), Map.of(), Map.of()) : keys(options);
    requireOptions(common);
    boolean limited = keys.entries().containsKey(LIMITS);
    requireOneLimit(limited, common);
    List<Variant> variants = variants(keys);
    variants.forEach(variant -> requireOneLimit(limited, variant.options()));
    ConfigValue title = keys.entries().get(TITLE);
    return new StudyFile(
        title == null ? String.valueOf(file.getFileName()) : word(TITLE, title),
        common,
        variants,
        whole(items(keys, SEEDS, "1"), false),
        whole(items(keys, LIMITS, ALL), true),
        keys.entries().containsKey(SHIFTS) ? shifts(items(keys, SHIFTS, ALL), hint) : List.of(),
        limited);
  }

  private static void requireOneLimit(boolean limited, Keys options) {
    if (limited && options.entries().containsKey(LIMIT)) {
      throw options.places().get(LIMIT).refusal(LIMIT + " excludes " + LIMITS);
    }
  }

  private static String word(String key, ConfigValue value) {
    if (value instanceof Word word) {
      return word.text();
    }
    throw value.place().refusal(key + " must be one word or text, got " + value);
  }

  private static List<String> shifts(List<ConfigValue> items, Hint hint) {
    if (items.size() == 1 && items.get(0) instanceof Word word && word.text().equals(ALL)) {
      return Corruption.ids();
    }
    List<String> names = new ArrayList<>();
    for (ConfigValue item : items) {
      if (!(item instanceof Word word) || Corruption.named(word.text()).isEmpty()) {
        String written = item instanceof Word word ? word.text() : "";
        throw item.place()
            .refusal(
                "shifts must be all or some of "
                    + String.join(", ", Corruption.ids())
                    + ", got "
                    + item
                    + hint.of(written, Corruption.ids()));
      }
      if (names.contains(word.text())) {
        throw item.place().refusal(item + " is there already");
      }
      names.add(word.text());
    }
    return names;
  }

  private static Keys keys(ConfigValue value) {
    if (value instanceof Keys keys) {
      return keys;
    }
    throw value.place().refusal("must be 'option: value' lines, got " + value);
  }

  private static void requireOptions(Keys options) {
    options
        .places()
        .forEach(
            (key, place) -> {
              if (NOT_OPTIONS.contains(key)) {
                throw place.refusal("'" + key + "' is no option of all jobs: " + instead(key));
              }
            });
  }

  private static String instead(String key) {
    return switch (key) {
      case "method" -> "say methods, beside options";
      case "seed", SEEDS -> "say seeds, beside options";
      default -> "say it to 'study', or leave it out";
    };
  }

  /** A list, or the one word that it is. */
  private static List<ConfigValue> items(Keys keys, String key, String otherwise) {
    ConfigValue value = keys.entries().get(key);
    if (value == null) {
      return List.of(new Word(keys.place(), otherwise));
    }
    List<ConfigValue> items = value instanceof Items list ? list.items() : List.of(value);
    if (items.isEmpty()) {
      throw keys.places().get(key).refusal(key + " must have one item at least");
    }
    return items;
  }

  private static List<Integer> whole(List<ConfigValue> items, boolean mayBeAll) {
    List<Integer> numbers = new ArrayList<>();
    for (ConfigValue item : items) {
      boolean all = mayBeAll && item instanceof Word word && word.text().equals(ALL);
      if (!all && !(item instanceof Word word && word.text().matches("0|-?[1-9]\\d{0,8}"))) {
        throw item.place()
            .refusal("must be whole numbers" + (mayBeAll ? ", or all" : "") + ", got " + item);
      }
      Integer number = all ? null : Integer.valueOf(((Word) item).text());
      if (numbers.contains(number)) {
        throw item.place().refusal(item + " is there already");
      }
      numbers.add(number);
    }
    return numbers;
  }

  /** A list of words is one training; a list that has lists or keys in it is one for each item. */
  private static List<Variant> variants(Keys keys) {
    if (!keys.entries().containsKey(METHODS)) {
      throw keys.place().refusal("a study must have the key methods");
    }
    List<ConfigValue> items = items(keys, METHODS, "");
    boolean one = items.stream().allMatch(Word.class::isInstance);
    List<Variant> variants = new ArrayList<>();
    Set<String> names = new LinkedHashSet<>();
    for (ConfigValue item :
        one ? List.<ConfigValue>of(new Items(items.get(0).place(), items)) : items) {
      variants.add(variant(item, names));
    }
    return variants;
  }

  private static Variant variant(ConfigValue item, Set<String> names) {
    Map<String, ConfigValue> entries = new LinkedHashMap<>();
    Map<String, Place> places = new LinkedHashMap<>();
    String name = null;
    if (item instanceof Keys keys) {
      entries.putAll(keys.entries());
      places.putAll(keys.places());
      ConfigValue named = entries.remove("name");
      name = named == null ? null : word("name", named);
      places.remove("name");
      if (!entries.containsKey("method")) {
        throw item.place().refusal("an item of methods must have the key method");
      }
    } else {
      entries.put("method", item);
      places.put("method", item.place());
    }
    if (entries.get("method") instanceof Items list && list.items().isEmpty()) {
      throw list.place().refusal("method must have one item at least");
    }
    Keys others = new Keys(item.place(), new LinkedHashMap<>(entries), new LinkedHashMap<>(places));
    others.entries().remove("method");
    others.places().remove("method");
    requireOptions(others);
    if (name == null) {
      name = ids(entries.get("method"));
      name = name.length() > LONGEST_NAME ? name.substring(0, LONGEST_NAME) : name;
      for (int n = 2; names.contains(name); n++) {
        name = name.replaceFirst("(_\\d+)?$", "_" + n);
      }
    }
    if (!name.matches("[A-Za-z0-9][A-Za-z0-9._-]*") || !names.add(name)) {
      throw item.place()
          .refusal(
              "a name must be of letters, digits, dots and hyphens, and of one item alone, got '"
                  + name
                  + "'");
    }
    return new Variant(name, new Keys(item.place(), entries, places));
  }

  private static String ids(ConfigValue methods) {
    if (methods instanceof Items list) {
      return String.join("-", list.items().stream().map(StudyFile::ids).toList());
    }
    return methods instanceof Word word ? word.text().replaceAll("[^A-Za-z0-9-]+", "-") : "keys";
  }
}
