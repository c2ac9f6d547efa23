package io.github.swag4j.cli.run;

import io.github.swag4j.swa.AveragingPlan;
import io.github.swag4j.swa.WeightAverage;
import io.github.swag4j.swa.io.StateFiles;
import io.github.swag4j.swa.state.TrainingState;
import io.github.swag4j.swag.SwagCollector;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/**
 * All that a training goes on from. Data order and the engine's random numbers are functions of
 * seed and epoch, so that no state of them is here.
 *
 * @param epochs epochs finished, of all stretches together
 * @param live weights, batch-norm statistics and optimiser state as of now
 * @param branch the same at the end of the stretch that all share, where the others branch off;
 *     null before
 * @param average the average so far; null but while averaging
 * @param collector the posterior's moments so far; null but while averaging
 * @param courses losses, accuracies and rates so far
 */
record TrainingCheckpoint(
    int epochs,
    TrainingState live,
    TrainingState branch,
    WeightAverage average,
    SwagCollector collector,
    Courses courses) {

  private static final String LIVE = "training.safetensors";
  private static final String BRANCH = "branch.safetensors";
  private static final String AVERAGE = "average.safetensors";
  private static final String MOMENTS = "moments.safetensors";
  private static final String COURSES = "history.json";

  void write(Path folder) throws IOException {
    StateFiles.write(folder.resolve(LIVE), live);
    if (branch != null) {
      StateFiles.write(folder.resolve(BRANCH), branch);
    }
    if (average != null) {
      average.save(folder.resolve(AVERAGE));
      collector.save(folder.resolve(MOMENTS));
    }
    RunDirectory.writeJson(folder.resolve(COURSES), courses);
  }

  static TrainingCheckpoint read(Path folder, int epochs, AveragingPlan plan) throws IOException {
    Path branch = folder.resolve(BRANCH);
    boolean averaging = Files.exists(folder.resolve(AVERAGE));
    return new TrainingCheckpoint(
        epochs,
        StateFiles.read(folder.resolve(LIVE)),
        Files.exists(branch) ? StateFiles.read(branch) : null,
        averaging ? WeightAverage.load(folder.resolve(AVERAGE), plan) : null,
        averaging ? SwagCollector.load(folder.resolve(MOMENTS), plan) : null,
        RunDirectory.readJson(folder.resolve(COURSES), Courses.class).copy());
  }
}
