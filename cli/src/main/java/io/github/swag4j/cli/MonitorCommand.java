package io.github.swag4j.cli;

import com.google.gson.GsonBuilder;
import com.google.gson.JsonObject;
import io.github.swag4j.calibration.Predictions;
import io.github.swag4j.calibration.io.FileContents;
import io.github.swag4j.calibration.io.format.ReadOptions;
import io.github.swag4j.calibration.monitoring.DriftAlarm;
import io.github.swag4j.calibration.monitoring.MonitorCounts;
import io.github.swag4j.calibration.monitoring.MonitorOptions;
import io.github.swag4j.calibration.monitoring.MonitoringReference;
import io.github.swag4j.cli.monitor.MonitorOutput;
import io.github.swag4j.cli.monitor.MonitorRun;
import io.github.swag4j.cli.monitor.MonitorWords;
import io.github.swag4j.cli.monitor.ServedReading;
import io.github.swag4j.cli.run.UsageException;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.time.Clock;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.stream.IntStream;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.ParseResult;
import picocli.CommandLine.Spec;

/** Watches predictions as they are served. */
@Command(
    name = "monitor",
    mixinStandardHelpOptions = true,
    versionProvider = Version.class,
    sortOptions = false,
    description = {
      "Watch predictions as they are served: accuracy, ECE, NLL, mean confidence and entropy of each"
          + " window of rows against a reference, with an alarm whose rate of false alarms is known.",
      "",
      "Rows come from a CSV file with a header, or JSON Lines, that may still grow, or from standard"
          + " input. The columns of the classes are those named as in the reference; a label may"
          + " stand in its row or come later in another file, joined by id. Rows that are not valid"
          + " are counted and said, and never stop the others."
    },
    footer = {
      "",
      "Examples",
      "  swag4j monitor served.csv --reference test.csv",
      "  swag4j monitor served.csv --reference test.csv --follow --state served.state --out"
          + " windows.jsonl --prometheus swag4j.prom --late-labels labels.csv",
      "  tail -F served.csv | swag4j monitor - --reference test.csv --json"
    })
final class MonitorCommand implements Callable<Integer> {
  /** Exit code of a run in which a window raised an alarm, if that was asked for. */
  private static final int ALARM = 3;

  private static final int WAIT = 10;
  private static final int WAIT_OF_WHOLE_FILES = 10_000;

  @Spec private CommandSpec spec;

  @Parameters(paramLabel = "FILE", description = "Rows as they are served; - for standard input.")
  private Path file;

  @Option(
      names = "--reference",
      required = true,
      paramLabel = "FILE",
      description =
          "Predictions from when all was well, best with labels, on rows that nothing was fitted"
              + " on: any file that evaluate takes.")
  private Path reference;

  @Option(
      names = "--window",
      paramLabel = "ROWS",
      defaultValue = "1000",
      description = "Rows of a window (default: ${DEFAULT-VALUE}).")
  private int window;

  @Option(
      names = "--false-alarms",
      paramLabel = "RATE",
      defaultValue = "" + DriftAlarm.DEFAULT_RATE,
      description =
          "Chance that a window without a change raises an alarm, at most (default:"
              + " ${DEFAULT-VALUE}, one window in a thousand).")
  private double rate;

  @Option(
      names = "--late-labels",
      paramLabel = "FILE",
      description = "Labels that come apart from their rows: columns id and label; may grow too.")
  private Path lateLabels;

  @Option(
      names = "--label-wait",
      paramLabel = "WINDOWS",
      description =
          "How many windows later a label may come (default: 10; without --follow and --state, as"
              + " long as the files last).")
  private Integer labelWait;

  @Option(
      names = "--id-column",
      paramLabel = "NAME",
      description = "The ids that late labels are found by (default: id).")
  private String idColumn;

  @Option(
      names = "--follow",
      description = "Wait for more at the end, over rotations, until ended.")
  private boolean follow;

  @Option(
      names = "--poll",
      paramLabel = "SECONDS",
      defaultValue = "1",
      description = "How often to look for more (default: ${DEFAULT-VALUE}).")
  private double poll;

  @Option(
      names = "--stop-after",
      paramLabel = "SECONDS",
      description = "End after so long without anything new (default: never).")
  private Double stopAfter;

  @Option(
      names = "--state",
      paramLabel = "FILE",
      description =
          "Keep there how far everything is: the next call goes on from it, after a kill too.")
  private Path state;

  @Option(
      names = {"-o", "--out"},
      paramLabel = "FILE",
      description = "Add a JSON line a window to it.")
  private Path out;

  @Option(
      names = "--prometheus",
      paramLabel = "FILE",
      description = "Keep the newest window there for Prometheus' textfile collector (.prom).")
  private Path prometheus;

  @Option(
      names = "--name",
      paramLabel = "NAME",
      description = "Name of this monitor among others in --prometheus (default: FILE's name).")
  private String name;

  @Mixin private ReadingOptions readingOptions;

  @Option(
      names = "--seed",
      paramLabel = "N",
      defaultValue = "0",
      description = "Seed of the permutation tests (default: ${DEFAULT-VALUE}).")
  private long seed;

  @Option(
      names = "--fail-on-alarm",
      description = "Exit code 3 if a window raised an alarm in this call.")
  private boolean failOnAlarm;

  @Option(names = "--json", description = "Print one JSON object a window.")
  private boolean json;

  @Override
  public Integer call() throws IOException, InterruptedException {
    boolean standardInput = file.toString().equals("-");
    if (standardInput && follow) {
      throw new UsageException("--follow goes with a file: standard input is read to its end");
    }
    if (idColumn != null && lateLabels == null) {
      throw new UsageException("--id-column goes with --late-labels, which are found by the ids");
    }
    if (!(poll > 0 && poll <= 3600)) {
      throw new UsageException("--poll must be above 0 and at most 3600 seconds, got " + poll);
    }
    if (stopAfter != null && !(stopAfter >= 0)) {
      throw new UsageException("--stop-after must be at least 0 seconds, got " + stopAfter);
    }
    MonitorOptions options = options();
    Predictions read = readingOptions.read(reference);
    MonitoringReference compared = MonitoringReference.of(read);
    String called = name != null ? name : standardInput ? "stdin" : file.getFileName().toString();
    PrintWriter err = spec.commandLine().getErr();
    MonitorOutput.Places places =
        new MonitorOutput.Places(
            spec.commandLine().getOut(), json, out, prometheus, called, rate, Clock.systemUTC());
    MonitorRun run =
        new MonitorRun(
            new MonitorRun.Input(
                standardInput ? null : file,
                System.in,
                lateLabels,
                state,
                follow,
                Math.max(1, Math.round(1000 * poll)),
                stopAfter == null ? -1 : Math.round(1000 * stopAfter)),
            reading(),
            compared,
            options,
            places,
            problem -> err.println(QuietWriter.WARNING + problem));
    if (!json) {
      spec.commandLine().getOut().println(MonitorWords.begin(reference.toString(), compared, rate));
    }
    Thread hook = new Thread(() -> stop(run), "monitor-stop");
    if (!standardInput) {
      Runtime.getRuntime().addShutdownHook(hook);
    }
    MonitorCounts counts = run.run();
    boolean ending = !standardInput && !removed(hook);
    if (!ending) {
      print(run, counts);
    }
    return failOnAlarm && run.alarmsRaised() > 0 ? ALARM : 0;
  }

  private static void stop(MonitorRun run) {
    try {
      run.stop();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  /** False while the machine is ending already, on whose order this run has stopped. */
  private static boolean removed(Thread hook) {
    try {
      return Runtime.getRuntime().removeShutdownHook(hook);
    } catch (IllegalStateException e) {
      return false;
    }
  }

  private MonitorOptions options() {
    int wait = follow || state != null ? WAIT : WAIT_OF_WHOLE_FILES;
    try {
      return new MonitorOptions(
          window, labelWait == null ? wait : labelWait, new DriftAlarm(rate, true, seed));
    } catch (IllegalArgumentException e) {
      throw new UsageException("--window, --label-wait or --false-alarms: " + e.getMessage());
    }
  }

  /** How the reference is read is how rows are, as far as they have the same. */
  private ServedReading reading() throws IOException {
    ParseResult said = spec.commandLine().getParseResult();
    List<String> classes = said.matchedOptionValue("--class-columns", List.of());
    List<String> ignored = said.matchedOptionValue("--ignore-columns", List.of());
    String label = said.matchedOptionValue("--label-column", "");
    return new ServedReading(
        readingOptions.note(reference),
        classes.isEmpty() || referenceInOrder(),
        header -> NameLists.of(classes, header),
        label.isEmpty() ? null : label,
        idColumn,
        NameLists.of(ignored, List.of()),
        new ServedReading.LabelsSaid(
            said.matchedOptionValue("--labels-are", ReadOptions.Labels.AUTO),
            said.matchedOptionValue("--positive-class", ""),
            said.matchedOptionValue("--ignore-label", List.of())),
        said.matchedOptionValue("--logits", false),
        said.matchedOptionValue("--renormalise", false),
        said.matchedOptionValue("--percent", false),
        ProgramWords::of);
  }

  /** Whether the classes were left in the order that the reference has their columns in. */
  private boolean referenceInOrder() throws IOException {
    List<String> names = FileContents.of(reference).names();
    int[] at =
        readingOptions.note(reference).classColumns().stream().mapToInt(names::indexOf).toArray();
    return at.length > 1 && IntStream.range(1, at.length).allMatch(k -> at[k - 1] < at[k]);
  }

  private void print(MonitorRun run, MonitorCounts counts) {
    PrintWriter printer = spec.commandLine().getOut();
    if (json) {
      JsonObject object = MonitorWords.json(run.monitor(), counts, rate);
      printer.println(new GsonBuilder().serializeNulls().create().toJson(object));
    } else {
      printer.println(MonitorWords.end(run.monitor(), counts));
    }
  }
}
