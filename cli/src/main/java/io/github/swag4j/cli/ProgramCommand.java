package io.github.swag4j.cli;

/**
 * A command that another module adds to the program. Implementations have a public constructor
 * without parameters and are named in {@code
 * META-INF/services/io.github.swag4j.cli.ProgramCommand}; the program finds them on its class path
 * by {@link java.util.ServiceLoader}.
 */
public interface ProgramCommand {

  /**
   * What is typed to call it.
   *
   * @return lower-case letters and hyphens, no name of another command
   */
  String name();

  /**
   * The command itself; made only when it is called or listed.
   *
   * @return an object with picocli's {@code @Command}, its options and subcommands
   */
  Object command();
}
