package io.github.swag4j.cli;

import io.github.swag4j.cli.page.RunMetrics;
import io.github.swag4j.cli.run.CheckpointPlan;
import io.github.swag4j.cli.run.EffectiveConfig;
import io.github.swag4j.cli.run.NewDirectory;
import io.github.swag4j.cli.run.Results;
import io.github.swag4j.cli.run.RunConfig;
import io.github.swag4j.cli.run.RunDescription;
import io.github.swag4j.cli.run.RunDirectory;
import io.github.swag4j.cli.run.RunLock;
import io.github.swag4j.cli.run.UsageException;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;

/** Trains runs, or finds that they are finished and takes what they have stored. */
final class TrainedRuns {
  private static final String SEED = "seed-";
  private final CheckpointPlan saving;
  private final String resuming;
  private final boolean temperature;
  private final OutputOptions output;
  private final PrintWriter err;

  /**
   * How runs are trained.
   *
   * @param resuming the command that goes on with what is interrupted
   * @param temperature whether temperature scaling stands beside the methods
   */
  TrainedRuns(
      CheckpointPlan saving,
      String resuming,
      boolean temperature,
      OutputOptions output,
      PrintWriter err) {
    this.saving = saving;
    this.resuming = resuming;
    this.temperature = temperature;
    this.output = output;
    this.err = err;
  }

  /** One run. */
  Results one(RunConfig config, Path out) throws IOException {
    if (saving.resume()) {
      RunDirectory run = new RunDirectory(out);
      if (run.isRun() && !run.isTraining()) {
        return finished(run, config);
      }
    }
    Pipeline pipeline = new Pipeline(config, saving, resuming, err).temperature(temperature);
    return pipeline.run(saving.resume() ? output.resumed(out) : output.directory(out));
  }

  private Results finished(RunDirectory run, RunConfig config) throws IOException {
    RunDescription description = RunDescription.read(run);
    description.requireSameConfig(config);
    run.clearTraining();
    err.println("The run in " + run.path() + " is finished: there is nothing to resume.");
    return RunMetrics.stored(run, description);
  }

  /** A run that is there and not asked for would stay beside tables that do not tell of it. */
  private static void requireAllAsked(Path out, List<Integer> seeds) throws IOException {
    if (!Files.isDirectory(out)) {
      return;
    }
    List<String> others = new ArrayList<>();
    try (DirectoryStream<Path> runs = Files.newDirectoryStream(out, SEED + "*")) {
      for (Path path : runs) {
        RunDirectory run = new RunDirectory(path);
        boolean asked = seeds.stream().anyMatch(s -> path.endsWith(SEED + s));
        if (!asked && (run.isRun() || run.isTraining())) {
          others.add(path.getFileName().toString());
        }
      }
    }
    if (!others.isEmpty()) {
      Collections.sort(others);
      throw new UsageException(
          "--seeds must have all seeds of the runs to resume, and may have more, got "
              + seeds.stream().map(String::valueOf).collect(Collectors.joining(","))
              + " where "
              + out
              + " has "
              + String.join(", ", others)
              + " too: name that seed as well, or another --out");
    }
  }

  /** A run for each seed, in directories of their own. */
  Map<Integer, Results> all(RunConfig config, List<Integer> seeds, Path out) throws IOException {
    // Whatever is wrong with the data is said before a directory is made.
    new Pipeline(config, saving, resuming, err);
    if (saving.resume()) {
      if (new RunDirectory(out).isRun()) {
        throw new UsageException(
            "--seeds makes a directory for each seed in --out, got "
                + out
                + ", the directory of one run: name another --out");
      }
      requireAllAsked(out, seeds);
      NewDirectory.make(out);
    } else {
      output.directory(out).clear();
    }
    RunLock lock = RunLock.of(out, err);
    try {
      Map<Integer, Results> all = new LinkedHashMap<>();
      for (int seed : seeds) {
        err.println("Seed " + seed + ":");
        all.put(seed, one(config.withSeed(seed), out.resolve(SEED + seed)));
      }
      EffectiveConfig.of(config)
          .seeds(seeds)
          .temperature(temperature)
          .write(new RunDirectory(out).options());
      return all;
    } finally {
      lock.close();
    }
  }
}
