package io.github.swag4j.benchmarks;

import io.github.swag4j.swa.weights.Weights;
import io.github.swag4j.swag.SwagPosterior;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;

/** A posterior of 25 million weights and rank 20: 2.2 GB. */
final class BenchmarkPosterior {
  static final int RANK = 20;

  private BenchmarkPosterior() {}

  static SwagPosterior make() {
    LiveWeights live = new LiveWeights(1);
    Random random = new Random(2);
    List<Weights> deviations = new ArrayList<>();
    for (int k = 0; k < RANK; k++) {
      deviations.add(random(live, () -> 0.01f * (random.nextFloat() - 0.5f)));
    }
    return new SwagPosterior(
        SwagPosterior.Options.defaults(),
        RANK,
        SwagPosterior.LOW_RANK_SCALE,
        random(live, () -> random.nextFloat() - 0.5f),
        random(live, () -> 1e-5f * (1 + random.nextFloat())),
        deviations);
  }

  private interface Next {
    float get();
  }

  private static Weights random(LiveWeights live, Next next) {
    float[][] values = new float[LiveWeights.TENSORS][LiveWeights.SIZE];
    for (float[] tensor : values) {
      for (int i = 0; i < tensor.length; i++) {
        tensor[i] = next.get();
      }
    }
    return Weights.of(live.layout(), values);
  }
}
