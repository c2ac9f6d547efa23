package io.github.swag4j.studies.lowprecision;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.DataType;
import ai.djl.ndarray.types.Shape;
import ai.djl.nn.Activation;
import ai.djl.nn.Block;
import ai.djl.nn.Parameter;
import ai.djl.nn.SequentialBlock;
import ai.djl.nn.core.Linear;
import ai.djl.nn.norm.BatchNorm;
import ai.djl.training.dataset.ArrayDataset;
import ai.djl.training.loss.Loss;
import io.github.swag4j.cli.run.TorchEngine;
import io.github.swag4j.studies.frame.GuideCode;
import io.github.swag4j.swa.AveragingPlan;
import io.github.swag4j.swa.djl.BatchNormRefresh;
import io.github.swag4j.swa.djl.InputBatches;
import io.github.swag4j.swa.djl.quantize.QuantizedNetwork;
import io.github.swag4j.swa.quantize.Blocks;
import io.github.swag4j.swa.quantize.Draw;
import io.github.swag4j.swa.quantize.LowPrecisionAverage;
import io.github.swag4j.swa.quantize.LowPrecisionSgd;
import io.github.swag4j.swa.quantize.LowPrecisionSgd.Options;
import io.github.swag4j.swa.quantize.NumberFormat.BlockFloatingPoint;
import io.github.swag4j.swa.quantize.Quantizer;
import io.github.swag4j.swa.quantize.Role;
import io.github.swag4j.swa.quantize.TrainingPrecision;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.Writer;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;

/** What docs/guide/low-precision.md shows is the code of this test, and it runs. */
class LowPrecisionGuideTest {
  private static final Path GUIDE = Path.of("..", "docs", "guide", "low-precision.md");
  private static final Path TEST =
      Path.of("src/test/java/io/github/swag4j/studies/lowprecision/LowPrecisionGuideTest.java");
  private static final int ROWS = 24;
  private static final int INPUTS = 4;

  @Test
  void arraysAreRoundedWithoutAnEngine() {
    long seed = 1;
    float[] weights = {0.1f, -0.2f, 100, 200.3f};
    long step = 3;
    long rows = 2;
    long columns = 2;

    Quantizer eight = Quantizer.stochastic(new BlockFloatingPoint(8, Blocks.FIRST_DIMENSION));
    Draw draw = new Draw(seed, Role.WEIGHT, step, 0);
    float[] rounded = eight.quantized(weights, draw, rows, columns);

    assertThat(rounded[0]).as("cells of 2^-9").isCloseTo(0.1f, within(0x1p-9f));
    assertThat(rounded[3]).as("cells of 2").isIn(200f, 202f);
  }

  @Test
  void theAverageOfATrainingInEightBitsPredictsWithStatisticsOfItsOwn() throws IOException {
    TorchEngine.start(1, new PrintWriter(Writer.nullWriter())).setRandomSeed(1);
    try (NDManager manager = NDManager.newBaseManager()) {
      float[] pixels = pixels();
      NDArray images = manager.create(pixels, new Shape(ROWS, INPUTS));
      NDArray classes = manager.arange((float) ROWS).mod(3);
      ArrayDataset train =
          new ArrayDataset.Builder()
              .setData(images)
              .optLabels(classes)
              .setSampling(6, true)
              .build();
      Block first =
          new SequentialBlock()
              .add(Linear.builder().setUnits(8).build())
              .add(BatchNorm.builder().build())
              .add(Activation::relu);
      Block second = Linear.builder().setUnits(3).build();
      Quantizer eight = Quantizer.stochastic(new BlockFloatingPoint(8, Blocks.FIRST_DIMENSION));
      Loss loss = Loss.softmaxCrossEntropyLoss();
      long seed = 1;
      int warmUp = 20;
      double rate = 0.05;

      SequentialBlock whole = new SequentialBlock().addAll(first, second); // the segments
      whole.initialize(manager, DataType.FLOAT32, images.getShape());
      List<Block> segments = whole.getChildren().values();
      TrainingPrecision precision = TrainingPrecision.all(eight); // of all five roles
      QuantizedNetwork network = QuantizedNetwork.of(segments, precision, seed);
      List<long[]> shapes = network.shapes();
      LowPrecisionSgd sgd = new LowPrecisionSgd(precision, Options.paper(0.9, 5e-4), seed, shapes);
      LowPrecisionAverage average = new LowPrecisionAverage(Quantizer.none(), seed, shapes);
      AveragingPlan plan = AveragingPlan.steps().from(warmUp).every(1); // at a constant rate
      float[][] weights = network.weights();
      float[][] gradients = new float[weights.length][];
      sgd.start(weights);
      for (int epoch = 0; epoch < 10; epoch++) {
        InputBatches.forEachBatch(
            train,
            manager,
            batch -> {
              NDArray inputs = batch.getData().singletonOrThrow();
              NDArray labels = batch.getLabels().singletonOrThrow();
              network.write(weights);
              network.gradients(manager, inputs, labels, loss, sgd.steps() + 1, gradients);
              sgd.step(weights, gradients, rate);
              if (plan.collectsAfter(sgd.steps())) {
                average.add(weights);
              }
            });
      }
      network.write(average.mean());
      float[] before = runningMean(whole);
      BatchNormRefresh.of(whole).refresh(InputBatches.of(train));
      QuantizedNetwork inFloats = QuantizedNetwork.of(segments, TrainingPrecision.full(), seed);
      NDArray logits = inFloats.predict(manager, images, 0);

      assertThat(average.count()).isEqualTo(20);
      float[] after = runningMean(whole);
      float[] wanted = outputMeans(average.mean(), pixels);
      double moved = 0;
      for (int unit = 0; unit < wanted.length; unit++) {
        assertThat(after[unit]).isCloseTo(wanted[unit], within(1e-4f));
        moved = Math.max(moved, Math.abs(after[unit] - before[unit]));
      }
      assertThat(moved).as("statistics of the last weights are others").isGreaterThan(0.01);
      long right =
          logits.argMax(1).eq(classes.toType(DataType.INT64, false)).countNonzero().getLong();
      assertThat(right).isGreaterThan(ROWS * 3 / 4);
    }
  }

  /** Three classes of rows, each with an input of its own that is larger. */
  private static float[] pixels() {
    float[] pixels = new float[ROWS * INPUTS];
    for (int i = 0; i < pixels.length; i++) {
      int row = i / INPUTS;
      pixels[i] = 1 + (float) Math.sin(1.7 * i) + (i % INPUTS == row % 3 ? 3 : 0);
    }
    return pixels;
  }

  /** Of the first layer's outputs over all rows. */
  private static float[] outputMeans(float[][] weights, float[] pixels) {
    float[] means = weights[1].clone();
    for (int unit = 0; unit < means.length; unit++) {
      for (int i = 0; i < pixels.length; i++) {
        means[unit] += weights[0][unit * INPUTS + i % INPUTS] * pixels[i] / ROWS;
      }
    }
    return means;
  }

  private static float[] runningMean(Block network) {
    return network.getParameters().values().stream()
        .filter(p -> p.getType() == Parameter.Type.RUNNING_MEAN)
        .findFirst()
        .orElseThrow()
        .getArray()
        .toFloatArray();
  }

  @Test
  void theGuidesCodeIsThisTests() throws IOException {
    GuideCode.assertIsIn(GUIDE, TEST);
  }
}
