package io.github.swag4j.studies.reinforce.environment;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import com.google.gson.Gson;
import com.google.gson.JsonObject;
import com.google.gson.JsonParser;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;

/** Steps and episodes of Gymnasium itself; values by make_control_golden.py. */
class ControlGoldenTest {
  private static final Gson GSON = new Gson();

  private record Transition(
      boolean first,
      double[] before,
      float action,
      double[] after,
      float[] observation,
      double reward,
      boolean terminated) {}

  private record Episode(
      long seed,
      String rule,
      double[] start,
      int steps,
      @com.google.gson.annotations.SerializedName("return") double total,
      boolean terminated,
      boolean truncated,
      float[] actions,
      double[] after50) {}

  private record Golden(
      List<Transition> transitions, List<Episode> episodes, List<Transition> edges) {}

  private record Limited(int limit, int steps, boolean terminated, boolean truncated) {}

  private static JsonObject golden() {
    try (InputStream in = ControlGoldenTest.class.getResourceAsStream("../control.json")) {
      return JsonParser.parseString(new String(in.readAllBytes(), StandardCharsets.UTF_8))
          .getAsJsonObject();
    } catch (IOException e) {
      throw new IllegalStateException(e);
    }
  }

  private static Golden golden(ControlTask task) {
    return GSON.fromJson(golden().getAsJsonObject("tasks").get(task.name()), Golden.class);
  }

  private static ClassicControl bare(ControlTask task) {
    return switch (task) {
      case CARTPOLE -> new CartPole();
      case ACROBOT -> new Acrobot();
      case PENDULUM -> new Pendulum();
      case MOUNTAIN_CAR_CONTINUOUS -> new MountainCarContinuous();
    };
  }

  @Test
  void oneStepFromEachRecordedStateIsGymnasiums() {
    for (ControlTask task : ControlTask.values()) {
      List<Transition> transitions = golden(task).transitions();
      assertThat(transitions).hasSizeGreaterThan(40);
      transitions.forEach(each -> requireGymnasiums(task, each));
    }
  }

  @Test
  void oneStepAtTheEdgesIsGymnasiums() {
    for (ControlTask task : ControlTask.values()) {
      List<Transition> edges = golden(task).edges();
      assertThat(edges).hasSizeGreaterThan(4);
      edges.forEach(each -> requireGymnasiums(task, each));
    }
  }

  private static void requireGymnasiums(ControlTask task, Transition each) {
    ClassicControl ours = bare(task);
    ours.reset(0);
    if (!each.first() && task == ControlTask.MOUNTAIN_CAR_CONTINUOUS) {
      ours.step(0); // only the first step is in float64
    }
    ours.enter(each.before());
    Step step = ours.step(each.action());
    String what = task + " " + GSON.toJson(each);
    assertThat(ours.state()).as(what).containsExactly(each.after(), within(1e-13));
    assertThat(step.reward()).as(what).isCloseTo(each.reward(), within(1e-12));
    assertThat(step.terminated()).as(what).isEqualTo(each.terminated());
    for (int i = 0; i < each.observation().length; i++) {
      float expected = each.observation()[i];
      assertThat(step.observation()[i]).as(what).isCloseTo(expected, within(Math.ulp(expected)));
    }
  }

  @Test
  void episodesStartGoOnAndEndAsGymnasiums() {
    for (ControlTask task : ControlTask.values()) {
      for (Episode each : golden(task).episodes()) {
        NumpyRandom drawn = new NumpyRandom(each.seed());
        ClassicControl inner = bare(task);
        float[] observation = inner.reset(each.seed());
        assertThat(inner.state()).as("%s start", task).isEqualTo(each.start());
        Environment ours = task.get();
        assertThat(ours.reset(each.seed())).isEqualTo(observation);
        double total = 0;
        Step step = null;
        int k = 0;
        while (step == null || !step.over()) {
          float[] seen = step == null ? observation : step.observation();
          float action = action(each, task, k, seen, drawn);
          step = ours.step(action);
          if (!(k >= 50 || task == ControlTask.ACROBOT)) {
            inner.step(action);
            if (k == 49 && each.after50() != null) {
              assertThat(inner.state())
                  .as("%s", task)
                  .containsExactly(each.after50(), within(1e-9));
            }
          }
          total += step.reward();
          k++;
        }
        // The double pendulum is chaotic: a last bit decides after some hundred steps.
        if (task != ControlTask.ACROBOT || each.truncated()) {
          assertThat(k).as("%s %s", task, each.rule()).isEqualTo(each.steps());
          assertThat(step.terminated()).isEqualTo(each.terminated());
          assertThat(step.truncated()).isEqualTo(each.truncated());
          assertThat(total).as("%s %s", task, each.rule()).isCloseTo(each.total(), within(1e-6));
        }
      }
    }
  }

  private static float action(
      Episode episode, ControlTask task, int k, float[] seen, NumpyRandom drawn) {
    return switch (episode.rule()) {
      case "alternating" -> k % 2;
      case "cycling" -> new float[] {2, 0, 1}[k % 3];
      case "balancing" -> 0.1 * seen[0] + 0.2 * seen[1] + seen[2] + 0.3 * seen[3] > 0 ? 1 : 0;
      case "sine" -> (float) (2 * Math.sin(0.1 * k));
      case "beyond" -> k / 7 % 2 == 0 ? 3 : -3;
      case "pushing left" -> -0.7f;
      case "random" -> random(episode, task, k, drawn);
      case "pumping" -> task == ControlTask.ACROBOT ? seen[4] > 0 ? 0 : 2 : seen[1] >= 0 ? 1 : -1;
      default -> throw new IllegalArgumentException(episode.rule());
    };
  }

  /** Stored are all choices, and of the numbers the first 50; the others are drawn as there. */
  private static float random(Episode episode, ControlTask task, int k, NumpyRandom drawn) {
    if (task == ControlTask.CARTPOLE) {
      return episode.actions()[k];
    }
    float action = (float) drawn.uniform(-1, 1);
    if (k < episode.actions().length) {
      assertThat(action).isEqualTo(episode.actions()[k]);
    }
    return action;
  }

  @Test
  void numbersAreThoseOfNumpysDefaultGenerator() {
    NumpyRandom random = new NumpyRandom(0);
    assertThat(random.uniform()).isEqualTo(0.6369616873214543);
    assertThat(random.uniform()).isEqualTo(0.2697867137638703);
    assertThat(random.uniform()).isEqualTo(0.04097352393619469);
    assertThat(random.uniform()).isEqualTo(0.016527635528529094);
  }

  @Test
  void aCartSeenInAMirrorIsTheMirroredCartBitForBit() {
    SplittableRandom random = new SplittableRandom(5);
    CartPole cart = new CartPole();
    CartPole mirrored = new CartPole();
    for (int trial = 0; trial < 50; trial++) {
      double[] state = random.doubles(4, -0.2, 0.2).toArray();
      cart.enter(state);
      mirrored.enter(Arrays.stream(state).map(x -> -x).toArray());
      int action = random.nextInt(2);
      cart.step(action);
      mirrored.step(1 - action);
      assertThat(mirrored.state()).isEqualTo(Arrays.stream(cart.state()).map(x -> -x).toArray());
    }
  }

  @Test
  void theDoublePendulumKeepsItsEnergyWithoutTorque() {
    double[] coarse = {1.0, -0.5, 0.3, 0.2};
    double[] fine = coarse.clone();
    double before = energy(coarse);
    for (int i = 0; i < 200; i++) {
      Acrobot.integrate(fine, 0, 0.001);
    }
    assertThat(energy(fine)).isCloseTo(before, within(1e-9));
    Acrobot.integrate(coarse, 0, 0.2);
    assertThat(coarse).containsExactly(fine, within(2e-3)); // of fifth order in 0.2
  }

  private static double energy(double[] s) {
    double w1 = s[2];
    double w2 = s[2] + s[3];
    double swing = Math.cos(s[1]);
    double kinetic =
        0.5 * (0.25 + 1) * w1 * w1
            + 0.5 * (w1 * w1 + 0.25 * w2 * w2 + w1 * w2 * swing)
            + 0.5 * w2 * w2;
    return kinetic - 9.8 * (0.5 * Math.cos(s[0]) + Math.cos(s[0]) + 0.5 * Math.cos(s[0] + s[1]));
  }

  @Test
  void aPendulumAtRestStays() {
    Pendulum pendulum = new Pendulum();
    pendulum.enter(0, 0);
    assertThat(pendulum.step(0f).reward()).isEqualTo(-0.0);
    assertThat(pendulum.state()).containsExactly(0, 0);
  }

  @Test
  void aPendulumThatHangsStaysAndPaysForHalfATurn() {
    Pendulum pendulum = new Pendulum();
    pendulum.enter(Math.PI, 0);
    for (int k = 0; k < 100; k++) {
      assertThat(pendulum.step(0f).reward()).isCloseTo(-Math.PI * Math.PI, within(1e-12));
    }
    assertThat(pendulum.state()).containsExactly(new double[] {Math.PI, 0}, within(1e-12));
  }

  @Test
  void aCarStaysBetweenItsWallsAndStandsStillAtTheLeftOne() {
    SplittableRandom random = new SplittableRandom(6);
    int left = 0;
    int right = 0;
    for (int trial = 0; trial < 2_000; trial++) {
      MountainCarContinuous car = new MountainCarContinuous();
      car.reset(trial);
      if (trial % 2 == 0) {
        car.step(0); // the others move in float64
      }
      boolean nearTheLeft = trial % 4 < 2;
      double place = nearTheLeft ? -1.2 + random.nextDouble(0.1) : 0.6 - random.nextDouble(0.1);
      car.enter((float) place, (float) (0.14 * random.nextDouble() - 0.07));
      car.step((float) (4 * random.nextDouble() - 2));
      double position = car.state()[0];
      double speed = car.state()[1];
      assertThat(position).isBetween((double) -1.2f, (double) 0.6f);
      assertThat(Math.abs(speed)).isLessThanOrEqualTo(0.07f);
      if (position == -1.2f) {
        assertThat(speed).isZero();
        left++;
      }
      right += position == 0.6f ? 1 : 0;
    }
    assertThat(left).isGreaterThan(100);
    assertThat(right).isGreaterThan(100);
  }

  @Test
  void noStepBeforeAResetNorAfterTheEnd() {
    for (ControlTask task : ControlTask.values()) {
      Environment environment = task.get();
      assertThatThrownBy(() -> environment.step(0f))
          .isInstanceOf(IllegalStateException.class)
          .hasMessageContaining("reset comes before");
    }
    Environment cart = ControlTask.CARTPOLE.get();
    cart.reset(1);
    while (!cart.step(1f).over()) {
      assertThat(cart.observationSize()).isEqualTo(4);
    }
    assertThatThrownBy(() -> cart.step(1f)).isInstanceOf(IllegalStateException.class);
    cart.reset(2);
    assertThatThrownBy(() -> cart.step(0.5f))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("one whole number from 0 to 1, got [0.5]");
    assertThatThrownBy(() -> cart.reset(-1)).hasMessageContaining("at least 0, got -1");
  }

  @Test
  void aCutEpisodeIsTruncatedAndAFinishedOneTerminated() {
    Environment cut = TimeLimit.of(new CartPole(), 3);
    cut.reset(7);
    assertThat(cut.step(0f).over()).isFalse();
    assertThat(cut.step(1f).over()).isFalse();
    Step last = cut.step(0f);
    assertThat(last.truncated()).isTrue();
    assertThat(last.terminated()).isFalse();
    assertThatThrownBy(() -> TimeLimit.of(new CartPole(), 0)).hasMessageContaining("got 0");
  }

  @Test
  void anEpisodeThatIsOverAtItsLimitIsBothTerminatedAndTruncated() {
    Limited[] all = GSON.fromJson(golden().get("limits"), Limited[].class);
    assertThat(all).extracting(Limited::limit).containsExactly(38, 39, 40);
    for (Limited each : all) {
      Environment cart = TimeLimit.of(new CartPole(), each.limit());
      cart.reset(0);
      int k = 0;
      Step step;
      do {
        step = cart.step(k++ % 2);
      } while (!step.over());
      assertThat(new Limited(each.limit(), k, step.terminated(), step.truncated())).isEqualTo(each);
    }
    assertThat(all[1].terminated() && all[1].truncated()).isTrue();
  }
}
