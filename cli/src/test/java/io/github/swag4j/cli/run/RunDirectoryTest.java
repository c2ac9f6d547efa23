package io.github.swag4j.cli.run;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.google.gson.JsonObject;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class RunDirectoryTest {
  @TempDir private Path folder;

  record Seeded(long seed, double rate) {}

  @Test
  void whatIsWrittenIsReadLongSeedsAndMissingNumbersToo() throws IOException {
    Path file = folder.resolve("run.json");
    RunDirectory.writeJson(file, new Seeded(Long.MAX_VALUE - 1, Double.NaN));
    Seeded read = RunDirectory.readJson(file, Seeded.class);
    assertThat(read.seed()).isEqualTo(Long.MAX_VALUE - 1);
    assertThat(read.rate()).isNaN();
    assertThat(RunDirectory.readJson(file).getAsJsonObject().get("rate").isJsonNull()).isTrue();
  }

  /** Gson alone took the last of two seeds, NaN without quotes, and comments. */
  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '^',
      value = {
        "{'seed':1,'seed':2}|line 1, column 17, path $.seed: name \"seed\" given twice",
        "{'seed':1,'rate':NaN}|path $.rate: not JSON as RFC 8259 defines it",
        "{'seed':1} //|not JSON as RFC 8259 defines it",
        "{'seed':1}{'seed':2}|not JSON as RFC 8259 defines it",
        "^^|End of input",
        "[]|an object expected, got an array"
      })
  void filesOfARunAreReadStrictly(String text, String message) throws IOException {
    Path file = folder.resolve("run.json");
    Files.writeString(file, text.replace('\'', '"'));
    assertThatThrownBy(() -> RunDirectory.readJson(file, Seeded.class))
        .isInstanceOf(IOException.class)
        .hasMessageStartingWith(file + ": must be as this version of the program writes it: JSON")
        .hasMessageContaining(message);
    assertThatThrownBy(() -> RunDirectory.readJson(file, JsonObject.class))
        .hasMessageContaining(message);
    assertThatThrownBy(() -> RunDirectory.readJson(file)).hasMessageContaining(message);
  }

  /** A file manager leaves files of its own; a finished run does not fail for them. */
  @Test
  void checkpointsGoAndFilesOfOthersStay() throws IOException {
    RunDirectory run = RunDirectory.create(folder.resolve("run"), false);
    Path training = run.path().resolve("training");
    for (int time = 0; time < 2; time++) {
      Files.createDirectories(training.resolve("checkpoint-3"));
      Files.writeString(training.resolve("checkpoint-3/state.safetensors"), "x");
      Files.writeString(training.resolve("checkpoint-3/files.crc32c"), "x");
      Files.writeString(training.resolve(".DS_Store"), "finder");
      run.clearTraining();
      assertThat(training.resolve("checkpoint-3")).doesNotExist();
      assertThat(training.resolve(".DS_Store")).hasContent("finder");
      assertThat(run.path().resolve(".training.old")).doesNotExist();
    }
  }

  /** Hugging Face's Trainer calls its folders checkpoint-N, too. */
  @Test
  void checkpointsOfAnotherProgramAreNeitherTakenForOursNorRemoved() throws IOException {
    Path theirs = Files.createDirectories(folder.resolve("hf/training/checkpoint-500"));
    Files.writeString(theirs.resolve("pytorch_model.bin"), "weights");
    assertThatThrownBy(() -> RunDirectory.create(folder.resolve("hf"), false))
        .isInstanceOf(IOException.class)
        .hasMessageContaining("must be empty or new");
    // A report may lie beside it, a run may not save itself into it.
    RunDirectory beside = RunDirectory.create(folder.resolve("hf"), true);
    assertThat(beside.isTraining()).isFalse();
    assertThatThrownBy(beside::requireOwnTraining)
        .isInstanceOf(IOException.class)
        .hasMessageContaining("checkpoint-500: is of no run of swag4j");
    new RunDirectory(folder.resolve("hf")).clearTraining();
    assertThat(theirs.resolve("pytorch_model.bin")).hasContent("weights");
  }
}
