package io.github.swag4j.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import com.google.gson.JsonArray;
import com.google.gson.JsonElement;
import com.google.gson.JsonObject;
import com.google.gson.JsonParser;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/**
 * What evaluate --ci, --by and --over, compare, abstain and conformal print is what SciPy,
 * scikit-learn and NumPy compute of the same files; see src/test/python/analysis_golden.py.
 */
class AnalysisGoldenTest {
  private static final Path FOLDER = Path.of("src/test/resources/io/github/swag4j/cli/analysis");
  private static final String COLUMNS = "l0,l1,l2,l3";

  /** An end of a resampled interval is known to a share of the standard error. */
  private static final double OF_STANDARD_ERROR = 0.35;

  private static JsonObject golden;

  @BeforeAll
  static void readGolden() throws IOException {
    golden =
        JsonParser.parseString(Files.readString(FOLDER.resolve("golden.json"))).getAsJsonObject();
  }

  static String file(String name) {
    return FOLDER.resolve(name).toString();
  }

  static Cli run(String... arguments) {
    List<String> all = new ArrayList<>(Arrays.asList(arguments));
    all.addAll(List.of("--logits", "--class-columns", COLUMNS));
    return Cli.run(all.toArray(new String[0]));
  }

  private static List<JsonObject> json(String... arguments) {
    List<String> all = new ArrayList<>(Arrays.asList(arguments));
    all.add("--json");
    Cli cli = run(all.toArray(new String[0]));
    assertThat(cli.code()).as(cli.err()).isZero();
    return cli.out().lines().map(line -> JsonParser.parseString(line).getAsJsonObject()).toList();
  }

  private static double number(JsonObject of, String key) {
    return of.get(key).getAsDouble();
  }

  private static void assertNear(JsonObject got, JsonObject expected) {
    double slack = OF_STANDARD_ERROR * number(expected, "standard_error");
    assertThat(number(got, "lower")).isCloseTo(number(expected, "lower"), within(slack));
    assertThat(number(got, "upper")).isCloseTo(number(expected, "upper"), within(slack));
    assertThat(number(got, "standard_error") / number(expected, "standard_error"))
        .isCloseTo(1, within(0.12));
  }

  @Test
  void intervalsOfEveryMetricAreThoseOfScipy() {
    JsonObject got = json("evaluate", file("first.csv"), "--ci").get(0);
    JsonObject intervals = got.getAsJsonObject("intervals");
    JsonObject expected = golden.getAsJsonObject("ci");
    for (String key : expected.keySet()) {
      JsonObject of = expected.getAsJsonObject(key);
      JsonObject value = intervals.getAsJsonObject(key);
      assertThat(number(value, "value")).as(key).isCloseTo(number(of, "value"), within(1e-12));
      assertNear(value, of);
    }
    assertThat(number(intervals, "calibrated_p")).isLessThan(0.025);
    assertThat(intervals.keySet())
        .contains("rmsce", "ece_debiased", "mce", "ace", "smece", "aurc", "augrc", "failure_auroc")
        .contains("ece_equal_mass", "classwise_ece")
        .doesNotContain("spiegelhalter_p");
  }

  @Test
  void groupsHaveTheNumbersOfScikitLearnAndThePValuesOfScipy() {
    JsonObject by =
        json("evaluate", file("first.csv"), "--by", "site").get(0).getAsJsonObject("by");
    JsonObject expected = golden.getAsJsonObject("by");
    assertThat(by.getAsJsonArray("groups")).hasSize(3);
    for (JsonElement each : by.getAsJsonArray("groups")) {
      JsonObject group = each.getAsJsonObject();
      String name = group.get("group").getAsString();
      JsonObject of = expected.getAsJsonObject("groups").getAsJsonObject(name);
      for (String key : List.of("n", "accuracy", "nll", "brier", "ece")) {
        assertThat(number(group, key)).as(name + key).isCloseTo(number(of, key), within(1e-12));
      }
      for (String key : List.of("accuracy", "nll", "brier")) {
        double p = number(expected.getAsJsonObject("p_of_rest").getAsJsonObject(key), name);
        assertThat(number(group.getAsJsonObject("p_of_rest"), key))
            .as(name + " p of " + key)
            .isCloseTo(p, within(1e-9 * Math.max(1e-3, p)));
      }
      JsonObject nll = group.getAsJsonObject("intervals").getAsJsonObject("nll");
      double slack = 0.5 * number(of, "nll_standard_error");
      assertThat(number(nll, "lower")).isCloseTo(number(of, "nll_lower"), within(slack));
      assertThat(number(nll, "upper")).isCloseTo(number(of, "nll_upper"), within(slack));
    }
    JsonObject worst = expected.getAsJsonObject("worst");
    assertThat(by.getAsJsonObject("worst").get("accuracy")).isEqualTo(worst.get("accuracy"));
    assertThat(by.getAsJsonObject("worst").get("nll")).isEqualTo(worst.get("nll"));
  }

  @Test
  void aChangeIsFoundWhereNumpyFindsItAsProbably() {
    JsonObject over =
        json("evaluate", file("first.csv"), "--over", "day").get(0).getAsJsonObject("over");
    JsonArray changes = over.getAsJsonArray("changes");
    assertThat(changes).hasSize(4);
    for (JsonElement each : changes) {
      JsonObject change = each.getAsJsonObject();
      String key = change.get("metric").getAsString().toLowerCase(java.util.Locale.ROOT);
      JsonObject of = golden.getAsJsonObject("over").getAsJsonObject(key);
      for (String same : List.of("statistic", "before", "after")) {
        assertThat(number(change, same)).as(key).isCloseTo(number(of, same), within(1e-9));
      }
      assertThat(change.get("at")).isEqualTo(of.get("at"));
      assertThat(number(change, "p")).as(key).isCloseTo(number(of, "p"), within(0.02));
    }
    int rows = 0;
    for (JsonElement window : over.getAsJsonArray("windows")) {
      rows += window.getAsJsonObject().get("n").getAsInt();
    }
    assertThat(rows).isEqualTo(500);
    assertThat(over.getAsJsonArray("windows")).hasSize(10);
  }

  @Test
  void differencesOfMethodsAreThoseOfScipyWhateverTheOrderOfTheRows() {
    List<JsonObject> got = json("compare", file("first.csv"), file("second.csv"));
    assertThat(got)
        .extracting(each -> each.get("metric").getAsString())
        .containsExactly("accuracy", "nll", "brier", "ece");
    double most = 0;
    for (JsonObject each : got) {
      String key = each.get("metric").getAsString();
      JsonObject of = golden.getAsJsonObject("compare").getAsJsonObject(key);
      assertThat(number(each, "difference")).isCloseTo(number(of, "difference"), within(1e-12));
      assertNear(each, of);
      assertThat(number(each, "p")).as(key).isCloseTo(number(of, "p"), within(0.02));
      assertThat(number(each, "p_holm")).isBetween(number(each, "p"), 1.0);
      most = Math.max(most, number(each, "p_holm") / number(each, "p"));
    }
    assertThat(most).isLessThanOrEqualTo(4 + 1e-9);
    List<JsonObject> shuffled = json("compare", file("first.csv"), file("second-shuffled.csv"));
    for (int i = 0; i < got.size(); i++) {
      for (String key : List.of("difference", "lower", "upper", "p", "p_holm")) {
        assertThat(number(shuffled.get(i), key)).isEqualTo(number(got.get(i), key));
      }
    }
  }

  @Test
  void theThresholdIsThatOfGeifmanAndElYaniv() {
    JsonObject got =
        json(
                "abstain",
                "--fit",
                file("fit.csv"),
                "--error",
                "0.45",
                "--confidence",
                "0.9",
                "--apply",
                file("test.csv"))
            .get(0);
    JsonObject of = golden.getAsJsonObject("abstain");
    assertThat(number(got, "threshold")).isCloseTo(number(of, "threshold"), within(1e-12));
    assertThat(number(got, "error_bound")).isCloseTo(number(of, "bound"), within(1e-9));
    JsonObject fit = got.getAsJsonObject("fit");
    assertThat(number(fit, "answered")).isEqualTo(number(of, "fit_answered"));
    assertThat(number(fit, "wrong")).isEqualTo(number(of, "fit_wrong"));
    JsonObject apply = got.getAsJsonObject("apply");
    assertThat(number(apply, "answered")).isEqualTo(number(of, "answered"));
    assertThat(number(apply, "wrong")).isEqualTo(number(of, "wrong"));
    assertThat(number(apply, "error_lower")).isCloseTo(number(of, "lower"), within(1e-9));
    assertThat(number(apply, "error_upper")).isCloseTo(number(of, "upper"), within(1e-9));
  }

  @Test
  void setsHaveTheThresholdCoverageAndSizesOfNumpy() {
    JsonObject of = golden.getAsJsonObject("conformal");
    JsonObject got =
        json("conformal", "--fit", file("fit.csv"), "--apply", file("test.csv")).get(0);
    JsonObject all = got.getAsJsonArray("thresholds").get(0).getAsJsonObject();
    assertThat(number(all, "threshold")).isCloseTo(number(of, "threshold"), within(1e-12));
    assertThat(number(got, "coverage")).isCloseTo(number(of, "coverage"), within(1e-12));
    assertThat(number(got, "mean_size")).isCloseTo(number(of, "mean_size"), within(1e-12));
    assertThat(got.get("size_counts")).isEqualTo(of.get("sizes"));
    for (int k = 0; k < 4; k++) {
      assertThat(number(got.getAsJsonArray("classes").get(k).getAsJsonObject(), "coverage"))
          .isCloseTo(of.getAsJsonArray("class_coverage").get(k).getAsDouble(), within(1e-12));
    }
    JsonObject perClass =
        json("conformal", "--fit", file("fit.csv"), "--apply", file("test.csv"), "--per-class")
            .get(0);
    for (int k = 0; k < 4; k++) {
      assertThat(
              number(perClass.getAsJsonArray("thresholds").get(k).getAsJsonObject(), "threshold"))
          .isCloseTo(number(of.getAsJsonObject("class_thresholds"), "" + k), within(1e-12));
    }
  }
}
