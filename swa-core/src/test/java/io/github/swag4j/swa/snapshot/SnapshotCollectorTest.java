package io.github.swag4j.swa.snapshot;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.github.swag4j.swa.AveragingPlan;
import io.github.swag4j.swa.WeightAverage;
import io.github.swag4j.swa.io.TensorCodec;
import io.github.swag4j.swa.io.TensorType;
import io.github.swag4j.swa.io.WeightFiles;
import io.github.swag4j.swa.io.WeightFormatException;
import io.github.swag4j.swa.snapshot.SnapshotCollector.Options;
import io.github.swag4j.swa.state.TrainingPosition;
import io.github.swag4j.swa.weights.WeightLayout;
import io.github.swag4j.swa.weights.WeightLayout.Role;
import io.github.swag4j.swa.weights.WeightLayout.Tensor;
import io.github.swag4j.swa.weights.Weights;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Snapshots are there once each, whole, and give back what was collected. */
class SnapshotCollectorTest {
  private static final AveragingPlan EPOCHS = AveragingPlan.epochs();
  private static final WeightLayout LAYOUT =
      WeightLayout.of(
          List.of(
              new Tensor("z.weight", Role.WEIGHT, List.of(150L, 130L)),
              new Tensor("none", Role.OTHER, List.of(0L)),
              new Tensor("a \"ü\"", Role.SCALE, List.of())));

  @TempDir Path folder;

  private static Weights weights(long seed) {
    Random random = new Random(seed);
    float[][] values = {new float[150 * 130], {}, new float[1]};
    for (float[] tensor : values) {
      for (int i = 0; i < tensor.length; i++) {
        tensor[i] = (float) random.nextGaussian();
      }
    }
    return Weights.of(LAYOUT, values);
  }

  private void collect(SnapshotCollector collector, int from, int to) {
    for (int epoch = from; epoch <= to; epoch++) {
      if (collector.plan().collectsAfter(epoch)) {
        collector.collect(weights(epoch), epoch);
      }
    }
  }

  private List<String> names() throws IOException {
    try (Stream<Path> files = Files.list(folder)) {
      return files.map(f -> f.getFileName().toString()).sorted().toList();
    }
  }

  @Test
  void membersAndTheirAverageAreWhatWasCollected() throws IOException {
    SnapshotCollector collector = SnapshotCollector.start(folder, EPOCHS, Options.defaults());
    WeightAverage running = WeightAverage.uniform(EPOCHS);
    for (int epoch = 1; epoch <= 5; epoch++) {
      collector.collect(weights(epoch), epoch);
      running.collect(weights(epoch));
    }
    SnapshotEnsemble ensemble = SnapshotEnsemble.open(folder);
    assertThat(ensemble.size()).isEqualTo(5);
    assertThat(ensemble.layout()).isEqualTo(LAYOUT);
    for (int member = 0; member < 5; member++) {
      assertThat(ensemble.finished(member)).isEqualTo(member + 1);
      assertThat(ensemble.weights(member)).isEqualTo(weights(member + 1));
      for (int t = 0; t < 3; t++) {
        assertThat(ensemble.layout().tensor(t).role()).isEqualTo(LAYOUT.tensor(t).role());
      }
    }
    assertThat(ensemble.average()).isEqualTo(running.average());
    assertThat(collector.count()).isEqualTo(5);
  }

  @Test
  void everyThirdEpochIsKeptAndOnlyTheLastFourOfThem() throws IOException {
    AveragingPlan plan = EPOCHS.from(10).every(3);
    SnapshotCollector collector =
        SnapshotCollector.start(folder, plan, Options.defaults().keepingLast(4));
    collect(collector, 0, 30);
    assertThat(names())
        .containsExactly(
            "epoch-000019.safetensors",
            "epoch-000022.safetensors",
            "epoch-000025.safetensors",
            "epoch-000028.safetensors");
    assertThat(collector.count()).isEqualTo(6);
    assertThat(SnapshotEnsemble.open(folder).weights(0)).isEqualTo(weights(19));
  }

  @Test
  void aCallWithoutAUnitIsTakenForThePlansNext() throws IOException {
    SnapshotCollector collector =
        SnapshotCollector.start(
            folder, AveragingPlan.steps().from(20).every(5), Options.defaults());
    collector.collect(weights(1));
    collector.collect(weights(2));
    assertThat(names()).containsExactly("step-000025.safetensors", "step-000030.safetensors");
  }

  @ParameterizedTest
  @EnumSource(names = {"F16", "BF16"})
  void halfPrecisionIsEachWeightRoundedOnceInHalfTheBytes(TensorType type) throws IOException {
    collect(SnapshotCollector.start(folder, EPOCHS, Options.defaults().storedAs(type)), 1, 1);
    float[] read = SnapshotEnsemble.open(folder).weights(0).toArray(0);
    float[] written = weights(1).toArray(0);
    for (int i = 0; i < read.length; i++) {
      assertThat((double) read[i]).isEqualTo(TensorCodec.rounded(written[i], type));
    }
    assertThat(Files.size(folder.resolve("epoch-000001.safetensors")))
        .isBetween(2L * read.length, 2L * read.length + 1000);
  }

  @Test
  void weightsThatCannotBeKeptAreRefusedAndNothingChanges() throws IOException {
    SnapshotCollector collector =
        SnapshotCollector.start(
            folder, EPOCHS, Options.defaults().keepingLast(1).storedAs(TensorType.F16));
    collect(collector, 1, 1);
    byte[] before = Files.readAllBytes(folder.resolve("epoch-000001.safetensors"));
    for (float bad : new float[] {Float.NaN, Float.NEGATIVE_INFINITY, 65_520}) {
      float[] values = weights(2).toArray(0);
      values[17_000] = bad;
      Weights broken = Weights.of(LAYOUT, values, new float[0], new float[1]);
      assertThatThrownBy(() -> collector.collect(broken, 2))
          .isInstanceOf(IllegalArgumentException.class)
          .hasMessageContaining("z.weight[17000]");
    }
    assertThat(names()).containsExactly("epoch-000001.safetensors");
    assertThat(folder.resolve("epoch-000001.safetensors")).hasBinaryContent(before);
    assertThat(collector.count()).isEqualTo(1);
  }

  @Test
  void aRunThatWasKilledGoesOnWithoutDuplicatesOrGaps() throws IOException {
    Options options = Options.defaults().keepingLast(3);
    collect(SnapshotCollector.start(folder, EPOCHS, options), 1, 6);
    // The last checkpoint is of epoch 4; epochs 5 and 6 are lost. One file was being written.
    Files.writeString(folder.resolve(".epoch-000007.safetensors.1.part"), "half");
    SnapshotCollector resumed =
        SnapshotCollector.resume(folder, EPOCHS, options, new TrainingPosition(4, 99));
    assertThat(resumed.count()).isEqualTo(4);
    // Of the last three only one is left, until training has come by the others again.
    assertThatThrownBy(() -> SnapshotEnsemble.open(folder))
        .isInstanceOf(WeightFormatException.class)
        .hasMessageContaining("must hold the last 3 snapshots, got 1");
    collect(resumed, 5, 7);
    SnapshotEnsemble ensemble = SnapshotEnsemble.open(folder);
    List<Long> finished = new ArrayList<>();
    for (int member = 0; member < ensemble.size(); member++) {
      finished.add(ensemble.finished(member));
      assertThat(ensemble.weights(member)).isEqualTo(weights(ensemble.finished(member)));
    }
    assertThat(finished).containsExactly(5L, 6L, 7L);
    assertThatThrownBy(() -> resumed.collect(weights(7), 7))
        .isInstanceOf(IllegalStateException.class)
        .hasMessageContaining("SnapshotCollector.resume");
  }

  @Test
  void aRunResumedFromBeforeAllThatWereKeptCountsAsItsPlanDoes() throws IOException {
    Options options = Options.defaults().keepingLast(2);
    collect(SnapshotCollector.start(folder, EPOCHS, options), 1, 10);
    SnapshotCollector resumed =
        SnapshotCollector.resume(folder, EPOCHS, options, new TrainingPosition(5, 5));
    assertThat(resumed.count()).isEqualTo(5);
    collect(resumed, 6, 10);
    assertThat(resumed.count()).isEqualTo(10);
    assertThat(SnapshotEnsemble.open(folder).size()).isEqualTo(2);
  }

  @Test
  void aRunKilledBeforeItRemovedTheOldestRemovesItLater() throws IOException {
    Options options = Options.defaults().keepingLast(2);
    collect(SnapshotCollector.start(folder, EPOCHS, Options.defaults().keepingLast(3)), 1, 2);
    collect(
        SnapshotCollector.resume(
            folder, EPOCHS, Options.defaults().keepingLast(3), new TrainingPosition(2, 2)),
        3,
        3);
    SnapshotCollector.resume(folder, EPOCHS, options, new TrainingPosition(3, 3));
    assertThat(names()).containsExactly("epoch-000002.safetensors", "epoch-000003.safetensors");
  }

  @Test
  void aFolderIsOneRuns() throws IOException {
    collect(SnapshotCollector.start(folder, EPOCHS, Options.defaults()), 1, 2);
    assertThatThrownBy(() -> SnapshotCollector.start(folder, EPOCHS, Options.defaults()))
        .isInstanceOf(IllegalStateException.class)
        .hasMessageContaining("got 2: choose another folder");
    assertThatThrownBy(
            () ->
                SnapshotCollector.resume(
                    folder,
                    AveragingPlan.steps(),
                    Options.defaults(),
                    new TrainingPosition(2, 200)))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("EPOCH, got STEP");
    assertThat(SnapshotEnsemble.open(folder).size()).isEqualTo(2);
    WeightLayout other = WeightLayout.of(List.of(new Tensor("z.weight", Role.WEIGHT, List.of(1L))));
    SnapshotCollector resumed =
        SnapshotCollector.resume(folder, EPOCHS, Options.defaults(), new TrainingPosition(2, 2));
    assertThatThrownBy(() -> resumed.collect(Weights.of(other, new float[1]), 3))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("another model");
  }

  @ParameterizedTest
  @ValueSource(strings = {"removed", "renamed", "foreign", "cut", "empty"})
  void aFolderThatIsNotAsItWasWrittenIsRefused(String change) throws IOException {
    collect(SnapshotCollector.start(folder, EPOCHS, Options.defaults()), 1, 3);
    Path second = folder.resolve("epoch-000002.safetensors");
    byte[] bytes = Files.readAllBytes(second);
    switch (change) {
      case "removed" -> Files.delete(second);
      case "renamed" -> Files.move(second, folder.resolve("epoch-000009.safetensors"));
      case "foreign" -> WeightFiles.write(second, "average", weights(2), Map.of());
      case "cut" -> Files.write(second, java.util.Arrays.copyOf(bytes, bytes.length - 1));
      default -> Files.write(second, new byte[0]);
    }
    assertThatThrownBy(() -> SnapshotEnsemble.open(folder))
        .isInstanceOf(WeightFormatException.class);
    assertThatThrownBy(
            () ->
                SnapshotCollector.resume(
                    folder, EPOCHS, Options.defaults(), new TrainingPosition(3, 3)))
        .isInstanceOf(WeightFormatException.class);
  }

  @Test
  void aMemberThatWasDamagedOrReplacedIsRefusedWhenItIsRead() throws IOException {
    collect(SnapshotCollector.start(folder, EPOCHS, Options.defaults()), 1, 2);
    SnapshotEnsemble ensemble = SnapshotEnsemble.open(folder);
    Path second = folder.resolve("epoch-000002.safetensors");
    byte[] bytes = Files.readAllBytes(second);
    bytes[bytes.length - 5] ^= 1;
    Files.write(second, bytes);
    assertThatThrownBy(() -> ensemble.weights(1))
        .isInstanceOf(WeightFormatException.class)
        .hasMessageContaining("checksum");
    assertThat(ensemble.weights(0)).isEqualTo(weights(1));
    Files.copy(
        folder.resolve("epoch-000001.safetensors"),
        second,
        java.nio.file.StandardCopyOption.REPLACE_EXISTING);
    assertThatThrownBy(() -> ensemble.weights(1))
        .isInstanceOf(WeightFormatException.class)
        .hasMessageContaining("open the ensemble again");
  }

  @Test
  void aFolderWithoutSnapshotsIsNoEnsemble() {
    assertThatThrownBy(() -> SnapshotEnsemble.open(folder.resolve("missing")))
        .isInstanceOf(WeightFormatException.class)
        .hasMessageContaining("has no snapshots");
  }
}
