package io.github.swag4j.studies.reinforce.agent;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.Shape;
import ai.djl.training.GradientCollector;
import ai.djl.training.tracker.Tracker;
import io.github.swag4j.base.SplitMix;
import io.github.swag4j.studies.reinforce.environment.ActionSpace;
import io.github.swag4j.studies.reinforce.environment.Environment;
import io.github.swag4j.studies.reinforce.environment.Step;
import io.github.swag4j.swa.AveragingPlan;
import io.github.swag4j.swa.WeightAverage;
import io.github.swag4j.swa.djl.EngineDefaults;
import io.github.swag4j.swa.djl.ModelWeights;
import io.github.swag4j.swa.djl.optim.TorchAdam;
import io.github.swag4j.swa.weights.WeightSource;
import io.github.swag4j.swa.weights.Weights;
import java.util.Arrays;
import java.util.List;
import java.util.Objects;
import java.util.function.Supplier;

/**
 * Deep deterministic policy gradient: one environment, a buffer of transitions, and after each step
 * one step of Adam for the critic, towards {@code r + gamma (1 - done) Q'(s', mu'(s'))}, one for
 * the actor, up {@code mean Q(s, mu(s))}, and target networks that follow by a share tau. Actions
 * lie between -1 and 1 for the networks; noise is added to them, and before the first steps actions
 * are uniform.
 *
 * @see <a href="https://arxiv.org/abs/1509.02971">Lillicrap et al. 2016, Continuous Control with
 *     Deep Reinforcement Learning</a>
 */
public final class Ddpg implements Agent {

  /**
   * How it learns.
   *
   * @param gamma discount of a step, in [0, 1]
   * @param rate learning rate of both networks, above 0
   * @param batch transitions an update, at least 1
   * @param capacity transitions kept, at least batch
   * @param warmUp steps with uniform actions and no learning, at least batch
   * @param tau share of the live weights that targets take over at each update, in (0, 1]
   * @param noise what is added to actions between -1 and 1
   * @param hidden units of the hidden layers
   */
  public record Options(
      double gamma,
      double rate,
      int batch,
      int capacity,
      int warmUp,
      double tau,
      ActionNoise noise,
      List<Integer> hidden) {

    /**
     * Checks the numbers and copies the layers.
     *
     * @param gamma discount
     * @param rate learning rate
     * @param batch transitions an update
     * @param capacity transitions kept
     * @param warmUp steps before learning
     * @param tau share of the targets
     * @param noise of actions
     * @param hidden units of the hidden layers
     * @throws IllegalArgumentException if one is out of its range
     */
    public Options {
      if (batch < 1 || capacity < batch || warmUp < batch) {
        throw new IllegalArgumentException(
            "capacity and warm-up must be at least the batch, and that 1, got "
                + List.of(capacity, warmUp, batch));
      }
      OptionRange.share("gamma", gamma);
      OptionRange.positive("rate", rate);
      OptionRange.positive("tau", tau);
      OptionRange.share("tau", tau);
      Objects.requireNonNull(noise, "noise");
      hidden = OptionRange.layers(hidden);
    }

    /**
     * Gamma 0.98, rate 1e-3, batches of 128 of 200,000 transitions, 1,000 first steps, tau 0.005,
     * noise 0.1, two layers of 64: Stable-Baselines3's for Pendulum with smaller networks and
     * batches, and an earlier start.
     *
     * @return the options
     */
    public static Options defaults() {
      return new Options(
          0.98, 1e-3, 128, 200_000, 1_000, 0.005, new ActionNoise.Normal(0.1), List.of(64, 64));
    }

    /**
     * The same with another rate.
     *
     * @param newRate learning rate of both networks
     * @return the options
     */
    public Options withRate(double newRate) {
      return new Options(gamma, newRate, batch, capacity, warmUp, tau, noise, hidden);
    }

    /**
     * The same with other noise.
     *
     * @param newNoise what is added to actions between -1 and 1
     * @return the options
     */
    public Options withNoise(ActionNoise newNoise) {
      return new Options(gamma, rate, batch, capacity, warmUp, tau, newNoise, hidden);
    }
  }

  private final Options options;
  private final NDManager manager;
  private final Environment environment;
  private final ActionSpace.Vector actions;
  private final Network actor;
  private final Network critic;
  private final Network targetActor;
  private final Network targetCritic;
  private final Network judgedActor;
  private final Network judgedCritic;
  private final TorchAdam actorSteps;
  private final TorchAdam criticSteps;
  private final ReplayBuffer buffer;
  private final SplitMix random;
  private final double[] noise;
  private final long seed;
  private WeightAverage actorAverage;
  private WeightAverage criticAverage;
  private float[] observation;
  private long episodes;
  private long steps;
  private long updates;

  /**
   * An agent that has not learnt.
   *
   * @param environment makes the environment, whose actions are vectors
   * @param options how it learns
   * @param seed decides first weights, episodes, noise and draws
   * @throws IllegalArgumentException if actions are choices
   */
  public Ddpg(Supplier<Environment> environment, Options options, long seed) {
    EngineDefaults.apply();
    this.options = options;
    this.seed = seed;
    this.environment = environment.get();
    if (!(this.environment.actions() instanceof ActionSpace.Vector vector)) {
      throw new IllegalArgumentException(
          "DDPG needs actions that are vectors, got " + this.environment.actions());
    }
    actions = vector;
    noise = new double[actions.size()];
    manager = NDManager.newBaseManager();
    actor = actorNetwork();
    targetActor = actorNetwork();
    judgedActor = actorNetwork();
    critic = criticNetwork();
    targetCritic = criticNetwork();
    judgedCritic = criticNetwork();
    random = new SplitMix(SplitMix.mix(seed + SplitMix.GAMMA));
    Weights first = FirstWeights.uniform(actor.weights().layout(), random);
    begin(first, FirstWeights.uniform(critic.weights().layout(), random));
    actorSteps = adam();
    criticSteps = adam();
    buffer = new ReplayBuffer(options.capacity, this.environment.observationSize(), actions.size());
    observation = this.environment.reset(Starts.seed(seed, 0, 0));
  }

  /** Begins with weights, and targets that are equal to them. */
  void begin(WeightSource actorWeights, WeightSource criticWeights) {
    actor.weights().write(actorWeights);
    critic.weights().write(criticWeights);
    actorAverage = WeightAverage.exponential(AveragingPlan.steps(), 1 - options.tau);
    criticAverage = WeightAverage.exponential(AveragingPlan.steps(), 1 - options.tau);
    follow(actor, actorAverage, targetActor);
    follow(critic, criticAverage, targetCritic);
  }

  private Network actorNetwork() {
    return new Network(
        manager,
        environment.observationSize(),
        options.hidden,
        Network.Curve.RELU,
        actions.size(),
        Network.Curve.TANH);
  }

  private Network criticNetwork() {
    int inputs = environment.observationSize() + actions.size();
    return new Network(manager, inputs, options.hidden, Network.Curve.RELU, 1, Network.Curve.NONE);
  }

  private TorchAdam adam() {
    return TorchAdam.builder().setLearningRateTracker(Tracker.fixed((float) options.rate)).build();
  }

  @Override
  public void update() {
    act();
    while (steps < options.warmUp) {
      act();
    }
    learn(buffer.draw(options.batch, random));
    updates++;
  }

  private void act() {
    float[] place = new float[actions.size()];
    if (steps < options.warmUp) {
      for (int i = 0; i < place.length; i++) {
        place[i] = (float) (2 * random.uniform() - 1);
      }
    } else {
      float[] mean = actor.outputs(manager, observation, 1);
      for (int i = 0; i < place.length; i++) {
        noise[i] = options.noise.next(noise[i], random);
        place[i] = (float) Math.max(-1, Math.min(1, mean[i] + noise[i]));
      }
    }
    Step step = environment.step(actions.at(place));
    buffer.add(observation, place, step.reward(), step.observation(), step.terminated());
    steps++;
    observation = step.observation();
    if (step.over()) {
      observation = environment.reset(Starts.seed(seed, 0, ++episodes));
      Arrays.fill(noise, 0);
    }
  }

  /** Targets of the critic: {@code r + gamma (1 - done) Q'(s', mu'(s'))}. */
  private float[] targets(ReplayBuffer.Batch batch) {
    int rows = batch.rewards().length;
    float[] after = targetActor.outputs(manager, batch.next(), rows);
    float[] values = targetCritic.outputs(manager, beside(batch.next(), after, rows), rows);
    float[] targets = new float[rows];
    for (int r = 0; r < rows; r++) {
      targets[r] = (float) (batch.rewards()[r] + options.gamma * batch.goesOn()[r] * values[r]);
    }
    return targets;
  }

  /** A step of the critic, one of the actor by the new critic, and one of the targets. */
  void learn(ReplayBuffer.Batch batch) {
    int rows = batch.rewards().length;
    float[] targets = targets(batch);
    try (NDManager own = manager.newSubManager()) {
      try (GradientCollector collector = manager.getEngine().newGradientCollector()) {
        float[] inputs = beside(batch.states(), batch.actions(), rows);
        NDArray both = own.create(inputs, new Shape(rows, inputs.length / rows));
        collector.backward(ActorCriticLoss.value(own, critic.forward(both), targets));
      }
      Network.step(critic.block(), criticSteps);
      critic.requireGradients(false);
      try (GradientCollector collector = manager.getEngine().newGradientCollector()) {
        NDArray states = own.create(batch.states(), new Shape(rows, batch.states().length / rows));
        NDArray both = states.concat(actor.forward(states), 1);
        NDArray down = ActorCriticLoss.scalar(own, -1.0 / rows);
        collector.backward(critic.forward(both).mul(down).sum());
      } finally {
        critic.requireGradients(true);
      }
      Network.step(actor.block(), actorSteps);
    }
    follow(actor, actorAverage, targetActor);
    follow(critic, criticAverage, targetCritic);
  }

  /** Rows of two arrays beside each other. */
  private static float[] beside(float[] left, float[] right, int rows) {
    int l = left.length / rows;
    int r = right.length / rows;
    float[] out = new float[left.length + right.length];
    for (int row = 0; row < rows; row++) {
      System.arraycopy(left, row * l, out, row * (l + r), l);
      System.arraycopy(right, row * r, out, row * (l + r) + l, r);
    }
    return out;
  }

  private static void follow(Network live, WeightAverage average, Network target) {
    average.collect(live.weights());
    target.weights().write(average.average());
  }

  /**
   * The weights that targets of the critic are made with: an exponential average of the actor's
   * over about 1 / tau updates, which the method has anyway.
   *
   * @return valid until the agent is closed
   */
  public ModelWeights targetActor() {
    return targetActor.weights();
  }

  /** Those of the critic that targets are made with. */
  ModelWeights targetCritic() {
    return targetCritic.weights();
  }

  @Override
  public long updates() {
    return updates;
  }

  @Override
  public long environmentSteps() {
    return steps;
  }

  @Override
  public ModelWeights actor() {
    return actor.weights();
  }

  @Override
  public ModelWeights critic() {
    return critic.weights();
  }

  @Override
  public Policy policy(WeightSource weights) {
    Weights kept = Weights.copyOf(weights);
    return rows -> {
      float[][] chosen = judgedActor.outputs(manager, kept, rows);
      Arrays.setAll(chosen, r -> actions.at(chosen[r]));
      return chosen;
    };
  }

  @Override
  public double[] values(WeightSource actorWeights, WeightSource weights, float[][] rows) {
    float[][] places = judgedActor.outputs(manager, Weights.copyOf(actorWeights), rows);
    float[][] both = new float[rows.length][];
    Arrays.setAll(both, r -> beside(rows[r], places[r], 1));
    return judgedCritic.values(manager, Weights.copyOf(weights), both);
  }

  @Override
  public void close() {
    manager.close();
  }
}
