package io.github.swag4j.swag;

import io.github.swag4j.swa.internal.Blocks;
import io.github.swag4j.swa.weights.WeightLayout;
import io.github.swag4j.swa.weights.Weights;
import java.util.List;
import java.util.stream.IntStream;

/** Samples of {@link Sampler#PHILOX_V1}, kept so that older files draw what they always drew. */
final class PhiloxSampler {

  private PhiloxSampler() {}

  static List<Weights> sample(SwagPosterior posterior, long seed, int first, int count) {
    return IntStream.range(first, first + count).mapToObj(i -> sample(posterior, seed, i)).toList();
  }

  private static Weights sample(SwagPosterior posterior, long seed, int index) {
    List<DeviationColumn> deviations = posterior.moments().lowRank();
    Weights variance = posterior.variance();
    Weights mean = posterior.mean();
    int columns = deviations.size();
    double[] z2 = new double[columns];
    GaussianNoise.fill(seed, index, GaussianNoise.Stream.LOW_RANK, -1, 0, z2, columns);
    double width = Math.sqrt(posterior.scale());
    for (int k = 0; k < columns; k++) {
      z2[k] *= width / Math.sqrt(columns - 1.0);
    }
    WeightLayout layout = posterior.layout();
    float[][] out = Blocks.allocate(layout);
    Blocks.forEach(
        layout,
        (tensor, from, to) -> {
          int length = to - from;
          float[] block = new float[length];
          double[] noise = new double[length];
          GaussianNoise.fill(
              seed, index, GaussianNoise.Stream.DIAGONAL, tensor, from, noise, length);
          variance.values(tensor).get(from, block);
          for (int i = 0; i < length; i++) {
            noise[i] *= width * Math.sqrt(block[i]);
          }
          for (int k = 0; k < columns; k++) {
            deviations.get(k).read(tensor, from, block, length);
            double z = z2[k];
            for (int i = 0; i < length; i++) {
              noise[i] += block[i] * z;
            }
          }
          mean.values(tensor).get(from, block);
          float[] target = out[tensor];
          for (int i = 0; i < length; i++) {
            target[from + i] = (float) (block[i] + noise[i]);
          }
        });
    return Weights.adopt(layout, out);
  }
}
