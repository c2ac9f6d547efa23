package io.github.swag4j.studies.reinforce;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.google.gson.JsonObject;
import com.google.gson.JsonParser;
import io.github.swag4j.cli.Main;
import io.github.swag4j.studies.reinforce.environment.ControlTask;
import io.github.swag4j.studies.reinforce.environment.Pendulum;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ReinforceCommandTest {
  private static final String THREADS = "ai.djl.pytorch.num_threads";

  @TempDir private Path folder;

  private record Ran(int code, String out, String err) {}

  private static Ran run(String... args) {
    StringWriter out = new StringWriter();
    StringWriter err = new StringWriter();
    int code = Main.run(out, new PrintWriter(err, true), args);
    return new Ran(code, out.toString(), err.toString());
  }

  private Ran cartpole(String... more) {
    String[] words = {
      "reinforce",
      "--steps",
      "2000",
      "--evaluations",
      "4",
      "--starts",
      "3",
      "--average-every",
      "5",
      "--out",
      folder.resolve("run").toString()
    };
    return run(with(words, more));
  }

  @Test
  void aRunWritesItsPageAndGoesOnWithMoreSeeds() throws IOException {
    Ran one = cartpole("--seeds", "1");
    assertThat(one.code()).as(one.err()).isZero();
    assertThat(one.out()).contains("last weights", "average", "exponential", "(one seed)");
    String part = Files.readString(folder.resolve("run/parts/seed-1.json"));
    List<String> valueErrors = valueErrorColumn();
    Ran two = cartpole("--seeds", "2");
    assertThat(two.code()).as(two.err()).isZero();
    assertThat(folder.resolve("run/parts/seed-1.json")).hasContent(part);
    assertThat(two.out()).contains("over 2 seeds, ").doesNotContain("target actor");
    JsonObject found = JsonParser.parseString(part).getAsJsonObject().getAsJsonObject("found");
    JsonObject curves = found.getAsJsonObject("curves");
    // Before averages begin it is the last weights that act.
    assertThat(curves.getAsJsonArray("average").get(0))
        .isEqualTo(curves.getAsJsonArray("last weights").get(0));
    assertThat(curves.getAsJsonArray("average")).hasSize(4);
    // Chosen by what is no part of the number that is reported.
    assertThat(found.getAsJsonObject("finalReturn").has("best checkpoint")).isTrue();
    assertThat(found.getAsJsonObject("spread").has("best checkpoint")).isFalse();
    assertThat(one.out()).contains("best checkpoint");
    JsonObject errors = found.getAsJsonObject("valueErrors");
    assertThat(errors.keySet()).containsExactlyInAnyOrder("last weights", "average");
    // Only of what has a critic of its own.
    assertThat(valueErrors)
        .containsExactly(
            tenth(errors.get("last weights").getAsDouble()),
            tenth(errors.get("average").getAsDouble()),
            "–",
            "–",
            "–");
    assertThat(folder.resolve("run/report.html")).content().contains("CartPole-v1");
    assertThat(folder.resolve("run/figures/returns.svg")).exists();
    Ran other = cartpole("--seeds", "2", "--rate", "0.002");
    assertThat(other.code()).isEqualTo(1);
    assertThat(other.err()).contains("was made with other settings");
  }

  @Test
  void threadsAreASettingOfAPart() throws IOException {
    String before = System.getProperty(THREADS);
    try {
      Ran one = cartpole("--seeds", "1");
      assertThat(one.code()).as(one.err()).isZero();
      assertThat(threadsOfThePart()).isEqualTo(1);
      assertThat(System.getProperty(THREADS)).isEqualTo("1");
      Ran other = cartpole("--seeds", "1", "--threads", "2");
      assertThat(other.code()).isEqualTo(1);
      assertThat(other.err()).contains("was made with other settings (threads was 1, is 2)");
      assertThat(threadsOfThePart()).isEqualTo(1);
      Ran anew = cartpole("--seeds", "1", "--threads", "2", "--overwrite");
      assertThat(anew.code()).as(anew.err()).isZero();
      assertThat(threadsOfThePart()).isEqualTo(2);
      // What the engine is told when it is loaded.
      assertThat(System.getProperty(THREADS)).isEqualTo("2");
    } finally {
      System.setProperty(THREADS, before == null ? "1" : before);
    }
  }

  /** Last column of the table, without its heading. */
  private List<String> valueErrorColumn() throws IOException {
    return Files.readAllLines(folder.resolve("run/tables/returns.md")).stream()
        .skip(2)
        .map(line -> line.replaceFirst("\\s*\\|\\s*$", "").replaceFirst("^.*\\|\\s*", ""))
        .toList();
  }

  private static String tenth(double value) {
    return String.format(Locale.ROOT, "%.1f", value);
  }

  private int threadsOfThePart() throws IOException {
    String part = Files.readString(folder.resolve("run/parts/seed-1.json"));
    JsonObject settings =
        JsonParser.parseString(part).getAsJsonObject().getAsJsonObject("settings");
    return settings.get("threads").getAsInt();
  }

  @Test
  void whatCannotBeTrainedIsRefusedBeforeItBegins() {
    for (String[] words :
        new String[][] {
          {"--env", "go", "--env must be one of [cartpole, acrobot"},
          {"--agent", "ddpg", "--agent ddpg needs actions that are numbers"},
          {"--agent", "ppo", "--agent must be a2c or ddpg, got ppo"},
          {"--average-start", "1", "--average-start must be in [0, 1), got 1.0"},
          {
            "--average-every", "4000", "at least 2 evaluations must be of averages of more than one"
          },
          {"--average-every", "0", "--average-every, --starts and --threads must be at least 1"},
          {"--threads", "0", "--average-every, --starts and --threads must be at least 1"},
          {"--noise", "0.1", "--noise and --noise-kind are of DDPG's actions"},
          {"--noise-kind", "normal", "--noise and --noise-kind are of DDPG's actions"},
          {"--entropy", "-1", "--entropy must be at least 0, got -1.0"},
          {"--steps", "40", "--steps must be enough for 40 updates, got 40"},
        }) {
      Ran ran = run("reinforce", "--out", folder.resolve("run").toString(), words[0], words[1]);
      assertThat(ran.code()).isEqualTo(2);
      assertThat(ran.err()).contains(words[2]);
      assertThat(folder.resolve("run")).doesNotExist();
    }
  }

  @Test
  void ddpgRunsWithNoiseOfEitherKindAndWithoutTheOthersOptions() throws IOException {
    String[] words = {"reinforce", "--env", "pendulum", "--out", folder.resolve("ddpg").toString()};
    Ran entropy = run(with(words, "--entropy", "0.01"));
    assertThat(entropy.code()).isEqualTo(2);
    assertThat(entropy.err()).contains("--entropy is of A2C's loss, and DDPG has none");
    Ran kind = run(with(words, "--noise-kind", "pink"));
    assertThat(kind.err()).contains("--noise-kind must be normal or ornstein-uhlenbeck, got pink");
    Ran negative = run(with(words, "--noise", "-1"));
    assertThat(negative.err()).contains("--noise must be at least 0, got -1.0");
    assertThat(folder.resolve("ddpg")).doesNotExist();
    String[] small =
        with(
            words,
            "--steps",
            "1060",
            "--evaluations",
            "4",
            "--starts",
            "2",
            "--average-every",
            "5",
            "--seeds",
            "1",
            "--noise-kind",
            "ornstein-uhlenbeck");
    Ran ran = run(small);
    assertThat(ran.code()).as(ran.err()).isZero();
    assertThat(ran.out()).contains("target actor", "best checkpoint");
    assertThat(folder.resolve("ddpg/report.html"))
        .content()
        .contains("Ornstein-Uhlenbeck 0.1 (theta 0.15, dt 0.01)");
  }

  private static String[] with(String[] words, String... more) {
    String[] all = Arrays.copyOf(words, words.length + more.length);
    System.arraycopy(more, 0, all, words.length, more.length);
    return all;
  }

  @Test
  void episodesThatNeverEndAreRefused() {
    PolicyEvaluation endless = new PolicyEvaluation(Pendulum::new, 1, 1);
    assertThatThrownBy(() -> endless.of(rows -> act(rows, 0), 1))
        .isInstanceOf(IllegalStateException.class)
        .hasMessageContaining("put TimeLimit.of(environment, steps) around");
    assertThatThrownBy(() -> new PolicyEvaluation(Pendulum::new, 0, 1))
        .hasMessageContaining("starts must be at least 1");
  }

  @Test
  void policiesAreJudgedOnTheSameStarts() {
    PolicyEvaluation judge = new PolicyEvaluation(ControlTask.CARTPOLE, 5, 1);
    PolicyEvaluation.Episodes one = judge.of(rows -> act(rows, 1), 0.5);
    PolicyEvaluation.Episodes other = judge.of(rows -> act(rows, 0), 0.5);
    assertThat(one.first()).isDeepEqualTo(other.first());
    assertThat(one.mean()).isBetween(8.0, 11.0);
    assertThat(one.discounted()[0]).isBetween(1.99, 2.0);
  }

  private static float[][] act(float[][] rows, float action) {
    float[][] actions = new float[rows.length][];
    Arrays.setAll(actions, i -> new float[] {action});
    return actions;
  }
}
