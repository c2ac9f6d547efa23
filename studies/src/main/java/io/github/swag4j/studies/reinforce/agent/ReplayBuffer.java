package io.github.swag4j.studies.reinforce.agent;

import io.github.swag4j.base.SplitMix;

/** The last transitions, in flat arrays; the oldest gives way. */
final class ReplayBuffer {

  /** Transitions drawn with replacement. */
  record Batch(float[] states, float[] actions, float[] rewards, float[] next, float[] goesOn) {}

  private final int capacity;
  private final int observation;
  private final int action;
  private final float[] states;
  private final float[] actions;
  private final float[] rewards;
  private final float[] next;
  private final float[] goesOn;
  private long added;

  ReplayBuffer(int capacity, int observation, int action) {
    this.capacity = capacity;
    this.observation = observation;
    this.action = action;
    states = new float[capacity * observation];
    next = new float[capacity * observation];
    actions = new float[capacity * action];
    rewards = new float[capacity];
    goesOn = new float[capacity];
  }

  /** Adds one. */
  void add(float[] state, float[] chosen, double reward, float[] after, boolean terminated) {
    int at = (int) (added++ % capacity);
    System.arraycopy(state, 0, states, at * observation, observation);
    System.arraycopy(after, 0, next, at * observation, observation);
    System.arraycopy(chosen, 0, actions, at * action, action);
    rewards[at] = (float) reward;
    goesOn[at] = terminated ? 0 : 1;
  }

  int size() {
    return (int) Math.min(added, capacity);
  }

  /** Some of them, each as likely as any other. */
  Batch draw(int rows, SplitMix random) {
    Batch batch =
        new Batch(
            new float[rows * observation],
            new float[rows * action],
            new float[rows],
            new float[rows * observation],
            new float[rows]);
    for (int r = 0; r < rows; r++) {
      int from = (int) (random.uniform() * size());
      System.arraycopy(states, from * observation, batch.states, r * observation, observation);
      System.arraycopy(next, from * observation, batch.next, r * observation, observation);
      System.arraycopy(actions, from * action, batch.actions, r * action, action);
      batch.rewards[r] = rewards[from];
      batch.goesOn[r] = goesOn[from];
    }
    return batch;
  }
}
