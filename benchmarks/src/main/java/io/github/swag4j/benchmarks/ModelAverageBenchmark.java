package io.github.swag4j.benchmarks;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDList;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.DataType;
import ai.djl.ndarray.types.Shape;
import ai.djl.nn.Activation;
import ai.djl.nn.Blocks;
import ai.djl.nn.SequentialBlock;
import ai.djl.nn.convolutional.Conv2d;
import ai.djl.nn.core.Linear;
import ai.djl.nn.norm.BatchNorm;
import ai.djl.nn.pooling.Pool;
import io.github.swag4j.swa.djl.EngineDefaults;
import io.github.swag4j.swa.djl.InferencePass;
import io.github.swag4j.swa.djl.InputBatches;
import io.github.swag4j.swa.djl.ModelWeights;
import io.github.swag4j.swa.weights.WeightLayout;
import io.github.swag4j.swa.weights.Weights;
import io.github.swag4j.swag.SwagPosterior;
import io.github.swag4j.swag.djl.BayesianPredictor;
import io.github.swag4j.swag.djl.RowPrediction;
import io.github.swag4j.swag.djl.ServingPredictor;
import io.github.swag4j.swag.djl.Workers;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Random;

/**
 * A Bayesian model average end to end: the program's {@code cnn}, 30 samples of a SWAG posterior of
 * rank 20, batch norm refreshed on 10,000 images, 20,000 predicted. Prints the milliseconds of one
 * sample; comment lines say what one pass over the images takes by batch size, and a row served.
 *
 * <p>Of the environment: SAMPLES; WORKERS (0 for {@link Workers#auto}); BATCH, rows at a time;
 * THREADS of the engine; CHANNELS of the three convolutions, "32,64,128"; PASSES=0 and
 * ROWS_SERVED=0 leave the comment lines out.
 */
public final class ModelAverageBenchmark {
  private static final int PIXELS = 28 * 28;
  private static final int REFRESH = 10_000;
  private static final int REFRESH_BATCH = 128;
  private static final int TEST = 20_000;
  private static final int RANK = 20;
  private static final int WARM_UP = 2;

  private final float[] images = new float[TEST * PIXELS];
  private final SequentialBlock block;
  private final SwagPosterior posterior;

  private ModelAverageBenchmark(NDManager manager) {
    Random random = new Random(1);
    for (int i = 0; i < images.length; i++) {
      images[i] = (float) random.nextGaussian();
    }
    block = new SequentialBlock();
    for (int channels : channels()) {
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
    block.add(Blocks.batchFlattenBlock()).add(Linear.builder().setUnits(10).build());
    block.initialize(manager, DataType.FLOAT32, new Shape(1, 1, 28, 28));
    posterior = posterior(ModelWeights.of(block).capture(), random);
  }

  private static SwagPosterior posterior(Weights mean, Random random) {
    List<Weights> deviations = new ArrayList<>();
    for (int k = 0; k < RANK; k++) {
      deviations.add(filled(mean.layout(), random, 0, 0.01f));
    }
    Weights variance = filled(mean.layout(), random, 1e-4f, 5e-5f);
    return new SwagPosterior(
        SwagPosterior.Options.defaults(),
        RANK,
        SwagPosterior.LOW_RANK_SCALE,
        mean,
        variance,
        deviations);
  }

  private static Weights filled(WeightLayout layout, Random random, float centre, float spread) {
    float[][] values = new float[layout.tensors().size()][];
    for (int t = 0; t < values.length; t++) {
      values[t] = new float[layout.tensor(t).size()];
      for (int i = 0; i < values[t].length; i++) {
        values[t][i] = centre + spread * (2 * random.nextFloat() - 1);
      }
    }
    return Weights.of(layout, values);
  }

  private InputBatches inputs(int rows, int size) {
    return (parent, consumer) -> {
      for (int from = 0; from < rows; from += size) {
        int n = Math.min(size, rows - from);
        float[] part = Arrays.copyOfRange(images, from * PIXELS, (from + n) * PIXELS);
        try (NDManager own = parent.newSubManager()) {
          consumer.accept(new NDList(own.create(part, new Shape(n, 1, 28, 28))));
        }
      }
    };
  }

  private static int[] channels() {
    String wanted = System.getenv().getOrDefault("CHANNELS", "32,64,128");
    return Arrays.stream(wanted.split(",", -1)).mapToInt(Integer::parseInt).toArray();
  }

  private static int setting(String name, int otherwise) {
    return Integer.parseInt(System.getenv().getOrDefault(name, Integer.toString(otherwise)));
  }

  /**
   * Prints one time in milliseconds.
   *
   * @param args none
   * @throws IOException never
   */
  public static void main(String[] args) throws IOException {
    EngineDefaults.apply();
    System.setProperty("ai.djl.offline", "true");
    System.setProperty("OPT_OUT_TRACKING", "true");
    System.setProperty("ai.djl.pytorch.num_threads", System.getenv().getOrDefault("THREADS", "2"));
    try (NDManager manager = NDManager.newBaseManager()) {
      ModelAverageBenchmark benchmark = new ModelAverageBenchmark(manager);
      int workers = setting("WORKERS", 0);
      Workers who = workers == 0 ? Workers.auto() : Workers.of(workers);
      int batch = setting("BATCH", 128);
      if (setting("PASSES", 1) > 0) {
        benchmark.passes();
      }
      benchmark.predict(WARM_UP, who, batch);
      int samples = setting("SAMPLES", 30);
      System.out.printf(Locale.ROOT, "%.6f%n", benchmark.predict(samples, who, batch) / samples);
      if (setting("ROWS_SERVED", 60) > 0) {
        benchmark.serve(30, setting("ROWS_SERVED", 60));
      }
    }
  }

  private double predict(int samples, Workers who, int batch) throws IOException {
    long start = System.nanoTime();
    BayesianPredictor.of(block, posterior)
        .samples(samples)
        .workers(who)
        .refreshBatchNorm(inputs(REFRESH, REFRESH_BATCH))
        .predict(inputs(TEST, batch), null);
    return (System.nanoTime() - start) / 1e6;
  }

  /** The pure forward cost, by the size of a batch. */
  private void passes() throws IOException {
    for (int size : new int[] {16, 32, 64, 128, 256, 512}) {
      double least = Double.POSITIVE_INFINITY;
      for (int round = 0; round < 3; round++) {
        long start = System.nanoTime();
        try (InferencePass pass = InferencePass.of(block)) {
          inputs(TEST / 10, size)
              .forEach(
                  pass.manager(),
                  batch -> {
                    try (NDArray out = pass.run(batch)) {
                      out.toFloatArray();
                    }
                  });
        }
        least = Math.min(least, (System.nanoTime() - start) / 1e6);
      }
      System.out.printf(
          Locale.ROOT, "# forward, batches of %d: %.0f ms for 20,000%n", size, 10 * least);
    }
  }

  private void serve(int samples, int rows) throws IOException {
    try (ServingPredictor serving =
        BayesianPredictor.of(block, posterior)
            .samples(samples)
            .refreshBatchNorm(inputs(1_000, REFRESH_BATCH))
            .serve()) {
      double[] times = new double[rows];
      float[] row = Arrays.copyOf(images, PIXELS);
      RowPrediction answer = serving.predict(row);
      for (int i = 0; i < times.length; i++) {
        long start = System.nanoTime();
        answer = serving.predict(row);
        times[i] = (System.nanoTime() - start) / 1e6;
      }
      Arrays.sort(times);
      System.out.printf(
          Locale.ROOT,
          "# a row served, %d samples: median %.2f ms, least %.2f (%s)%n",
          samples,
          times[times.length / 2],
          times[0],
          answer);
    }
  }
}
