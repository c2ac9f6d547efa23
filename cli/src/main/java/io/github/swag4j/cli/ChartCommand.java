package io.github.swag4j.cli;

import io.github.swag4j.calibration.Predictions;
import io.github.swag4j.calibration.comparison.Bootstrap;
import io.github.swag4j.calibration.comparison.Metric;
import io.github.swag4j.calibration.ood.OodScore;
import io.github.swag4j.cli.chart.ChartInput;
import io.github.swag4j.cli.chart.ChartKind;
import io.github.swag4j.cli.run.Phase;
import io.github.swag4j.cli.run.UsageException;
import io.github.swag4j.reports.Chart;
import io.github.swag4j.swag.io.PosteriorFiles;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** One chart of saved predictions, of a posterior or of a run, without an engine. */
@Command(
    name = "chart",
    mixinStandardHelpOptions = true,
    versionProvider = Version.class,
    sortOptions = false,
    description = {
      "Draw one chart of saved predictions, of a posterior or of a run, as .svg, .png or .pdf, as"
          + " wide as a column of a paper; --csv writes the numbers that are drawn.",
      "",
      "A file's name without its ending is the name of its method, and a method has the same colour"
          + " in every chart."
    },
    footer = {
      "",
      "Examples",
      "  swag4j chart reliability swag.npz -o reliability.pdf",
      "  swag4j chart overconfidence sgd.npz swa.npz swag.npz -o figure-3.svg --csv figure-3.csv",
      "  swag4j chart roc sgd.npz swag.npz --unknown sgd-mnist.npz swag-mnist.npz -o roc.pdf",
      "  swag4j chart conformal test.npz --fit validation.npz --alpha 0.1 -o sets.png --scale 4",
      "  swag4j chart spectrum run/posterior.safetensors -o spectrum.svg",
      "  swag4j chart training run --course sgd -o training.pdf"
    })
final class ChartCommand implements Callable<Integer> {
  private static final String METRICS = "nll, brier, accuracy or ece";

  private CommandSpec spec;

  @Parameters(index = "0", paramLabel = "KIND", description = "What to draw.")
  private String kind;

  @Parameters(
      index = "1..*",
      arity = "1..*",
      paramLabel = "FILE",
      description =
          "Predictions, .csv, .parquet, .npz or .npy, posteriors, .safetensors, or the directory of a run.")
  private List<Path> files;

  @Option(
      names = {"-o", "--output"},
      required = true,
      paramLabel = "FILE",
      description = "The chart: .svg, .png or .pdf.")
  private Path output;

  @Option(names = "--csv", paramLabel = "FILE", description = "Write the numbers there.")
  private Path csv;

  @Option(
      names = "--unknown",
      arity = "1..*",
      paramLabel = "FILE",
      description =
          "Predictions of unknown rows, one file, or one for each file of known rows in their order.")
  private List<Path> unknown = List.of();

  @Option(
      names = "--fit",
      paramLabel = "FILE",
      description = "Predictions to fit on: conformal sets, and temperature if given.")
  private Path fit;

  @Option(
      names = "--score",
      paramLabel = "NAME",
      defaultValue = "entropy",
      description =
          "How uncertain a row is: msp, margin, entropy, mutual_information, variation_ratio,"
              + " max_logit, energy or gen (default: ${DEFAULT-VALUE}).")
  private String score;

  @Option(
      names = "--metric",
      paramLabel = "NAME",
      defaultValue = "nll",
      description = "What methods are compared by: " + METRICS + " (default: ${DEFAULT-VALUE}).")
  private String metric;

  @Option(
      names = "--alpha",
      paramLabel = "A",
      defaultValue = "0.1",
      description = "Share of sets that may miss the label (default: ${DEFAULT-VALUE}).")
  private double alpha;

  @Option(
      names = "--course",
      paramLabel = "NAME",
      description = "Training of a run: swa, sgd or fge (default: the first that it has).")
  private String course;

  @Option(names = "--corp", description = "Add the CORP curve to a reliability diagram.")
  private boolean corp;

  @Mixin private ConventionOptions bins;

  @Mixin private ReadingOptions reading;

  @Option(
      names = "--title",
      paramLabel = "TEXT",
      description = "What stands above the chart (default: the files' names).")
  private String title;

  @Option(
      names = "--scale",
      paramLabel = "N",
      description = "Pixels of a .png for each of the 360 units of a column's width (default: 3).")
  private Double scale;

  @Option(names = "--overwrite", description = "Replace files that are there.")
  private boolean overwrite;

  /** The help lists the kinds that there are. */
  @Spec
  void setSpec(CommandSpec injected) {
    spec = injected;
    List<String> lines = new ArrayList<>(List.of(spec.usageMessage().description()));
    lines.add("");
    lines.add("KIND is one of");
    for (ChartKind each : ChartKind.values()) {
      lines.add(String.format(Locale.ROOT, "  %-21s%s", each.word(), each.words()));
    }
    spec.usageMessage().description(lines.toArray(String[]::new));
  }

  @Override
  public Integer call() throws IOException {
    ChartKind asked = kind();
    requireEnding();
    List<Path> read = new ArrayList<>(files);
    read.addAll(unknown);
    if (fit != null) {
      read.add(fit);
    }
    requireFiles(asked);
    ChartInput settings = settings(asked.hasOwnTitle());
    new NewFiles(read, overwrite).with("--output", output).with("--csv", csv);
    Chart chart;
    try {
      chart = asked.of(input(asked, read, settings));
    } catch (IllegalArgumentException | IllegalStateException e) {
      throw new IOException("chart " + asked.word() + " of " + files + ": " + e.getMessage(), e);
    }
    if (scale == null) {
      chart.write(output);
    } else {
      chart.savePng(output, scale);
    }
    if (csv != null) {
      chart.data().write(csv);
    }
    spec.commandLine().getOut().print(NewFiles.written(output, csv));
    return 0;
  }

  private ChartKind kind() {
    return ChartKind.named(kind)
        .orElseThrow(
            () ->
                new UsageException(
                    "KIND must be one of "
                        + String.join(", ", ChartKind.allWords())
                        + ", got "
                        + kind
                        + Nearest.hint(kind, ChartKind.allWords())));
  }

  private void requireEnding() {
    String name = output.getFileName().toString().toLowerCase(Locale.ROOT);
    if (!name.endsWith(".svg") && !name.endsWith(".png") && !name.endsWith(".pdf")) {
      throw new UsageException("--output must end in .svg, .png or .pdf, got " + output);
    }
    if (scale != null && !name.endsWith(".png")) {
      throw new UsageException("--scale goes with a .png, got " + output);
    }
    if (scale != null && !(scale > 0 && scale <= 8)) {
      throw new UsageException("--scale must be above 0 and at most 8, got " + scale);
    }
  }

  private void requireFiles(ChartKind asked) {
    if (asked.ofOneFile() && files.size() > 1) {
      throw new UsageException("chart " + kind + " is of one file, got " + files.size());
    }
    if (asked.needs() == ChartKind.Needs.TWO && files.size() < 2) {
      throw new UsageException("chart " + kind + " compares 2 files or more, got 1");
    }
    boolean fitted = asked.needs() == ChartKind.Needs.FITTED;
    if (fitted && fit == null) {
      throw new UsageException("chart " + kind + " needs --fit FILE, rows that are not judged");
    }
    if (fit != null && !fitted && asked != ChartKind.TEMPERATURE) {
      throw new UsageException("--fit goes with conformal and temperature, got chart " + kind);
    }
    boolean takesUnknown = asked.needs() == ChartKind.Needs.UNKNOWN;
    if (takesUnknown && unknown.isEmpty()) {
      throw new UsageException("chart " + kind + " needs --unknown FILE");
    }
    if (!takesUnknown && !unknown.isEmpty()) {
      throw new UsageException(
          "--unknown goes with scores, roc and precision-recall, got chart " + kind);
    }
    if (takesUnknown && unknown.size() != 1 && unknown.size() != files.size()) {
      throw new UsageException(
          "--unknown must name 1 file or as many as there are of known rows, "
              + files.size()
              + ", got "
              + unknown.size());
    }
    if (course != null && asked.needs() != ChartKind.Needs.RUN) {
      throw new UsageException("--course goes with training and schedule, got chart " + kind);
    }
    if (corp && asked != ChartKind.RELIABILITY) {
      throw new UsageException("--corp goes with reliability, got chart " + kind);
    }
  }

  /** All that needs no file. */
  private ChartInput settings(boolean hasOwnTitle) {
    OodScore by;
    try {
      by = OodScore.named(score);
    } catch (IllegalArgumentException e) {
      throw new UsageException("--score: " + e.getMessage());
    }
    if (!(alpha > 0 && alpha < 1)) {
      throw new UsageException("--alpha must be between 0 and 1, both excluded, got " + alpha);
    }
    String words =
        title != null
            ? title
            : hasOwnTitle
                ? ""
                : String.join(", ", files.stream().map(ChartCommand::name).distinct().toList());
    return new ChartInput(
        words,
        Map.of(),
        Map.of(),
        Optional.empty(),
        Map.of(),
        by,
        metric(),
        metricTitle(),
        bins.convention(),
        alpha,
        corp,
        course(),
        Bootstrap.Options.defaults());
  }

  private ChartInput input(ChartKind asked, List<Path> given, ChartInput s) throws IOException {
    Map<String, Path> others = new LinkedHashMap<>();
    Map<String, Predictions> methods = new LinkedHashMap<>();
    if (asked.needs().isOther()) {
      for (Path file : files) {
        if (asked.needs() == ChartKind.Needs.POSTERIORS && !PosteriorFiles.isPosterior(file)) {
          throw new IOException(file + ": must be a posterior written by swag4j");
        }
        others.put(own(file, others), file);
      }
    } else {
      reading.requireIgnoredColumns(given);
      for (Path file : files) {
        methods.put(own(file, methods), read(file, asked));
      }
    }
    Map<String, Predictions> outside = new LinkedHashMap<>();
    Iterator<Map.Entry<String, Predictions>> inside = methods.entrySet().iterator();
    Predictions before = null;
    for (int i = 0; i < unknown.size(); i++) {
      before = inside.hasNext() ? inside.next().getValue() : before;
      Path file = unknown.get(i);
      Predictions read = reading.readLabelledOrNot(file);
      SameClasses.require(file, read, files.get(i), before);
      outside.put(own(file, outside), read);
    }
    Optional<Predictions> fitting = fit == null ? Optional.empty() : Optional.of(reading.read(fit));
    if (fitting.isPresent()) {
      Predictions judged = methods.values().iterator().next();
      SameClasses.require(files.get(0), judged, fit, fitting.get());
    }
    return new ChartInput(
        s.title(),
        methods,
        outside,
        fitting,
        others,
        s.score(),
        s.metric(),
        s.metricTitle(),
        s.bins(),
        s.alpha(),
        s.corp(),
        s.course(),
        s.bootstrap());
  }

  private Predictions read(Path file, ChartKind asked) throws IOException {
    return asked.withoutLabels() ? reading.readLabelledOrNot(file) : reading.read(file);
  }

  private Optional<Phase> course() {
    List<String> known = List.of("swa", "sgd", "fge");
    if (course != null && !known.contains(course)) {
      throw new UsageException(
          "--course must be swa, sgd or fge, got " + course + Nearest.hint(course, known));
    }
    return Arrays.stream(Phase.values()).filter(phase -> phase.id().equals(course)).findFirst();
  }

  private Metric metric() {
    return switch (metric) {
      case "nll" -> Metric.nll();
      case "brier" -> Metric.brier();
      case "accuracy" -> Metric.accuracy();
      case "ece" -> Metric.ece(bins.convention());
      default ->
          throw new UsageException(
              "--metric must be "
                  + METRICS
                  + ", got "
                  + metric
                  + Nearest.hint(metric, List.of("nll", "brier", "accuracy", "ece")));
    };
  }

  private String metricTitle() {
    return switch (metric) {
      case "nll" -> "Negative log-likelihood (nats)";
      case "brier" -> "Brier score";
      case "accuracy" -> "Accuracy";
      default -> "Expected calibration error";
    };
  }

  private static String name(Path file) {
    return file.getFileName().toString().replaceFirst("\\.[A-Za-z]+$", "");
  }

  /** A file's name, or its path where another has that name. */
  private static String own(Path file, Map<String, ?> taken) {
    return taken.containsKey(name(file)) ? file.toString() : name(file);
  }
}
