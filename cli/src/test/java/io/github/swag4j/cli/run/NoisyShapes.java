package io.github.swag4j.cli.run;

import io.github.swag4j.base.SplitMix;
import io.github.swag4j.cli.data.IdxBytes;
import java.io.IOException;
import java.nio.file.Path;

/** Small directories of IDX files of which no two rows are alike: three classes in noise. */
final class NoisyShapes {
  private static final int SIZE = 8;

  private NoisyShapes() {}

  /** Writes training and test files and returns their directory. */
  static Path write(Path directory, int train, int test) throws IOException {
    split(directory, "train", train, 1);
    split(directory, "t10k", test, 2);
    return directory;
  }

  private static void split(Path directory, String split, int rows, long seed) throws IOException {
    SplitMix random = new SplitMix(seed);
    int[] labels = new int[rows];
    byte[] pixels = IdxBytes.images(rows, SIZE, SIZE);
    for (int r = 0; r < rows; r++) {
      labels[r] = r % 3;
      for (int k = 0; k < SIZE * SIZE; k++) {
        double level = 70 * random.uniform() + (k % 3 == labels[r] ? 30 * random.uniform() : 0);
        pixels[16 + r * SIZE * SIZE + k] = (byte) level;
      }
    }
    IdxBytes.write(directory.resolve(split + "-images-idx3-ubyte"), pixels);
    IdxBytes.write(directory.resolve(split + "-labels-idx1-ubyte"), IdxBytes.labels(labels));
  }
}
