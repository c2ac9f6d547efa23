package io.github.swag4j.swag;

import io.github.swag4j.swa.internal.Blocks;
import io.github.swag4j.swa.weights.WeightLayout;
import io.github.swag4j.swa.weights.Weights;
import java.util.ArrayList;
import java.util.List;

/**
 * Samples of {@link Sampler#THREEFRY_V2}: w = mean + (width sqrt(var) z1 + D z2 width / sqrt(K -
 * 1)) with width = sqrt(scale), in float32, columns added in their order.
 *
 * <p>One pass over mean, variance and deviations serves all samples that are asked for. Work is cut
 * into chunks of {@value ThreefryNoise#CHUNK} weights that stay in the cache; loops over them have
 * no branches and no calls, so that they become SIMD. The order of additions does not depend on how
 * many samples are drawn together.
 */
final class ThreefrySampler {
  private static final int CHUNK = ThreefryNoise.CHUNK;

  private ThreefrySampler() {}

  static List<Weights> sample(SwagPosterior posterior, long seed, int first, int count) {
    WeightLayout layout = posterior.layout();
    float[][] z2 = columnFactors(posterior, seed, first, count);
    float width = (float) Math.sqrt(posterior.scale());
    float[][][] out = new float[count][][];
    for (int s = 0; s < count; s++) {
      out[s] = Blocks.allocate(layout);
    }
    Blocks.forEach(
        layout,
        (tensor, from, to) -> {
          ThreefryNoise noise = new ThreefryNoise();
          float[] block = new float[CHUNK];
          float[] deviation = new float[CHUNK];
          float[][] sums = new float[count][CHUNK];
          for (int at = from; at < to; at += CHUNK) {
            int length = Math.min(CHUNK, to - at);
            posterior.variance().values(tensor).get(at, block, 0, length);
            standardDeviations(block, width, length);
            for (int s = 0; s < count; s++) {
              noise.fill(
                  seed, first + s, GaussianNoise.Stream.DIAGONAL, tensor, at, sums[s], length);
              multiply(sums[s], block, length);
            }
            for (int k = 0; k < z2[0].length; k++) {
              posterior.deviations().get(k).values(tensor).get(at, deviation, 0, length);
              for (int s = 0; s < count; s++) {
                addMultiple(sums[s], deviation, z2[s][k], length);
              }
            }
            posterior.mean().values(tensor).get(at, block, 0, length);
            for (int s = 0; s < count; s++) {
              add(out[s][tensor], at, block, sums[s], length);
            }
          }
        });
    List<Weights> samples = new ArrayList<>(count);
    for (float[][] weights : out) {
      samples.add(Weights.adopt(layout, weights));
    }
    return samples;
  }

  /** {@code [samples][columns]}: z2 width / sqrt(K - 1), without columns where there is one. */
  private static float[][] columnFactors(SwagPosterior posterior, long seed, int first, int count) {
    int columns = posterior.deviations().size() >= 2 ? posterior.deviations().size() : 0;
    double factor = Math.sqrt(posterior.scale()) / Math.sqrt(columns - 1.0);
    ThreefryNoise noise = new ThreefryNoise();
    float[][] z2 = new float[count][columns];
    for (int s = 0; s < count; s++) {
      noise.fill(seed, first + s, GaussianNoise.Stream.LOW_RANK, -1, 0, z2[s], columns);
      for (int k = 0; k < columns; k++) {
        z2[s][k] = (float) (z2[s][k] * factor);
      }
    }
    return z2;
  }

  private static void standardDeviations(float[] variances, float width, int length) {
    for (int i = 0; i < length; i++) {
      variances[i] = (float) Math.sqrt(variances[i]) * width;
    }
  }

  private static void multiply(float[] sums, float[] factors, int length) {
    for (int i = 0; i < length; i++) {
      sums[i] *= factors[i];
    }
  }

  private static void addMultiple(float[] sums, float[] deviation, float factor, int length) {
    for (int i = 0; i < length; i++) {
      sums[i] += deviation[i] * factor;
    }
  }

  private static void add(float[] out, int at, float[] mean, float[] sums, int length) {
    for (int i = 0; i < length; i++) {
      out[at + i] = mean[i] + sums[i];
    }
  }
}
