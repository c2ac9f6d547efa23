package io.github.swag4j.cli;

import io.github.swag4j.cli.config.CommandArguments;
import io.github.swag4j.cli.config.ConfigValue.Place;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import picocli.CommandLine;
import picocli.CommandLine.Model.OptionSpec;
import picocli.CommandLine.ParseResult;

/**
 * A call with the options of its configuration among its words, and where these are from.
 *
 * @param words the words
 * @param places where options are from that are not of the command line
 */
record ConfiguredCall(String[] words, Map<String, Place> places) {
  private static final Pattern NAME = Pattern.compile("--[a-z][a-z-]*");

  /**
   * Reads the configuration that a call names, if it names one.
   *
   * @param program the program, only to see what the call has itself
   * @throws io.github.swag4j.cli.run.UsageException if the file says what the command cannot do
   */
  static ConfiguredCall of(CommandLine program, String... args) throws IOException {
    ConfiguredCall plain = new ConfiguredCall(args, Map.of());
    if (Arrays.stream(args)
        .noneMatch(word -> word.startsWith(CommandArguments.OPTION) || word.startsWith("@"))) {
      return plain;
    }
    collectErrors(program);
    ParseResult root;
    try {
      root = program.parseArgs(args);
    } catch (CommandLine.ParameterException e) {
      return plain; // said when the call itself is parsed
    }
    if (!root.hasSubcommand()) {
      return plain;
    }
    ParseResult command = root.subcommand();
    Path file = ((Main) program.getCommandSpec().userObject()).config();
    if (file == null || command.isUsageHelpRequested()) {
      return plain;
    }
    Set<OptionSpec> given = new LinkedHashSet<>(command.matchedOptions());
    for (OptionSpec option : root.matchedOptions()) {
      given.add(command.commandSpec().findOption(option.longestName()));
    }
    CommandArguments configured =
        CommandArguments.of(
            CommandArguments.read(file), command.commandSpec(), given, Nearest::hint);
    List<String> words = new ArrayList<>(List.of(args));
    words.addAll(1 + place(args, command.commandSpec().name()), configured.words());
    return new ConfiguredCall(words.toArray(String[]::new), configured.places());
  }

  private static void collectErrors(CommandLine program) {
    program.getCommandSpec().parser().collectErrors(true);
    program
        .getSubcommands()
        .values()
        .forEach(command -> command.getCommandSpec().parser().collectErrors(true));
  }

  /**
   * Where the name of the command is, which may be that of a configuration before it, too; the last
   * word where it is in a file of words.
   */
  private static int place(String[] args, String command) {
    for (int at = 0; at < args.length; at++) {
      boolean file = at > 0 && args[at - 1].equals(CommandArguments.OPTION);
      if (args[at].equals(command) && !file) {
        return at;
      }
    }
    return args.length - 1;
  }

  /** Where the first option that a message names is from, such as " (--epochs: run.yaml:3)". */
  String origin(String message) {
    Matcher names = NAME.matcher(message);
    while (names.find()) {
      Place place = places.get(names.group());
      if (place != null) {
        return " (" + names.group() + ": " + place + ")";
      }
    }
    return "";
  }
}
