package io.github.swag4j.cli.run;

import io.github.swag4j.cli.data.IdxBytes;
import java.io.IOException;
import java.nio.file.Path;

/** Small directories of IDX files: three classes, told apart by one bright pixel of 8 x 8. */
public final class Shapes {
  private static final int SIZE = 8;

  private Shapes() {}

  /** Writes training and test files and returns their directory. */
  public static Path write(Path directory, int train, int test) throws IOException {
    split(directory, "train", train, 0);
    split(directory, "t10k", test, 0);
    return directory;
  }

  /** Writes one file pair; the first image is of class {@code shift}. */
  public static void split(Path directory, String split, int rows, int shift) throws IOException {
    int[] labels = new int[rows];
    for (int r = 0; r < rows; r++) {
      labels[r] = (r + shift) % 3;
    }
    byte[] pixels = IdxBytes.images(rows, SIZE, SIZE);
    for (int r = 0; r < rows; r++) {
      pixels[16 + r * SIZE * SIZE + labels[r]] = (byte) 255;
    }
    IdxBytes.write(directory.resolve(split + "-images-idx3-ubyte"), pixels);
    IdxBytes.write(directory.resolve(split + "-labels-idx1-ubyte"), IdxBytes.labels(labels));
  }
}
