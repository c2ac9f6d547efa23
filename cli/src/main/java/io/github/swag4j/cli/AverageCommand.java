package io.github.swag4j.cli;

import com.google.gson.Gson;
import com.google.gson.GsonBuilder;
import com.google.gson.JsonArray;
import com.google.gson.JsonObject;
import io.github.swag4j.cli.run.UsageException;
import io.github.swag4j.cli.run.Versions;
import io.github.swag4j.swa.io.TensorFile;
import io.github.swag4j.swa.io.TensorType;
import io.github.swag4j.swa.io.WeightFiles;
import io.github.swag4j.swa.io.average.AverageOptions;
import io.github.swag4j.swa.io.average.AveragingRule;
import io.github.swag4j.swa.io.average.FileAverage;
import io.github.swag4j.swa.io.average.Precision;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Callable;
import picocli.CommandLine.ArgGroup;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** Averages files of weights. */
@Command(
    name = "average",
    mixinStandardHelpOptions = true,
    versionProvider = Version.class,
    sortOptions = false,
    description = {
      "Average the weights of several checkpoints (SWA, model soups, EMA) into a safetensors file.",
      "",
      "Reads safetensors (sharded sets by their index.json), PyTorch state dicts (.pt, .pth, .bin),"
          + " also within checkpoints, and torch.export's .pt2. Files are streamed: their number and"
          + " size do not matter. Nothing in a file is executed. All files must have the same"
          + " tensors."
    },
    footer = {
      "",
      "Examples",
      "  swag4j average epoch-1.safetensors epoch-2.safetensors -o swa.safetensors",
      "  swag4j average last-*.pt --ema 0.9 -o ema.safetensors",
      "  swag4j average a.pt2 b.pt2 --weights 3,1 --dtype bfloat16 -o soup.safetensors"
    })
final class AverageCommand implements Callable<Integer> {
  private static final Gson GSON = new GsonBuilder().serializeNulls().create();

  /** How much each file counts. */
  static final class Rule {
    @Option(
        names = "--weights",
        split = ",",
        paramLabel = "NUMBER",
        description = "How much each file counts, in their order (default: all the same).")
    private double[] weights;

    @Option(
        names = "--ema",
        paramLabel = "DECAY",
        description =
            "Exponential moving average in the order given: DECAY times what was before, the rest"
                + " the next file.")
    private Double decay;
  }

  @Spec private CommandSpec spec;

  @Parameters(arity = "1..*", paramLabel = "FILE", description = "Files of weights.")
  private List<Path> files;

  @Option(
      names = {"-o", "--out"},
      required = true,
      paramLabel = "FILE",
      description = "Where to write the average, as safetensors.")
  private Path out;

  @ArgGroup(exclusive = true)
  private Rule rule;

  @Option(
      names = "--dtype",
      paramLabel = "TYPE",
      description =
          "float64, float32, float16 or bfloat16 (default: that of the files, float32 for half"
              + " precision).")
  private String type;

  @Option(
      names = "--accumulate",
      paramLabel = "TYPE",
      defaultValue = "float64",
      description =
          "float64 rounds once at the end; float32 gives the bits of PyTorch's AveragedModel"
              + " (default: ${DEFAULT-VALUE}).")
  private Precision precision;

  @Option(
      names = "--integers",
      paramLabel = "RULE",
      defaultValue = "counters",
      description =
          "Integer tensors are not averaged: equal demands the same in all files, last takes the"
              + " last file's, counters takes the last num_batches_tracked and demands the rest to"
              + " be equal (default: ${DEFAULT-VALUE}).")
  private AverageOptions.Integers integers;

  @Option(
      names = "--include",
      split = ",",
      paramLabel = "PATTERN",
      description = "Keep only tensors whose name matches; * stands for anything.")
  private List<String> include = List.of("*");

  @Option(
      names = "--exclude",
      split = ",",
      paramLabel = "PATTERN",
      description = "Leave tensors out whose name matches.")
  private List<String> exclude = List.of();

  @Option(
      names = "--last",
      split = ",",
      paramLabel = "PATTERN",
      description = "Take tensors whose name matches from the last file, e.g. '*.running_*'.")
  private List<String> fromLast = List.of();

  @Option(
      names = "--key",
      paramLabel = "NAME",
      description = "Where the state dict is in PyTorch checkpoints that have several.")
  private String key;

  @Option(names = "--allow-non-finite", description = "Average NaN and infinite values too.")
  private boolean allowNonFinite;

  @Option(names = "--overwrite", description = "Write --out even if it exists.")
  private boolean overwrite;

  @Option(names = "--json", description = "Print one JSON object.")
  private boolean json;

  @Override
  public Integer call() throws IOException {
    if (Files.exists(out) && !overwrite) {
      throw new IOException(out + ": exists: name another file, or say --overwrite");
    }
    AverageOptions options = options();
    List<TensorFile> opened = new ArrayList<>();
    try {
      for (Path file : files) {
        opened.add(open(file));
      }
      requireMatches(opened.get(0));
      FileAverage average = FileAverage.of(opened, options);
      Map<String, String> facts = new LinkedHashMap<>();
      JsonArray sources = new JsonArray();
      files.forEach(file -> sources.add(file.getFileName().toString()));
      facts.put("sources", GSON.toJson(sources));
      facts.put("swag4j_version", Versions.program());
      FileAverage.Summary summary = average.write(out, facts);
      note(average, summary, opened.get(0));
      print(summary, options, opened);
      return 0;
    } finally {
      for (TensorFile file : opened) {
        file.close();
      }
    }
  }

  private TensorFile open(Path file) throws IOException {
    return WeightFiles.open(file, Optional.ofNullable(key));
  }

  /** A pattern that matches nothing is a slip of the pen. */
  private void requireMatches(TensorFile first) {
    Map.of("--include", include, "--exclude", exclude, "--last", fromLast)
        .forEach(
            (option, patterns) -> {
              List<String> unmatched =
                  new NamePatterns(patterns).unmatched(first.entries().keySet());
              if (!unmatched.isEmpty()) {
                throw new UsageException(
                    option
                        + " must match a tensor of "
                        + first.file()
                        + ", nothing is like "
                        + String.join(", ", unmatched));
              }
            });
  }

  private AverageOptions options() {
    Optional<TensorType> wanted = Optional.empty();
    if (type != null) {
      wanted = TensorType.of(type);
      if (wanted.isEmpty()) {
        throw new UsageException(
            "--dtype must be float64, float32, float16 or bfloat16, got " + type);
      }
    }
    NamePatterns included = new NamePatterns(include);
    NamePatterns excluded = new NamePatterns(exclude);
    try {
      AveragingRule wantedRule = new AveragingRule.Uniform();
      if (rule != null && rule.decay != null) {
        wantedRule = new AveragingRule.Exponential(rule.decay);
      } else if (rule != null) {
        wantedRule = new AveragingRule.Weighted(rule.weights);
      }
      wantedRule.factors(files.size());
      return new AverageOptions(
          wantedRule,
          precision,
          wanted,
          integers,
          name -> included.match(name) && !excluded.match(name),
          new NamePatterns(fromLast)::match,
          allowNonFinite);
    } catch (IllegalArgumentException e) {
      throw new UsageException(e.getMessage());
    }
  }

  private void note(FileAverage average, FileAverage.Summary summary, TensorFile first) {
    PrintWriter err = spec.commandLine().getErr();
    long different =
        files.stream().map(file -> file.toAbsolutePath().normalize()).distinct().count();
    if (different < files.size()) {
      err.println("swag4j: note: a file that is given twice counts twice");
    }
    if (!average.differingIntegers().isEmpty()) {
      err.println(
          "swag4j: note: from the last file, for they differ: "
              + shown(average.differingIntegers()));
    }
    if (!summary.leftOut().isEmpty()) {
      err.println("swag4j: note: left out: " + shown(summary.leftOut()));
    }
    List<String> statistics =
        first.entries().keySet().stream()
            .filter(name -> name.endsWith("running_var") || name.endsWith("running_mean"))
            .filter(name -> !summary.copied().contains(name) && !summary.leftOut().contains(name))
            .toList();
    if (!statistics.isEmpty()) {
      err.println(
          "swag4j: note: running statistics of batch norm were averaged like weights, which are not"
              + " those of the averaged weights: refresh them with training data before use"
              + " (torch.optim.swa_utils.update_bn)");
    }
  }

  private static String shown(List<String> names) {
    int most = 5;
    String first = String.join(", ", names.subList(0, Math.min(most, names.size())));
    return names.size() <= most ? first : first + " and " + (names.size() - most) + " more";
  }

  private void print(FileAverage.Summary summary, AverageOptions options, List<TensorFile> opened)
      throws IOException {
    PrintWriter printer = spec.commandLine().getOut();
    if (json) {
      JsonObject object = new JsonObject();
      object.addProperty("file", out.toString());
      JsonArray sources = new JsonArray();
      files.forEach(file -> sources.add(file.toString()));
      object.add("sources", sources);
      object.addProperty("rule", options.rule().toString());
      object.addProperty("accumulate", precision.name().toLowerCase(Locale.ROOT));
      object.addProperty("averaged", summary.averaged());
      object.addProperty("values", summary.values());
      JsonObject types = new JsonObject();
      summary.types().forEach((t, count) -> types.addProperty(t.torchName(), count));
      object.add("types", types);
      object.add("from_last", GSON.toJsonTree(summary.copied()));
      object.add("left_out", GSON.toJsonTree(summary.leftOut()));
      object.addProperty("bytes", Files.size(out));
      printer.println(GSON.toJson(object));
      return;
    }
    printer.printf(
        Locale.ROOT,
        "Averaged %,d tensors (%,d values) of %d %s, %s, accumulated in %s%n",
        summary.averaged(),
        summary.values(),
        files.size(),
        files.size() == 1 ? "file" : "files",
        options.rule(),
        precision.name().toLowerCase(Locale.ROOT));
    List<String> types = new ArrayList<>();
    summary.types().forEach((t, count) -> types.add(t.torchName()));
    printer.println("Read: " + opened.get(0).format() + "; written as " + String.join(", ", types));
    if (!summary.copied().isEmpty()) {
      printer.println("Taken from " + files.get(files.size() - 1) + ": " + shown(summary.copied()));
    }
    printer.println("Written: " + out);
  }
}
