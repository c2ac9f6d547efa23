package io.github.swag4j.cli;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import picocli.CommandLine;

/** What is said of a call that makes no sense: what was not understood, and what was meant. */
final class UsageWords {
  private UsageWords() {}

  /**
   * One line without its full stop.
   *
   * @param e what the parser says
   * @param args the call
   */
  static String of(CommandLine.ParameterException e, String... args) {
    CommandLine command = e.getCommandLine();
    if (e instanceof CommandLine.UnmatchedArgumentException unmatched) {
      String first = unmatched.getUnmatched().get(0);
      return looksLikeOption(first) ? unknownOption(first, command) : unknownWord(first, command);
    }
    // The parser complains of what is missing first, also where it is there but for a slip.
    Optional<String> slip =
        e instanceof CommandLine.MissingParameterException
            ? Arrays.stream(args)
                .takeWhile(arg -> !arg.equals("--"))
                .filter(arg -> arg.startsWith("--"))
                .filter(arg -> !command.getCommandSpec().optionsMap().containsKey(name(arg)))
                .findFirst()
            : Optional.empty();
    return slip.map(option -> unknownOption(option, command)).orElse(e.getMessage());
  }

  private static boolean looksLikeOption(String word) {
    return word.startsWith("-") && word.length() > 1;
  }

  private static String name(String option) {
    int value = option.indexOf('=');
    return value < 0 ? option : option.substring(0, value);
  }

  private static String unknownOption(String option, CommandLine command) {
    List<String> known = new ArrayList<>(command.getCommandSpec().optionsMap().keySet());
    known.removeIf(each -> !each.startsWith("--"));
    String name = name(option);
    return "unknown option '" + name + "'" + Nearest.hint(name, known);
  }

  private static String unknownWord(String word, CommandLine command) {
    List<String> commands = List.copyOf(command.getSubcommands().keySet());
    if (commands.isEmpty()) {
      return "'" + word + "' is one argument more than the command takes";
    }
    String near = Nearest.hint(word, commands);
    return "unknown command '"
        + word
        + "'"
        + (near.isEmpty() ? ": must be one of " + String.join(", ", commands) : near);
  }
}
