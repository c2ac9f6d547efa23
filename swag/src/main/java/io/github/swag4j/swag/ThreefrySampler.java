package io.github.swag4j.swag;

import io.github.swag4j.swa.internal.Blocks;
import io.github.swag4j.swa.weights.WeightLayout;
import io.github.swag4j.swa.weights.Weights;
import java.nio.FloatBuffer;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/**
 * Samples of {@link Sampler#THREEFRY_V2}: w = mean + (width sqrt(var) z1 + D z2 width / sqrt(K -
 * 1)) with width = sqrt(scale), in float32, columns added in their order.
 *
 * <p>One pass over mean, variance and deviations serves all samples that are asked for. Work is cut
 * into chunks of {@value ThreefryNoise#CHUNK} weights that stay in the cache; loops over them have
 * no branches and no calls, so that they become SIMD. The order of additions does not depend on how
 * many samples are drawn together.
 *
 * <p>Shared z2 are of tensor -1, those of a tensor of their own of its place. An antithetic pair
 * has the noise of its even index, which is added to the mean and subtracted from it: drawn
 * together it is computed once. Tensors that are not stochastic are the mean's own, not copied.
 */
final class ThreefrySampler {
  private static final int CHUNK = ThreefryNoise.CHUNK;

  private final SwagPosterior posterior;
  private final SampleMode mode;
  private final List<DeviationColumn> deviations;
  private final boolean diagonal;
  private final float width;

  ThreefrySampler(SwagPosterior posterior) {
    this.posterior = posterior;
    mode = posterior.mode();
    deviations = posterior.moments().lowRank();
    diagonal = mode.parts() == SampleMode.Parts.BOTH;
    width = (float) Math.sqrt(posterior.scale());
  }

  List<Weights> sample(long seed, int first, int count) {
    WeightLayout layout = posterior.layout();
    int firstNoise = noise(first);
    int noises = noise(first + count - 1) - firstNoise + 1;
    float[][][] z2 = columnFactors(seed, firstNoise, noises);
    float[][][] out = new float[count][layout.tensors().size()][];
    for (int tensor : posterior.places()) {
      for (float[][] sample : out) {
        sample[tensor] = new float[layout.tensor(tensor).size()];
      }
    }
    Blocks.forEach(
        layout,
        (tensor, from, to) -> {
          if (out[0][tensor] == null) {
            return;
          }
          ThreefryNoise noise = new ThreefryNoise();
          int longest = Math.min(CHUNK, to - from);
          float[] block = new float[longest];
          float[][] sums = new float[noises][longest];
          for (int at = from; at < to; at += CHUNK) {
            int length = Math.min(CHUNK, to - at);
            if (diagonal) {
              posterior.variance().values(tensor).get(at, block, 0, length);
              standardDeviations(block, width, length);
              for (int n = 0; n < noises; n++) {
                noise.fill(
                    seed,
                    index(firstNoise + n),
                    GaussianNoise.Stream.DIAGONAL,
                    tensor,
                    at,
                    sums[n],
                    length);
                multiply(sums[n], block, length);
              }
            } else {
              clear(sums);
            }
            float[][] factors = z2[mode.blockwise() ? tensor : 0];
            for (int k = 0; k < deviations.size(); k++) {
              deviations.get(k).read(tensor, at, block, length);
              for (int n = 0; n < noises; n++) {
                addMultiple(sums[n], block, factors[n][k], length);
              }
            }
            posterior.mean().values(tensor).get(at, block, 0, length);
            for (int s = 0; s < count; s++) {
              float[] sum = sums[noise(first + s) - firstNoise];
              if (mode.antithetic() && (first + s) % 2 == 1) {
                subtract(out[s][tensor], at, block, sum, length);
              } else {
                add(out[s][tensor], at, block, sum, length);
              }
            }
          }
        });
    return weights(out);
  }

  /** Which noise a sample has: pairs share one. */
  private int noise(int sample) {
    return mode.antithetic() ? sample / 2 : sample;
  }

  /** The sample that a noise is named after. */
  private int index(int noise) {
    return mode.antithetic() ? noise * 2 : noise;
  }

  /** {@code [tensor, or 0 for all][noise][column]}: z2 width / sqrt(K - 1). */
  private float[][][] columnFactors(long seed, int firstNoise, int noises) {
    if (!mode.blockwise()) {
      return new float[][][] {columnFactors(seed, firstNoise, noises, -1)};
    }
    float[][][] z2 = new float[posterior.layout().tensors().size()][][];
    for (int tensor : posterior.places()) {
      z2[tensor] = columnFactors(seed, firstNoise, noises, tensor);
    }
    return z2;
  }

  private float[][] columnFactors(long seed, int firstNoise, int noises, int tensor) {
    int columns = deviations.size();
    double factor = Math.sqrt(posterior.scale()) / Math.sqrt(columns - 1.0);
    ThreefryNoise noise = new ThreefryNoise();
    float[][] z2 = new float[noises][columns];
    for (int n = 0; n < noises; n++) {
      noise.fill(
          seed, index(firstNoise + n), GaussianNoise.Stream.LOW_RANK, tensor, 0, z2[n], columns);
      for (int k = 0; k < columns; k++) {
        z2[n][k] = (float) (z2[n][k] * factor);
      }
    }
    return z2;
  }

  private List<Weights> weights(float[][][] out) {
    List<Weights> samples = new ArrayList<>(out.length);
    for (float[][] sample : out) {
      List<FloatBuffer> tensors = new ArrayList<>(sample.length);
      for (int t = 0; t < sample.length; t++) {
        tensors.add(sample[t] == null ? posterior.mean().values(t) : FloatBuffer.wrap(sample[t]));
      }
      samples.add(Weights.mapped(posterior.layout(), tensors));
    }
    return samples;
  }

  private static void clear(float[][] sums) {
    for (float[] sum : sums) {
      Arrays.fill(sum, 0);
    }
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

  private static void subtract(float[] out, int at, float[] mean, float[] sums, int length) {
    for (int i = 0; i < length; i++) {
      out[at + i] = mean[i] - sums[i];
    }
  }
}
