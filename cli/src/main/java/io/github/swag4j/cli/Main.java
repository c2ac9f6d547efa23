package io.github.swag4j.cli;

import java.io.IOException;
import java.io.PrintWriter;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.AccessDeniedException;
import java.nio.file.NoSuchFileException;
import picocli.CommandLine;
import picocli.CommandLine.Command;

/** The program {@code swag4j}: exit code 0 done, 1 failed, 2 wrong usage. */
@Command(
    name = "swag4j",
    mixinStandardHelpOptions = true,
    versionProvider = Version.class,
    description = "Know when a trained classifier can be trusted.",
    subcommands = {
      QuickstartCommand.class,
      TrainCommand.class,
      PredictCommand.class,
      EvaluateCommand.class,
      CalibrateCommand.class,
      OodCommand.class,
      AverageCommand.class,
      InfoCommand.class
    },
    synopsisSubcommandLabel = "COMMAND",
    footer = {
      "",
      "Begin with",
      "  swag4j quickstart",
      "and see what a command takes with",
      "  swag4j COMMAND --help"
    })
public final class Main {

  /** Exit code of a command that could not do its work. */
  static final int FAILED = 1;

  /** Exit code of a call that makes no sense. */
  static final int USAGE = 2;

  private Main() {}

  /**
   * Runs a command and ends the process with its exit code.
   *
   * @param args the command line
   */
  public static void main(String[] args) {
    PrintWriter out = new PrintWriter(System.out, true, StandardCharsets.UTF_8);
    PrintWriter err = new PrintWriter(System.err, true, StandardCharsets.UTF_8);
    int code = run(out, err, args);
    out.flush();
    err.flush();
    System.exit(code);
  }

  /**
   * Runs a command.
   *
   * @param out results
   * @param err progress and errors
   * @param args the command line
   * @return the exit code
   */
  static int run(PrintWriter out, PrintWriter err, String... args) {
    CommandLine line = new CommandLine(new Main());
    line.setOut(out);
    line.setErr(err);
    line.setUsageHelpAutoWidth(true);
    line.setCaseInsensitiveEnumValuesAllowed(true);
    line.setParameterExceptionHandler(
        (e, unused) -> {
          err.println("swag4j: " + oneLine(e.getMessage()) + seeHelp(e.getCommandLine()));
          return USAGE;
        });
    line.setExecutionExceptionHandler(
        (e, of, result) -> {
          if (System.getenv("SWAG4J_DEBUG") != null) {
            e.printStackTrace(err);
          }
          if (e instanceof UsageException) {
            err.println("swag4j: " + message(e) + seeHelp(of));
            return USAGE;
          }
          err.println("swag4j: " + message(e));
          return FAILED;
        });
    if (args.length == 0) {
      line.usage(err);
      return USAGE;
    }
    try {
      return line.execute(args);
    } catch (Error e) {
      // picocli hands on exceptions only; an engine that cannot be loaded comes as an error.
      if (System.getenv("SWAG4J_DEBUG") != null) {
        e.printStackTrace(err);
      }
      err.println("swag4j: " + message(e));
      return FAILED;
    }
  }

  private static String seeHelp(CommandLine command) {
    return " (see '" + command.getCommandSpec().qualifiedName() + " --help')";
  }

  private static String message(Throwable e) {
    if (e instanceof UncheckedIOException unchecked) {
      return message(unchecked.getCause());
    }
    if (e instanceof NoSuchFileException missing) {
      return missing.getFile() + ": no such file";
    }
    if (e instanceof AccessDeniedException denied) {
      return denied.getFile() + ": permission denied";
    }
    if (e instanceof OutOfMemoryError && String.valueOf(e.getMessage()).contains("heap")) {
      return "the heap of "
          + (Runtime.getRuntime().maxMemory() >> 20)
          + " MB is too small: give more with SWAG4J_JAVA_OPTIONS=-Xmx4g";
    }
    if (e instanceof UnsatisfiedLinkError || e.toString().contains("ai.djl")) {
      return oneLine(e.toString())
          + ": the PyTorch engine runs on Linux x86_64 and aarch64 (glibc), macOS arm64 and Windows"
          + " x86_64 (with Microsoft's Visual C++ runtime)";
    }
    if (e instanceof IOException
        || e instanceof UsageException
        || e instanceof IllegalArgumentException
        || e instanceof IllegalStateException) {
      return oneLine(e.getMessage() == null ? e.toString() : e.getMessage());
    }
    return oneLine(e.toString()) + " (set SWAG4J_DEBUG=1 to see where)";
  }

  private static String oneLine(String text) {
    return text.strip().replaceAll("\\s*\\R\\s*", " ");
  }
}
