package io.github.swag4j.studies.semisupervised.djl;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.Shape;
import io.github.swag4j.studies.semisupervised.images.FewLabels;
import io.github.swag4j.studies.semisupervised.images.TwoStreamBatches;
import io.github.swag4j.studies.semisupervised.images.Views;
import io.github.swag4j.vision.data.ImageData;
import io.github.swag4j.vision.data.ImageSize;

/** The images of a batch in one of their views, those with label first. */
final class BatchPixels {
  private final FewLabels images;
  private final Views views;
  private final int labelled;
  private final long seed;

  BatchPixels(FewLabels images, Views views, int labelled, long seed) {
    this.images = images;
    this.views = views;
    this.labelled = labelled;
    this.seed = seed;
  }

  /** {@code [rows][channels][height][width]}; only those with label if there are so many rows. */
  NDArray of(NDManager own, TwoStreamBatches.Batch batch, int rows, int view) {
    ImageSize size = images.labelled().imageSize();
    float[] pixels = new float[rows * size.values()];
    int at = 0;
    for (int i = 0; i < labelled; i++, at += size.values()) {
      show(images.labelled(), batch.labelled()[i], 0, batch.passes()[i], view, pixels, at);
    }
    for (int i = 0; at < pixels.length; i++, at += size.values()) {
      show(images.unlabelled(), batch.unlabelled()[i], 1, batch.epoch(), view, pixels, at);
    }
    return own.create(pixels, new Shape(rows, size.channels(), size.height(), size.width()));
  }

  /** The two streams number their images from 0: their views must not be the same. */
  private void show(
      ImageData from, int image, int stream, long pass, int view, float[] pixels, int at) {
    views.view(from, image, 2 * seed + stream, pass, view, pixels, at);
  }
}
