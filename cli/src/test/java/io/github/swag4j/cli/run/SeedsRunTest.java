package io.github.swag4j.cli.run;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import com.google.gson.JsonObject;
import io.github.swag4j.cli.Cli;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The same experiment under several seeds. */
class SeedsRunTest {
  @TempDir private static Path folder;
  private static Path images;
  private static Path group;
  private static Cli trained;

  @BeforeAll
  static void train() throws IOException {
    images = NoisyShapes.write(folder.resolve("shapes"), 120, 60);
    group = folder.resolve("group");
    trained = train(group, "--seeds", "3,5");
    assertThat(trained.code()).as(trained.err()).isZero();
  }

  private static Cli train(Path out, String... more) {
    List<String> words = new ArrayList<>(List.of("train", "--data", images.toString()));
    words.addAll(List.of("--out", out.toString(), "--epochs", "3", "--samples", "2"));
    words.addAll(List.of("--batch-size", "16", "--threads", "1", "--model", "mlp"));
    words.addAll(List.of("--validation", "30"));
    words.addAll(List.of(more));
    return Cli.run(words.toArray(String[]::new));
  }

  private static JsonObject json(Path of) throws IOException {
    return RunDirectory.readJson(of.resolve("metrics.json"), JsonObject.class);
  }

  private static double nll(String seed, String method) throws IOException {
    return json(group.resolve(seed))
        .getAsJsonObject("methods")
        .getAsJsonObject(method)
        .getAsJsonObject("shapes")
        .get("nll")
        .getAsDouble();
  }

  @Test
  void eachSeedIsARunAndTheTablesHaveMeanAndStandardDeviation() throws IOException {
    JsonObject nll =
        json(group).getAsJsonObject("methods").getAsJsonObject("swag").getAsJsonObject("nll");
    double a = nll("seed-3", "swag");
    double b = nll("seed-5", "swag");
    assertThat(a).isNotEqualTo(b);
    assertThat(nll.get("mean").getAsDouble()).isEqualTo((a + b) / 2, within(1e-12));
    assertThat(nll.get("sd").getAsDouble())
        .isEqualTo(Math.abs(a - b) / Math.sqrt(2), within(1e-12));
    JsonObject difference =
        json(group)
            .getAsJsonObject("differences")
            .getAsJsonObject("methods")
            .getAsJsonObject("swag")
            .getAsJsonObject("nll");
    assertThat(difference.get("mean").getAsDouble())
        .isEqualTo((a - nll("seed-3", "sgd") + b - nll("seed-5", "sgd")) / 2, within(1e-12));
    // Two seeds, the four ways to flip their signs: never below 1/2.
    assertThat(difference.get("p_seeds_holm").getAsDouble()).isBetween(0.5, 1.0);
    assertThat(difference.get("p_rows_holm").getAsDouble()).isBetween(0.0, 1.0);
    assertThat(trained.out())
        .contains("Mean over seeds 3, 5, shapes", "sd NLL", "Differences from SGD", "p seeds");
    assertThat(Files.readString(group.resolve("report.html")))
        .contains("shapes, 2 seeds", "Seed 5", "seed-N/report.html");
  }

  @Test
  void aRunOfTheGroupIsTheRunOfThatSeed() throws IOException {
    Path alone = folder.resolve("alone");
    assertThat(train(alone, "--seed", "5").code()).isZero();
    assertThat(alone.resolve("metrics.json"))
        .hasSameBinaryContentAs(group.resolve("seed-5/metrics.json"));
    Cli cli = Cli.run("predict", group.toString());
    assertThat(cli.code()).isEqualTo(1);
    assertThat(cli.err()).contains("it has one for each seed: name " + group.resolve("seed-"));
    assertThat(Cli.run("predict", group.resolve("seed-3").toString()).code()).isZero();
  }

  @Test
  void whatIsMissingOfAGroupIsTrainedAndTheRestTaken() throws IOException {
    byte[] before = Files.readAllBytes(group.resolve("metrics.json"));
    Cli resumed = train(group, "--seeds", "3,5", "--resume");
    assertThat(resumed.code()).as(resumed.err()).isZero();
    assertThat(resumed.out()).isEqualTo(trained.out());
    assertThat(Files.readAllBytes(group.resolve("metrics.json"))).isEqualTo(before);
    Cli more = train(group, "--seeds", "3,5,8", "--resume");
    assertThat(more.code()).as(more.err()).isZero();
    assertThat(more.err()).contains("seed-3 is finished", "seed-5 is finished", "Epochs: 5 = ");
    assertThat(json(group).getAsJsonArray("seeds")).hasSize(3);
    Cli fewer = train(group, "--seeds", "3,8", "--resume");
    assertThat(fewer.code()).isEqualTo(2);
    assertThat(fewer.err())
        .contains("--seeds must have all seeds", "got 3,8", "has seed-5 too")
        .doesNotContain("seed-3 is finished");
    // As it was, for the other tests.
    Files.delete(group.resolve("seed-8/run.json"));
    assertThat(train(group, "--seeds", "3,5", "--resume").code()).isZero();
    Cli other = train(group, "--seeds", "3,5", "--resume", "--momentum", "0.5");
    assertThat(other.code()).isEqualTo(2);
    assertThat(other.err()).contains("--momentum must be 0.9 as in the run to resume, got 0.5");
    assertThat(train(group, "--seeds", "3,5").err()).contains("must be empty or new");
  }
}
