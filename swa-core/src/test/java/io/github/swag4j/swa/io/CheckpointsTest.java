package io.github.swag4j.swa.io;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.github.swag4j.swa.io.Checkpoints.Found;
import io.github.swag4j.swa.state.TrainingPosition;
import io.github.swag4j.swa.state.TrainingState;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class CheckpointsTest {
  @TempDir Path folder;

  private static TrainingState state(long epoch) {
    return TrainingState.builder()
        .tensor("weight", new float[] {epoch, -0f, Float.MIN_VALUE, Float.NaN, 1e30f})
        .tensor("none", new float[0])
        .part("position", TrainingState.of(new TrainingPosition(epoch, (1L << 60) + epoch)))
        .build();
  }

  private Checkpoints saved(int last) throws IOException {
    Checkpoints checkpoints = Checkpoints.in(folder, 2);
    for (int epoch = 1; epoch <= last; epoch++) {
      TrainingState state = state(epoch);
      checkpoints.save(
          epoch,
          where -> {
            StateFiles.write(where.resolve("state.safetensors"), state);
            Files.writeString(where.resolve("settings.txt"), "run");
          });
    }
    return checkpoints;
  }

  private List<String> names() throws IOException {
    try (Stream<Path> entries = Files.list(folder)) {
      return entries.map(e -> e.getFileName().toString()).sorted().toList();
    }
  }

  @Test
  void theLastAreKeptAndTheNewestIsFound() throws IOException {
    Checkpoints checkpoints = saved(4);
    assertThat(names()).containsExactly("checkpoint-000000003", "checkpoint-000000004");
    Found found = checkpoints.newest().orElseThrow();
    assertThat(found.number()).isEqualTo(4);
    assertThat(found.damaged()).isEmpty();
    TrainingState read = StateFiles.read(found.folder().resolve("state.safetensors"));
    assertThat(read.part("position").position()).isEqualTo(new TrainingPosition(4, (1L << 60) + 4));
    assertThat(read.tensor("weight", 5)).isEqualTo(state(4).tensor("weight"));
    assertThat(read.tensor("none")).isEmpty();
  }

  @Test
  void whereverTheNewestIsDamagedTheOneBeforeIsFoundAndThatIsSaid() throws IOException {
    Checkpoints checkpoints = saved(2);
    Path newest = checkpoints.newest().orElseThrow().folder();
    for (String name : List.of("state.safetensors", "settings.txt", "files.crc32c")) {
      Path file = newest.resolve(name);
      byte[] whole = Files.readAllBytes(file);
      for (int at = 0; at < whole.length; at += Math.max(1, whole.length / 40)) {
        byte[] bad = whole.clone();
        bad[at] ^= 0x10;
        Files.write(file, bad);
        Found found = checkpoints.newest().orElseThrow();
        assertThat(found.number()).as("%s, byte %d", name, at).isEqualTo(1);
        assertThat(found.damaged()).singleElement().asString().contains("checkpoint-000000002");
      }
      Files.write(file, java.util.Arrays.copyOf(whole, whole.length / 2));
      assertThat(checkpoints.newest().orElseThrow().number()).isEqualTo(1);
      Files.delete(file);
      assertThat(checkpoints.newest().orElseThrow().number()).isEqualTo(1);
      Files.write(file, whole);
      assertThat(checkpoints.newest().orElseThrow().number()).isEqualTo(2);
    }
  }

  @Test
  void whereNoneIsWholeNothingIsBegunAfresh() throws IOException {
    Checkpoints checkpoints = saved(1);
    Files.delete(checkpoints.newest().orElseThrow().folder().resolve("settings.txt"));
    assertThatThrownBy(checkpoints::newest)
        .isInstanceOf(IOException.class)
        .hasMessageContaining("at least one checkpoint must be whole")
        .hasMessageContaining("settings.txt");
  }

  @Test
  void aCheckpointThatCouldNotBeWrittenLeavesTheOnesBefore() throws IOException {
    Checkpoints checkpoints = saved(2);
    List<String> before = names();
    assertThatThrownBy(
            () ->
                checkpoints.save(
                    3,
                    where -> {
                      Files.writeString(where.resolve("settings.txt"), "half");
                      throw new IOException("no space left");
                    }))
        .hasMessage("no space left");
    assertThat(names()).isEqualTo(before);
    assertThat(checkpoints.newest().orElseThrow().number()).isEqualTo(2);
  }

  /** What a process killed while saving leaves is no checkpoint, and goes at the next save. */
  @Test
  void whatAKilledProcessLeavesIsPassedOver() throws IOException {
    Checkpoints checkpoints = saved(1);
    Path half = Files.createDirectory(folder.resolve(".checkpoint-2.part"));
    Files.writeString(half.resolve("settings.txt"), "half");
    Found found = checkpoints.newest().orElseThrow();
    assertThat(found.number()).isEqualTo(1);
    assertThat(found.damaged()).isEmpty();
    checkpoints.save(2, where -> Files.writeString(where.resolve("settings.txt"), "whole"));
    assertThat(names()).containsExactly("checkpoint-000000001", "checkpoint-000000002");
  }

  @Test
  void aNumberMayBeSavedAgain() throws IOException {
    Checkpoints checkpoints = saved(2);
    checkpoints.save(2, where -> Files.writeString(where.resolve("other.txt"), "again"));
    Path newest = checkpoints.newest().orElseThrow().folder();
    assertThat(newest.resolve("other.txt")).exists();
    assertThat(newest.resolve("settings.txt")).doesNotExist();
  }

  /** As the oldest of those kept it was removed at once, without a word. */
  @Test
  void aRunInTheFolderOfOneThatCameFurtherIsRefused() throws IOException {
    Checkpoints checkpoints = saved(4);
    List<String> before = names();
    assertThatThrownBy(
            () -> checkpoints.save(1, where -> Files.writeString(where.resolve("a"), "new run")))
        .isInstanceOf(IllegalStateException.class)
        .hasMessageContaining("in the order of training, got 1 and there is")
        .hasMessageContaining("checkpoint-000000004");
    assertThat(names()).isEqualTo(before);
  }

  @Test
  void damagedOnesThatWerePassedOverTakeNoPlaceOfThoseKept() throws IOException {
    Checkpoints checkpoints = saved(2);
    checkpoints.save(9, where -> Files.writeString(where.resolve("settings.txt"), "run"));
    Files.delete(folder.resolve("checkpoint-000000009").resolve("settings.txt"));
    assertThat(checkpoints.newest().orElseThrow().number()).isEqualTo(2);
    checkpoints.save(5, where -> Files.writeString(where.resolve("settings.txt"), "run"));
    assertThat(names()).containsExactly("checkpoint-000000002", "checkpoint-000000005");
  }

  @Test
  void aFolderWithoutCheckpointsHasNone() throws IOException {
    assertThat(Checkpoints.in(folder.resolve("new"), 2).newest()).isEmpty();
    assertThatThrownBy(() -> Checkpoints.in(folder, 1))
        .hasMessage("kept must be at least 2, one to fall back to, got 1");
    assertThatThrownBy(() -> Checkpoints.in(folder, 2).save(1, where -> {}))
        .hasMessage("a checkpoint must have at least 1 file, got 0");
  }

  @Test
  void anotherKindOfFileIsNoState() throws IOException {
    Path file = folder.resolve("other.safetensors");
    SafeTensorsWriter.of("average").write(file);
    assertThatThrownBy(() -> StateFiles.read(file))
        .isInstanceOf(WeightFormatException.class)
        .hasMessageContaining("metadata kind must be training-state, got average");
  }
}
