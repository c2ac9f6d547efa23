package io.github.swag4j.cli.run;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.google.gson.JsonObject;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.regex.Pattern;
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

  enum Order {
    FILED,
    SHUFFLED
  }

  record Rows(int count, Integer limit, boolean all, Order order) {}

  record Run(
      long seed,
      double rate,
      String name,
      Rows rows,
      List<Rows> parts,
      @MayBeMissing double since,
      @MayBeMissing boolean also) {}

  /** Gson alone made 0 of a missing seed, 3 of 3.7, null of an unknown order, false of "yes". */
  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "'seed':7,|''|seed must be there, it is missing",
        "'seed':7|'seed':7.5|seed must be a whole number, got 7.5",
        "'seed':7|'seed':1e30|seed must be a whole number, got 1e30",
        "'seed':7|'seed':null|seed must be a whole number, got null",
        "'rate':0.5|'rate':'0.5'|rate must be a number, got \"0.5\"",
        "'name':'a'|'name':1|name must be text, got 1",
        "'count':3,|''|rows.count must be there, it is missing",
        "'count':3|'count':3.7|rows.count must be a whole number below 2^31, got 3.7",
        "'count':3|'count':3000000000|rows.count must be a whole number below 2^31, got",
        "'limit':4|'limit':4.5|rows.limit must be a whole number below 2^31, got 4.5",
        "'all':true|'all':'yes'|rows.all must be true or false, got \"yes\"",
        "'FILED'|'filed'|rows.order must be one of [FILED, SHUFFLED], got \"filed\"",
        "'count':5|'count':5.5|parts[1].count must be a whole number below 2^31, got 5.5",
        "'rows':{|'rows':[{|rows must be an object, got ["
      })
  void fieldsOfARunThatAreMissingOrNotOfTheirKindAreRefusedByName(
      String part, String other, String message) throws IOException {
    String rows = "{'count':3,'limit':4,'all':true,'order':'FILED'}";
    String text =
        "{'seed':7,'rate':0.5,'name':'a','rows':"
            + rows
            + ",'parts':["
            + rows.replace("3", "2")
            + ","
            + rows.replace("3", "5")
            + "]}";
    Path file = folder.resolve("run.json");
    Files.writeString(file, text.replace('\'', '"'));
    assertThat(RunDirectory.readJson(file, Run.class).parts().get(1).count()).isEqualTo(5);
    assertThat(text).contains(part);
    String spoilt = text.replaceFirst(Pattern.quote(part), other.equals("''") ? "" : other);
    if (other.endsWith("[{")) {
      spoilt = spoilt.replaceFirst("}", "}]");
    }
    Files.writeString(file, spoilt.replace('\'', '"'));
    assertThatThrownBy(() -> RunDirectory.readJson(file, Run.class))
        .isInstanceOf(IOException.class)
        .hasMessageStartingWith(file + ": must be as this version of the program writes it: ")
        .hasMessageContaining(message);
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

  /** Without its checksums, gone first, what was left was taken for another program's. */
  @Test
  void checkpointsWhoseRemovalWasCutShortAreRemovedNextTime() throws IOException {
    RunDirectory run = RunDirectory.create(folder.resolve("run"), false);
    Path checkpoint = run.path().resolve("training/checkpoint-3");
    Path stops = Files.createDirectories(checkpoint.resolve("a-folder-ends-the-removal"));
    Files.writeString(stops.resolve("file"), "x");
    Files.writeString(checkpoint.resolve("files.crc32c"), "x");
    Files.writeString(checkpoint.resolve("state.safetensors"), "x");
    assertThatThrownBy(run::clearTraining).isInstanceOf(IOException.class);
    Path left = run.path().resolve(".training.old/.checkpoint-3.old");
    Files.deleteIfExists(left.resolve("files.crc32c"));
    Files.delete(left.resolve(stops.getFileName()).resolve("file"));
    run.clearTraining();
    assertThat(run.path().resolve(".training.old")).doesNotExist();
    assertThat(run.path().resolve("training")).doesNotExist();
    run.requireOwnTraining();
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
