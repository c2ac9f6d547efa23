package io.github.swag4j.studies.reinforce.agent;

import io.github.swag4j.base.SplitMix;

/** Seeds of episodes: a function of the agent's seed, the environment and the episode's number. */
final class Starts {
  private Starts() {}

  /** At least 0, below 2^62; those of evaluations are small numbers. */
  static long seed(long agent, int environment, long episode) {
    long hash = SplitMix.mix(agent + SplitMix.GAMMA);
    hash = SplitMix.mix(hash ^ environment + SplitMix.GAMMA);
    return SplitMix.mix(hash ^ episode + SplitMix.GAMMA) >>> 2;
  }
}
