package io.github.swag4j.cli;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.gson.JsonArray;
import com.google.gson.JsonObject;
import com.google.gson.JsonParser;
import io.github.swag4j.calibration.recalibration.TemperatureScaling;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.Random;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What people who have never read the file formats meet in evaluate, calibrate and ood. */
class FilesAsTheyComeCommandsTest {
  private static final int ROWS = 60;

  @TempDir private Path folder;
  private String fit;
  private String test;

  @BeforeEach
  void writeFiles() throws IOException {
    fit = write("fit.csv", 1, "", "", "cat,dog,cow,label");
    test = write("test.csv", 2, "", "", "cat,dog,cow,label");
  }

  /** Rows of three classes; %d in what stands before and behind them is the row's number. */
  private String write(String name, int seed, String before, String behind, String header)
      throws IOException {
    Random random = new Random(seed);
    StringBuilder text = new StringBuilder(header + "\n");
    for (int r = 0; r < ROWS; r++) {
      double a = 0.9 * random.nextDouble();
      double b = (1 - a) * random.nextDouble();
      double u = random.nextDouble();
      int label = u < a ? 0 : u < a + b ? 1 : 2;
      text.append(String.format(Locale.ROOT, before, r))
          .append(a + "," + b + "," + (1 - a - b) + "," + label)
          .append(String.format(Locale.ROOT, behind, r))
          .append('\n');
    }
    return Files.writeString(folder.resolve(name), text).toString();
  }

  private static JsonObject only(Cli cli) {
    assertThat(cli.code()).as(cli.err()).isZero();
    return JsonParser.parseString(cli.out()).getAsJsonObject();
  }

  private static void sameNumbers(JsonObject got, JsonObject expected) {
    got.remove("file");
    got.remove("read");
    expected.remove("file");
    expected.remove("read");
    assertThat(got).isEqualTo(expected);
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "Unnamed: 0"})
  void aPandasIndexIsNotReadAndThisIsSaid(String name) throws IOException {
    String file = write("index.csv", 2, "%d,", "", name + ",cat,dog,cow,label");
    for (String[] way : new String[][] {{"--json"}, {"--json", "--stream"}}) {
      Cli cli = evaluate(file, way);
      assertThat(cli.err())
          .contains(
              file
                  + ": classes cat, dog, cow · labels: label (indices) · ignored: "
                  + (name.isEmpty() ? "column 1 without a name" : name)
                  + " · weights: none");
      sameNumbers(only(cli), only(evaluate(test, way)));
    }
    if (!name.isEmpty()) {
      Cli ignored = Cli.run("evaluate", file, "--ignore-columns", name);
      assertThat(ignored.code()).isZero();
      assertThat(ignored.err()).contains("ignored: Unnamed: 0 ·");
    }
  }

  private static Cli evaluate(String file, String... way) {
    return with(new String[] {"evaluate", file}, way);
  }

  @Test
  void itIsEnoughThatOneOfSeveralFilesHasAColumnToIgnore() throws IOException {
    String timed = write("timed.csv", 1, "", ",%d", "cat,dog,cow,label,time");
    String out = folder.resolve("out.csv").toString();
    for (String[] files : new String[][] {{timed, test}, {test, timed}}) {
      List<String[]> commands =
          List.of(
              new String[] {
                "calibrate", "--fit", files[0], "--apply", files[1], "-o", out, "--overwrite"
              },
              new String[] {"ood", "--in", files[0], "--out", files[1], "--json"},
              new String[] {"evaluate", files[0], files[1], "--stream", "--json"},
              new String[] {"evaluate", files[0], files[1]});
      for (String[] command : commands) {
        Cli done = with(command, "--ignore-columns", "time");
        assertThat(done.code()).as(done.err()).isZero();
        Cli typo = with(command, "--ignore-columns", "tiem");
        assertThat(typo.code()).isEqualTo(1);
        assertThat(typo.err())
            .contains(files[0] + ", " + files[1] + ": one header must have the column 'tiem'")
            .contains("cow, label, time");
        assertThat(typo.err().lines()).hasSize(1);
      }
    }
    Cli one = Cli.run("evaluate", test, "--ignore-columns", "time");
    assertThat(one.err()).contains("test.csv: the header must have the column 'time' to ignore it");
  }

  private static Cli with(String[] command, String... more) {
    return Cli.run(Stream.concat(Stream.of(command), Stream.of(more)).toArray(String[]::new));
  }

  @Test
  void whatCannotBeReadIsRefusedWithARemedyThatWorks() throws IOException {
    String ones = Files.readString(Path.of(test)).replaceAll("(?m),2$", ",3");
    String file = Files.writeString(folder.resolve("ones.csv"), ones).toString();
    for (String[] way : new String[][] {{"--json"}, {"--stream"}}) {
      Cli cli = evaluate(file, way);
      assertThat(cli.err())
          .contains("class indices begin at 0, subtract 1 if the labels are 1 to 3");
    }
    String unlabelled =
        Files.writeString(folder.resolve("none.csv"), "cat,dog\n0.25,0.75\n").toString();
    for (String[] way : new String[][] {{"--json"}, {"--stream"}}) {
      assertThat(evaluate(unlabelled, way).err())
          .contains("none.csv: must have labels, got none among the columns cat, dog: call them");
    }
    String bare = Files.readString(Path.of(test)).replaceAll("(?m),[^,]*$", "");
    String apply = Files.writeString(folder.resolve("bare.csv"), bare).toString();
    String out = folder.resolve("bare-out.csv").toString();
    assertThat(Cli.run("calibrate", "--fit", fit, "--apply", apply, "-o", out).out())
        .contains("Not judged: " + apply + " has no labels")
        .contains("Written: " + out);
    Cli fitting = Cli.run("calibrate", "--fit", unlabelled, "--apply", unlabelled, "-o", "x.csv");
    assertThat(fitting.err()).contains("must have labels, got none among the columns cat, dog");
    String score = Files.writeString(folder.resolve("s.csv"), "score,y\n2.5,1\n-1,0\n").toString();
    for (String[] way : new String[][] {{"--json"}, {"--json", "--stream"}}) {
      Cli cli = evaluate(score, way);
      assertThat(cli.code()).isEqualTo(1);
      assertThat(cli.err()).contains("if these are logits, say --logits");
      Cli logits = with(new String[] {"evaluate", score, "--logits"}, way);
      assertThat(only(logits).get("accuracy").getAsDouble()).isEqualTo(1);
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"weight", "weights", "sample_weight", "sample_weights", "Sample_Weight"})
  void weightsUnderAnyUsualNameAreNoClassAmongLogits(String name) throws IOException {
    String file = write("weighted.csv", 2, "", ",2", "cat,dog,cow,label," + name);
    String[][] ways = {
      {"--json"}, {"--json", "--stream"}, {"--json", "--class-columns", "cat,dog,cow"}
    };
    for (String[] way : ways) {
      assertThat(only(evaluate(file, way)).get("classes").getAsInt()).isEqualTo(3);
    }
    String logits =
        Files.writeString(folder.resolve("l.csv"), "a,b,label," + name + "\n2,1,0,5\n0,3,1,5\n")
            .toString();
    assertThat(only(evaluate(logits, "--logits", "--json")).get("classes").getAsInt()).isEqualTo(2);
  }

  @Test
  void fourDecimalsAreEnough() throws IOException {
    Path file = folder.resolve("four.csv");
    Files.writeString(file, "a,b,c,label\n0.3333,0.3333,0.3333,0\n0.5001,0.2500,0.2500,1\n");
    assertThat(only(evaluate(file.toString(), "--json")).get("n").getAsInt()).isEqualTo(2);
    assertThat(only(evaluate(file.toString(), "--json", "--stream")).get("n").getAsInt())
        .isEqualTo(2);
    Files.writeString(file, "a,b,c,label\n0.3333,0.3333,0.3332,0\n");
    assertThat(evaluate(file.toString()).err()).contains("say --renormalise");
  }

  @Test
  void tablesSayHowManyRowsAndMarkWhatIsBetterBeyondChanceOnly() {
    for (Cli cli :
        List.of(Cli.run("evaluate", fit, test), Cli.run("evaluate", fit, test, "--stream"))) {
      assertThat(cli.out()).doesNotContain("*");
      List<String> lines = cli.out().lines().toList();
      assertThat(lines.get(0)).containsPattern("file +n +classes +accuracy");
      assertThat(lines.get(2)).containsPattern("fit.csv +60 +3 +0\\.");
      assertThat(lines.get(3)).containsPattern("test.csv +60 +3 +0\\.");
    }
    String out = folder.resolve("marked.csv").toString();
    assertThat(Cli.run("calibrate", "--fit", fit, "--apply", test, "-o", out).out())
        .doesNotContain("*");
    List<String> ood =
        Cli.run("ood", "--in", fit, "--out", test, "--score", "msp").out().lines().toList();
    assertThat(ood).noneMatch(line -> line.contains("*"));
    List<String> both =
        Cli.run("ood", "--in", fit, "--out", test, out, "--score", "msp").out().lines().toList();
    assertThat(both).hasSize(6).noneMatch(line -> line.contains("*"));
    assertThat(both.get(5)).isEqualTo("marked: No star: the scores were not compared.");
    assertThat(Cli.run("ood", "--in", fit, "--out", test).out())
        .contains("No star: no AUROC is higher than all others beyond chance")
        .doesNotContain("*");
  }

  @Test
  void aSavedMapKnowsTheClassesOfItsFit() throws IOException {
    String map = folder.resolve("map.json").toString();
    String out = folder.resolve("out.csv").toString();
    Cli fitted = Cli.run("calibrate", "--fit", fit, "--apply", test, "-o", out, "--save", map);
    assertThat(fitted.code()).as(fitted.err()).isZero();
    assertThat(Files.readString(Path.of(map)))
        .contains("\"class_names\":[\"cat\",\"dog\",\"cow\"]");
    String swapped =
        Files.writeString(folder.resolve("swapped.csv"), "dog,cat,cow,label\n0.25,0.5,0.25,cat\n")
            .toString();
    String after = folder.resolve("after.csv").toString();
    Cli refused = Cli.run("calibrate", "--load", map, "--apply", swapped, "-o", after);
    assertThat(refused.code()).isEqualTo(1);
    assertThat(refused.err())
        .contains(
            "swapped.csv: must have the classes of " + map + " in their order, [cat, dog, cow]")
        .contains("got [dog, cat, cow]: name them in that order with --class-columns");
    assertThat(Path.of(after)).doesNotExist();
    String order = "cat,dog,cow";
    Cli named =
        Cli.run(
            "calibrate", "--load", map, "--apply", swapped, "-o", after, "--class-columns", order);
    assertThat(named.code()).as(named.err()).isZero();
    assertThat(Files.readString(Path.of(after))).startsWith("dog,cat,cow,label\n0.255");
    String old = Files.readString(Path.of(map)).replaceAll("\"class_names\":\\[[^]]*],", "");
    Files.writeString(Path.of(map), old);
    String any = folder.resolve("any.csv").toString();
    assertThat(Cli.run("calibrate", "--load", map, "--apply", swapped, "-o", any).code()).isZero();
  }

  @Test
  void theOutcomeOfAFitIsSaidInWords() throws IOException {
    String out = folder.resolve("words.csv").toString();
    String[] command = {"calibrate", "--fit", fit, "--apply", test, "-o", out};
    String words = "outcome converged, the likelihood is greatest at this temperature";
    assertThat(Cli.run(command).out()).contains(words).doesNotContain("outcome 0");
    JsonObject json = only(with(command, "--overwrite", "--json"));
    assertThat(json.get("outcome").getAsString()).isEqualTo(words.substring(8));
    JsonArray code = json.getAsJsonObject("parameters").getAsJsonArray("outcome");
    assertThat(code.get(0).getAsInt()).isZero();
    Path given = folder.resolve("given.json");
    Files.writeString(given, TemperatureScaling.of(2, 3).toJson());
    String other = folder.resolve("other.csv").toString();
    assertThat(Cli.run("calibrate", "--load", given + "", "--apply", test, "-o", other).out())
        .contains("outcome not fitted, the temperature was given");
    String right = "cat,dog,label\n0.75,0.25,0\n0.25,0.75,1\n";
    String separable = Files.writeString(folder.resolve("right.csv"), right).toString();
    Cli refused =
        Cli.run("calibrate", "--fit", separable, "--apply", separable, "-o", other + "2.csv");
    assertThat(refused.err())
        .contains("all 2 rows are predicted right")
        .contains("fit on more rows")
        .doesNotContain("set limits");
  }

  @Test
  void aTemperatureThatNoNetworkHasIsToldOrRefused() throws IOException {
    Path map = folder.resolve("odd.json");
    Files.writeString(map, TemperatureScaling.of(1e30, 3).toJson());
    String other = folder.resolve("odd.csv").toString();
    Cli odd = Cli.run("calibrate", "--load", map + "", "--apply", test, "-o", other);
    assertThat(odd.code()).as(odd.err()).isZero();
    assertThat(odd.err())
        .contains("warning: a temperature of 1.0E30 is unusual: below 0.01 every answer");
    Files.writeString(map, TemperatureScaling.of(1e300, 3).toJson());
    Cli refused = Cli.run("calibrate", "--load", map + "", "--apply", test, "-o", other + "2.csv");
    assertThat(refused.code()).isEqualTo(1);
    assertThat(refused.err())
        .contains("temperature[0] must be between 1.0E-100 and 1.0E100, got 1.0E300");
  }

  @Test
  void classesWithNumbersForNamesAreToldFromIndicesByAnOption() throws IOException {
    String numbered =
        Files.writeString(folder.resolve("numbered.csv"), "1,2,label\n0.75,0.25,1\n0.5,0.5,1\n")
            .toString();
    for (String[] way :
        new String[][] {{"evaluate", "--json"}, {"evaluate", "--json", "--stream"}}) {
      assertThat(with(way, numbered).err())
          .contains(
              "label 1 could be the class named so or the class of that index: say"
                  + " --labels-are name or --labels-are index");
      Cli named = with(way, "--labels-are", "name", numbered);
      assertThat(only(named).get("accuracy").getAsDouble()).isEqualTo(1);
      Cli counted = with(way, "--labels-are", "index", numbered);
      assertThat(only(counted).get("accuracy").getAsDouble()).isZero();
    }
  }

  @Test
  void distributionsAreNeverTakenForLogitsStreamedOrNot() {
    for (String[] way : new String[][] {{"--logits"}, {"--logits", "--stream"}}) {
      Cli cli = evaluate(test, way);
      assertThat(cli.code()).isEqualTo(1);
      assertThat(cli.err())
          .contains(
              test
                  + ": the numbers must be logits, got rows that are"
                  + " distributions already: leave --logits out");
    }
  }
}
