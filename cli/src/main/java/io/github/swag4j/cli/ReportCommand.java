package io.github.swag4j.cli;

import com.google.gson.GsonBuilder;
import com.google.gson.JsonObject;
import io.github.swag4j.base.Sha256;
import io.github.swag4j.calibration.Predictions;
import io.github.swag4j.calibration.io.FileContents;
import io.github.swag4j.calibration.io.text.TableFiles;
import io.github.swag4j.cli.comparison.Comparison;
import io.github.swag4j.cli.comparison.ComparisonJson;
import io.github.swag4j.cli.comparison.ComparisonPage;
import io.github.swag4j.cli.comparison.ComparisonText;
import io.github.swag4j.cli.comparison.Gathering;
import io.github.swag4j.cli.run.RunDirectories;
import io.github.swag4j.cli.run.RunDirectory;
import io.github.swag4j.cli.run.UsageException;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.concurrent.Callable;
import java.util.stream.Stream;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** One page from what is there: runs, their seeds, and files. */
@Command(
    name = "report",
    mixinStandardHelpOptions = true,
    versionProvider = Version.class,
    sortOptions = false,
    description = {
      "Make one page, and tables as CSV, Markdown and LaTeX, from finished runs, files of"
          + " predictions, or both; nothing is trained or predicted.",
      "",
      "A RUN is the directory of a run, or one that has several below it, as --seeds makes. Runs that"
          + " differ in their seed alone are averaged; others are told apart by the options that"
          + " differ. What was judged by the same rows is compared with the first of it, or with"
          + " --baseline, by paired tests over the rows and over the seeds."
    },
    footer = {
      "",
      "Examples",
      "  swag4j report run --out page",
      "  swag4j report three-seeds --baseline SWA --out page",
      "  swag4j report first second ensemble.csv --out page --title 'Against an ensemble'"
    })
final class ReportCommand implements Callable<Integer> {
  @Spec private CommandSpec spec;

  @Parameters(
      arity = "1..*",
      paramLabel = "RUN|PREDICTIONS",
      description = "Directories of runs, and files of predictions.")
  private List<Path> inputs;

  @Option(
      names = "--out",
      required = true,
      paramLabel = "DIR",
      description = "Directory of the page and the tables.")
  private Path out;

  @Option(
      names = "--baseline",
      paramLabel = "NAME",
      description =
          "What the others are held against, as the tables call it (default: the first that is"
              + " given).")
  private String baseline;

  @Option(names = "--title", paramLabel = "TEXT", description = "Heading of the page.")
  private String title;

  @Mixin private LabelsOptions labels;

  @Mixin private ReadingOptions reading;

  @Mixin private OutputOptions output;

  @Override
  public Integer call() throws IOException {
    labels.check();
    Gathering gathering = new Gathering();
    List<Path> files = new ArrayList<>();
    List<RunDirectory> runs = new ArrayList<>();
    for (Path input : inputs) {
      boolean folder = Files.isDirectory(input);
      if (folder && (!TableFiles.isTable(input) || !RunDirectories.found(input).isEmpty())) {
        runs.addAll(RunDirectories.below(input));
      } else {
        files.add(input);
      }
    }
    requireNoRun();
    reading.requireIgnoredColumns(files);
    for (RunDirectory run : runs) {
      gathering.run(run, "", Set.of());
    }
    for (Path file : files) {
      Predictions read = reading.read(file, labels);
      FileContents.requireLabels(file, read);
      gathering.file(file, name(file, files), read, sha256(file));
    }
    Comparison compared = gathering.comparison(baseline);
    PrintWriter err = spec.commandLine().getErr();
    gathering.notes().forEach(note -> err.println("swag4j: note: " + note));
    RunDirectory directory = output.directory(out);
    new ComparisonPage(heading(), compared, gathering, command(), List.of()).write(directory);
    print(compared, directory);
    return 0;
  }

  private void print(Comparison compared, RunDirectory directory) throws IOException {
    PrintWriter to = spec.commandLine().getOut();
    if (output.json()) {
      JsonObject line = new JsonObject();
      line.addProperty("report", directory.report().toString());
      ComparisonJson.of(compared).entrySet().forEach(e -> line.add(e.getKey(), e.getValue()));
      to.println(new GsonBuilder().serializeNulls().create().toJson(line));
    } else {
      to.print(ComparisonText.of(compared));
    }
    output.report(to, directory);
  }

  /** Of a folder of part files that of their names and hashes, in order. */
  private static String sha256(Path file) throws IOException {
    if (!Files.isDirectory(file)) {
      return Sha256.of(file);
    }
    StringBuilder lines = new StringBuilder();
    try (Stream<Path> parts = Files.walk(file)) {
      for (Path part : parts.filter(Files::isRegularFile).sorted().toList()) {
        lines.append(file.relativize(part)).append(' ').append(Sha256.of(part)).append('\n');
      }
    }
    return Sha256.of(lines.toString());
  }

  /** A run's page and metrics have the names of those that are written. */
  private void requireNoRun() throws IOException {
    RunDirectory there = new RunDirectory(out);
    if (there.isRun() || there.isTraining()) {
      throw new UsageException(
          "--out must not be the directory of a run, got " + out + ": name another");
    }
  }

  private static String name(Path file, List<Path> files) {
    Path name = file.getFileName();
    long same = files.stream().filter(other -> other.getFileName().equals(name)).count();
    return same == 1 ? name.toString() : file.toString();
  }

  private String heading() {
    if (title != null) {
      return title;
    }
    String names = String.join(", ", inputs.stream().map(Path::toString).toList());
    return inputs.size() <= 3 ? names : inputs.size() + " runs and files";
  }

  private String command() {
    return CheckpointOptions.line(((Main) spec.root().userObject()).words());
  }
}
