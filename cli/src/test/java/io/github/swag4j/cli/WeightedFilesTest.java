package io.github.swag4j.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import com.google.gson.JsonElement;
import com.google.gson.JsonObject;
import com.google.gson.JsonParser;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Files with a weight column are judged as files in which rows are repeated as often. */
class WeightedFilesTest {
  @TempDir private Path folder;
  private Path weighted;
  private Path repeated;
  private Path weightedOut;
  private Path repeatedOut;

  @BeforeEach
  void writeFiles() throws IOException {
    Random random = new Random(11);
    weighted = folder.resolve("weighted.csv");
    repeated = folder.resolve("repeated.csv");
    write(random, 80, 0.9, weighted, repeated);
    weightedOut = folder.resolve("weighted-out.csv");
    repeatedOut = folder.resolve("repeated-out.csv");
    write(random, 50, 0.6, weightedOut, repeatedOut);
  }

  /** Probabilities in twentieths, so that confidences tie. */
  private static void write(Random random, int rows, double sure, Path weighted, Path repeated)
      throws IOException {
    StringBuilder once = new StringBuilder("a,b,label,weight\n");
    StringBuilder often = new StringBuilder("a,b,label\n");
    for (int r = 0; r < rows; r++) {
      double p = Math.rint(20 * (1 - sure + (2 * sure - 1) * random.nextDouble())) / 20;
      int weight = 1 + random.nextInt(4);
      String row =
          String.format(
              Locale.ROOT, "%.2f,%.2f,%d", p, 1 - p, random.nextDouble() < 0.8 * p + 0.1 ? 0 : 1);
      once.append(row).append(',').append(weight).append('\n');
      often.append((row + "\n").repeat(weight));
    }
    Files.writeString(weighted, once);
    Files.writeString(repeated, often);
  }

  @Test
  void streamedRowsWithWeightsSayThatTheyHaveNoIntervals() {
    Cli cli = Cli.run("evaluate", weighted.toString(), "--stream", "--ci");
    assertThat(cli.code()).as(cli.err()).isZero();
    assertThat(cli.out()).contains("no intervals: streamed rows with weights have none");
    Cli repeatedRows = Cli.run("evaluate", repeated.toString(), "--stream", "--ci");
    assertThat(repeatedRows.out()).contains("Clopper-Pearson").doesNotContain("no intervals");
  }

  private static JsonObject only(String... arguments) {
    Cli cli = Cli.run(arguments);
    assertThat(cli.code()).as(cli.err()).isZero();
    return JsonParser.parseString(cli.out()).getAsJsonObject();
  }

  private static void same(JsonObject actual, JsonObject expected, List<String> names) {
    for (String name : names) {
      assertThat(actual.get(name).isJsonNull()).as(name).isFalse();
      assertThat(actual.get(name).getAsDouble())
          .as(name)
          .isCloseTo(expected.get(name).getAsDouble(), within(1e-12));
    }
  }

  @Test
  void evaluateHasNoNullForWeightedRows() {
    JsonObject actual = only("evaluate", weighted.toString(), "--json");
    JsonObject expected = only("evaluate", repeated.toString(), "--json");
    assertThat(actual.get("n").getAsInt()).isEqualTo(80);
    actual.entrySet().forEach(e -> assertThat(e.getValue().isJsonNull()).as(e.getKey()).isFalse());
    same(
        actual,
        expected,
        List.of(
            "accuracy",
            "nll",
            "brier",
            "ece",
            "mce",
            "rmsce",
            "ace",
            "ece_equal_mass",
            "classwise_ece",
            "aurc",
            "augrc",
            "failure_auroc",
            "mean_confidence"));
  }

  @Test
  void oodTakesWeightedRowsOnEitherSide() {
    JsonObject actual =
        only("ood", "--in", weighted.toString(), "--out", weightedOut.toString(), "--json");
    JsonObject expected =
        only("ood", "--in", repeated.toString(), "--out", repeatedOut.toString(), "--json");
    assertThat(actual.get("n_in").getAsInt()).isEqualTo(80);
    for (Map.Entry<String, JsonElement> e : expected.getAsJsonObject("scores").entrySet()) {
      JsonObject got = actual.getAsJsonObject("scores").getAsJsonObject(e.getKey());
      same(
          got,
          e.getValue().getAsJsonObject(),
          List.of("auroc", "aupr_in", "aupr_out", "fpr95", "fpr95_id_positive", "detection_error"));
      // 80 rows of weights 1 to 4 tell less than 200 rows.
      assertThat(got.get("auroc_se").getAsDouble())
          .isGreaterThan(e.getValue().getAsJsonObject().get("auroc_se").getAsDouble());
    }
    JsonObject mixed =
        only("ood", "--in", repeated.toString(), "--out", weightedOut.toString(), "--json");
    same(
        mixed.getAsJsonObject("scores").getAsJsonObject("msp"),
        expected.getAsJsonObject("scores").getAsJsonObject("msp"),
        List.of("auroc", "aupr_out", "fpr95"));
  }

  @Test
  void oodReportsShowSharesOfWeight() throws IOException {
    Path report = folder.resolve("report");
    Cli cli =
        Cli.run(
            "ood",
            "--in",
            weighted.toString(),
            "--out",
            weightedOut.toString(),
            "--score",
            "msp",
            "--report",
            report.toString());
    assertThat(cli.code()).as(cli.err()).isZero();
    assertThat(Files.readString(report.resolve("report.html")))
        .contains("Shares are of the rows&#39; weights");
  }
}
