package io.github.swag4j.cli;

import static io.github.swag4j.cli.AnalysisGoldenTest.file;
import static io.github.swag4j.cli.AnalysisGoldenTest.run;
import static org.assertj.core.api.Assertions.assertThat;

import com.google.gson.JsonObject;
import com.google.gson.JsonParser;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What the commands of the analyst write, refuse and say in words. */
class AnalysisCommandsTest {

  @TempDir private Path folder;

  private Path at(String name) {
    return folder.resolve(name);
  }

  static Cli done(Cli cli) {
    assertThat(cli.code()).as(cli.err()).isZero();
    return cli;
  }

  static void assertUsage(Cli cli, String... words) {
    assertThat(cli.code()).isEqualTo(Main.USAGE);
    assertThat(cli.err()).contains(words);
    assertThat(cli.out()).isEmpty();
  }

  static void assertFailed(Cli cli, String... words) {
    assertThat(cli.code()).isEqualTo(Main.FAILED);
    assertThat(cli.err()).contains(words);
    assertThat(cli.out()).isEmpty();
  }

  /** Two columns of probabilities, labels drawn from them, and more columns. */
  private Path calibrated(String name, int rows, long seed, String header, String... more)
      throws IOException {
    Random random = new Random(seed);
    List<String> lines = new ArrayList<>();
    lines.add("a,b,label" + header);
    for (int i = 0; i < rows; i++) {
      double p = Math.rint(random.nextDouble() * 10_000) / 10_000;
      String label = random.nextDouble() < p ? "a" : "b";
      String rest = more.length == 0 ? "" : "," + more[i % more.length];
      lines.add(p + "," + (1 - p) + "," + label + rest);
    }
    return Files.write(at(name), lines);
  }

  @Test
  void rowsHaveTheirIdsAndWhatIsKnownOfThem() throws IOException {
    Path rows = at("rows.csv");
    done(run("evaluate", file("first.csv"), "--rows", rows.toString()));
    List<String> lines = Files.readAllLines(rows);
    assertThat(lines).hasSize(501);
    assertThat(lines.get(0)).isEqualTo("id,label,prediction,confidence,entropy,margin,correct");
    String[] first = lines.get(1).split(",", -1);
    assertThat(first[0]).isEqualTo("r000");
    assertThat(first[6]).isEqualTo(Boolean.toString(first[1].equals(first[2])));
    assertThat(Double.parseDouble(first[3])).isBetween(0.25, 1.0);
    assertThat(Double.parseDouble(first[4])).isBetween(0.0, Math.log(4));
    assertThat(Double.parseDouble(first[5])).isBetween(0.0, Double.parseDouble(first[3]));
    double right = lines.stream().filter(line -> line.endsWith(",true")).count() / 500.0;
    assertThat(right).isEqualTo(0.552);
    assertFailed(
        run("evaluate", file("first.csv"), "--rows", rows.toString()), "exists", "--overwrite");
    done(run("evaluate", file("first.csv"), "--rows", rows.toString(), "--overwrite"));
  }

  @Test
  void theTableAsCsvHasALineForAllAndForEachGroupWithAllDigits() throws IOException {
    Path csv = at("table.csv");
    done(run("evaluate", file("first.csv"), "--by", "site", "--csv", csv.toString()));
    List<String> lines = Files.readAllLines(csv);
    assertThat(lines).hasSize(5);
    assertThat(lines.get(0))
        .startsWith("file,site,n,classes,accuracy,accuracy_lower,accuracy_upper,nll,")
        .endsWith("ece_upper,accuracy_p_of_rest,nll_p_of_rest,brier_p_of_rest");
    assertThat(lines.get(1)).contains("first.csv,,500,4,0.552,");
    assertThat(lines.get(2)).contains("first.csv,east,");
    int fields = lines.get(0).split(",", -1).length;
    assertThat(lines).allSatisfy(line -> assertThat(line.split(",", -1)).hasSize(fields));
  }

  @Test
  void windowsAsCsvHaveTheirFirstAndLastValue() throws IOException {
    Path csv = at("windows.csv");
    done(
        run(
            "evaluate",
            file("first.csv"),
            "--over",
            "day",
            "--windows",
            "4",
            "--csv",
            csv.toString()));
    List<String> lines = Files.readAllLines(csv);
    assertThat(lines).hasSize(6);
    assertThat(lines.get(0)).startsWith("file,day_from,day_to,n,classes,accuracy,");
    assertThat(lines.get(2)).contains("first.csv,2026-01-01,2026-01-14,126,");
  }

  @Test
  void markdownIsAskedFor() {
    Cli cli = done(run("evaluate", file("first.csv"), "--ci", "--markdown"));
    assertThat(cli.out()).contains("| file ", "| metric ", "| --- |");
  }

  @Test
  void theSameSeedGivesTheSameIntervalsAndAnotherOthers() {
    String once = done(run("evaluate", file("first.csv"), "--ci", "--json")).out();
    assertThat(done(run("evaluate", file("first.csv"), "--ci", "--json")).out()).isEqualTo(once);
    String other = done(run("evaluate", file("first.csv"), "--ci", "--json", "--seed", "1")).out();
    assertThat(other).isNotEqualTo(once);
    JsonObject narrow =
        JsonParser.parseString(
                done(run("evaluate", file("first.csv"), "--ci", "--json", "--confidence", "0.5"))
                    .out())
            .getAsJsonObject()
            .getAsJsonObject("intervals")
            .getAsJsonObject("nll");
    JsonObject wide =
        JsonParser.parseString(once)
            .getAsJsonObject()
            .getAsJsonObject("intervals")
            .getAsJsonObject("nll");
    assertThat(narrow.get("lower").getAsDouble()).isGreaterThan(wide.get("lower").getAsDouble());
    assertThat(narrow.get("upper").getAsDouble()).isLessThan(wide.get("upper").getAsDouble());
  }

  @Test
  void theEceOfACalibratedModelHasAnIntervalFromZero() throws IOException {
    int holding = 0;
    for (int i = 0; i < 20; i++) {
      Path file = calibrated("calibrated-" + i + ".csv", 200, 100 + i, "");
      JsonObject intervals =
          JsonParser.parseString(done(Cli.run("evaluate", file.toString(), "--ci", "--json")).out())
              .getAsJsonObject()
              .getAsJsonObject("intervals");
      JsonObject ece = intervals.getAsJsonObject("ece");
      holding += ece.get("lower").getAsDouble() == 0 ? 1 : 0;
      assertThat(ece.get("upper").getAsDouble())
          .isGreaterThanOrEqualTo(ece.get("value").getAsDouble());
    }
    assertThat(holding).isGreaterThanOrEqualTo(18); // 19.5 of 20 are to be expected
  }

  @Test
  void aModelThatIsAlwaysRightMayStillBeWrongOnOtherRows() throws IOException {
    List<String> lines = new ArrayList<>(List.of("a,b,label"));
    lines.addAll(Collections.nCopies(10, "0.9,0.1,a"));
    lines.addAll(Collections.nCopies(10, "0.2,0.8,b"));
    Path file = Files.write(at("right.csv"), lines);
    JsonObject accuracy =
        JsonParser.parseString(done(Cli.run("evaluate", file.toString(), "--ci", "--json")).out())
            .getAsJsonObject()
            .getAsJsonObject("intervals")
            .getAsJsonObject("accuracy");
    assertThat(accuracy.get("upper").getAsDouble()).isEqualTo(1);
    // The rule of three, and Clopper-Pearson's end of 20 of 20: 0.025^(1/20).
    assertThat(accuracy.get("lower").getAsDouble())
        .isEqualTo(Math.pow(0.025, 1 / 20.0), org.assertj.core.api.Assertions.within(1e-9));
  }

  @Test
  void groupsOfOneRowHaveNumbersButNoIntervals() throws IOException {
    Path file =
        calibrated(
            "lonely.csv", 41, 3, ",site", Collections.nCopies(40, "big").toArray(new String[0]));
    List<String> lines = new ArrayList<>(Files.readAllLines(file));
    lines.set(1, lines.get(1).replace("big", "small"));
    Files.write(file, lines);
    Cli cli = done(Cli.run("evaluate", file.toString(), "--by", "site"));
    assertThat(cli.out()).containsPattern("small +1 ").contains("Worst accuracy: big");
  }

  @Test
  void columnsThatCannotBeGroupedOrOrderedByAreRefusedInWords() throws IOException {
    String first = file("first.csv");
    assertFailed(run("evaluate", first, "--by", "sites"), "must have the column 'sites'", "site");
    assertUsage(run("evaluate", first, "--by", "id"), "at most 200 different values", "--over");
    assertUsage(
        run("evaluate", first, "--by", "site", "--convention", "hendrycks"),
        "--convention hendrycks cannot judge the 80 rows of 'west'");
    assertUsage(run("evaluate", first, "--over", "site"), "numbers, dates", "--by");
    assertUsage(run("evaluate", first, "--by", "site", "--over", "day"), "exclude each other");
    assertUsage(run("evaluate", first, "--windows", "4"), "--windows goes with --over");
    assertUsage(run("evaluate", first, "--ci", "--confidence", "95"), "95 % is 0.95");
    assertUsage(run("evaluate", first, "--confidence", "0.9"), "--confidence goes with --ci, --by");
    assertUsage(run("evaluate", first, "--seed", "1", "--rows", "x"), "--seed goes with --ci");
    assertUsage(run("evaluate", first, "--by", "site", "--stream"), "all rows at once");
    assertUsage(run("evaluate", first, "--json", "--markdown"), "exclude each other");
    Path holes = calibrated("holes.csv", 10, 1, ",site", "x", "");
    assertFailed(Cli.run("evaluate", holes.toString(), "--by", "site"), "none in row 2");
  }

  @Test
  void ordersMayBeNumbersOrTimes() throws IOException {
    Path numbers = calibrated("numbers.csv", 60, 1, ",week", "10", "9", "-1.5");
    String out = done(Cli.run("evaluate", numbers.toString(), "--over", "week")).out();
    assertThat(out).containsSubsequence("\n-1.5 ", "\n9 ", "\n10 ");
    Path times =
        calibrated("times.csv", 60, 1, ",at", "2026-03-01T10:00:00", "2026-03-01 09:59:59.5");
    String ordered = done(Cli.run("evaluate", times.toString(), "--over", "at")).out();
    assertThat(ordered).containsSubsequence("\n2026-03-01 09:59:59.5 ", "\n2026-03-01T10:00:00 ");
  }

  @Test
  void columnsOfSemicolonsAreReadAsTheRowsAre() throws IOException {
    Path commas = calibrated("commas.csv", 40, 9, ",site", "north", "west");
    List<String> lines = new ArrayList<>();
    for (String line : Files.readAllLines(commas)) {
      lines.add(line.replace(',', ';'));
    }
    Path semicolons = Files.write(at("semicolons.csv"), lines);
    Cli cli = done(Cli.run("evaluate", semicolons.toString(), "--by", "site"));
    assertThat(cli.out()).containsPattern("\nnorth +20 ").containsPattern("\nwest +20 ");
  }

  @Test
  void aRealChangeIsSaidWithItsPlace() throws IOException {
    Random random = new Random(4);
    List<String> lines = new ArrayList<>(List.of("a,b,label,week"));
    for (int i = 0; i < 600; i++) {
      boolean right = random.nextDouble() < (i < 400 ? 0.9 : 0.6);
      lines.add("0.9,0.1," + (right ? "a" : "b") + "," + (1 + i / 50));
    }
    Path file = Files.write(at("drift.csv"), lines);
    String out = done(Cli.run("evaluate", file.toString(), "--over", "week")).out();
    assertThat(out).contains("accuracy changes, most from week 9 on", "p = 0.0004");
  }

  @Test
  void aPromiseThatCannotBeKeptIsRefusedWithOneThatCan() {
    Path rows = at("answers.csv");
    Cli cli =
        run(
            "abstain",
            "--fit",
            file("fit.csv"),
            "--accuracy",
            "0.99",
            "--apply",
            file("test.csv"),
            "--rows",
            rows.toString());
    assertFailed(cli, "no threshold can promise an error of at most 1 % with probability 95 %");
    assertThat(rows).doesNotExist();
    assertUsage(run("abstain", "--fit", file("fit.csv"), "--error", "5"), "5 % is 0.05");
    assertUsage(run("abstain", "--fit", file("fit.csv"), "--accuracy", "NaN"), "95 % is 0.95");
    assertFailed(
        run("abstain", "--fit", file("fit.csv"), "--error", "0.45", "--apply", file("fit.csv")),
        "fit.csv: ");
  }

  @Test
  void answersAreWrittenWithTheirIds() throws IOException {
    Path rows = at("answers.csv");
    Cli cli =
        done(
            run(
                "abstain",
                "--fit",
                file("fit.csv"),
                "--error",
                "0.45",
                "--confidence",
                "0.9",
                "--score",
                "entropy",
                "--apply",
                file("test.csv"),
                "--rows",
                rows.toString()));
    assertThat(cli.out()).contains("Answer where entropy is at most", "with probability 90 %");
    List<String> lines = Files.readAllLines(rows);
    assertThat(lines.get(0)).isEqualTo("id,label,prediction,confidence,entropy,answered");
    assertThat(lines.get(1)).startsWith("r250,");
    assertThat(lines).hasSize(251);
  }

  @Test
  void setsAreWrittenAndThresholdsKept() throws IOException {
    Path sets = at("sets.csv");
    Path map = at("sets.json");
    String fitted =
        done(run(
                "conformal",
                "--fit",
                file("fit.csv"),
                "--by",
                "site",
                "--coverage",
                "0.8",
                "--apply",
                file("test.csv"),
                "--rows",
                sets.toString(),
                "--save",
                map.toString(),
                "--json"))
            .out();
    List<String> lines = Files.readAllLines(sets);
    assertThat(lines.get(0)).isEqualTo("id,label,prediction,size,set,covered");
    assertThat(lines.get(1)).matches("r250,l\\d,l\\d,\\d,[l\\d;]*,(true|false)");
    String loaded =
        done(run(
                "conformal",
                "--load",
                map.toString(),
                "--by",
                "site",
                "--apply",
                file("test.csv"),
                "--json"))
            .out();
    assertThat(loaded).isEqualTo(fitted);
    assertUsage(run("conformal", "--load", map.toString(), "--apply", file("test.csv")), "--by");
    assertUsage(
        run("conformal", "--fit", file("fit.csv"), "--apply", file("test.csv"), "--score", "x"),
        "lac, aps, raps or top-k");
    assertFailed(
        run("conformal", "--fit", file("fit.csv"), "--apply", file("fit.csv")), "fit.csv: ");
  }

  @Test
  void tooFewRowsForAPromiseGiveSetsOfAllClassesAndSaySo() throws IOException {
    Path fit = calibrated("few.csv", 8, 1, "");
    Path apply = calibrated("many.csv", 50, 2, "");
    String out =
        done(Cli.run("conformal", "--fit", fit.toString(), "--apply", apply.toString())).out();
    assertThat(out).contains("too few: every set has all classes", "2.000 classes");
  }

  @Test
  void rowsToAnswerNeedNoLabels() throws IOException {
    Path fit = calibrated("fit.csv", 400, 1, "");
    Path apply = at("apply.csv");
    Files.writeString(
        apply,
        Files.readString(calibrated("new.csv", 60, 2, "")).replaceAll("[ab]\n", "unknown\n"));
    Cli sets = done(Cli.run("conformal", "--fit", fit.toString(), "--apply", apply.toString()));
    assertThat(sets.out()).contains("60 sets", "coverage is not judged: no labels");
    String[] abstain = {"abstain", "--fit", fit.toString(), "--apply", apply.toString()};
    Cli answers =
        done(Cli.run(abstain[0], abstain[1], abstain[2], abstain[3], abstain[4], "--error=0.4"));
    assertThat(answers.out()).contains("not judged: no labels");
  }

  @Test
  void whatAFileWasReadAsIsInTheJson() throws IOException {
    String one = calibrated("one.csv", 40, 3, ",day", "x").toString();
    String two = calibrated("two.csv", 40, 4, ",day", "y").toString();
    String[][] calls = {
      {"evaluate", one},
      {"evaluate", one, "--stream"},
      {"abstain", "--fit", one, "--error=0.6", "--apply", two},
      {"conformal", "--fit", one, "--apply", two},
      {"compare", one, one.replace("one.csv", "./one.csv")},
      {"ood", "--in", one, "--out", two}
    };
    for (String[] call : calls) {
      List<String> words = new ArrayList<>(List.of(call));
      words.add("--json");
      String out = done(Cli.run(words.toArray(new String[0]))).out();
      assertThat(out)
          .as(call[0])
          .contains("read\":{\"classes\":[\"a\",\"b\"],\"class_columns\":[\"a\",\"b\"],")
          .contains("\"label_kind\":\"names\",\"weights\":\"\",\"ignored\":[\"day\"]");
    }
  }

  @Test
  void rowsOfUnequalWeightAreNotCountedAsIfTheyWereAlike() throws IOException {
    String fit = calibrated("alike.csv", 400, 1, "").toString();
    String apply = calibrated("heavy.csv", 60, 2, ",weight", "1", "2").toString();
    String[][] calls = {
      {"abstain", "--fit", fit, "--error=0.4", "--apply", apply},
      {"conformal", "--fit", fit, "--apply", apply}
    };
    for (String[] call : calls) {
      Cli refused = Cli.run(call);
      assertFailed(refused, "got weights 1.0 and 2.0", "with --ignore-columns weight");
      List<String> words = new ArrayList<>(List.of(call));
      words.addAll(List.of("--ignore-columns", "weight"));
      done(Cli.run(words.toArray(new String[0])));
    }
  }
}
