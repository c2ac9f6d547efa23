package io.github.swag4j.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.File;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.io.Writer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class MainTest {
  private static final String FOUR_ROWS =
      "cat,dog,label\n0.9,0.1,0\n0.2,0.8,1\n0.6,0.4,1\n0.7,0.3,0\n";

  @TempDir private Path folder;

  @Test
  void versionNamesTheProgramAndTheEngine() {
    Cli cli = Cli.run("--version");
    assertThat(cli.code()).isZero();
    assertThat(cli.out()).contains("swag4j 0.2.0").contains("DJL 0.36.0, PyTorch 2.7.1");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "quickstart",
        "train",
        "predict",
        "evaluate",
        "calibrate",
        "ood",
        "average",
        "info",
        "completion",
        "monitor",
        "surface"
      })
  void everyCommandHasHelpWithAnExample(String command) {
    Cli cli = Cli.run(command, "--help");
    assertThat(cli.code()).isZero();
    assertThat(cli.out()).contains("Example").contains("swag4j " + command);
    assertThat(cli.err()).isEmpty();
  }

  @Test
  void helpPrintsTheDefaults() {
    assertThat(Cli.run("train", "--help").out().replaceAll("\\s+", " "))
        .contains("Learning rate at first (default: 0.05)")
        .contains("Epochs of each training, at least 3 (default: 15)")
        .contains("Izmailov et al. 2018");
  }

  @Test
  void wrongUsageIsOneLineAndExitCodeTwo() {
    Cli unknown = Cli.run("evaluate", "--nonsense", "a.csv");
    assertThat(unknown.code()).isEqualTo(2);
    assertThat(unknown.err().lines()).hasSize(1);
    assertThat(unknown.err()).contains("--nonsense");
    Cli rank = Cli.run("train", "--data", "quickstart", "--out", "x", "--rank", "1");
    assertThat(rank.code()).isEqualTo(2);
    assertThat(rank.err())
        .startsWith("swag4j: --rank must be 0 or between 2 and 512, got 1")
        .contains("swag4j train --help");
    assertThat(Cli.run().code()).isEqualTo(2);
    assertThat(Cli.run("nonsense").code()).isEqualTo(2);
  }

  @Test
  void aMissingFileIsOneLineAndExitCodeOne() {
    Cli cli = Cli.run("evaluate", folder.resolve("none.csv").toString());
    assertThat(cli.code()).isEqualTo(1);
    assertThat(cli.err().lines()).hasSize(1);
    assertThat(cli.err()).contains("none.csv").contains("no such file");
    assertThat(cli.out()).isEmpty();
  }

  @Test
  void aDirectoryThatIsNoRunIsOneLineAndExitCodeOne() {
    Cli cli = Cli.run("predict", folder.toString());
    assertThat(cli.code()).isEqualTo(1);
    assertThat(cli.err()).contains("it has no run.json");
  }

  @Test
  void evaluatePrintsATableOrAnObjectAFile() throws IOException {
    Path file = Files.writeString(folder.resolve("four.csv"), FOUR_ROWS);
    Cli table = Cli.run("evaluate", file.toString());
    assertThat(table.err().lines())
        .singleElement()
        .asString()
        .endsWith("classes cat, dog · labels: label (indices) · ignored: none · weights: none");
    assertThat(table.code()).isZero();
    assertThat(table.out()).contains("accuracy").contains("0.7500");
    Cli json = Cli.run("evaluate", file.toString(), file.toString(), "--json");
    assertThat(json.out().lines()).hasSize(2);
    // Confidences .9 .8 .6 .7, right but for .6, one a bin: (.1 + .2 + .6 + .3) / 4.
    assertThat(json.out()).contains("\"accuracy\":0.75").contains("\"ece\":0.3");
  }

  @Test
  void predictionsWithoutLabelsCannotBeEvaluated() throws IOException {
    Path file = Files.writeString(folder.resolve("bare.csv"), "a,b\n0.9,0.1\n");
    Cli cli = Cli.run("evaluate", file.toString());
    assertThat(cli.code()).isEqualTo(1);
    assertThat(cli.err()).contains("must have labels");
  }

  @Test
  void evaluateNeverLoadsTheEngine() throws IOException, InterruptedException {
    Path file = Files.writeString(folder.resolve("four.csv"), FOUR_ROWS);
    Path classes = folder.resolve("classes.txt");
    Cli cli =
        Cli.runInNewProcess(
            folder, List.of("-Xlog:class+load:file=" + classes), "evaluate", file.toString());
    assertThat(cli.code()).as(cli.err()).isZero();
    assertThat(Files.readString(classes))
        .contains("io.github.swag4j.cli.EvaluateCommand")
        .doesNotContain("ai.djl.");
  }

  private static final class FailingWriter extends Writer {
    private final String why;

    FailingWriter(String why) {
      this.why = why;
    }

    @Override
    public void write(char[] text, int from, int length) throws IOException {
      throw new IOException(why);
    }

    @Override
    public void flush() {}

    @Override
    public void close() {}
  }

  @ParameterizedTest
  @ValueSource(strings = {"evaluate", "--help", "--version"})
  void resultsThatCannotBeWrittenAreAFailure(String command) throws IOException {
    Path file = Files.writeString(folder.resolve("four.csv"), FOUR_ROWS);
    StringWriter err = new StringWriter();
    String[] call =
        command.equals("evaluate")
            ? new String[] {command, "--quiet", file.toString()}
            : new String[] {command};
    int code = Main.run(new FailingWriter("no space left"), new PrintWriter(err, true), call);
    assertThat(code).isEqualTo(1);
    assertThat(err.toString())
        .isEqualToNormalizingNewlines(
            "swag4j: standard output could not be written: no space left\n");
  }

  @Test
  void aReaderThatHasGoneEndsTheProgramWithoutAWord() {
    StringWriter err = new StringWriter();
    int code = Main.run(new FailingWriter("Broken pipe"), new PrintWriter(err, true), "--help");
    assertThat(code).isEqualTo(141);
    assertThat(err.toString()).isEmpty();
  }

  @Test
  @EnabledOnOs(OS.LINUX)
  void aFullDiskBehindStandardOutputIsAFailureOfTheProcess()
      throws IOException, InterruptedException {
    Path file = Files.writeString(folder.resolve("four.csv"), FOUR_ROWS);
    Path err = folder.resolve("full.txt");
    int code =
        new ProcessBuilder(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-cp",
                System.getProperty("java.class.path"),
                Main.class.getName(),
                "evaluate",
                "--quiet",
                file.toString())
            .redirectOutput(new File("/dev/full"))
            .redirectError(err.toFile())
            .start()
            .waitFor();
    assertThat(code).isEqualTo(1);
    assertThat(Files.readAllLines(err)).hasSize(1);
    assertThat(err).content().startsWith("swag4j: standard output could not be written: ");
  }

  @Test
  void theRootKnowsAllItsCommandsThoughItBuildsTheOneThatIsCalled() {
    for (String[] asked : List.of(new String[] {"--help"}, new String[] {"help"})) {
      assertThat(Cli.run(asked).out())
          .contains("quickstart", "train", "predict", "evaluate", "calibrate", "ood");
    }
    assertThat(Cli.run("help", "train").out()).isEqualTo(Cli.run("train", "--help").out());
    assertThat(Cli.run("evalute", "a.csv").err()).contains("evalute").contains("evaluate");
  }

  @Test
  void aFailureAtWorkIsNotAnsweredWithTheEnginesPlatforms() {
    assertThat(Main.message(new RuntimeException("ai.djl.engine: shapes [3] and [4] do not fit")))
        .contains("shapes [3]")
        .doesNotContain("Linux");
  }
}
