package io.github.swag4j.studies.reinforce;

import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.DataType;
import ai.djl.ndarray.types.Shape;
import ai.djl.nn.Block;
import ai.djl.nn.core.Linear;
import io.github.swag4j.studies.reinforce.agent.Agent;
import io.github.swag4j.studies.reinforce.agent.Policy;
import io.github.swag4j.studies.reinforce.environment.ActionSpace;
import io.github.swag4j.studies.reinforce.environment.Environment;
import io.github.swag4j.studies.reinforce.environment.Step;
import io.github.swag4j.swa.djl.ModelWeights;
import io.github.swag4j.swa.weights.WeightSource;
import io.github.swag4j.swa.weights.Weights;
import java.util.Arrays;

/**
 * An agent that learns nothing: after each update its actor and its critic are one weight each, as
 * it was told. It does what the actor's weight says, and values any state at that of the critic.
 */
final class ScriptedAgent implements Agent {
  private final float[] actors;
  private final float[] critics;
  private final NDManager manager = NDManager.newBaseManager();
  private final ModelWeights actor = oneWeight();
  private final ModelWeights critic = oneWeight();
  private int updates;

  /**
   * An agent of a script.
   *
   * @param actors weight after each update
   * @param critics weight after each update
   */
  ScriptedAgent(float[] actors, float[] critics) {
    this.actors = actors.clone();
    this.critics = critics.clone();
  }

  private ModelWeights oneWeight() {
    Block block = Linear.builder().setUnits(1).optBias(false).build();
    block.initialize(manager, DataType.FLOAT32, new Shape(1, 1));
    return ModelWeights.of(block);
  }

  private static float only(WeightSource weights) {
    return weights.values(0).get(0);
  }

  @Override
  public void update() {
    actor.write(Weights.of(actor.layout(), new float[] {actors[updates]}));
    critic.write(Weights.of(critic.layout(), new float[] {critics[updates]}));
    updates++;
  }

  @Override
  public long updates() {
    return updates;
  }

  @Override
  public long environmentSteps() {
    return 7L * updates;
  }

  @Override
  public ModelWeights actor() {
    return actor;
  }

  @Override
  public ModelWeights critic() {
    return critic;
  }

  @Override
  public Policy policy(WeightSource weights) {
    float action = only(weights);
    return rows -> {
      float[][] all = new float[rows.length][];
      Arrays.setAll(all, r -> new float[] {action});
      return all;
    };
  }

  @Override
  public double[] values(WeightSource actorWeights, WeightSource weights, float[][] rows) {
    double[] all = new double[rows.length];
    Arrays.fill(all, only(weights));
    return all;
  }

  @Override
  public void close() {
    manager.close();
  }

  /** Two steps, each of which pays the action and a part of the episode's seed. */
  static final class Echo implements Environment {
    private double bonus;
    private int taken;

    /** What two steps pay beside the actions. */
    static double bonus(long seed) {
      return 2 * (seed / 8.0);
    }

    @Override
    public int observationSize() {
      return 1;
    }

    @Override
    public ActionSpace actions() {
      return ActionSpace.Vector.within(1_000);
    }

    @Override
    public float[] reset(long seed) {
      bonus = bonus(seed) / 2;
      taken = 0;
      return new float[] {0};
    }

    @Override
    public Step step(float... action) {
      taken++;
      return new Step(new float[] {taken}, action[0] + bonus, taken == 2, false);
    }
  }
}
