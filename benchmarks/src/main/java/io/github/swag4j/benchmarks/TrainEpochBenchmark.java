package io.github.swag4j.benchmarks;

import ai.djl.Device;
import ai.djl.Model;
import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDList;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.Shape;
import ai.djl.nn.Activation;
import ai.djl.nn.Blocks;
import ai.djl.nn.SequentialBlock;
import ai.djl.nn.convolutional.Conv2d;
import ai.djl.nn.core.Linear;
import ai.djl.nn.norm.BatchNorm;
import ai.djl.nn.pooling.Pool;
import ai.djl.training.DefaultTrainingConfig;
import ai.djl.training.GradientCollector;
import ai.djl.training.Trainer;
import ai.djl.training.loss.Loss;
import ai.djl.training.optimizer.Optimizer;
import ai.djl.training.tracker.Tracker;
import io.github.swag4j.swa.AveragingPlan;
import io.github.swag4j.swa.WeightAverage;
import io.github.swag4j.swa.djl.EngineDefaults;
import io.github.swag4j.swa.djl.SwaTrainingListener;
import io.github.swag4j.swa.djl.optim.TorchSgd;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.Arrays;
import java.util.Locale;
import java.util.Random;

/**
 * An epoch of SWA: 2,560 images of 28 x 28 in batches of 128 through the program's {@code cnn},
 * with our SGD, listener and average, batches gathered in a shuffled order. Comment lines say where
 * the time goes, and what DJL's own SGD takes. Two threads, or THREADS of the environment. With
 * TURNS set, it waits for a line on standard input before each epoch of ours, and DJL's SGD is left
 * out: so that {@code python/by-turns.py} can let it and its peer run epoch by epoch.
 */
public final class TrainEpochBenchmark {
  private static final int ROWS = 2560;
  private static final int BATCH = 128;
  private static final int PIXELS = 28 * 28;
  private static final int WARM_UP = 3;
  private static final int EPOCHS = Integer.parseInt(System.getenv().getOrDefault("EPOCHS", "7"));
  private static final boolean TURNS = System.getenv("TURNS") != null;
  private static final String[] PARTS = {"data", "forward", "backward", "step"};

  private final float[] images = new float[ROWS * PIXELS];
  private final float[] labels = new float[ROWS];
  private final long[] parts = new long[PARTS.length];

  private TrainEpochBenchmark() {
    Random random = new Random(1);
    for (int i = 0; i < images.length; i++) {
      images[i] = (float) random.nextGaussian();
    }
    for (int i = 0; i < ROWS; i++) {
      labels[i] = i % 10;
    }
  }

  /**
   * Prints one time in milliseconds a line.
   *
   * @param args none
   */
  public static void main(String[] args) {
    EngineDefaults.apply();
    System.setProperty("ai.djl.offline", "true");
    System.setProperty("OPT_OUT_TRACKING", "true");
    String threads = System.getenv().getOrDefault("THREADS", "2");
    System.setProperty("ai.djl.pytorch.num_threads", threads);
    Tracker rate = Tracker.fixed(0.05f);
    TorchSgd ours =
        TorchSgd.builder()
            .setLearningRateTracker(rate)
            .optMomentum(0.9f)
            .optWeightDecays(5e-4f)
            .build();
    Optimizer djls =
        Optimizer.sgd()
            .setLearningRateTracker(rate)
            .optMomentum(0.9f)
            .optWeightDecays(5e-4f)
            .build();
    new TrainEpochBenchmark().run("TorchSgd and listener", ours, true);
    if (!TURNS) {
      new TrainEpochBenchmark().run("DJL's SGD, no listener", djls, false);
    }
  }

  private static void awaitTurn() {
    try {
      while (System.in.read() != '\n') {
        // the line's end is the turn
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private void run(String name, Optimizer optimizer, boolean counted) {
    DefaultTrainingConfig config =
        new DefaultTrainingConfig(Loss.softmaxCrossEntropyLoss())
            .optOptimizer(optimizer)
            .optDevices(new Device[] {Device.cpu()});
    if (counted) {
      config.addTrainingListeners(
          SwaTrainingListener.of(WeightAverage.uniform(AveragingPlan.epochs())));
    }
    double[] times = new double[EPOCHS];
    try (Model model = Model.newInstance("cnn", Device.cpu(), "PyTorch")) {
      model.setBlock(network());
      try (Trainer trainer = model.newTrainer(config)) {
        trainer.initialize(new Shape(1, 1, 28, 28));
        for (int epoch = -WARM_UP; epoch < EPOCHS; epoch++) {
          if (epoch == 0) {
            Arrays.fill(parts, 0);
          }
          if (TURNS) {
            awaitTurn();
          }
          long start = System.nanoTime();
          epoch(trainer, new Random(epoch));
          times[Math.max(0, epoch)] = (System.nanoTime() - start) / 1e6;
          if (counted && (TURNS || epoch >= 0)) {
            double time = times[Math.max(0, epoch)];
            System.out.println(String.format(Locale.ROOT, "%.6f", time));
          }
        }
      }
    }
    Arrays.sort(times);
    StringBuilder line =
        new StringBuilder(
            String.format(Locale.ROOT, "# %s: median %.1f ms;", name, times[EPOCHS / 2]));
    for (int p = 0; p < PARTS.length; p++) {
      line.append(String.format(Locale.ROOT, " %s %.1f", PARTS[p], parts[p] / 1e6 / EPOCHS));
    }
    System.out.println(line);
  }

  private static SequentialBlock network() {
    SequentialBlock block = new SequentialBlock();
    for (int channels : new int[] {32, 64, 128}) {
      block
          .add(
              Conv2d.builder()
                  .setKernelShape(new Shape(3, 3))
                  .setFilters(channels)
                  .optPadding(new Shape(1, 1))
                  .optBias(false)
                  .build())
          .add(BatchNorm.builder().build())
          .add(Activation::relu)
          .add(Pool.maxPool2dBlock(new Shape(2, 2), new Shape(2, 2)));
    }
    return block.add(Blocks.batchFlattenBlock()).add(Linear.builder().setUnits(10).build());
  }

  private void epoch(Trainer trainer, Random random) {
    int[] order = new int[ROWS];
    for (int i = 0; i < ROWS; i++) {
      int other = random.nextInt(i + 1);
      order[i] = order[other];
      order[other] = i;
    }
    for (int from = 0; from < ROWS; from += BATCH) {
      long begin = System.nanoTime();
      float[] x = new float[BATCH * PIXELS];
      float[] y = new float[BATCH];
      for (int r = 0; r < BATCH; r++) {
        System.arraycopy(images, order[from + r] * PIXELS, x, r * PIXELS, PIXELS);
        y[r] = labels[order[from + r]];
      }
      try (NDManager batch = trainer.getManager().newSubManager()) {
        NDArray inputs = batch.create(x, new Shape(BATCH, 1, 28, 28));
        NDArray targets = batch.create(y, new Shape(BATCH));
        begin = add(0, begin);
        try (GradientCollector collector = trainer.newGradientCollector()) {
          NDArray loss =
              trainer.getLoss().evaluate(new NDList(targets), trainer.forward(new NDList(inputs)));
          begin = add(1, begin);
          collector.backward(loss);
          if (!Float.isFinite(loss.getFloat())) {
            throw new IllegalStateException("loss must be finite");
          }
        }
        begin = add(2, begin);
        trainer.notifyListeners(listener -> listener.onTrainingBatch(trainer, null));
        trainer.step();
        add(3, begin);
      }
    }
    trainer.notifyListeners(listener -> listener.onEpoch(trainer));
  }

  private long add(int part, long begin) {
    long now = System.nanoTime();
    parts[part] += now - begin;
    return now;
  }
}
