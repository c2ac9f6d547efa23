package io.github.swag4j.studies.transfer;

import io.github.swag4j.base.SplitMix;
import io.github.swag4j.vision.data.ImageData;
import io.github.swag4j.vision.data.Split;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.IntStream;

/** Sets of small grey images: each class is bright in a row of its own, with noise. */
final class SmallImages {
  static final int SIDE = 8;

  private SmallImages() {}

  static ImageData of(int rows, int classes, int side, long seed) {
    SplitMix random = new SplitMix(seed);
    byte[] pixels = new byte[rows * side * side];
    int[] labels = new int[rows];
    for (int i = 0; i < rows; i++) {
      labels[i] = i % classes;
      for (int k = 0; k < side * side; k++) {
        boolean bright = k / side == labels[i];
        pixels[i * side * side + k] = (byte) ((bright ? 90 : 0) + (int) (165 * random.uniform()));
      }
    }
    List<String> names = IntStream.range(0, classes).mapToObj(Integer::toString).toList();
    return ImageData.of("small", pixels, labels, side, side, names);
  }

  /** Writes both parts of a set as IDX files. */
  static Path write(Path folder, int train, int test, int classes, int side, long seed)
      throws IOException {
    Files.createDirectories(folder);
    write(folder, Split.TRAIN, of(train, classes, side, seed));
    write(folder, Split.TEST, of(test, classes, side, seed + 1));
    return folder;
  }

  private static void write(Path folder, Split split, ImageData images) throws IOException {
    ByteBuffer levels = ByteBuffer.allocate(16 + images.pixels().length);
    levels.putInt(2051).putInt(images.size()).putInt(images.height()).putInt(images.width());
    ByteBuffer labels = ByteBuffer.allocate(8 + images.size()).putInt(2049).putInt(images.size());
    for (int label : images.labels()) {
      labels.put((byte) label);
    }
    String start = split.filePrefix();
    Files.write(folder.resolve(start + "-images-idx3-ubyte"), levels.put(images.pixels()).array());
    Files.write(folder.resolve(start + "-labels-idx1-ubyte"), labels.array());
  }
}
