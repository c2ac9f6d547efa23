package io.github.swag4j.studies.reinforce.agent;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.DataType;
import ai.djl.ndarray.types.Shape;
import ai.djl.nn.SequentialBlock;
import ai.djl.training.GradientCollector;
import ai.djl.training.tracker.Tracker;
import io.github.swag4j.base.SplitMix;
import io.github.swag4j.studies.reinforce.environment.ActionSpace;
import io.github.swag4j.studies.reinforce.environment.Environment;
import io.github.swag4j.studies.reinforce.environment.Step;
import io.github.swag4j.swa.djl.EngineDefaults;
import io.github.swag4j.swa.djl.ModelWeights;
import io.github.swag4j.swa.djl.optim.GradientNorm;
import io.github.swag4j.swa.djl.optim.TorchRmsProp;
import io.github.swag4j.swa.weights.WeightSource;
import io.github.swag4j.swa.weights.Weights;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.function.Supplier;

/**
 * Advantage actor-critic: some steps in several environments at once, then one step of RMSProp on
 * {@code -mean(A log pi) + c mean((R - V)^2) - e mean(H)}, gradients of both networks clipped
 * together. Networks of their own for actor and critic, tanh between layers, orthogonal first
 * weights.
 *
 * @see <a href="https://arxiv.org/abs/1602.01783">Mnih et al. 2016, Asynchronous Methods for Deep
 *     Reinforcement Learning</a>
 */
public final class A2c implements Agent {

  /**
   * How it learns.
   *
   * @param environments acted in at once, at least 1
   * @param steps in each before an update, at least 1
   * @param gamma discount of a step, in [0, 1]
   * @param lambda of generalised advantages, in [0, 1]
   * @param rate learning rate, above 0
   * @param entropy weight e of the policy's entropy, at least 0
   * @param value weight c of the critic's loss, above 0
   * @param maxNorm the largest norm of the gradients, above 0
   * @param hidden units of the hidden layers
   */
  public record Options(
      int environments,
      int steps,
      double gamma,
      double lambda,
      double rate,
      double entropy,
      double value,
      double maxNorm,
      List<Integer> hidden) {

    /**
     * Checks the numbers and copies the layers.
     *
     * @param environments acted in at once
     * @param steps before an update
     * @param gamma discount
     * @param lambda of advantages
     * @param rate learning rate
     * @param entropy its weight
     * @param value weight of the critic's loss
     * @param maxNorm of gradients
     * @param hidden units of the hidden layers
     * @throws IllegalArgumentException if one is out of its range
     */
    public Options {
      if (environments < 1 || steps < 1) {
        throw new IllegalArgumentException(
            "environments and steps must be at least 1, got " + environments + " and " + steps);
      }
      OptionRange.share("gamma", gamma);
      OptionRange.share("lambda", lambda);
      OptionRange.positive("rate", rate);
      OptionRange.notNegative("entropy", entropy);
      OptionRange.positive("value", value);
      OptionRange.positive("maxNorm", maxNorm);
      hidden = OptionRange.layers(hidden);
    }

    /**
     * Those of Stable-Baselines3: 5 steps, gamma 0.99, lambda 1, rate 7e-4, no entropy, c = 0.5,
     * norm 0.5, two layers of 64; in 8 environments.
     *
     * @return the options
     */
    public static Options defaults() {
      return new Options(8, 5, 0.99, 1, 7e-4, 0, 0.5, 0.5, List.of(64, 64));
    }

    /**
     * The same with another rate.
     *
     * @param newRate learning rate
     * @return the options
     */
    public Options withRate(double newRate) {
      return new Options(
          environments, steps, gamma, lambda, newRate, entropy, value, maxNorm, hidden);
    }

    /**
     * The same with another weight of the entropy.
     *
     * @param newEntropy its weight
     * @return the options
     */
    public Options withEntropy(double newEntropy) {
      return new Options(
          environments, steps, gamma, lambda, rate, newEntropy, value, maxNorm, hidden);
    }
  }

  private final Options options;
  private final NDManager manager;
  private final Environment[] environments;
  private final ActionSpace actions;
  private final Network actor;
  private final Network critic;
  private final LogDeviation deviation;
  private final Network judgedActor;
  private final Network judgedCritic;
  private final SequentialBlock both = new SequentialBlock();
  private final TorchRmsProp optimizer;
  private final SplitMix random;
  private final long seed;
  private final float[][] observations;
  private final long[] episodes;
  private long updates;

  /**
   * An agent that has not learnt.
   *
   * @param environment makes an environment, each of its own
   * @param options how it learns
   * @param seed decides first weights, episodes and actions
   */
  public A2c(Supplier<Environment> environment, Options options, long seed) {
    EngineDefaults.apply();
    this.options = options;
    this.seed = seed;
    manager = NDManager.newBaseManager();
    environments = new Environment[options.environments];
    Arrays.setAll(environments, i -> environment.get());
    actions = environments[0].actions();
    int size = environments[0].observationSize();
    actor = network(size, ActorCriticLoss.outputs(actions));
    critic = network(size, 1);
    judgedActor = network(size, ActorCriticLoss.outputs(actions));
    judgedCritic = network(size, 1);
    both.add(actor.block()).add(critic.block());
    deviation = actions instanceof ActionSpace.Vector v ? new LogDeviation(v.size()) : null;
    if (deviation != null) {
      deviation.initialize(manager, DataType.FLOAT32, new Shape(1));
      deviation.parameter().getArray().setRequiresGradient(true);
      both.add(deviation);
    }
    random = new SplitMix(SplitMix.mix(seed + SplitMix.GAMMA));
    double gain = Math.sqrt(2);
    actor.weights().write(FirstWeights.orthogonal(actor.weights().layout(), gain, 0.01, random));
    critic.weights().write(FirstWeights.orthogonal(critic.weights().layout(), gain, 1, random));
    optimizer =
        TorchRmsProp.builder()
            .setLearningRateTracker(Tracker.fixed((float) options.rate))
            .optAlpha(0.99)
            .optEpsilon(1e-5)
            .build();
    episodes = new long[environments.length];
    observations = new float[environments.length][];
    for (int e = 0; e < environments.length; e++) {
      observations[e] = environments[e].reset(Starts.seed(seed, e, 0));
    }
  }

  private Network network(int inputs, int outputs) {
    return new Network(
        manager, inputs, options.hidden, Network.Curve.TANH, outputs, Network.Curve.NONE);
  }

  @Override
  public void update() {
    int count = environments.length;
    int rows = count * options.steps;
    float[][] seen = new float[rows][];
    float[] chosen = new float[rows * actions.size()];
    double[] rewards = new double[rows];
    boolean[] ended = new boolean[rows];
    List<float[]> cut = new ArrayList<>();
    int[] cutAt = new int[rows];
    Arrays.fill(cutAt, -1);
    for (int s = 0; s < options.steps; s++) {
      float[] outputs = actor.outputs(manager, Network.flat(observations), count);
      for (int e = 0; e < count; e++) {
        int row = s * count + e;
        seen[row] = observations[e];
        float[] action = sampled(outputs, e);
        System.arraycopy(action, 0, chosen, row * actions.size(), action.length);
        Step step = environments[e].step(allowed(action));
        rewards[row] = step.reward();
        ended[row] = step.over();
        observations[e] = step.observation();
        if (step.over()) {
          if (!step.terminated()) {
            cutAt[row] = cut.size();
            cut.add(step.observation());
          }
          observations[e] = environments[e].reset(Starts.seed(seed, e, ++episodes[e]));
        }
      }
    }
    learn(seen, chosen, advantages(seen, rewards, ended, cut, cutAt));
    updates++;
  }

  /** Values of all states at once: those acted in, the last ones, and those that were cut. */
  private Advantages advantages(
      float[][] seen, double[] rewards, boolean[] ended, List<float[]> cut, int[] cutAt) {
    List<float[]> states = new ArrayList<>(List.of(seen));
    states.addAll(List.of(observations));
    states.addAll(cut);
    float[] flat = Network.flat(states.toArray(float[][]::new));
    float[] of = critic.outputs(manager, flat, states.size());
    double[] values = new double[seen.length];
    Arrays.setAll(values, i -> of[i]);
    double[] last = new double[observations.length];
    Arrays.setAll(last, e -> of[seen.length + e]);
    double[] end = new double[seen.length];
    Arrays.setAll(end, i -> cutAt[i] < 0 ? 0 : of[seen.length + last.length + cutAt[i]]);
    return Advantages.of(rewards, values, ended, end, last, options.gamma, options.lambda);
  }

  /** One step of the optimiser for states {@code [rows]} and actions {@code [rows * size]}. */
  void learn(float[][] seen, float[] chosen, Advantages targets) {
    try (NDManager own = manager.newSubManager();
        GradientCollector collector = manager.getEngine().newGradientCollector()) {
      NDArray states = own.create(Network.flat(seen), new Shape(seen.length, seen[0].length));
      NDArray outputs = actor.forward(states);
      float[] advantages = targets.advantages();
      NDArray[] policy =
          deviation == null
              ? ActorCriticLoss.choice(own, outputs, chosen, advantages)
              : ActorCriticLoss.vector(
                  own, outputs, deviation.parameter().getArray(), chosen, advantages);
      NDArray value = ActorCriticLoss.value(own, critic.forward(states), targets.returns());
      NDArray loss =
          policy[0]
              .add(value.mul(ActorCriticLoss.scalar(own, options.value)))
              .add(policy[1].mul(ActorCriticLoss.scalar(own, options.entropy)));
      collector.backward(loss);
    }
    GradientNorm.clip(both, options.maxNorm);
    Network.step(both, optimizer);
  }

  /** An action drawn from the policy, before it is clipped. */
  private float[] sampled(float[] outputs, int row) {
    if (actions instanceof ActionSpace.Choice choice) {
      return new float[] {drawn(outputs, row * choice.count(), choice.count())};
    }
    int size = actions.size();
    float[] spread = logDeviations();
    float[] action = new float[size];
    for (int i = 0; i < size; i++) {
      double noise = StrictMath.exp(spread[i]) * random.gaussian();
      action[i] = (float) (outputs[row * size + i] + noise);
    }
    return action;
  }

  /** Logarithms of the standard deviations of a policy of vectors: {@code [size]}. */
  float[] logDeviations() {
    return deviation.parameter().getArray().toFloatArray();
  }

  private int drawn(float[] logits, int from, int count) {
    double most = Double.NEGATIVE_INFINITY;
    for (int k = 0; k < count; k++) {
      most = Math.max(most, logits[from + k]);
    }
    double[] weights = new double[count];
    double all = 0;
    for (int k = 0; k < count; k++) {
      weights[k] = StrictMath.exp(logits[from + k] - most);
      all += weights[k];
    }
    double left = random.uniform() * all;
    for (int k = 0; k < count - 1; k++) {
      left -= weights[k];
      if (left < 0) {
        return k;
      }
    }
    return count - 1;
  }

  private float[] allowed(float[] action) {
    return actions instanceof ActionSpace.Vector vector ? vector.clipped(action) : action;
  }

  @Override
  public long updates() {
    return updates;
  }

  @Override
  public long environmentSteps() {
    return updates * options.steps * environments.length;
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
      for (int r = 0; r < rows.length; r++) {
        chosen[r] = deviation == null ? new float[] {largest(chosen[r])} : allowed(chosen[r]);
      }
      return chosen;
    };
  }

  private static int largest(float[] values) {
    int best = 0;
    for (int k = 1; k < values.length; k++) {
      best = values[k] > values[best] ? k : best;
    }
    return best;
  }

  @Override
  public double[] values(WeightSource actorWeights, WeightSource weights, float[][] rows) {
    return judgedCritic.values(manager, Weights.copyOf(weights), rows);
  }

  @Override
  public void close() {
    manager.close();
  }
}
