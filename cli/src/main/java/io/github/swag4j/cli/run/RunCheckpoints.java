package io.github.swag4j.cli.run;

import io.github.swag4j.swa.AveragingPlan;
import io.github.swag4j.swa.io.Checkpoints;
import io.github.swag4j.vision.data.ImageData;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.util.Map;
import java.util.Optional;

/** The checkpoints of a run in training, in its own folder beside the files of finished runs. */
public final class RunCheckpoints {
  private final CheckpointPlan plan;
  private final RunDescription description;
  private final Map<String, ImageData> data;
  private final RunDirectory run;
  private final Checkpoints files;
  private final PrintWriter err;
  private volatile int saved = -1;

  /**
   * The checkpoints of a run.
   *
   * @param data its data sets by the part they play
   * @param err what was found is said here
   */
  public RunCheckpoints(
      CheckpointPlan plan,
      RunDirectory run,
      RunDescription description,
      Map<String, ImageData> data,
      PrintWriter err) {
    this.plan = plan;
    this.run = run;
    this.description = description;
    this.data = data;
    this.files = Checkpoints.in(run.training().path(), plan.kept());
    this.err = err;
  }

  /**
   * What to go on from, if that was asked for; otherwise what an earlier training left is removed.
   *
   * @throws UsageException if it is of a run with other options
   */
  Optional<TrainingCheckpoint> begin(AveragingPlan averaging) throws IOException {
    if (!plan.resume()) {
      run.clearTraining();
      return Optional.empty();
    }
    Optional<Checkpoints.Found> found = files.newest();
    if (found.isEmpty()) {
      err.println("Nothing was saved yet in " + run.path() + ": beginning at the start.");
      return Optional.empty();
    }
    for (String damaged : found.get().damaged()) {
      err.println("Passed over a damaged checkpoint, going on from the one before: " + damaged);
    }
    Path folder = found.get().folder();
    requireSameRun(RunDescription.read(new RunDirectory(folder)));
    saved = Math.toIntExact(found.get().number());
    return Optional.of(TrainingCheckpoint.read(folder, saved, averaging));
  }

  /** Whether any are saved. */
  boolean areSaved() {
    return plan.every() > 0;
  }

  /** Where they are, and what else a training in progress keeps. */
  TrainingFolder folder() {
    return run.training();
  }

  private void requireSameRun(RunDescription was) throws IOException {
    was.requireSameConfig(description.config());
    for (Map.Entry<String, ImageData> part : data.entrySet()) {
      RunDescription.DataFingerprint before = was.data().get(part.getKey());
      if (before != null) {
        before.requireSame(part.getValue(), part.getKey());
      }
    }
    was.requireSameArchive(description);
    if (!was.input().isOf(description.input())) {
      throw new IOException(
          run.path()
              + ": images must be scaled and named as when the run was begun, got others: put the"
              + " images back, or begin again with --overwrite instead of --resume");
    }
    if (!was.layout().equals(description.layout())) {
      throw new IOException(
          run.path()
              + ": weights must be those of the model the run was begun with, got others: give that"
              + " model, or begin again with --overwrite instead of --resume");
    }
    if (!was.versions().equals(description.versions())) {
      err.println(
          "Begun with "
              + was.versions()
              + ", going on with "
              + description.versions()
              + ": results may differ in the last bits from those of a run that was not"
              + " interrupted.");
    }
  }

  /** Saves, if it is time to. */
  void save(TrainingCheckpoint checkpoint, int total) throws IOException {
    if (!plan.savesAfter(checkpoint.epochs(), total)) {
      return;
    }
    files.save(
        checkpoint.epochs(),
        folder -> {
          checkpoint.write(folder);
          RunDirectory.writeJson(new RunDirectory(folder).config(), description);
        });
    saved = checkpoint.epochs();
  }

  /** Epochs that are safe, -1 if not even the initial weights are. */
  int saved() {
    return saved;
  }
}
