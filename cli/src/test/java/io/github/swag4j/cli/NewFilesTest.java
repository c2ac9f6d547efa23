package io.github.swag4j.cli;

import static io.github.swag4j.cli.AnalysisCommandsTest.assertFailed;
import static io.github.swag4j.cli.AnalysisCommandsTest.assertUsage;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** No command writes over what it reads, or two things into one file. */
class NewFilesTest {
  private static final String ROWS = "cat,dog,label\n0.75,0.25,cat\n0.5,0.5,dog\n";

  @TempDir private Path folder;
  private String rows;
  private String other;

  @BeforeEach
  void write() throws IOException {
    rows = Files.writeString(folder.resolve("rows.csv"), ROWS).toString();
    other = Files.writeString(folder.resolve("other.csv"), ROWS).toString();
  }

  private void assertRefused(String option, String... command) throws IOException {
    List<String> allowed = new ArrayList<>(List.of(command));
    allowed.add("--overwrite");
    Cli cli = Cli.run(allowed.toArray(new String[0]));
    assertUsage(cli, option + " must name a file of its own, got ");
    assertThat(Files.readString(Path.of(rows))).isEqualTo(ROWS);
    assertThat(Files.readString(Path.of(other))).isEqualTo(ROWS);
  }

  @Test
  void aFileThatIsReadIsNotWritten() throws IOException {
    assertRefused("--rows", "evaluate", rows, "--rows", rows);
    assertRefused("--csv", "evaluate", rows, "--csv", folder.resolve("./rows.csv").toString());
    assertRefused("--csv", "compare", rows, other, "--csv", other);
    assertRefused(
        "--rows", "abstain", "--fit", rows, "--error=0.5", "--apply", other, "--rows", rows);
    assertRefused("--save", "conformal", "--fit", rows, "--apply", other, "--save", other);
    assertRefused("--out", "calibrate", "--fit", rows, "--apply", other, "-o", other);
    Path link = Files.createSymbolicLink(folder.resolve("link.csv"), Path.of(rows));
    assertRefused("--rows", "evaluate", rows, "--rows", link.toString());
  }

  @Test
  void twoThingsAreNotWrittenIntoOneFile() throws IOException {
    String out = folder.resolve("out.csv").toString();
    assertRefused("--csv", "evaluate", rows, "--rows", out, "--csv", out);
    assertRefused(
        "--save", "conformal", "--fit", rows, "--apply", other, "--rows", out, "--save", out);
    assertThat(Path.of(out)).doesNotExist();
    String capitals = folder.resolve("OUT.csv").toString();
    assertRefused("--csv", "evaluate", rows, "--rows", out, "--csv", capitals);
    assertRefused(
        "--save", "calibrate", "--fit", rows, "--apply", other, "-o", out, "--save", capitals);
    assertUsage(
        Cli.run("ood", "--in", rows, "--out", other, "--out", other.replace("other", "OTHER")),
        "--out must name files of different names");
  }

  @Test
  void aFolderThatIsNotEmptyIsRefusedBeforeTheWork() throws IOException {
    String missing = folder.resolve("missing.csv").toString();
    String page = Files.createDirectories(folder.resolve("page")).toString();
    Files.writeString(folder.resolve("page/mine.txt"), "mine");
    for (Cli cli :
        List.of(
            Cli.run("evaluate", missing, "--report", page),
            Cli.run("ood", "--in", missing, "--out", other, "--report", page))) {
      assertFailed(cli, page + ": must be empty or new: name another directory");
    }
  }

  @Test
  void aFileThatIsThereIsLeftUnlessItMayBeReplaced() {
    Cli cli = Cli.run("compare", rows, other, "--csv", folder.resolve("rows.csv") + "x");
    assertThat(cli.code()).as(cli.err()).isZero();
    assertThat(cli.out()).contains("Written: ");
    assertFailed(
        Cli.run("compare", rows, other, "--csv", folder.resolve("rows.csv") + "x"),
        "exists: name another file, or say --overwrite");
  }
}
