package io.github.swag4j.cli;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.gson.JsonObject;
import com.google.gson.JsonParser;
import io.github.swag4j.cli.run.Shapes;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Studies: planned, killed, gone on with, with a job that fails, changed. */
class StudyCommandTest {
  @TempDir private static Path folder;
  private static Path images;

  @BeforeAll
  static void writeImages() throws IOException {
    images = Shapes.write(folder.resolve("shapes"), 60, 30);
  }

  private static Path study(String name, String methods, String more) throws IOException {
    return Files.writeString(
        folder.resolve(name),
        String.format(
            Locale.ROOT,
            """
        title: Shapes
        options:
          data: %s
          epochs: 3
          swa-start: 1
          rank: 2
          samples: 2
          batch-size: 16
        methods: %s
        %s
        """,
            images,
            methods,
            more));
  }

  private static Cli run(Path study, Path out, String... more) {
    List<String> words = new ArrayList<>(List.of("study", "" + study, "--out", "" + out));
    words.addAll(List.of(more));
    return Cli.run(words.toArray(String[]::new));
  }

  private static JsonObject metrics(Path out) throws IOException {
    return JsonParser.parseString(Files.readString(out.resolve("metrics.json"))).getAsJsonObject();
  }

  /**
   * Killed after the first job, then gone on with; a job of its own fails; then one option else.
   */
  @Test
  void aStudySurvivesKillsAndFailuresAndDoesNothingTwice() throws Exception {
    String failing = "[[sgd, swa], {method: sgd, learning-rate: 1e30, name: diverging}]";
    Path file = study("killed.yaml", failing, "seeds: 1\ntrain-limits: 50");
    Path out = folder.resolve("killed");
    Path first = out.resolve("runs/train-50/sgd-swa/seed-1");
    Process study = start(file, out);
    while (study.isAlive() && !Files.exists(first.resolve("run.json"))) {
      Thread.sleep(20);
    }
    study.destroyForcibly().waitFor();
    assertThat(study.waitFor(20, TimeUnit.SECONDS)).isTrue();
    awaitNoWriter(out);
    byte[] done = Files.readAllBytes(first.resolve("run.json"));
    var time = Files.getLastModifiedTime(first.resolve("run.json"));

    Cli cli = run(file, out);
    assertThat(cli.code()).isEqualTo(1);
    assertThat(cli.err())
        .contains("1 of 2 jobs failed: train-50/diverging/seed-1 (", "diverging/seed-1.log")
        .contains("mend that and repeat the command");
    assertThat(first.resolve("run.json")).hasBinaryContent(done);
    assertThat(Files.getLastModifiedTime(first.resolve("run.json"))).isEqualTo(time);
    assertThat(out.resolve("report.html")).content().contains("1 of 2 jobs failed", "Holm");
    assertThat(out.resolve("tables/differences.tex")).content().contains("\\toprule");
    JsonObject group = metrics(out).getAsJsonArray("groups").get(0).getAsJsonObject();
    assertThat(group.get("group").getAsString()).isEqualTo("50 training rows");
    assertThat(group.getAsJsonObject("methods").keySet()).containsExactly("SGD", "SWA");

    // The same bits as of a training by itself.
    Path alone = folder.resolve("alone");
    Cli trained =
        Cli.run("train", "--config", "" + first.resolve("config.yaml"), "--out", "" + alone);
    assertThat(trained.code()).as(trained.err()).isZero();
    assertThat(first.resolve("checkpoints/swa.safetensors"))
        .hasSameBinaryContentAs(alone.resolve("checkpoints/swa.safetensors"));

    // The failing variant goes, and an option of all changes.
    Path mended = study("killed.yaml", "[[sgd, swa]]", "seeds: [1, 2]\ntrain-limits: 50");
    Files.writeString(mended, Files.readString(mended).replace("epochs: 3", "epochs: 4"));
    Cli changed = run(mended, out);
    assertThat(changed.code()).isEqualTo(1);
    assertThat(changed.err())
        .contains("1 job was done under other options, train-50/sgd-swa/seed-1 under epochs 3,")
        .contains("now 4: put the file back, name another --out, or say --redo-changed");
    assertThat(first.resolve("run.json")).hasBinaryContent(done);
    assertThat(run(mended, out, "--plan").out()).contains("changed").contains("2 jobs, ");
    Files.writeString(
        mended, Files.readString(mended).replace("[1, 2]", "1") + "shifts: [contrast]\n");
    Cli redone = run(mended, out, "--redo-changed");
    assertThat(redone.code()).as(redone.err()).isZero();
    assertThat(first.resolve("config.yaml")).content().contains("epochs: 4\n");
    assertThat(out.resolve("tables/shift.csv")).content().contains("SWA,0,", "SGD,5,");
    assertThat(run(mended, out, "--plan").out()).contains("done", "1 jobs, ");
  }

  private static Process start(Path file, Path out) throws IOException {
    List<String> command = new ArrayList<>();
    command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
    command.addAll(List.of("-XX:TieredStopAtLevel=1", "-XX:+UseSerialGC"));
    command.addAll(List.of("-cp", System.getProperty("java.class.path"), Main.class.getName()));
    command.addAll(List.of("study", "" + file, "--out", "" + out, "--jobs", "1"));
    return new ProcessBuilder(command)
        .redirectOutput(ProcessBuilder.Redirect.DISCARD)
        .redirectError(folder.resolve("killed.err").toFile())
        .start();
  }

  /** The children of a killed study end by themselves. */
  private static void awaitNoWriter(Path out) throws InterruptedException {
    long until = System.nanoTime() + TimeUnit.SECONDS.toNanos(20);
    while (ProcessHandle.allProcesses()
        .anyMatch(
            p ->
                p.info()
                    .arguments()
                    .map(a -> String.join(" ", a).contains(out + "/runs/"))
                    .orElse(false))) {
      assertThat(System.nanoTime()).isLessThan(until);
      Thread.sleep(50);
    }
  }

  @Test
  void thePlanListsEveryJobAndWritesNothing() throws IOException {
    Path file =
        study(
            "plan.yaml",
            "[sgd, [swa, swag], {method: [sgd, dropout], dropout: 0.1}]",
            "seeds: [1, 2]\ntrain-limits: [20, all]");
    Path out = folder.resolve("plan");
    Cli cli = run(file, out, "--plan", "--jobs", "3");
    assertThat(cli.code()).as(cli.err()).isZero();
    assertThat(cli.out())
        .contains("train-20/sgd/seed-1", "train-20/swa-swag/seed-1", "train-all/sgd-dropout/seed-2")
        .contains("sgd, dropout", "to do", "12 jobs, 3 at a time");
    assertThat(out).doesNotExist();
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "[sgd] | method: [sgd] | :10: a study has no key 'method': did you mean methods?",
        "[sgd] | seeds: [1, 1] | :10: '1' is there already",
        "[sgd] | seeds: [010] | :10: must be whole numbers, got '010'",
        "[sgd] | seeds: two | :10: must be whole numbers, got 'two'",
        "[sgd] | shifts: [jpg] | :10: shifts must be all or some of gaussian-noise",
        "[sgd] | train-limits: [] | :10: train-limits must have one item at least",
        "[[sgd], {dropout: 0.1}] | seeds: 1 | :9: an item of methods must have the key method",
        "[[]] | seeds: 1 | :9: method must have one item at least",
        "[{method: sgd, name: [a, b]}] | seeds: 1 | :9: name must be one word or text, got a list",
        "[{method: sgd, train-limit: 9}] | train-limits: 20 | :9: train-limit excludes train-limits",
        "[sgdd] | seeds: 1 | --method must be one of sgd, swa,",
        "[{method: sgd, epoch: 3}] | seeds: 1 | :9: train has no option 'epoch': did you mean epochs?",
        "[{method: sgd, seed: 3}] | seeds: 1 | :9: 'seed' is no option of all jobs: say seeds,",
        "[{method: dropout}] | seeds: 1 | takes a network that was trained with dropout",
        "[{method: sgd, epochs: 2}] | seeds: 1 | at least 3, got 2 (--epochs: ",
        "[[sgd], {method: swa, name: ../x}] | seeds: 1 | :9: a name must be of letters,",
      })
  void whatNoStudyIsIsRefusedBeforeAnyJob(String methods, String more, String message)
      throws IOException {
    Path out = folder.resolve("refused");
    Cli cli = run(study("refused.yaml", methods, more), out);
    assertThat(cli.code()).isEqualTo(2);
    assertThat(cli.err()).contains(message);
    assertThat(out).doesNotExist();
  }

  @Test
  void aTitleThatIsNoTextIsRefused() throws IOException {
    Path file = study("title.yaml", "[sgd]", "seeds: 1");
    Files.writeString(file, Files.readString(file).replace("title: Shapes", "title: [a, b]"));
    Cli cli = run(file, folder.resolve("titled"), "--plan");
    assertThat(cli.code()).isEqualTo(2);
    assertThat(cli.err()).contains("title.yaml:1: title must be one word or text, got a list");
  }

  /** The copy that a study keeps is called as people call their own files. */
  @Test
  void aStudyFileOfSomebodyElseIsNotOverwritten() throws IOException {
    Path mine = Files.createDirectories(folder.resolve("files"));
    Path other = Files.writeString(mine.resolve("study.yaml"), "title: Another\n");
    Cli cli = run(study("files/second.yaml", "[sgd]", "seeds: 1"), mine);
    assertThat(cli.code()).isEqualTo(1);
    assertThat(cli.err()).contains("must be new, empty or that of a study, it has ");
    assertThat(other).content().isEqualTo("title: Another\n");
  }

  @Test
  void aDirectoryOfSomethingElseIsLeftAlone() throws IOException {
    Path other = Files.createDirectories(folder.resolve("mine"));
    Files.writeString(other.resolve("thesis.txt"), "mine");
    Cli cli = run(study("other.yaml", "[sgd]", "seeds: 1"), other);
    assertThat(cli.code()).isEqualTo(1);
    assertThat(cli.err()).contains("must be new, empty or that of a study, it has thesis.txt");
    assertThat(other.resolve("study.yaml")).doesNotExist();
  }
}
