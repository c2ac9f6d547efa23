package io.github.swag4j.cli;

import static io.github.swag4j.cli.AnalysisCommandsTest.assertFailed;
import static io.github.swag4j.cli.AnalysisCommandsTest.assertUsage;
import static io.github.swag4j.cli.AnalysisCommandsTest.done;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import com.google.gson.JsonObject;
import com.google.gson.JsonParser;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Files with the class predicted and its confidence alone. */
class TopLabelCommandTest {
  private static final String WHOLE =
      "cat,dog,eel,label\n0.75,0.125,0.125,cat\n0.25,0.5,0.25,cat\n0.1,0.2,0.7,eel\n"
          + "0.3,0.6,0.1,dog\n0.05,0.05,0.9,cat\n0.8,0.1,0.1,cat\n";
  private static final String TOP =
      "prediction,confidence,label\ncat,0.75,cat\ndog,0.5,cat\neel,0.7,eel\ndog,0.6,dog\n"
          + "eel,0.9,cat\ncat,0.8,cat\n";

  @TempDir private Path folder;

  private String file(String name, String text) throws IOException {
    return Files.writeString(folder.resolve(name), text).toString();
  }

  private static JsonObject json(Cli cli) {
    return JsonParser.parseString(done(cli).out()).getAsJsonObject();
  }

  @Test
  void whatIsKnownIsThatOfTheWholeFileAndTheRestIsNull() throws IOException {
    Cli cli = Cli.run("evaluate", file("top.csv", TOP), "--json", "--ci");
    JsonObject top = json(cli);
    JsonObject whole = json(Cli.run("evaluate", file("whole.csv", WHOLE), "--json", "--ci"));
    for (String key :
        List.of(
            "accuracy",
            "mean_confidence",
            "ece",
            "mce",
            "rmsce",
            "ace",
            "smece",
            "aurc",
            "augrc",
            "failure_auroc")) {
      assertThat(top.get(key).getAsDouble())
          .as(key)
          .isCloseTo(whole.get(key).getAsDouble(), within(1e-12));
    }
    assertThat(top.get("nll").isJsonNull()).isTrue();
    assertThat(top.get("brier").isJsonNull()).isTrue();
    assertThat(top.getAsJsonArray("unknown").toString()).contains("nll", "brier");
    assertThat(top.getAsJsonObject("intervals").get("ece")).isNotNull();
    assertThat(top.getAsJsonObject("intervals").get("nll")).isNull();
    assertThat(cli.err())
        .contains("the class predicted and its confidence alone: prediction, confidence");
    Cli text = done(Cli.run("evaluate", file("top.csv", TOP)));
    assertThat(text.out()).contains("unknown", "0.6667", "confidence alone");
  }

  @Test
  void objectsComeInTheOrderOfTheFiles() throws IOException {
    String top = file("top.csv", TOP);
    String whole = file("whole.csv", WHOLE);
    List<String> lines =
        done(Cli.run("evaluate", top, whole, top, "--json")).out().lines().toList();
    assertThat(lines)
        .extracting(
            line -> JsonParser.parseString(line).getAsJsonObject().get("file").getAsString())
        .containsExactly(top, whole, top);
  }

  @Test
  void theOptionOfARefusalWorks() throws IOException {
    String odd =
        file("odd.csv", TOP.replace("prediction,confidence", "predicted_class,probability"));
    assertFailed(
        Cli.run("evaluate", odd),
        "say 'evaluate' with --prediction-column predicted_class --confidence-column probability");
    String[] named = {"--prediction-column", "predicted_class"};
    assertThat(
            json(Cli.run(
                    "evaluate",
                    odd,
                    named[0],
                    named[1],
                    "--confidence-column=probability",
                    "--json"))
                .get("accuracy")
                .getAsDouble())
        .isCloseTo(4.0 / 6, within(1e-12));
    assertUsage(Cli.run("evaluate", odd, named[0], named[1]), "they go together");
  }

  @Test
  void whatNeedsEveryClassRefusesSuchFiles() throws IOException {
    String top = file("top.csv", TOP);
    String advice = "say 'evaluate' with --prediction-column prediction";
    assertFailed(Cli.run("compare", top, file("whole.csv", WHOLE)), advice);
    String out = folder.resolve("o.csv").toString();
    assertFailed(Cli.run("calibrate", "--fit", top, "--apply", top, "-o", out), advice);
    assertFailed(
        Cli.run("evaluate", top, "--report", folder.resolve("page").toString()),
        "need a column for each class");
    assertThat(folder.resolve("page")).doesNotExist();
    assertThat(folder.resolve("o.csv")).doesNotExist();
  }
}
