package io.github.swag4j.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

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

  @Test
  void whatToTryNextIsThere() {
    assertThat(quickstart.out()).contains("Report:", "Try next:", "swag-quickstart.npz");
    assertThat(folder.resolve("run/predictions/swag-quickstart.npz")).isNotEmptyFile();
    assertThat(folder.resolve("run/report.html"))
        .content()
        .contains("Better than plain SGD?", "SWAG minus SGD");
  }
}
