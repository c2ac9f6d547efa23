package io.github.swag4j.cli.config;

import io.github.swag4j.cli.config.ConfigValue.Items;
import io.github.swag4j.cli.config.ConfigValue.Keys;
import io.github.swag4j.cli.config.ConfigValue.Place;
import io.github.swag4j.cli.config.ConfigValue.Word;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import picocli.CommandLine.Model.ArgGroupSpec;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Model.OptionSpec;

/**
 * What a configuration stands for on the command line of a command: an option for each key, known
 * and of the right type, but for those that the command line has itself.
 *
 * @param words the options, each in one word
 * @param places where each option is from
 */
public record CommandArguments(List<String> words, Map<String, Place> places) {

  /** The option that names the file. */
  public static final String OPTION = "--config";

  /** Options that are no settings. */
  private static final Set<String> NO_SETTINGS = Set.of(OPTION, "--help", "--version");

  /** What takes the place of another option without being in a group with it. */
  private static final Map<String, String> INSTEAD =
      Map.of("--seed", "--seeds", "--seeds", "--seed");

  /** Names that may have been meant by one that is not known. */
  @FunctionalInterface
  public interface Hint {
    /** Such as ": did you mean epochs?", or nothing. */
    String of(String written, Collection<String> known);
  }

  /** The keys of a file, YAML or properties by its name. */
  public static Keys read(Path file) throws IOException {
    String name = String.valueOf(file.getFileName()).toLowerCase(Locale.ROOT);
    if (name.endsWith(".properties")) {
      return PropertiesFile.read(file);
    }
    if (name.endsWith(".yaml") || name.endsWith(".yml")) {
      return YamlFile.read(file);
    }
    throw new ConfigValue.Place(file, 1)
        .refusal("a configuration must be called .yaml, .yml or .properties");
  }

  /**
   * The arguments of a command.
   *
   * @param keys what the file says
   * @param command the command
   * @param given options that the command line has itself
   * @param hint what may have been meant
   * @throws io.github.swag4j.cli.run.UsageException if a key is not known, or its value of another
   *     type; says where
   */
  public static CommandArguments of(
      Keys keys, CommandSpec command, Collection<OptionSpec> given, Hint hint) {
    Map<String, OptionSpec> known = settings(command);
    Set<OptionSpec> replaced = replaced(command, given);
    List<String> words = new ArrayList<>();
    Map<String, Place> places = new LinkedHashMap<>();
    keys.entries()
        .forEach(
            (key, value) -> {
              OptionSpec option = known.get(key);
              Place place = keys.places().get(key);
              if (option == null) {
                throw place.refusal(
                    command.name() + " has no option '" + key + "'" + hint.of(key, known.keySet()));
              }
              List<String> ofKey = words(option, key, value);
              if (!replaced.contains(option)) {
                words.addAll(ofKey);
                places.put(option.longestName(), place);
              }
            });
    return new CommandArguments(List.copyOf(words), places);
  }

  /** A command's options by the keys that they have in a configuration. */
  public static Map<String, OptionSpec> settings(CommandSpec command) {
    Map<String, OptionSpec> settings = new LinkedHashMap<>();
    for (OptionSpec option : command.options()) {
      if (!NO_SETTINGS.contains(option.longestName())) {
        settings.put(option.longestName().replaceFirst("^-+", ""), option);
      }
    }
    return settings;
  }

  /** Options that the command line has, or has another in the place of. */
  private static Set<OptionSpec> replaced(CommandSpec command, Collection<OptionSpec> given) {
    Set<OptionSpec> all = new LinkedHashSet<>(given);
    for (OptionSpec option : given) {
      String other = INSTEAD.get(option.longestName());
      if (other != null && command.findOption(other) != null) {
        all.add(command.findOption(other));
      }
      for (ArgGroupSpec group : command.argGroups()) {
        if (group.exclusive() && group.options().contains(option)) {
          all.addAll(group.options());
        }
      }
    }
    return all;
  }

  private static List<String> words(OptionSpec option, String key, ConfigValue value) {
    String name = option.longestName();
    if (option.arity().max() == 0) {
      String text = word(key, value, "true or false");
      if (!text.equals("true") && !text.equals("false")) {
        throw value.place().refusal(key + " must be true or false, got " + value);
      }
      return text.equals("true") ? List.of(name) : List.of();
    }
    if (!option.isMultiValue()) {
      return List.of(name + "=" + checked(option, key, value));
    }
    if (value instanceof Items list && list.items().isEmpty()) {
      // Nothing on the command line would be the option's default, not nothing.
      throw value
          .place()
          .refusal(key + " must have one item at least: leave the key out for its default");
    }
    List<String> words = new ArrayList<>();
    for (ConfigValue item : value instanceof Items list ? list.items() : split(option, value)) {
      String text = checked(option, key, item);
      if (!option.splitRegex().isEmpty() && text.contains(",")) {
        throw item.place()
            .refusal("an item of " + key + " must have no comma, got " + item + ": write a list");
      }
      words.add(name + "=" + text);
    }
    return words;
  }

  /** A word that is a list on the command line is one here. */
  private static List<ConfigValue> split(OptionSpec option, ConfigValue value) {
    if (!(value instanceof Word word) || option.splitRegex().isEmpty()) {
      return List.of(value);
    }
    List<ConfigValue> items = new ArrayList<>();
    for (String text : word.text().split(option.splitRegex(), -1)) {
      items.add(new Word(word.place(), text.strip()));
    }
    return items;
  }

  private static String word(String key, ConfigValue value, String rule) {
    if (value instanceof Word word) {
      return word.text();
    }
    throw value.place().refusal(key + " must be " + rule + ", got " + value);
  }

  /** The text of a value that is of the option's type. */
  private static String checked(OptionSpec option, String key, ConfigValue value) {
    Class<?> type = option.isMultiValue() ? option.auxiliaryTypes()[0] : option.type();
    String rule = rule(type);
    String text = word(key, value, rule);
    if (!fits(type, text)) {
      throw value.place().refusal(key + " must be " + rule + ", got " + value);
    }
    return text;
  }

  private static boolean isWhole(Class<?> type) {
    return type == int.class || type == Integer.class || type == long.class || type == Long.class;
  }

  private static boolean isNumber(Class<?> type) {
    return type == double.class || type == Double.class || type == float.class;
  }

  private static String rule(Class<?> type) {
    if (isWhole(type)) {
      return "a whole number";
    }
    if (isNumber(type)) {
      return "a number";
    }
    if (type.isEnum()) {
      return "one of "
          + Arrays.toString(type.getEnumConstants())
              .replaceAll("[\\[\\]]", "")
              .toLowerCase(Locale.ROOT);
    }
    return "one word or number";
  }

  private static boolean fits(Class<?> type, String text) {
    try {
      if (type == int.class || type == Integer.class) {
        return text.equals(Integer.toString(Integer.parseInt(text)));
      }
      if (isWhole(type)) {
        return text.equals(Long.toString(Long.parseLong(text)));
      }
      if (isNumber(type)) {
        return Double.isFinite(Double.parseDouble(text)) && text.matches("[-+\\d.eE]+");
      }
    } catch (NumberFormatException e) {
      return false;
    }
    return !type.isEnum()
        || Arrays.stream(type.getEnumConstants())
            .anyMatch(each -> each.toString().equalsIgnoreCase(text));
  }
}
