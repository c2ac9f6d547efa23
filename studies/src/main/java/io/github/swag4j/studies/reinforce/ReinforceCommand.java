package io.github.swag4j.studies.reinforce;

import io.github.swag4j.cli.Version;
import io.github.swag4j.cli.run.Progress;
import io.github.swag4j.cli.run.TorchEngine;
import io.github.swag4j.cli.run.UsageException;
import io.github.swag4j.studies.frame.StudyOptions;
import io.github.swag4j.studies.frame.StudyRun;
import io.github.swag4j.studies.reinforce.AveragedTraining.Found;
import io.github.swag4j.studies.reinforce.AveragedTraining.Plan;
import io.github.swag4j.studies.reinforce.agent.A2c;
import io.github.swag4j.studies.reinforce.agent.ActionNoise;
import io.github.swag4j.studies.reinforce.agent.Agent;
import io.github.swag4j.studies.reinforce.agent.Ddpg;
import io.github.swag4j.studies.reinforce.environment.ActionSpace;
import io.github.swag4j.studies.reinforce.environment.ControlTask;
import java.io.IOException;
import java.io.PrintWriter;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.function.LongConsumer;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** Averages of actors. */
@Command(
    name = "reinforce",
    mixinStandardHelpOptions = true,
    versionProvider = Version.class,
    sortOptions = false,
    description = {
      "Train A2C or DDPG on a control task, average the actor's weights, and judge both.",
      "",
      "Averages are kept aside: none acts in the training. All are judged without noise on the same"
          + " starts: the last weights, the average of all collected, of the last ten, an exponential"
          + " one, and DDPG's own target network, which is an average as well. Beside them is the best"
          + " checkpoint: the last weights of the late evaluation that brought most, on other starts"
          + " than those of the end. The critic is averaged too, but only to say how far its values are"
          + " off: nothing acts by it."
    },
    footer = {
      "",
      "Examples",
      "  swag4j reinforce --env cartpole --agent a2c --out cartpole",
      "  swag4j reinforce --env pendulum --agent ddpg --seeds 8 --out pendulum"
    })
final class ReinforceCommand implements Callable<Integer> {
  private static final int SEEDS = 5;
  private static final String NORMAL = "normal";
  private static final String ORNSTEIN_UHLENBECK = "ornstein-uhlenbeck";

  /** Seeds of starts that policies are judged on; those of training are far above. */
  private static final long FIRST_START = 1;

  private static final long FIRST_FINAL_START = 1_000_001;

  /** Agents by name. */
  enum Kind {
    A2C,
    DDPG
  }

  @Spec private CommandSpec spec;
  @Mixin private StudyOptions options;

  @Option(
      names = "--env",
      paramLabel = "NAME",
      defaultValue = "cartpole",
      description =
          "cartpole, acrobot, pendulum or mountain-car-continuous (default: ${DEFAULT-VALUE}).")
  private String environment;

  @Option(
      names = "--agent",
      paramLabel = "NAME",
      description =
          "a2c, or ddpg for actions that are numbers (default: a2c for choices, else ddpg).")
  private String agent;

  @Option(
      names = "--steps",
      paramLabel = "N",
      description = "Steps in environments (default: 200,000 of A2C, 15,000 of DDPG).")
  private Integer steps;

  @Option(
      names = "--rate",
      paramLabel = "RATE",
      description = "Learning rate, constant (default: 7e-4 of A2C, 1e-3 of DDPG).")
  private Double rate;

  @Option(
      names = "--entropy",
      paramLabel = "WEIGHT",
      description = "Weight of the entropy in A2C's loss (default: 0).")
  private Double entropy;

  @Option(
      names = "--noise",
      paramLabel = "SD",
      description = "Noise of DDPG's actions between -1 and 1 (default: 0.1).")
  private Double noise;

  @Option(
      names = "--noise-kind",
      paramLabel = "KIND",
      description =
          "normal or ornstein-uhlenbeck (default: normal). The latter pushes the same way for"
              + " a while (theta 0.15, dt 0.01), --noise drives it.")
  private String noiseKind;

  @Option(
      names = "--average-start",
      paramLabel = "SHARE",
      defaultValue = "0.5",
      description =
          "Share of the updates after which averages begin; what is learnt before is far from the"
              + " end (default: ${DEFAULT-VALUE}).")
  private double averageStart;

  @Option(
      names = "--average-every",
      paramLabel = "N",
      defaultValue = "100",
      description =
          "Updates between two collections; weights a few updates apart are nearly the same, and few"
              + " collections leave nothing to average (default: ${DEFAULT-VALUE}).")
  private long averageEvery;

  @Option(
      names = "--evaluations",
      paramLabel = "N",
      defaultValue = "40",
      description = "How often all are judged (default: ${DEFAULT-VALUE}).")
  private int evaluations;

  @Option(
      names = "--starts",
      paramLabel = "N",
      defaultValue = "20",
      description =
          "Episodes of each judgement; the last has 100 others (default: ${DEFAULT-VALUE}).")
  private int starts;

  @Option(
      names = "--threads",
      paramLabel = "N",
      defaultValue = "1",
      description = "Threads of the engine (default: ${DEFAULT-VALUE}).")
  private int threads;

  private ControlTask task;
  private Kind kind;

  @Override
  public Integer call() throws IOException {
    check();
    List<Integer> seeds = options.seeds(SEEDS);
    Plan plan = plan();
    PrintWriter err = spec.commandLine().getErr();
    try (StudyRun run = options.open("reinforce-" + task + "-" + word(), err)) {
      TorchEngine.start(threads, err);
      Progress progress = run.progress("reinforce", plan.updates() * seeds.size());
      List<Found> found = new ArrayList<>();
      for (int seed : seeds) {
        long before = plan.updates() * found.size();
        Map<String, Object> described = plan.described();
        described.put("environment", task.toString());
        described.put("agent", agentSettings());
        described.put("threads", threads);
        described.put("seed", seed);
        found.add(
            run.part(
                "seed-" + seed,
                described,
                Found.class,
                () -> train(seed, plan, n -> progress.show(before + n, "seed " + seed))));
      }
      progress.show(plan.updates() * seeds.size(), "done");
      new ReinforcePage(task, word(), agentSettings(), plan, seeds, found)
          .write(run, spec, options.json());
    }
    return 0;
  }

  private Found train(int seed, Plan plan, LongConsumer progress) {
    try (Agent learns = agent(seed)) {
      PolicyEvaluation judge = new PolicyEvaluation(task, plan.starts(), FIRST_START);
      PolicyEvaluation last = new PolicyEvaluation(task, plan.finalStarts(), FIRST_FINAL_START);
      return new AveragedTraining(learns, plan, judge, last).run(progress);
    }
  }

  private Agent agent(int seed) {
    return kind == Kind.A2C ? new A2c(task, a2c(), seed) : new Ddpg(task, ddpg(), seed);
  }

  private A2c.Options a2c() {
    A2c.Options usual = A2c.Options.defaults().withEntropy(entropy == null ? 0 : entropy);
    return rate == null ? usual : usual.withRate(rate);
  }

  private Ddpg.Options ddpg() {
    double deviation = noise == null ? 0.1 : noise;
    Ddpg.Options usual =
        Ddpg.Options.defaults()
            .withNoise(
                ORNSTEIN_UHLENBECK.equals(noiseKind)
                    ? ActionNoise.OrnsteinUhlenbeck.usual(deviation)
                    : new ActionNoise.Normal(deviation));
    return rate == null ? usual : usual.withRate(rate);
  }

  private String agentSettings() {
    return kind == Kind.A2C ? a2c().toString() : ddpg().toString();
  }

  private String word() {
    return kind == Kind.A2C ? "a2c" : "ddpg";
  }

  private Plan plan() {
    boolean choices = kind == Kind.A2C;
    long all = steps == null ? (choices ? 200_000 : 15_000) : steps;
    long rollout = choices ? (long) a2c().environments() * a2c().steps() : 1;
    long updates = (choices ? all : all - ddpg().warmUp()) / rollout;
    if (updates < evaluations) {
      throw new UsageException(
          "--steps must be enough for "
              + evaluations
              + " updates, got "
              + all
              + ": ask for more, or for fewer --evaluations");
    }
    double gamma = choices ? a2c().gamma() : ddpg().gamma();
    long start = Math.max(1, Math.round(averageStart * updates));
    Plan plan = new Plan(updates, start, averageEvery, evaluations, starts, 100, gamma);
    if (plan.evaluationsOfAverages() < 2) {
      throw new UsageException(
          "at least 2 evaluations must be of averages of more than one collection, got "
              + plan.evaluationsOfAverages()
              + " in "
              + updates
              + " updates: ask for more --steps or --evaluations, or for a smaller --average-every or"
              + " --average-start");
    }
    return plan;
  }

  private void check() {
    task = task(environment);
    boolean choice = task.get().actions() instanceof ActionSpace.Choice;
    kind = agent == null ? (choice ? Kind.A2C : Kind.DDPG) : kind(agent);
    if (kind == Kind.DDPG && choice) {
      throw new UsageException(
          "--agent ddpg needs actions that are numbers, and those of " + task + " are choices");
    }
    if (!(averageStart >= 0 && averageStart < 1)) {
      throw new UsageException("--average-start must be in [0, 1), got " + averageStart);
    }
    if (averageEvery < 1 || starts < 1 || threads < 1 || evaluations < 2) {
      throw new UsageException(
          "--average-every, --starts and --threads must be at least 1 and --evaluations at least 2,"
              + " got "
              + List.of(averageEvery, starts, threads, evaluations));
    }
    if (rate != null && !(rate > 0 && Double.isFinite(rate))) {
      throw new UsageException("--rate must be above 0, got " + rate);
    }
    if (kind == Kind.DDPG && entropy != null) {
      throw new UsageException("--entropy is of A2C's loss, and DDPG has none: leave it out");
    }
    if (kind == Kind.A2C && (noise != null || noiseKind != null)) {
      throw new UsageException(
          "--noise and --noise-kind are of DDPG's actions, A2C draws its own: leave them out");
    }
    if (noiseKind != null && !List.of(NORMAL, ORNSTEIN_UHLENBECK).contains(noiseKind)) {
      throw new UsageException(
          "--noise-kind must be " + NORMAL + " or " + ORNSTEIN_UHLENBECK + ", got " + noiseKind);
    }
    requireAtLeastZero("--entropy", entropy);
    requireAtLeastZero("--noise", noise);
  }

  private static void requireAtLeastZero(String option, Double value) {
    if (value != null && !(value >= 0 && Double.isFinite(value))) {
      throw new UsageException(option + " must be at least 0, got " + value);
    }
  }

  private static ControlTask task(String name) {
    for (ControlTask each : ControlTask.values()) {
      if (each.toString().equals(name) || each.gymnasium().equals(name)) {
        return each;
      }
    }
    throw new UsageException(
        "--env must be one of " + List.of(ControlTask.values()) + ", got " + name);
  }

  private static Kind kind(String name) {
    for (Kind each : Kind.values()) {
      if (each.name().equalsIgnoreCase(name)) {
        return each;
      }
    }
    throw new UsageException("--agent must be a2c or ddpg, got " + name);
  }
}
