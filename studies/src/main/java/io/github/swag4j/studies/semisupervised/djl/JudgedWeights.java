package io.github.swag4j.studies.semisupervised.djl;

import ai.djl.engine.Engine;
import ai.djl.ndarray.NDList;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.DataType;
import ai.djl.ndarray.types.Shape;
import ai.djl.nn.Block;
import ai.djl.training.ParameterStore;
import io.github.swag4j.base.SplitMix;
import io.github.swag4j.calibration.Predictions;
import io.github.swag4j.studies.semisupervised.images.FewLabels;
import io.github.swag4j.studies.semisupervised.images.Views;
import io.github.swag4j.swa.djl.BatchNormRefresh;
import io.github.swag4j.swa.djl.EngineDefaults;
import io.github.swag4j.swa.djl.InputBatches;
import io.github.swag4j.swa.djl.ModelWeights;
import io.github.swag4j.swa.weights.WeightSource;
import io.github.swag4j.vision.data.ImageData;
import io.github.swag4j.vision.data.ImageSize;
import java.io.IOException;
import java.util.function.Supplier;

/**
 * Predictions of weights in a network of their own, the training's untouched. Batch norm is
 * refreshed for all weights alike, last ones of SGD too, with dropout off, on images as they are:
 * those with and without label in their natural share, or those with label alone.
 */
public final class JudgedWeights implements AutoCloseable {
  private static final int BATCH = 500;

  private final Engine engine;
  private final NDManager manager;
  private final Block block;
  private final ModelWeights weights;
  private final BatchNormRefresh refresh;
  private final InputBatches known;
  private final Views views;

  /**
   * A judge.
   *
   * @param network makes the network, without values
   * @param images what batch norm is refreshed on
   * @param views normalises images; nothing else is done to them
   * @param refreshed how many images batch norm is refreshed on at most, at least 2; with and
   *     without label in mixed order
   * @param unlabelled whether those without label are among them
   */
  public JudgedWeights(
      Supplier<Block> network, FewLabels images, Views views, int refreshed, boolean unlabelled) {
    EngineDefaults.apply();
    this.views = views;
    engine = Engine.getEngine("PyTorch");
    manager = engine.newBaseManager();
    ImageSize size = images.labelled().imageSize();
    block = network.get();
    block.initialize(
        manager, DataType.FLOAT32, new Shape(1, size.channels(), size.height(), size.width()));
    weights = ModelWeights.of(block);
    refresh = BatchNormRefresh.of(block);
    known = known(images, refreshed, unlabelled);
  }

  private InputBatches known(FewLabels images, int refreshed, boolean unlabelled) {
    int labelled = images.labelled().size();
    int all = labelled + (unlabelled ? images.unlabelled().size() : 0);
    int[] order = new int[all];
    SplitMix random = new SplitMix(SplitMix.GAMMA);
    for (int i = 0; i < all; i++) {
      int other = (int) (random.uniform() * (i + 1));
      order[i] = order[other];
      order[other] = i;
    }
    int count = Math.min(refreshed, all);
    ImageSize size = images.labelled().imageSize();
    return (parent, consumer) -> {
      for (int from = 0; from < count; from += BATCH) {
        float[] pixels = new float[Math.min(BATCH, count - from) * size.values()];
        for (int i = from, at = 0; at < pixels.length; i++, at += size.values()) {
          boolean first = order[i] < labelled;
          views.plain(
              first ? images.labelled() : images.unlabelled(),
              first ? order[i] : order[i] - labelled,
              pixels,
              at);
        }
        try (NDManager own = parent.newSubManager()) {
          consumer.accept(batch(own, pixels, size));
        }
      }
    };
  }

  private static NDList batch(NDManager own, float[] pixels, ImageSize size) {
    Shape shape =
        new Shape(pixels.length / size.values(), size.channels(), size.height(), size.width());
    return new NDList(own.create(pixels, shape));
  }

  /**
   * Predictions of images with labels.
   *
   * @param source weights of the network
   * @param images what is predicted
   * @return with their labels
   * @throws IOException never of images in memory
   * @throws DivergedException if they predict what is no number
   */
  public Predictions predict(WeightSource source, ImageData images) throws IOException {
    weights.write(source);
    try {
      refresh.refresh(known);
    } catch (IllegalArgumentException e) {
      // Weights that are numbers still, but so large that the layers after them are not.
      throw new DivergedException(e.getMessage());
    }
    ImageSize size = images.imageSize();
    double[][] logits = new double[images.size()][];
    for (int from = 0; from < images.size(); from += BATCH) {
      int rows = Math.min(BATCH, images.size() - from);
      float[] pixels = new float[rows * size.values()];
      for (int i = 0; i < rows; i++) {
        views.plain(images, from + i, pixels, i * size.values());
      }
      try (NDManager own = manager.newSubManager()) {
        float[] out =
            block
                .forward(new ParameterStore(own, false), batch(own, pixels, size), false)
                .singletonOrThrow()
                .stopGradient()
                .toFloatArray();
        int classes = out.length / rows;
        for (int i = 0; i < rows; i++) {
          logits[from + i] = new double[classes];
          for (int k = 0; k < classes; k++) {
            float logit = out[i * classes + k];
            if (!Float.isFinite(logit)) {
              throw new DivergedException("logits must be finite, got " + logit);
            }
            logits[from + i][k] = logit;
          }
        }
      }
    }
    return Predictions.ofLogits(logits, images.labels());
  }

  @Override
  public void close() {
    manager.close();
  }
}
