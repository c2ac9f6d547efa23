package io.github.swag4j.swag;

import io.github.swag4j.swa.internal.BlockCut;
import io.github.swag4j.swa.internal.Blocks;
import io.github.swag4j.swa.weights.WeightLayout;
import io.github.swag4j.swa.weights.Weights;
import java.nio.FloatBuffer;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.stream.IntStream;

/**
 * Samples of {@link Sampler#THREEFRY_V2}: w = mean + (width sqrt(var) z1 + D z2 width / sqrt(K -
 * 1)) with width = sqrt(scale), in float32, columns added in their order.
 *
 * <p>One pass over mean, variance and deviations serves all samples that are asked for. Work is cut
 * into blocks of {@value Blocks#SIZE} weights that stay in the cache; loops over them have no
 * branches and no calls, so that they become SIMD. Columns are added {@value #TOGETHER} in a pass,
 * one after the other to each weight: a sum is loaded and stored once for all of them. The order of
 * additions does not depend on that, nor on how many samples are drawn together.
 *
 * <p>Shared z2 are of tensor -1, those of a tensor of their own of its place. An antithetic pair
 * has the noise of its even index, which is added to the mean and subtracted from it: drawn
 * together it is computed once. Tensors that are not stochastic are the mean's own, not copied.
 */
final class ThreefrySampler {
  /** Columns that are added in one pass. */
  private static final int TOGETHER = 4;

  /** Weights of so many columns and one sum stay in the innermost cache. */
  private static final int PIECE = Blocks.SIZE / 4;

  /** Weights from which on several threads ask for memory. */
  private static final long PARALLEL_FROM = 1 << 20;

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
    float[][][] out = allocate(layout, count);
    BlockCut cut = new BlockCut(layout);
    cut.forEach(
        () -> {
          ThreefryNoise noise = new ThreefryNoise();
          float[][] blocks = new float[TOGETHER][cut.longest()];
          float[][] sums = new float[noises][cut.longest()];
          float[] block = blocks[0];
          return b -> {
            int tensor = cut.tensor(b);
            if (out[0][tensor] == null) {
              return;
            }
            int at = cut.from(b);
            int length = cut.length(b);
            if (diagonal) {
              posterior.variance().values(tensor).get(at, block, 0, length);
              standardDeviations(block, width, length);
              for (int n = 0; n < noises; n++) {
                int index = index(firstNoise + n);
                float[] sum = sums[n];
                noise.fill(seed, index, GaussianNoise.Stream.DIAGONAL, tensor, at, sum, length);
                multiply(sum, block, length);
              }
            } else {
              clear(sums, length);
            }
            addColumns(tensor, at, length, sums, z2[mode.blockwise() ? tensor : 0], blocks);
            posterior.mean().values(tensor).get(at, block, 0, length);
            for (int s = 0; s < count; s++) {
              float[] sum = sums[noise(first + s) - firstNoise];
              if (mode.antithetic() && (first + s) % 2 == 1) {
                subtract(out[s][tensor], at, block, sum, length);
              } else {
                add(out[s][tensor], at, block, sum, length);
              }
            }
          };
        });
    return weights(out);
  }

  /**
   * Arrays for the stochastic tensors; the runtime fills each with zeros in the thread that asks.
   */
  private float[][][] allocate(WeightLayout layout, int count) {
    int[] places = posterior.places();
    float[][][] out = new float[count][layout.tensors().size()][];
    IntStream all = IntStream.range(0, count * places.length);
    (layout.size() < PARALLEL_FROM ? all : all.parallel())
        .forEach(
            i -> {
              int tensor = places[i % places.length];
              out[i / places.length][tensor] = new float[layout.tensor(tensor).size()];
            });
    return out;
  }

  /** Adds all columns, times the factors of each noise, to the sums of its chunk. */
  private void addColumns(
      int tensor, int at, int length, float[][] sums, float[][] factors, float[][] blocks) {
    int columns = deviations.size();
    for (int k = 0; k < columns; k += TOGETHER) {
      int more = Math.min(TOGETHER, columns - k);
      for (int c = 0; c < more; c++) {
        deviations.get(k + c).read(tensor, at, blocks[c], length);
      }
      for (int from = 0; from < length; from += PIECE) {
        int to = Math.min(from + PIECE, length);
        for (int n = 0; n < sums.length; n++) {
          if (more == TOGETHER) {
            addMultiples(sums[n], blocks, factors[n], k, from, to);
          } else {
            for (int c = 0; c < more; c++) {
              addMultiple(sums[n], blocks[c], factors[n][k + c], from, to);
            }
          }
        }
      }
    }
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

  private static void clear(float[][] sums, int length) {
    for (float[] sum : sums) {
      Arrays.fill(sum, 0, length, 0);
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

  private static void addMultiple(float[] sums, float[] deviation, float factor, int from, int to) {
    for (int i = from; i < to; i++) {
      sums[i] += deviation[i] * factor;
    }
  }

  private static void addMultiples(
      float[] sums, float[][] deviations, float[] factors, int k, int from, int to) {
    float[] d0 = deviations[0];
    float[] d1 = deviations[1];
    float[] d2 = deviations[2];
    float[] d3 = deviations[3];
    float f0 = factors[k];
    float f1 = factors[k + 1];
    float f2 = factors[k + 2];
    float f3 = factors[k + 3];
    for (int i = from; i < to; i++) {
      sums[i] = sums[i] + d0[i] * f0 + d1[i] * f1 + d2[i] * f2 + d3[i] * f3;
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
