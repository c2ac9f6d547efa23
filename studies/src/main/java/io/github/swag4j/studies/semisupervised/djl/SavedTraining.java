package io.github.swag4j.studies.semisupervised.djl;

import ai.djl.ndarray.NDArray;
import ai.djl.nn.Block;
import io.github.swag4j.swa.AveragingPlan;
import io.github.swag4j.swa.WeightAverage;
import io.github.swag4j.swa.djl.optim.TorchSgd;
import io.github.swag4j.swa.io.StateFiles;
import io.github.swag4j.swa.state.TrainingState;
import java.io.IOException;
import java.nio.ByteOrder;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;

/**
 * A training between two steps in two files: the student with its statistics, the optimiser and the
 * counter; and the teacher's average, whose name has the step, so that an end between the two
 * leaves those of the step before.
 */
record SavedTraining(TrainingState state, WeightAverage average) {
  private static final String STUDENT = "student";
  private static final String OPTIMISER = "optimiser";
  private static final String STATE_FILE = "training.safetensors";
  private static final String TEACHER = "teacher-";

  static void write(
      Path folder, long seed, long steps, Block student, TorchSgd sgd, WeightAverage average)
      throws IOException {
    Path teacher = teacher(folder, steps);
    average.save(teacher);
    TrainingState.Builder values = TrainingState.builder();
    student
        .getParameters()
        .forEach(pair -> values.tensor(pair.getKey(), pair.getValue().getArray().toFloatArray()));
    StateFiles.write(
        folder.resolve(STATE_FILE),
        TrainingState.builder()
            .number("steps", steps)
            .number("seed", seed)
            .part(STUDENT, values.build())
            .part(OPTIMISER, sgd.state(student))
            .build());
    try (DirectoryStream<Path> teachers = Files.newDirectoryStream(folder, TEACHER + "*")) {
      for (Path each : teachers) {
        if (!each.getFileName().equals(teacher.getFileName())) {
          Files.delete(each);
        }
      }
    }
  }

  private static Path teacher(Path folder, long steps) {
    return folder.resolve(TEACHER + steps + ".safetensors");
  }

  /**
   * Reads both files.
   *
   * @param teacher whether the average is a teacher's, or of nothing
   * @throws IllegalArgumentException if they are of another seed or of two moments
   */
  static SavedTraining read(Path folder, long seed, boolean teacher) throws IOException {
    TrainingState state = StateFiles.read(folder.resolve(STATE_FILE));
    WeightAverage average =
        WeightAverage.load(teacher(folder, state.number("steps")), AveragingPlan.steps());
    long collected = teacher ? state.number("steps") + 1 : 0;
    if (state.number("seed") != seed || average.count() != collected) {
      throw new IllegalArgumentException(
          folder
              + " must hold a training of seed "
              + seed
              + " and its teacher at the same step, got seed "
              + state.number("seed")
              + " and an average of "
              + average.count()
              + " weights at step "
              + state.number("steps")
              + ": begin again");
    }
    return new SavedTraining(state, average);
  }

  long steps() {
    return state.number("steps");
  }

  /** Writes weights and statistics into the student, and the optimiser's state into it. */
  void restore(Block student, TorchSgd sgd) {
    TrainingState values = state.part(STUDENT);
    student
        .getParameters()
        .forEach(
            pair -> {
              NDArray array = pair.getValue().getArray();
              array
                  .toByteBuffer(true)
                  .order(ByteOrder.nativeOrder())
                  .asFloatBuffer()
                  .put(values.tensor(pair.getKey(), Math.toIntExact(array.size())));
            });
    sgd.restore(student, state.part(OPTIMISER));
  }
}
