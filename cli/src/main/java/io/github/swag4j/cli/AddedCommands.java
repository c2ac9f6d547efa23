package io.github.swag4j.cli;

import java.util.List;
import java.util.Map;
import java.util.ServiceLoader;
import java.util.TreeMap;
import picocli.CommandLine;

/** The commands that other modules on the class path add to the program, by name. */
final class AddedCommands {
  private final Map<String, ProgramCommand> byName = new TreeMap<>();

  private AddedCommands() {}

  /**
   * Those that are there.
   *
   * @throws IllegalStateException if two have one name
   */
  static AddedCommands find() {
    AddedCommands added = new AddedCommands();
    for (ProgramCommand each : ServiceLoader.load(ProgramCommand.class)) {
      ProgramCommand other = added.byName.put(each.name(), each);
      if (other != null) {
        throw new IllegalStateException(
            "two modules add the command "
                + each.name()
                + ", "
                + other.getClass().getName()
                + " and "
                + each.getClass().getName()
                + ": leave one of them off the class path");
      }
    }
    return added;
  }

  /** Adds the one that is called, or all where none of them is. */
  void addTo(CommandLine program, String... args) {
    ProgramCommand called = args.length == 0 ? null : byName.get(args[0]);
    for (ProgramCommand each : called == null ? byName.values() : List.of(called)) {
      program.addSubcommand(each.name(), each.command());
    }
  }
}
