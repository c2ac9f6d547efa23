package io.github.swag4j.swa.djl;

import static org.assertj.core.api.Assertions.assertThat;

import ai.djl.training.Trainer;
import ai.djl.training.tracker.Tracker;
import io.github.swag4j.swa.AveragingPlan;
import io.github.swag4j.swa.WeightAverage;
import io.github.swag4j.swa.WeightCollector;
import io.github.swag4j.swa.djl.optim.TorchSgd;
import io.github.swag4j.swa.snapshot.SnapshotCollector;
import io.github.swag4j.swa.snapshot.SnapshotEnsemble;
import io.github.swag4j.swa.state.TrainingPosition;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Snapshots along a training loop, killed and taken up again. */
class SnapshotTrainingTest {
  private static final AveragingPlan PLAN = AveragingPlan.epochs().from(1);
  private static final SnapshotCollector.Options LAST_THREE =
      SnapshotCollector.Options.defaults().keepingLast(3);

  @TempDir Path folder;

  private static void train(
      TinyTraining tiny, int fromEpoch, int toEpoch, WeightCollector... collectors) {
    SwaTrainingListener listener =
        SwaTrainingListener.of(collectors)
            .startingAt(new TrainingPosition(fromEpoch, 3L * fromEpoch));
    TorchSgd sgd = TorchSgd.builder().setLearningRateTracker(Tracker.fixed(0.1f)).build();
    try (Trainer trainer = tiny.trainerOf(sgd, listener)) {
      for (int epoch = fromEpoch; epoch < toEpoch; epoch++) {
        for (int batch = 0; batch < 3; batch++) {
          tiny.backward(trainer, 8 * batch, 8);
          trainer.notifyListeners(l -> l.onTrainingBatch(trainer, null));
          trainer.step();
        }
        trainer.notifyListeners(l -> l.onEpoch(trainer));
      }
    }
  }

  @Test
  void aKilledRunEndsInTheFilesOfOneThatWasNot() throws IOException {
    Path whole = folder.resolve("whole");
    Path killed = folder.resolve("killed");
    WeightAverage running = WeightAverage.uniform(PLAN);
    try (TinyTraining tiny = TinyTraining.dense()) {
      train(tiny, 0, 4, SnapshotCollector.start(whole, PLAN, LAST_THREE), running);
    }
    try (TinyTraining tiny = TinyTraining.dense()) {
      train(tiny, 0, 3, SnapshotCollector.start(killed, PLAN, LAST_THREE));
    }
    try (TinyTraining tiny = TinyTraining.dense()) {
      train(tiny, 0, 2); // as a checkpoint of the second epoch would have it
      TrainingPosition position = new TrainingPosition(2, 6);
      train(tiny, 2, 4, SnapshotCollector.resume(killed, PLAN, LAST_THREE, position));
    }
    assertThat(names(killed)).isEqualTo(names(whole)).hasSize(3);
    for (String name : names(whole)) {
      assertThat(killed.resolve(name)).hasSameBinaryContentAs(whole.resolve(name));
    }
    assertThat(SnapshotEnsemble.open(killed).average()).isEqualTo(running.average());
  }

  private static List<String> names(Path of) throws IOException {
    try (Stream<Path> files = Files.list(of)) {
      return files.map(f -> f.getFileName().toString()).sorted().toList();
    }
  }
}
