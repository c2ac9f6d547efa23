package io.github.swag4j.cli;

import io.github.swag4j.cli.run.UsageException;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.Callable;
import picocli.AutoComplete;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** Prints what makes a shell complete commands, options and file names. */
@Command(
    name = "completion",
    mixinStandardHelpOptions = true,
    versionProvider = Version.class,
    description = {
      "Print a script that makes the shell complete commands, options, their values and files.",
      "",
      "For this session: source <(swag4j completion bash). For good: write it to a file that the"
          + " shell reads at its start, as in the examples; zsh takes the same words."
    },
    footer = {
      "",
      "Examples",
      "  swag4j completion bash > ~/.local/share/bash-completion/completions/swag4j",
      "  swag4j completion zsh >> ~/.zshrc"
    })
final class CompletionCommand implements Callable<Integer> {
  private static final List<String> SHELLS = List.of("bash", "zsh");

  @Spec private CommandSpec spec;

  @Parameters(paramLabel = "SHELL", description = "bash or zsh.")
  private String shell;

  @Override
  public Integer call() {
    if (!SHELLS.contains(shell.toLowerCase(Locale.ROOT))) {
      throw new UsageException("the shell must be one of " + SHELLS + ", got " + shell);
    }
    CommandLine program = spec.root().commandLine();
    // Shells look a command up by the last part of what is typed: ./swag4j is completed as swag4j.
    String name = Path.of(program.getCommandName().replace("\"", "")).getFileName().toString();
    spec.commandLine().getOut().print(AutoComplete.bash(name, program));
    return 0;
  }
}
