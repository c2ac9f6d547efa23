package io.github.swag4j.cli.data;

import io.github.swag4j.vision.data.IdxFiles;
import io.github.swag4j.vision.data.ImageData;
import io.github.swag4j.vision.data.Split;
import java.io.IOException;
import java.io.InputStream;
import java.util.List;

/**
 * The slices of real data sets inside the program, so that a first run needs no download.
 *
 * <p>Made by {@code src/main/python/make_slice.py}; sources and licences are in {@code
 * ATTRIBUTION.md} beside the files. Every prefix of a multiple of ten images is class-balanced.
 */
final class EmbeddedImages {
  private EmbeddedImages() {}

  /** 5,000 training or 2,000 test images of Fashion-MNIST. */
  static ImageData fashionMnist(String name, Split split) throws IOException {
    return read(name, "fashion-mnist-slice", split, KnownDataset.FASHION_MNIST.classNames());
  }

  /** 1,000 test digits of MNIST. */
  static ImageData mnist(String name) throws IOException {
    return read(name, "mnist-slice", Split.TEST, KnownDataset.MNIST.classNames());
  }

  private static ImageData read(String name, String folder, Split split, List<String> classNames)
      throws IOException {
    String images = folder + "/" + split.filePrefix() + "-images-idx3-ubyte.gz";
    String labels = folder + "/" + split.filePrefix() + "-labels-idx1-ubyte.gz";
    return IdxFiles.read(name, bytes(images), images, bytes(labels), labels, classNames);
  }

  private static byte[] bytes(String resource) throws IOException {
    try (InputStream in = EmbeddedImages.class.getResourceAsStream(resource)) {
      if (in == null) {
        throw new IOException(resource + " is missing from the program's jar: build it again");
      }
      return in.readAllBytes();
    }
  }
}
