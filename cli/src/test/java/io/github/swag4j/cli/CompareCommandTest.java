package io.github.swag4j.cli;

import static io.github.swag4j.cli.AnalysisCommandsTest.assertFailed;
import static io.github.swag4j.cli.AnalysisCommandsTest.assertUsage;
import static io.github.swag4j.cli.AnalysisCommandsTest.done;
import static io.github.swag4j.cli.AnalysisGoldenTest.file;
import static io.github.swag4j.cli.AnalysisGoldenTest.run;
import static org.assertj.core.api.Assertions.assertThat;

import com.google.gson.JsonObject;
import com.google.gson.JsonParser;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What compare takes for the same rows, and what it says of a difference. */
class CompareCommandTest {

  @TempDir private Path folder;

  private Path at(String name) {
    return folder.resolve(name);
  }

  @Test
  void comparedFilesMustBeOfTheSameRows() throws IOException {
    assertFailed(
        run("compare", file("first.csv"), file("fit.csv")), "needs the same rows, got 250", "500");
    assertFailed(run("compare", file("fit.csv"), file("test.csv")), "ids", "in row 0");
    assertUsage(run("compare", file("fit.csv"), file("fit.csv")), "twice");
    assertUsage(run("compare", file("fit.csv")), "FILE");
  }

  @Test
  void differencesAreSaidInWordsAndWritten() throws IOException {
    Path csv = at("differences.csv");
    Cli cli = done(run("compare", file("first.csv"), file("second.csv"), "--csv", csv.toString()));
    assertThat(cli.out())
        .contains(
            "second.csv against first.csv: the accuracy difference of -0.0320 is within noise")
        .containsPattern("the ECE difference of -0\\.0503 is within noise \\(p = 0\\.\\d{4}\\)")
        .contains("Holm's correction over 4 tests");
    assertThat(Files.readAllLines(csv)).hasSize(5);
    Cli turned = done(run("compare", file("second-shuffled.csv"), file("first.csv")));
    assertThat(turned.err()).contains("in the order of", "by id");
  }

  @Test
  void aDifferenceThatIsNoNoiseIsSaidWithItsError() throws IOException {
    Random random = new Random(6);
    List<String> sharp = new ArrayList<>(List.of("a,b,label"));
    List<String> dull = new ArrayList<>(List.of("a,b,label"));
    for (int i = 0; i < 300; i++) {
      double p = 0.5 + random.nextDouble() / 2;
      String label = random.nextDouble() < p ? "a" : "b";
      sharp.add(p + "," + (1 - p) + "," + label);
      double q = 0.5 + (p - 0.5) / 10;
      dull.add(q + "," + (1 - q) + "," + label);
    }
    Path one = Files.write(at("dull.csv"), dull);
    Path other = Files.write(at("sharp.csv"), sharp);
    String out = done(Cli.run("compare", one.toString(), other.toString())).out();
    assertThat(out)
        .contains("sharp.csv against dull.csv: no difference of accuracy")
        .containsPattern("NLL is lower by 0\\.\\d{4} ± 0\\.\\d{4}, p = 0\\.000\\d");
  }

  @Test
  void amongThreeMethodsEveryPairIsComparedWhereAsked() throws IOException {
    Path third = at("third.csv");
    Files.copy(Path.of(file("second.csv")), third);
    Cli cli =
        done(
            run(
                "compare",
                file("first.csv"),
                file("second.csv"),
                third.toString(),
                "--all-pairs",
                "--json"));
    assertThat(cli.out().lines()).hasSize(12);
    assertThat(cli.out().lines().skip(8))
        .allSatisfy(
            line -> {
              JsonObject same = JsonParser.parseString(line).getAsJsonObject();
              assertThat(same.get("difference").getAsDouble()).isZero();
              assertThat(same.get("p").getAsDouble()).isEqualTo(1);
              assertThat(same.get("significant").getAsBoolean()).isFalse();
            });
  }
}
