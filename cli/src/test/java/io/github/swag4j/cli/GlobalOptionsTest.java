package io.github.swag4j.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;

/** What holds for every command: silence, colours, slips in names, completion. */
class GlobalOptionsTest {
  private static final String FOUR_ROWS =
      "cat,dog,label\n0.9,0.1,0\n0.2,0.8,1\n0.6,0.4,1\n0.7,0.3,0\n";

  @TempDir private Path folder;

  @Test
  void quietLeavesResultsAndErrors() throws IOException {
    String file = Files.writeString(folder.resolve("four.csv"), FOUR_ROWS).toString();
    Cli loud = Cli.run("evaluate", file, "--stream");
    assertThat(loud.err()).contains("streamed");
    for (Cli quiet :
        List.of(
            Cli.run("evaluate", file, "--stream", "--quiet"),
            Cli.run("--quiet", "evaluate", file, "--stream"))) {
      assertThat(quiet.code()).isZero();
      assertThat(quiet.err()).isEmpty();
      assertThat(quiet.out()).isEqualTo(loud.out());
    }
    Cli failed = Cli.run("evaluate", folder.resolve("none.csv").toString(), "--quiet");
    assertThat(failed.code()).isEqualTo(1);
    assertThat(failed.err()).contains("none.csv: no such file");
  }

  @Test
  void quietLetsWarningsPass() {
    StringWriter shown = new StringWriter();
    PrintWriter err = new PrintWriter(new QuietWriter(shown), true);
    err.println("a.csv: streamed");
    err.print("train [####    ] 50%\r");
    err.print("train [########] 100%\r");
    err.println(QuietWriter.WARNING + "the accuracy is below chance");
    err.println("swag4j: note: nothing");
    err.print(QuietWriter.WARNING + "in a Windows line\r\n");
    err.flush();
    assertThat(shown.toString().lines())
        .containsExactly(
            QuietWriter.WARNING + "the accuracy is below chance",
            QuietWriter.WARNING + "in a Windows line");
  }

  @Test
  void coloursAreLeftOutWhereTheyAreNotWanted() throws IOException, InterruptedException {
    Map<String, String> forced = Map.of("CLICOLOR_FORCE", "1", "NO_COLOR", "");
    String escape = "\u001b[";
    assertThat(Cli.runInNewProcess(folder, List.of(), forced, "info", "--help").out())
        .contains(escape);
    assertThat(Cli.runInNewProcess(folder, List.of(), forced, "info", "--no-color", "--help").out())
        .contains("--no-color")
        .doesNotContain(escape);
    Map<String, String> none = Map.of("CLICOLOR_FORCE", "1", "NO_COLOR", "1");
    assertThat(Cli.runInNewProcess(folder, List.of(), none, "info", "--help").out())
        .contains("--no-color")
        .doesNotContain(escape);
  }

  @Test
  void anUnknownOptionNamesTheNearest() {
    assertThat(Cli.run("evaluate", "a.csv", "--renormalize").err())
        .startsWith("swag4j: unknown option '--renormalize': did you mean --renormalise? (see ");
    assertThat(Cli.run("evaluate", "a.csv", "--label").err())
        .startsWith("swag4j: unknown option '--label': did you mean --label")
        .contains("--labels-are");
    assertThat(Cli.run("evaluate", "a.csv", "--nonsense=3").err())
        .startsWith("swag4j: unknown option '--nonsense' (see 'swag4j evaluate --help')");
  }

  @Test
  void aSlipInAnOptionThatMustBeThereIsNamedBeforeWhatIsMissing() {
    Cli cli = Cli.run("calibrate", "--fitt", "a.csv", "--apply", "b.csv", "-o", "c.csv");
    assertThat(cli.code()).isEqualTo(2);
    assertThat(cli.err()).startsWith("swag4j: unknown option '--fitt': did you mean --fit?");
    assertThat(Cli.run("calibrate", "--apply", "b.csv", "-o", "c.csv").err()).contains("--fit");
  }

  @Test
  void anUnknownCommandNamesTheNearestOrAll() {
    assertThat(Cli.run("evalute", "a.csv").err())
        .startsWith("swag4j: unknown command 'evalute': did you mean evaluate?");
    assertThat(Cli.run("xyzzy").err())
        .startsWith("swag4j: unknown command 'xyzzy': must be one of quickstart, train, ");
  }

  @Test
  void anUnknownMethodIsAnsweredWithTheNearestAndAll() {
    Cli cli =
        Cli.run(
            "calibrate",
            "--fit",
            "a.csv",
            "--apply",
            "b.csv",
            "-o",
            "c.csv",
            "--method",
            "isotnic");
    assertThat(cli.code()).isEqualTo(2);
    assertThat(cli.err()).contains("temperature, vector").contains("did you mean isotonic?");
  }

  @Test
  void completionIsPrintedForShellsThatTakeIt() {
    assertThat(Cli.run("completion", "zsh").out()).contains("bashcompinit", "--labels-are");
    Cli fish = Cli.run("completion", "fish");
    assertThat(fish.code()).isEqualTo(2);
    assertThat(fish.err()).contains("[bash, zsh]").contains("got fish");
  }

  @Test
  @EnabledOnOs(OS.LINUX)
  void bashCompletesCommandsAndOptions() throws IOException, InterruptedException {
    Path script =
        Files.writeString(folder.resolve("swag4j.bash"), Cli.run("completion", "bash").out());
    String complete =
        // bash has compopt only while it completes.
        "compopt() { :; }; source "
            + script
            + "; COMP_WORDS=(swag4j ev); COMP_CWORD=1; _complete_swag4j; echo ${COMPREPLY[@]};"
            + " COMP_WORDS=(swag4j evaluate --conv); COMP_CWORD=2; _complete_swag4j;"
            + " echo ${COMPREPLY[@]}";
    Path out = folder.resolve("out.txt");
    Path err = folder.resolve("err.txt");
    int code =
        new ProcessBuilder("bash", "-c", complete)
            .redirectOutput(out.toFile())
            .redirectError(err.toFile())
            .start()
            .waitFor();
    assertThat(code).as(Files.readString(err)).isZero();
    assertThat(Files.readAllLines(out)).containsExactly("evaluate", "--convention");
    assertThat(err).isEmptyFile();
  }
}
