package io.github.swag4j.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** The first command a newcomer types shows what the program is for. */
class QuickstartTest {
  @TempDir private static Path folder;
  private static Cli quickstart;

  @BeforeAll
  static void runOnce() {
    quickstart = Cli.run("quickstart", "--threads", "1", "--out", folder.resolve("run").toString());
    assertThat(quickstart.code()).as(quickstart.err()).isZero();
  }

  /** The words of a line of the table of differences: who is better, difference, from, to. */
  private static List<String> difference(String methods, String metric) {
    String line =
        quickstart
            .out()
            .lines()
            .filter(l -> l.startsWith(methods) && l.contains(" " + metric + " "))
            .findFirst()
            .orElseThrow(() -> new AssertionError(quickstart.out()));
    List<String> words = List.of(line.strip().split(" +", -1));
    return words.subList(words.size() - 4, words.size());
  }

  @Test
  void averagingAndSwagGainMoreThanChanceInLossAndCalibration() {
    for (String metric : List.of("NLL", "Brier", "ECE")) {
      assertThat(difference("SWA minus SGD", metric)).startsWith("SWA");
      assertThat(difference("SWAG minus SGD", metric)).startsWith("SWAG");
    }
    double nll = Double.parseDouble(difference("SWAG minus SGD", "NLL").get(1).replace('−', '-'));
    assertThat(nll).isBetween(-0.3, -0.05);
  }

  @Test
  void theDigitsCanBeToldApart() {
    String line =
        quickstart
            .out()
            .lines()
            .filter(l -> l.startsWith("SGD ") && l.contains(" entropy "))
            .findFirst()
            .orElseThrow(() -> new AssertionError(quickstart.out()));
    double auroc = Double.parseDouble(line.strip().split(" +", -1)[2].replace("*", ""));
    assertThat(auroc).as(String.format(Locale.ROOT, "AUROC in%n%s", line)).isGreaterThan(0.7);
  }

  /** Commands of the guides that go on with the quickstart, on its run and in this folder. */
  @ParameterizedTest
  @CsvSource({"quickstart, 6", "out-of-distribution, 9"})
  void everyCommandOfTheGuideDoesSomething(String name, int commands) throws IOException {
    Path guide = Path.of("").toAbsolutePath().resolveSibling("docs/guide/" + name + ".md");
    int found = 0;
    for (String line : Files.readAllLines(guide)) {
      if (line.startsWith("$ ./swag4j ") && !line.equals("$ ./swag4j quickstart")) {
        String[] words = line.substring("$ ./swag4j ".length()).split(" +", -1);
        for (int i = 0; i < words.length; i++) {
          words[i] =
              words[i].startsWith("swag4j-quickstart")
                  ? folder + words[i].replaceFirst("swag4j-quickstart", "/run")
                  : words[i].matches("unusual|\\w+\\.(svg|pdf|png)")
                      ? folder.resolve(name).resolve(words[i]).toString()
                      : words[i];
        }
        Cli cli = Cli.run(words);
        assertThat(cli.code()).as(line + "\n" + cli.err()).isZero();
        assertThat(cli.out()).isNotBlank();
        found++;
      }
    }
    assertThat(found).isEqualTo(commands);
  }

  @Test
  void whatToTryNextIsThere() {
    assertThat(quickstart.out()).contains("Report:", "Try next:", "swag-quickstart.npz");
    assertThat(folder.resolve("run/predictions/swag-quickstart.npz")).isNotEmptyFile();
    assertThat(folder.resolve("run/report.html"))
        .content()
        .contains("Better than plain SGD?", "SWAG minus SGD");
  }
}
