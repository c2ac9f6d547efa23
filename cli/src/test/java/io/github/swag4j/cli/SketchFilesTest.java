package io.github.swag4j.cli;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.gson.JsonObject;
import com.google.gson.JsonParser;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Random;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** evaluate --save-sketch, and evaluate of what it saved. */
class SketchFilesTest {
  @TempDir private static Path folder;

  @BeforeAll
  static void write() throws IOException {
    Random random = new Random(3);
    List<String> rows = new ArrayList<>();
    for (int r = 0; r < 900; r++) {
      double a = random.nextDouble();
      double b = (1 - a) * random.nextDouble();
      String label = List.of("a", "b", "c").get(random.nextInt(3));
      rows.add(String.format(Locale.ROOT, "%s,%s,%s,%s", a, b, 1 - a - b, label));
    }
    csv("all.csv", rows);
    csv("one.csv", rows.subList(0, 200));
    csv("two.csv", rows.subList(200, 650));
    csv("three.csv", rows.subList(650, 900));
    for (String part : List.of("one", "two", "three")) {
      saved(part + ".csv", part + ".sketch");
    }
  }

  private static void csv(String name, List<String> rows) throws IOException {
    List<String> lines = new ArrayList<>(List.of("prob_a,prob_b,prob_c,label"));
    lines.addAll(rows);
    Files.write(folder.resolve(name), lines);
  }

  private static void saved(String file, String sketch, String... more) {
    Cli cli = evaluate(List.of(file), with(more, "--save-sketch", path(sketch)));
    assertThat(cli.code()).as(cli.err()).isZero();
  }

  private static String[] with(String[] words, String... more) {
    List<String> all = new ArrayList<>(List.of(words));
    all.addAll(List.of(more));
    return all.toArray(String[]::new);
  }

  private static String path(String name) {
    return folder.resolve(name).toString();
  }

  private static Cli evaluate(List<String> files, String... more) {
    List<String> words = new ArrayList<>(List.of("evaluate"));
    files.forEach(file -> words.add(path(file)));
    words.addAll(List.of(more));
    return Cli.run(words.toArray(String[]::new));
  }

  private static JsonObject json(Cli cli) {
    assertThat(cli.code()).as(cli.err()).isZero();
    JsonObject object = JsonParser.parseString(cli.out()).getAsJsonObject();
    object.remove("file");
    object.remove("read");
    return object;
  }

  @Test
  void sketchesOfPartsHaveTheNumbersOfAllRowsStreamed() throws IOException {
    List<String> parts = List.of("three.sketch", "one.sketch", "two.sketch");
    Cli together = evaluate(parts, "--json", "--ci", "--save-sketch", path("together.sketch"));
    JsonObject streamed = json(evaluate(List.of("all.csv"), "--stream", "--json", "--ci"));
    // Squares of single rows are the one thing that bytes do not hold.
    assertThat(together.err()).contains("no squares of NLL and Brier score");
    streamed.getAsJsonObject("intervals").remove("nll");
    streamed.getAsJsonObject("intervals").remove("brier");
    assertThat(json(together)).isEqualTo(streamed);
    assertThat(together.err())
        .contains("one.sketch: sketch of 200 rows and 3 classes (guo: 15 equal-width bins)")
        .contains("swag4j: 3 sketches judged as one, of 900 rows (each by itself: --each)");
    saved("all.csv", "all-in-memory.sketch");
    saved("all.csv", "all-streamed.sketch", "--stream");
    byte[] whole = Files.readAllBytes(folder.resolve("together.sketch"));
    assertThat(folder.resolve("all-in-memory.sketch")).hasBinaryContent(whole);
    assertThat(folder.resolve("all-streamed.sketch")).hasBinaryContent(whole);
  }

  @Test
  void eachIsJudgedByItselfWhereAskedAndAPageIsWritten() {
    Cli each = evaluate(List.of("one.sketch", "two.sketch"), "--each", "--report", path("page"));
    assertThat(each.code()).as(each.err()).isZero();
    assertThat(each.out()).contains("one.sketch", "200", "two.sketch", "450");
    assertThat(folder.resolve("page/report.html")).exists();
    assertThat(evaluate(List.of("one.sketch", "two.sketch")).out())
        .contains("one.sketch and 1 more", "650");
  }

  private static void refused(Cli cli, String message) {
    assertThat(cli.code()).as(cli.err()).isIn(1, 2);
    assertThat(cli.out()).isEmpty();
    assertThat(cli.err()).contains(message).doesNotContain("Exception");
  }

  @Test
  void rowsCountedTwiceAndSumsOfOtherBinsAreRefused() throws IOException {
    refused(evaluate(List.of("one.sketch", "one.sketch")), "is named twice");
    Files.copy(folder.resolve("one.sketch"), folder.resolve("copy.sketch"));
    assertThat(evaluate(List.of("one.sketch", "copy.sketch")).err())
        .contains("hold the same bytes: if they are of the same rows, these are counted twice");
    refused(
        evaluate(List.of("one.sketch"), "--bins", "20"),
        "is a sketch of guo: 15 equal-width bins, and other bins cannot be had from it");
    assertThat(evaluate(List.of("one.sketch"), "--bins", "15").code()).isZero();
    saved("two.csv", "other.sketch", "--convention", "sklearn");
    refused(evaluate(List.of("one.sketch", "other.sketch")), "other.sketch: is no part of ");
    refused(evaluate(List.of("one.sketch", "other.sketch"), "--each"), "judge them in two calls");
  }

  @Test
  void whatNeedsRowsIsRefusedByItsOption() {
    for (String[] words :
        new String[][] {
          {"--by", "site"},
          {"--rows", path("rows.csv")},
          {"--logits"},
          {"--labels", path("all.csv")}
        }) {
      refused(
          evaluate(List.of("one.sketch"), words),
          words[0] + " is of rows, and a sketch holds sums alone: leave it out");
    }
    refused(
        evaluate(List.of("one.sketch", "all.csv")),
        "sketches and files of rows are judged in two calls, got 1 sketches among 2 files");
    refused(evaluate(List.of("one.csv"), "--each"), "--each goes with sketches");
    refused(
        evaluate(List.of("one.csv", "two.csv"), "--save-sketch", path("x.sketch")),
        "--save-sketch goes with one file of rows, got 2");
    refused(
        evaluate(List.of("one.csv"), "--convention", "equal-mass", "--save-sketch", path("x")),
        "--save-sketch needs bins that do not depend on the data");
    refused(
        evaluate(List.of("one.csv"), "--save-sketch", path("one.csv"), "--overwrite"),
        "--save-sketch must name a file of its own");
    refused(
        Cli.run(
            "calibrate",
            "--fit",
            path("one.sketch"),
            "--apply",
            path("one.csv"),
            "-o",
            path("c.csv")),
        "a calibration sketch, which holds no rows");
  }

  @Test
  void damagedSketchesAreRefused() throws IOException {
    byte[] bytes = Files.readAllBytes(folder.resolve("two.sketch"));
    bytes[bytes.length / 2] ^= 1;
    Files.write(folder.resolve("damaged.sketch"), bytes);
    refused(evaluate(List.of("damaged.sketch")), "damaged.sketch: checksum must be ");
    Files.write(
        folder.resolve("short.sketch"), new byte[] {'S', 'W', 'A', 'G', '4', 'J', 'C', 'S'});
    refused(evaluate(List.of("short.sketch")), "short.sketch: ");
  }
}
