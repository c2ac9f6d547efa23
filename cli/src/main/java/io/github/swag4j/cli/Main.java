package io.github.swag4j.cli;

import io.github.swag4j.base.Printable;
import io.github.swag4j.cli.config.CommandArguments;
import io.github.swag4j.cli.run.LauncherName;
import io.github.swag4j.cli.run.UsageException;
import io.github.swag4j.cli.study.JobProcess;
import java.io.BufferedWriter;
import java.io.FileDescriptor;
import java.io.FileOutputStream;
import java.io.IOException;
import java.io.OutputStreamWriter;
import java.io.PrintWriter;
import java.io.UncheckedIOException;
import java.io.Writer;
import java.nio.charset.StandardCharsets;
import java.nio.file.AccessDeniedException;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Set;
import java.util.regex.Matcher;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Help.Ansi;
import picocli.CommandLine.Model.UsageMessageSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ScopeType;

/** The program {@code swag4j}: exit code 0 done, 1 failed, 2 wrong usage. */
@Command(
    name = "swag4j",
    mixinStandardHelpOptions = true,
    versionProvider = Version.class,
    description = "Know when a trained classifier can be trusted.",
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

  /** The commands in the order the help has them. */
  private static final List<String> COMMANDS =
      List.of(
          "quickstart",
          "train",
          "predict",
          "shift",
          "surface",
          "evaluate",
          "compare",
          "report",
          "study",
          "abstain",
          "conformal",
          "calibrate",
          "ood",
          "chart",
          "monitor",
          "average",
          "info",
          "completion",
          "help");

  /** Commands that must know all others to answer. */
  private static final Set<String> OF_ALL = Set.of("help", "completion");

  @Option(
      names = "--quiet",
      scope = ScopeType.INHERIT,
      description = "Say nothing on standard error but errors and warnings: no progress, no notes.")
  private boolean quiet;

  @Option(
      names = "--no-color",
      scope = ScopeType.INHERIT,
      description = "No colours in the help, as where the variable NO_COLOR is set.")
  private boolean colourless;

  @Option(
      names = CommandArguments.OPTION,
      scope = ScopeType.INHERIT,
      paramLabel = "FILE",
      description =
          "Take options from this file, .yaml or .properties, a line each without dashes:"
              + " 'epochs: 30'. What the command line says itself goes before.")
  private Path config;

  private final List<String> words;

  private Main(String... words) {
    this.words = List.of(words);
  }

  /** The file that options are taken from, null for none. */
  Path config() {
    return config;
  }

  /** What was typed, without what a configuration adds to it. */
  List<String> words() {
    return words;
  }

  /** The command of a name; its options are read from its class, which takes its time. */
  private static Object command(String name) {
    return switch (name) {
      case "quickstart" -> new QuickstartCommand();
      case "train" -> new TrainCommand();
      case "predict" -> new PredictCommand();
      case "shift" -> new ShiftCommand();
      case "surface" -> new SurfaceCommand();
      case "evaluate" -> new EvaluateCommand();
      case "compare" -> new CompareCommand();
      case "report" -> new ReportCommand();
      case "study" -> new StudyCommand();
      case "abstain" -> new AbstainCommand();
      case "conformal" -> new ConformalCommand();
      case "calibrate" -> new CalibrateCommand();
      case "ood" -> new OodCommand();
      case "chart" -> new ChartCommand();
      case "monitor" -> new MonitorCommand();
      case "average" -> new AverageCommand();
      case "info" -> new InfoCommand();
      case "completion" -> new CompletionCommand();
      case "help" -> new CommandLine.HelpCommand();
      default -> throw new IllegalArgumentException("no command is called " + name);
    };
  }

  /** The program with the command that is called, or with all where it takes them all to answer. */
  private static CommandLine program(Main main, String... args) {
    CommandLine program = new CommandLine(main);
    boolean one = args.length > 0 && COMMANDS.contains(args[0]) && !OF_ALL.contains(args[0]);
    if (one) {
      program.addSubcommand(args[0], command(args[0]));
    } else {
      // Other modules are looked for only where no command of this one is called.
      AddedCommands added = AddedCommands.find();
      for (String name : COMMANDS) {
        if (name.equals("completion")) {
          added.addTo(program, args);
        }
        program.addSubcommand(name, command(name));
      }
    }
    callItself(program, LauncherName.get());
    return program;
  }

  /** Puts what a person types in the place of the program's name, in help and examples. */
  private static void callItself(CommandLine program, String name) {
    program.setCommandName(name);
    for (CommandLine each : withSubcommands(program)) {
      UsageMessageSpec usage = each.getCommandSpec().usageMessage();
      usage.footer(
          Arrays.stream(usage.footer())
              .map(
                  line ->
                      line.replaceFirst("^  swag4j ", Matcher.quoteReplacement("  " + name + " ")))
              .toArray(String[]::new));
    }
  }

  private static List<CommandLine> withSubcommands(CommandLine of) {
    List<CommandLine> all = new ArrayList<>(List.of(of));
    of.getSubcommands().values().forEach(each -> all.addAll(withSubcommands(each)));
    return all;
  }

  /**
   * Runs a command and ends the process with its exit code.
   *
   * @param args the command line
   */
  public static void main(String[] args) {
    JobProcess.endWithParent(System.getenv());
    // Not System.out, which keeps to itself why a write failed.
    Writer out =
        new OutputStreamWriter(new FileOutputStream(FileDescriptor.out), StandardCharsets.UTF_8);
    PrintWriter err = new PrintWriter(System.err, true, StandardCharsets.UTF_8);
    int code = run(out, err, args);
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
  public static int run(Writer out, PrintWriter err, String... args) {
    StandardOutput results = new StandardOutput(out);
    PrintableWriter shown = new PrintableWriter(new BufferedWriter(results), false);
    PrintWriter printer = new PrintWriter(shown, true);
    int code = execute(printer, shown, err, args);
    printer.flush();
    if (results.readerIsGone()) {
      return StandardOutput.READER_GONE;
    }
    if (results.failure() != null) {
      err.println("swag4j: standard output could not be written: " + message(results.failure()));
      return FAILED;
    }
    return code;
  }

  private static int execute(
      PrintWriter out, PrintableWriter shown, PrintWriter rawErr, String... args) {
    PrintWriter err = new PrintWriter(new PrintableWriter(rawErr, true), true);
    ConfiguredCall call;
    try {
      call = ConfiguredCall.of(program(new Main(args), args), args);
    } catch (IOException | UsageException e) {
      err.println("swag4j: " + message(e));
      return e instanceof IOException ? FAILED : USAGE;
    }
    Main main = new Main(args);
    CommandLine line = program(main, args);
    line.setOut(out);
    line.setErr(err);
    line.setColorScheme(colours(noColour(System.getenv("NO_COLOR"))));
    line.setExecutionStrategy(
        parsed -> {
          if (main.colourless) {
            line.setColorScheme(colours(true));
          }
          if (main.quiet) {
            line.setErr(new PrintWriter(new QuietWriter(err), true));
          }
          shown.raw(true);
          Integer help = CommandLine.executeHelpRequest(parsed);
          shown.raw(false);
          return help != null ? help : new CommandLine.RunLast().execute(parsed);
        });
    line.setUsageHelpAutoWidth(true);
    line.setCaseInsensitiveEnumValuesAllowed(true);
    line.setParameterExceptionHandler(
        (e, unused) -> {
          String words = oneLine(UsageWords.of(e, call.words()));
          err.println("swag4j: " + words + call.origin(words) + seeHelp(e.getCommandLine()));
          return USAGE;
        });
    line.setExecutionExceptionHandler(
        (e, of, result) -> {
          traceIfAsked(e, err);
          if (e instanceof UsageException) {
            err.println("swag4j: " + message(e) + call.origin(message(e)) + seeHelp(of));
            return USAGE;
          }
          err.println("swag4j: " + message(e));
          return FAILED;
        });
    if (args.length == 0) {
      line.usage(rawErr);
      return USAGE;
    }
    try {
      return line.execute(call.words());
    } catch (Error e) {
      // picocli hands on exceptions only; an engine that cannot be loaded comes as an error.
      traceIfAsked(e, err);
      err.println("swag4j: " + message(e));
      return FAILED;
    }
  }

  private static void traceIfAsked(Throwable e, PrintWriter err) {
    if (System.getenv("SWAG4J_DEBUG") != null) {
      e.printStackTrace(err);
    }
  }

  /** Set to anything but nothing, the variable asks for no colours (no-color.org). */
  static boolean noColour(String variable) {
    return variable != null && !variable.isEmpty();
  }

  private static CommandLine.Help.ColorScheme colours(boolean none) {
    // An empty NO_COLOR is none to the convention, but one to picocli, which would not look
    // further.
    boolean forced = !none && isForced(System.getenv("CLICOLOR_FORCE"));
    return CommandLine.Help.defaultColorScheme(none ? Ansi.OFF : forced ? Ansi.ON : Ansi.AUTO);
  }

  private static boolean isForced(String variable) {
    return variable != null && !variable.isEmpty() && !variable.equals("0");
  }

  private static String seeHelp(CommandLine command) {
    return " (see '" + command.getCommandSpec().qualifiedName() + " --help')";
  }

  static String message(Throwable e) {
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
    if (e instanceof IOException
        || e instanceof UsageException
        || e instanceof IllegalArgumentException
        || e instanceof IllegalStateException) {
      return oneLine(e.getMessage() == null ? e.toString() : ProgramWords.of(e));
    }
    return oneLine(e.toString()) + " (set SWAG4J_DEBUG=1 to see where)";
  }

  private static String oneLine(String text) {
    return Printable.line(text.strip().replaceAll("\\s*\\R\\s*", " "));
  }
}
