package io.github.swag4j.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Commands on Parquet files say what they say on the same rows as CSV. */
class ParquetCommandsTest {
  private static final Path FOLDER =
      Path.of("..", "parquet", "src", "test", "resources", "io", "github", "swag4j", "parquet");

  @TempDir private Path temporary;

  private static String path(String name) {
    return FOLDER.resolve(name).toString();
  }

  /** What a command prints of a file, which is called F in it. */
  private static String said(String name, String command) {
    Cli cli = Cli.run(command.replace("F", path(name)).split(" ", -1));
    assertThat(cli.code()).as(cli.err()).isZero();
    assertThat(cli.err()).doesNotContain("SLF4J", "WARNING");
    return cli.out()
        .replace(path(name), "F")
        .replaceAll("(?m)^" + name.replaceAll("\\.\\w+$", "") + " ", "F ")
        .replaceAll(" +", " ")
        .replaceAll("─+", "─");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "evaluate F --json",
        "evaluate F --stream",
        "evaluate F --by site",
        "evaluate F --ci --json",
        "ood --in F --out F",
        "abstain --fit F --ignore-columns weight --error 0.9"
      })
  void sayTheSameAsOfCsv(String command) {
    String expected = said("rows.csv", command);
    assertThat(expected).isNotEmpty();
    assertThat(said("pyarrow-v2.parquet", command)).isEqualTo(expected);
    assertThat(said("spark", command)).isEqualTo(expected);
  }

  @Test
  void correctedPredictionsHaveTheColumnsOfTheFile() throws Exception {
    Path fit = temporary.resolve("fit.csv");
    Files.writeString(fit, "cat,dog,owl,label\n0.5,0.25,0.25,cat\n0.25,0.5,0.25,owl\n");
    String command = "calibrate --fit " + fit + " --apply F --method temperature -o ";
    Path csv = temporary.resolve("csv.csv");
    Path parquet = temporary.resolve("parquet.csv");
    said("rows.csv", command + csv);
    said("polars.parquet", command + parquet);
    assertThat(Files.readAllLines(parquet)).isEqualTo(Files.readAllLines(csv));
  }

  @Test
  void rowsOfTwoFilesAreComparedWhateverTheirKind() {
    Cli cli = Cli.run("compare", path("rows.csv"), path("duckdb.parquet"), path("spark"));
    assertThat(cli.code()).as(cli.err()).isZero();
  }

  @Test
  void refusalsNameOptionsAndRows() {
    Cli cli = Cli.run("evaluate", path("pyarrow-embedding.parquet"));
    assertThat(cli.code()).isOne();
    assertThat(cli.err()).contains("row 1: 'embedding' holds an array");
    cli =
        Cli.run("evaluate", path("null.parquet"), "--rows", temporary.resolve("r.csv").toString());
    assertThat(cli.code()).isOne();
    assertThat(cli.out()).isEmpty();
    assertThat(cli.err()).contains("null.parquet, row 42, column 2: 'dog' must be a finite number");
    assertThat(temporary.resolve("r.csv")).doesNotExist();
  }
}
