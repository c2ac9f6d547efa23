package io.github.swag4j.cli;

import io.github.swag4j.cli.run.CheckpointPlan;
import io.github.swag4j.cli.run.LauncherName;
import java.util.List;
import java.util.stream.Collectors;
import picocli.CommandLine.Option;

/** How a training survives its process. */
final class CheckpointOptions {
  private static final String RESUME = "--resume";

  @Option(
      names = "--checkpoint-every",
      paramLabel = "EPOCHS",
      defaultValue = "" + CheckpointPlan.EVERY,
      description =
          "Epochs from one checkpoint to the next, those of all trainings counted; 0 for none"
              + " (default: ${DEFAULT-VALUE}).")
  private int every;

  @Option(
      names = "--keep",
      paramLabel = "N",
      defaultValue = "" + CheckpointPlan.KEPT,
      description =
          "Checkpoints kept while training, at least 2; a finished run has none (default:"
              + " ${DEFAULT-VALUE}).")
  private int kept;

  @Option(
      names = RESUME,
      description =
          "Go on with the run in --out after its newest checkpoint, under the same options, to the"
              + " same weights and predictions, bit for bit, as if it had not been interrupted.")
  private boolean resume;

  boolean resume() {
    return resume;
  }

  CheckpointPlan plan() {
    return new CheckpointPlan(every, kept, resume);
  }

  /** The command that goes on with what these words began. */
  static String resuming(List<String> words) {
    return line(
            words.stream()
                .filter(word -> !word.equals(RESUME) && !word.equals("--overwrite"))
                .toList())
        + " "
        + RESUME;
  }

  /** Words as one types them, behind the program's name. */
  static String line(List<String> words) {
    return LauncherName.get()
        + " "
        + words.stream()
            .map(word -> word.matches("[\\w./:=,+-]+") ? word : '"' + word + '"')
            .collect(Collectors.joining(" "));
  }
}
