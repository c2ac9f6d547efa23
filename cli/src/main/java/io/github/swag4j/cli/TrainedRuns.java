package io.github.swag4j.cli;

import io.github.swag4j.cli.page.RunMetrics;
import io.github.swag4j.cli.run.CheckpointPlan;
import io.github.swag4j.cli.run.Results;
import io.github.swag4j.cli.run.RunConfig;
import io.github.swag4j.cli.run.RunDescription;
import io.github.swag4j.cli.run.RunDirectory;
import io.github.swag4j.cli.run.RunLock;
import io.github.swag4j.cli.run.UsageException;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** Trains runs, or finds that they are finished and takes what they have stored. */
final class TrainedRuns {
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
      Files.createDirectories(out);
    } else {
      output.directory(out).clear();
    }
    RunLock lock = RunLock.of(out, err);
    try {
      Map<Integer, Results> all = new LinkedHashMap<>();
      for (int seed : seeds) {
        err.println("Seed " + seed + ":");
        all.put(seed, one(config.withSeed(seed), out.resolve("seed-" + seed)));
      }
      return all;
    } finally {
      lock.close();
    }
  }
}
