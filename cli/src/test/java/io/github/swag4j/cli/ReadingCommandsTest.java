package io.github.swag4j.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import com.google.gson.JsonObject;
import com.google.gson.JsonParser;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Files of the kinds people bring on the command line: what is said, and advice that works. */
class ReadingCommandsTest {
  private static final Pattern ADVICE =
      Pattern.compile(
          "(--(?:ignore-columns|class-columns|label-column|positive-class|ignore-label|percent|logits|labels-are))"
              + "(?: ('(?:[^']|'\\\\'')*'|[^\\s,;:']\\S*))?");

  @TempDir private Path folder;

  private Path file(String name) throws IOException {
    Path file = folder.resolve(name);
    try (InputStream in = ReadingCommandsTest.class.getResourceAsStream("cases/" + name)) {
      Files.write(file, in.readAllBytes());
    }
    return file;
  }

  private static JsonObject json(Cli cli) {
    assertThat(cli.code()).as(cli.err()).isZero();
    return JsonParser.parseString(cli.out()).getAsJsonObject();
  }

  /** The options that a refusal names, as they stand there. */
  private static List<String> pasted(String message) {
    List<String> options = new ArrayList<>();
    Matcher advice = ADVICE.matcher(message);
    while (advice.find()) {
      options.add(advice.group(1));
      String value = advice.group(2);
      boolean flag = List.of("--percent", "--logits").contains(advice.group(1));
      if (value != null && !flag) {
        options.add(value.startsWith("'") ? value.substring(1, value.length() - 1) : value);
      }
    }
    assertThat(options).as(message).isNotEmpty();
    return options;
  }

  private static Cli run(List<String> more, String... command) {
    List<String> all = new ArrayList<>(List.of(command));
    all.addAll(more);
    return Cli.run(all.toArray(String[]::new));
  }

  @ParameterizedTest
  @CsvSource({
    "f03_sample_id_logits.csv, --logits, 0.5, 0.8727",
    "f04b_fold0.csv, --bins=15, 0.5, 0.8728",
    "f07_classes_weight_height.csv, --bins=15, 0.8333, 0.3485",
    "f08_one_column_named_0.csv, --bins=15, 0.8333, 0.3485",
    "f10b_percent.csv, --bins=15, 0.5, 0.8728"
  })
  void whatARefusalAdvisesIsRightWhenPasted(String name, String option, double accuracy, double nll)
      throws IOException {
    String path = file(name).toString();
    for (String way : new String[] {"--convention=guo", "--stream"}) {
      Cli refused = Cli.run("evaluate", path, option, way);
      assertThat(refused.code()).isEqualTo(1);
      assertThat(refused.err().lines()).hasSize(1);
      JsonObject read = json(run(pasted(refused.err()), "evaluate", path, option, "--json", way));
      assertThat(read.get("accuracy").getAsDouble()).isCloseTo(accuracy, within(5e-5));
      assertThat(read.get("nll").getAsDouble()).isCloseTo(nll, within(5e-5));
    }
  }

  @Test
  void whatWasReadAsWhatIsSaidOnceForEachFile() throws IOException {
    String text =
        "id,date,cat,dog,eel,label\n7,2024-01-01,0.2,0.3,0.5,eel\n8,2024-01-02,0.7,0.2,0.1,cat\n";
    String path = Files.writeString(folder.resolve("p.csv"), text).toString();
    for (String[] way : new String[][] {{}, {"--json"}, {"--stream"}}) {
      Cli cli = run(List.of(way), "evaluate", path);
      assertThat(cli.err().lines().filter(line -> line.contains("classes ")))
          .containsExactly(
              "swag4j: "
                  + path
                  + ": classes cat, dog, eel · labels: label (names) · ignored: id, date · weights:"
                  + " none");
    }
  }

  @Test
  void anAccuracyBelowChanceIsAWarning() throws IOException {
    String text = "p_default,p_ok,label\n0.9,0.1,1\n0.8,0.2,1\n0.3,0.7,0\n0.4,0.6,1\n";
    String path = Files.writeString(folder.resolve("p.csv"), text).toString();
    assertThat(Cli.run("evaluate", path).err())
        .contains(
            "warning: " + path + ": accuracy 0.2500 is below chance, 1 / 2: label 1 was taken");
    JsonObject meant = json(Cli.run("evaluate", path, "--positive-class", "default", "--json"));
    assertThat(meant.get("accuracy").getAsDouble()).isEqualTo(0.75);
  }

  @Test
  void labelsThatAreIndicesAreNotShuffledByAMapOfNames() throws IOException {
    String fit = file("f02_fit.csv").toString();
    String apply = file("f02_apply_c_a_b.csv").toString();
    String out = folder.resolve("out.csv").toString();
    Cli refused = Cli.run("calibrate", "--fit", fit, "--apply", apply, "-o", out);
    assertThat(refused.code()).isEqualTo(1);
    assertThat(pasted(refused.err())).containsExactly("--class-columns", "a,b,c");
    JsonObject read =
        json(
            run(
                pasted(refused.err()),
                "calibrate",
                "--fit",
                fit,
                "--apply",
                apply,
                "-o",
                out,
                "--json"));
    assertThat(read.getAsJsonObject("before").get("accuracy").getAsDouble()).isEqualTo(5 / 12.0);
  }

  @Test
  void oodNeedsNoLabels() throws IOException {
    String in = file("f16_in.npz").toString();
    String out = file("f16_ood_labels_m1.npz").toString();
    Cli cli = Cli.run("ood", "--in", in, "--out", out, "--json");
    assertThat(json(cli).get("n_out").getAsInt()).isEqualTo(12);
    assertThat(cli.err()).contains("the labels were not read, as they are not needed");
    Cli refused = Cli.run("evaluate", out);
    assertThat(refused.code()).isEqualTo(1);
    assertThat(pasted(refused.err())).containsExactly("--ignore-label", "-1");
    assertThat(run(pasted(refused.err()), "evaluate", out).err())
        .contains("a row must be left, got only rows left out by label: -1");
  }

  @Test
  void namesWithCommasAreGivenQuotedOrOneByOne() throws IOException {
    String text = "\"dog, big\",cat,age,label\n0.75,0.25,3,\"dog, big\"\n0.5,0.5,4,cat\n";
    String path = Files.writeString(folder.resolve("p.csv"), text).toString();
    List<List<String>> ways =
        List.of(
            List.of("--class-columns", "cat", "--class-columns", "dog, big"),
            List.of("--class-columns", "cat,dog, big"),
            List.of("--class-columns", "cat,\"dog, big\""),
            List.of("--ignore-columns", "age"));
    for (List<String> way : ways) {
      JsonObject read = json(run(way, "evaluate", path, "--json"));
      assertThat(read.get("accuracy").getAsDouble()).as(way.toString()).isGreaterThan(0.4);
      assertThat(read.get("classes").getAsInt()).isEqualTo(2);
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"--percent", "--renormalise"})
  void logitsAreNothingElse(String option) throws IOException {
    Cli cli = Cli.run("evaluate", file("f02_fit.csv").toString(), "--logits", option);
    assertThat(cli.code()).isEqualTo(2);
    assertThat(cli.err()).contains("--logits and " + option + " exclude each other");
  }

  @Test
  void remediesNameOptionsOfTheProgram() throws IOException {
    Path logits = Files.writeString(folder.resolve("logits.csv"), "a,b,label\n2.5,-1,0\n-3,1,1\n");
    Cli refused = Cli.run("evaluate", logits.toString());
    assertThat(refused.code()).isEqualTo(1);
    assertThat(refused.err()).contains("say --logits");
    assertThat(Cli.run("evaluate", logits.toString(), "--logits").code()).isZero();
    Path sums = Files.writeString(folder.resolve("sums.csv"), "a,b,label\n0.5,0.49,0\n0.2,0.8,1\n");
    assertThat(Cli.run("evaluate", sums.toString()).err()).contains("say --renormalise");
    assertThat(Cli.run("evaluate", sums.toString(), "--renormalise").code()).isZero();
  }

  @Test
  void aLabelColumnInOtherLettersIsNotTakenForAClass() throws IOException {
    Path file = Files.writeString(folder.resolve("capital.csv"), "a,b,Label\n0.5,0.5,0\n");
    JsonObject json = json(Cli.run("evaluate", file.toString(), "--json"));
    assertThat(json.get("classes").getAsInt()).isEqualTo(2);
  }

  @Test
  void rowsLeftOutByTheirLabelLeaveTheGroupsOfTheOthers() throws IOException {
    Path csv =
        Files.writeString(
            folder.resolve("left.csv"),
            "a,b,label,site\n1,0,255,west\n0.75,0.25,0,east\n0.5,0.5,1,west\n1,0,255,east\n"
                + "0.25,0.75,1,north\n");
    String[] command = {"evaluate", csv.toString(), "--by", "site", "--ignore-label", "255"};
    String out = AnalysisCommandsTest.done(Cli.run(command)).out();
    assertThat(out)
        .containsPattern("\neast +1 +1.0000")
        .containsPattern("\nnorth +1 +1.0000")
        .containsPattern("\nwest +1 +0.0000");
  }

  @Test
  void rowsLeftOutByTheirLabelAreCorrectedWithTheOthers() throws IOException {
    String header = "id,a,b,label\n";
    String rows = "1,0.9,0.1,a\n2,0.25,0.75,b\n3,0.75,0.25,?\n4,0.6,0.4,b\n";
    Path fit =
        Files.writeString(folder.resolve("fit.csv"), header + rows.replace("0.9,0.1", "1,0"));
    Path apply =
        Files.writeString(folder.resolve("apply.csv"), header + rows.replace("0.9,0.1", "0.8,0.2"));
    Path out = folder.resolve("out.csv");
    String[] command = {
      "calibrate", "--fit", fit + "", "--apply", apply + "", "-o", out + "", "--method", "histogram"
    };
    Cli refused = Cli.run(command);
    JsonObject json = json(run(pasted(refused.err()), concat(command, "--json")));
    assertThat(json.getAsJsonObject("before").get("accuracy").getAsDouble()).isEqualTo(2 / 3.0);
    assertThat(Files.readAllLines(out))
        .hasSize(5)
        .element(3)
        .asString()
        .startsWith("3,")
        .endsWith("?");
  }

  private static String[] concat(String[] words, String more) {
    List<String> all = new ArrayList<>(List.of(words));
    all.add(more);
    return all.toArray(String[]::new);
  }

  @Test
  void aColumnOfItsOwnMeaningKeepsItWhereRowsAreGroupedByIt() throws IOException {
    Path file =
        Files.writeString(
            folder.resolve("heavy.csv"),
            "a,b,obs,weight\n0.75,0.25,a,3\n0.75,0.25,b,1\n0.25,0.75,b,3\n");
    for (String by : List.of("weight", "obs")) {
      JsonObject json = json(Cli.run("evaluate", file.toString(), "--by", by, "--json"));
      assertThat(json.get("accuracy").getAsDouble()).isEqualTo(6 / 7.0);
      assertThat(json.getAsJsonObject("by").getAsJsonArray("groups")).hasSize(2);
    }
  }
}
