package io.github.swag4j.cli;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.gson.JsonObject;
import com.google.gson.JsonParser;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.function.IntFunction;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What served rows and labels mean, however they are written: read as said, or refused. */
class MonitorReadingTest {
  private static final int ROWS = 40;

  @TempDir private Path folder;

  /** Row i is right 3 times of 4, sure of the cat in every second row. */
  private static boolean cat(int i) {
    return i % 2 == 0 ^ i % 4 == 3;
  }

  private static String p(int i) {
    return i % 2 == 0 ? "0.9" : "0.2";
  }

  private static String q(int i) {
    return i % 2 == 0 ? "0.1" : "0.8";
  }

  private static String pet(int i) {
    return cat(i) ? "cat" : "dog";
  }

  private Path file(String name, String header, IntFunction<String> row) throws IOException {
    List<String> lines = new ArrayList<>();
    if (header != null) {
      lines.add(header);
    }
    for (int i = 0; i < ROWS; i++) {
      lines.add(row.apply(i));
    }
    return Files.write(folder.resolve(name), lines);
  }

  private Path reference() throws IOException {
    return file("ref.csv", "cat,dog,label", i -> p(i) + "," + q(i) + "," + pet(i));
  }

  private static Cli monitor(Path served, Path reference, String... more) {
    List<String> args =
        new ArrayList<>(
            List.of(
                "monitor", served + "", "--reference", reference + "", "--window", "20", "--json"));
    args.addAll(List.of(more));
    return Cli.run(args.toArray(new String[0]));
  }

  private static List<JsonObject> lines(Cli cli) {
    assertThat(cli.code()).as(cli.err()).isZero();
    return cli.out().lines().map(line -> JsonParser.parseString(line).getAsJsonObject()).toList();
  }

  private static JsonObject all(Cli cli) {
    List<JsonObject> lines = lines(cli);
    return lines.get(lines.size() - 1).getAsJsonObject("all_windows");
  }

  private static void assertReadRight(Cli cli) {
    assertThat(all(cli).get("rows").getAsInt()).isEqualTo(ROWS);
    assertThat(all(cli).get("labelled").getAsInt()).isEqualTo(ROWS);
    assertThat(all(cli).get("accuracy").getAsDouble()).isEqualTo(0.75);
  }

  @Test
  void servedPercentagesAreToldTheirOption() throws IOException {
    Path served = file("served.csv", "cat,dog", i -> i % 2 == 0 ? "90,10" : "20,80");
    Cli cli = monitor(served, reference());
    assertThat(cli.err())
        .contains("if these are percentages, say --percent: row not counted")
        .doesNotContain("--logits");
  }

  @Test
  void percentSignsAreReadWhereThePercentagesAreSaid() throws IOException {
    IntFunction<String> row =
        i -> (i % 2 == 0 ? "90%,10.0%" : "20 %,80%").replace(" %", "%") + "," + pet(i);
    Path served = file("signs.csv", "cat,dog,label", row);
    assertThat(monitor(served, reference()).err()).contains("it is a percentage: say --percent");
    assertReadRight(monitor(served, served, "--percent"));
  }

  @Test
  void filesThatAreNoLinesOfRowsAreSaidToBeWhatTheyAre() throws IOException {
    Path reference = reference();
    String text = Files.readString(reference);
    Path other = folder.resolve("other.csv");
    Files.writeString(other, text.replace('\n', '\r'));
    assertThat(monitor(other, reference).err()).contains("got lines that end with a carriage");
    Files.write(other, ("\uFEFF" + text).getBytes(StandardCharsets.UTF_16LE));
    assertThat(monitor(other, reference).err()).contains("in UTF-8, got text in UTF-16");
    Files.writeString(other, "[\n{\"cat\": 0.5, \"dog\": 0.5}\n]\n");
    assertThat(monitor(other, reference).err()).contains("one JSON object each");
    Files.write(other, new byte[] {'P', 'K', 3, 4, '\n', 7});
    assertThat(monitor(other, reference).err()).contains("got a ZIP or NPZ archive");
  }

  @Test
  void anIndexCountsTheColumnsOfItsOwnFile() throws IOException {
    IntFunction<String> swapped = i -> q(i) + "," + p(i) + "," + (cat(i) ? 1 : 0);
    Path served = file("s.csv", "dog,cat,label", swapped);
    Cli named = monitor(served, reference());
    assertReadRight(named);
    assertThat(named.err()).contains("counts the columns of its own file");
    Path indexed = file("i.csv", "cat,dog,label", i -> p(i) + "," + q(i) + "," + (cat(i) ? 0 : 1));
    assertReadRight(monitor(indexed, indexed, "--class-columns", "dog,cat"));
    Path late = file("late.csv", "id,label", i -> "r" + i + "," + (cat(i) ? 0 : 1));
    Path bare = file("bare.csv", "id,cat,dog", i -> "r" + i + "," + p(i) + "," + q(i));
    assertReadRight(monitor(bare, reference(), "--late-labels", late + ""));
    Cli unclear = monitor(bare, indexed, "--class-columns", "dog,cat", "--late-labels", late + "");
    assertThat(unclear.err()).contains("the label must be one of dog, cat, got '0'");
  }

  @Test
  void labelsOfOneColumnMeanWhatTheReferencesMean() throws IOException {
    Path named = file("b.csv", "cat,label", i -> p(i) + "," + pet(i));
    assertReadRight(monitor(named, named));
    Path numbers = file("n.csv", "p,label", i -> p(i) + "," + (cat(i) ? 0 : 1));
    assertReadRight(monitor(numbers, numbers, "--positive-class", "0"));
    Path words = file("w.csv", "p,label", i -> p(i) + "," + (cat(i) ? "yes" : "no"));
    assertReadRight(monitor(words, words));
    Path logits = file("l.csv", "logit,label", i -> (i % 2 == 0 ? "0.9" : "-3") + "," + cat(i));
    double confidence =
        all(monitor(logits, logits, "--logits", "--class-columns", "logit"))
            .get("mean_confidence")
            .getAsDouble();
    assertThat(confidence).isBetween(0.83, 0.832); // of 0.7109 and 0.9526
  }

  @Test
  void labelsAreFoundByAllTheirUsualNamesAndWhatMayBeAPredictionIsNotTaken() throws IOException {
    Path actual = file("a.csv", "cat,dog,actual", i -> p(i) + "," + q(i) + "," + pet(i));
    assertReadRight(monitor(actual, reference()));
    Path top =
        file("t.csv", "cat,dog,class", i -> p(i) + "," + q(i) + "," + (i % 2 == 0 ? "cat" : "dog"));
    assertThat(monitor(top, reference()).err())
        .contains("could hold the label or the class predicted")
        .contains("--ignore-columns class");
    JsonObject ignored = all(monitor(top, reference(), "--ignore-columns", "class"));
    assertThat(ignored.get("labelled").getAsInt()).isZero();
    assertReadRight(
        monitor(
            file("c.csv", "cat,dog,class", i -> p(i) + "," + q(i) + "," + pet(i)),
            file("rc.csv", "cat,dog,class", i -> p(i) + "," + q(i) + "," + pet(i))));
  }

  @Test
  void namesThatAreNumbersAreNoIndicesUnlessTheReferenceShowsIt() throws IOException {
    IntFunction<String> row = i -> p(i) + "," + q(i) + "," + (cat(i) ? 1 : 2);
    Path named = file("n.csv", "1,2,label", row);
    Path bare = file("b.csv", "1,2", i -> p(i) + "," + q(i));
    assertReadRight(monitor(named, named));
    Cli unclear = monitor(named, bare);
    assertThat(unclear.err()).contains("a name, by --labels-are name, or an index");
    assertReadRight(monitor(named, bare, "--labels-are", "name"));
  }

  @Test
  void otherSeparatorsAndNamesGivenTwiceAreRefusedInWords() throws IOException {
    for (String separator : List.of(";", "\t")) {
      Path served =
          file(
              "s.csv",
              String.join(separator, "cat", "dog"),
              i -> p(i).replace('.', ',') + separator + q(i).replace('.', ','));
      Cli cli = monitor(served, reference());
      assertThat(cli.code()).isEqualTo(1);
      assertThat(cli.err())
          .contains("must have commas between fields, and points in numbers")
          .contains(separator.equals(";") ? "semicolons" : "tabs");
    }
    Path twice = file("t.csv", "cat,dog,cat", i -> p(i) + "," + q(i) + ",0.5");
    assertThat(monitor(twice, reference()).err()).contains("must be unique, got 'cat' twice");
  }

  @Test
  void jsonIsReadAsStrictlyAsInEveryOtherFile() throws IOException {
    Path nested =
        file(
            "n.jsonl",
            null,
            i ->
                String.format(
                    java.util.Locale.ROOT,
                    "{\"probs\":{\"dog\":%s,\"cat\":%s},\"label\":\"%s\"}",
                    q(i),
                    p(i),
                    pet(i)));
    assertReadRight(monitor(nested, reference()));
    Path logits =
        file(
            "l.jsonl",
            null,
            i ->
                String.format(
                    java.util.Locale.ROOT,
                    "{\"classes\":[\"cat\",\"dog\"],\"logits\":[%s,0],\"label\":\"%s\"}",
                    i % 2 == 0 ? "3" : "-2",
                    pet(i)));
    assertReadRight(monitor(logits, reference()));
    List<String> odd =
        List.of(
            "{\"cat\":0.9,\"cat\":0.2,\"dog\":0.1}",
            "{\"cat\":NaN,\"dog\":0.1}",
            "{cat:0.9,\"dog\":0.1}",
            "{\"dog\":0.1,\"cat\":0.9,\"label\":0}",
            "{\"cat\":0.9,\"dog\":0.1} {}");
    List<String> lines = new ArrayList<>(Files.readAllLines(nested));
    lines.addAll(7, odd);
    Files.write(nested, lines);
    Cli cli = monitor(nested, reference());
    assertReadRight(cli);
    assertThat(lines(cli).get(0).get("refused").getAsInt()).isEqualTo(odd.size());
    assertThat(cli.err()).contains("name \"cat\" given twice");
  }

  @Test
  void aQuoteLeftOpenLosesItsOwnLineAlone() throws IOException {
    Path served = file("s.csv", "cat,dog,label", i -> p(i) + "," + q(i) + "," + pet(i));
    List<String> lines = new ArrayList<>(Files.readAllLines(served));
    lines.add(11, "\"0.5,0.5,cat");
    lines.add(31, "\"0.5\",\"0.5,cat");
    Files.write(served, lines);
    Cli cli = monitor(served, reference());
    assertReadRight(cli);
    List<JsonObject> windows = lines(cli);
    assertThat(windows.get(0).get("refused").getAsInt()).isEqualTo(1);
    assertThat(windows.get(1).get("refused").getAsInt()).isEqualTo(1);
  }

  @Test
  void textThatIsNotUtf8IsNotTakenForAnothers() throws IOException {
    Path bare = file("b.csv", "id,cat,dog", i -> "r\u00e9" + i + "," + p(i) + "," + q(i));
    Files.writeString(bare, Files.readString(bare), StandardCharsets.ISO_8859_1);
    Path late = file("late.csv", "id,label", i -> "r\u00e8" + i + "," + pet(i));
    Files.writeString(late, Files.readString(late), StandardCharsets.ISO_8859_1);
    Cli cli = monitor(bare, reference(), "--late-labels", late + "");
    assertThat(cli.err()).contains("text must be UTF-8");
    assertThat(lines(cli).get(0).get("rows_taken").getAsInt()).isZero();
  }

  /** A file of nothing but such rows took the square of their number. */
  @Test
  void rowsWithoutLabelsToComeAreNotWaitedForAndManyThatAreNotValidAreCountedOnce()
      throws IOException {
    Path bare = file("b.csv", "id,cat,dog", i -> "r" + i + "," + p(i) + "," + q(i));
    List<JsonObject> lines = lines(monitor(bare, reference()));
    assertThat(lines).hasSize(3);
    assertThat(lines.get(0).get("labels_final").getAsBoolean()).isTrue();
    assertThat(monitor(bare, reference(), "--id-column", "id").code()).isEqualTo(2);
    Path late = file("late.csv", "id,label", i -> "r" + i + "," + pet(i));
    Path without = file("w.csv", "cat,dog", i -> p(i) + "," + q(i));
    assertThat(monitor(without, reference(), "--late-labels", late + "").err())
        .contains("the column 'id', to find late labels by");
    StringBuilder text = new StringBuilder("cat,dog\n");
    for (int i = 0; i < 60_000; i++) {
      text.append("3.5,-1.5\n");
    }
    Files.writeString(bare, text);
    Cli cli = monitor(bare, reference());
    assertThat(lines(cli).get(0).get("rows_refused").getAsInt()).isEqualTo(60_000);
    assertThat(cli.err()).contains("say --logits");
  }
}
