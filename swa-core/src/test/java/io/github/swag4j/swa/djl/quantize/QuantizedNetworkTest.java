package io.github.swag4j.swa.djl.quantize;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import ai.djl.engine.Engine;
import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDList;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.DataType;
import ai.djl.ndarray.types.Shape;
import ai.djl.nn.Activation;
import ai.djl.nn.Block;
import ai.djl.nn.Blocks;
import ai.djl.nn.SequentialBlock;
import ai.djl.nn.convolutional.Conv2d;
import ai.djl.nn.core.Linear;
import ai.djl.nn.norm.BatchNorm;
import ai.djl.nn.pooling.Pool;
import ai.djl.training.GradientCollector;
import ai.djl.training.ParameterStore;
import ai.djl.training.loss.Loss;
import io.github.swag4j.swa.djl.EngineDefaults;
import io.github.swag4j.swa.quantize.LowPrecisionSgd;
import io.github.swag4j.swa.quantize.NumberFormat.BlockFloatingPoint;
import io.github.swag4j.swa.quantize.NumberFormat.FixedPoint;
import io.github.swag4j.swa.quantize.Quantizer;
import io.github.swag4j.swa.quantize.TrainingPrecision;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Gradients of a network that is cut into segments. */
class QuantizedNetworkTest {
  private static final Loss LOSS = Loss.softmaxCrossEntropyLoss();

  private NDManager manager;
  private List<Block> segments;
  private NDArray inputs;
  private NDArray labels;

  @BeforeAll
  static void engine() {
    EngineDefaults.apply();
  }

  @BeforeEach
  void network() {
    manager = NDManager.newBaseManager();
    Engine.getEngine("PyTorch").setRandomSeed(5);
    segments =
        List.of(
            new SequentialBlock()
                .add(
                    Conv2d.builder()
                        .setKernelShape(new Shape(3, 3))
                        .setFilters(4)
                        .optPadding(new Shape(1, 1))
                        .build())
                .add(BatchNorm.builder().build())
                .add(Activation::relu),
            new SequentialBlock()
                .add(Pool.maxPool2dBlock(new Shape(2, 2), new Shape(2, 2)))
                .add(Blocks.batchFlattenBlock())
                .add(Linear.builder().setUnits(6).build())
                .add(Activation::relu),
            new SequentialBlock().add(Linear.builder().setUnits(3).build()));
    Shape shape = new Shape(8, 1, 6, 6);
    for (Block segment : segments) {
      segment.initialize(manager, DataType.FLOAT32, shape);
      shape = segment.getOutputShapes(new Shape[] {shape})[0];
    }
    inputs = manager.randomNormal(new Shape(8, 1, 6, 6));
    labels = manager.create(new float[] {0, 1, 2, 0, 1, 2, 0, 1});
  }

  @AfterEach
  void close() {
    manager.close();
  }

  /** Gradients of all segments in one graph. */
  private float[][] whole(QuantizedNetwork network) {
    float[][] gradients = new float[network.shapes().size()][];
    int t = 0;
    try (GradientCollector collector = manager.getEngine().newGradientCollector()) {
      NDList at = new NDList(inputs);
      for (Block segment : segments) {
        segment
            .getParameters()
            .values()
            .forEach(
                p -> {
                  if (p.requiresGradient()) {
                    p.getArray().setRequiresGradient(false);
                    p.getArray().setRequiresGradient(true);
                    p.getArray().getGradient().subi(p.getArray().getGradient());
                  }
                });
        at = segment.forward(new ParameterStore(manager, false), at, true);
      }
      collector.backward(LOSS.evaluate(new NDList(labels), at));
    }
    for (Block segment : segments) {
      for (var p : segment.getParameters().values()) {
        if (p.requiresGradient()) {
          gradients[t++] = p.getArray().getGradient().toFloatArray();
        }
      }
    }
    return gradients;
  }

  @Test
  void withoutRoundingGradientsAreThoseOfTheWholeNetwork() {
    QuantizedNetwork network = QuantizedNetwork.of(segments, TrainingPrecision.full(), 1);
    float[][] wanted = whole(network);
    float[][] got = new float[wanted.length][];
    for (int again = 0; again < 2; again++) {
      double loss = network.gradients(manager, inputs, labels, LOSS, again, got);
      assertThat(loss).isBetween(0.1, 10.0);
      for (int t = 0; t < wanted.length; t++) {
        for (int i = 0; i < wanted[t].length; i++) {
          assertThat(got[t][i]).as("%d %d", t, i).isCloseTo(wanted[t][i], within(2e-6f));
        }
      }
    }
  }

  @Test
  void finerWordsGiveGradientsNearerToThoseOfFloats() {
    float[][] exact = gradients(TrainingPrecision.full());
    List<Double> off = new ArrayList<>();
    for (int word : new int[] {4, 8, 12, 16}) {
      Quantizer quantizer =
          Quantizer.stochastic(
              new BlockFloatingPoint(word, io.github.swag4j.swa.quantize.Blocks.TENSOR));
      float[][] rounded = gradients(TrainingPrecision.all(quantizer));
      double sum = 0;
      for (int t = 0; t < exact.length; t++) {
        for (int i = 0; i < exact[t].length; i++) {
          sum += Math.pow(rounded[t][i] - exact[t][i], 2);
        }
      }
      off.add(Math.sqrt(sum));
    }
    // Four bits more are a sixteenth of the error.
    assertThat(off.get(0)).isGreaterThan(4 * off.get(1));
    assertThat(off.get(1)).isGreaterThan(4 * off.get(2));
    assertThat(off.get(2)).isGreaterThan(4 * off.get(3)).isPositive();
  }

  private float[][] gradients(TrainingPrecision precision) {
    QuantizedNetwork network = QuantizedNetwork.of(segments, precision, 7);
    float[][] gradients = new float[network.shapes().size()][];
    network.gradients(manager, inputs, labels, LOSS, 3, gradients);
    return gradients;
  }

  @Test
  void errorsAloneAreRoundedOnTheWayBack() {
    Quantizer none = Quantizer.none();
    // Cells so wide that every error becomes zero: only the last segment learns.
    Quantizer coarse = Quantizer.nearest(new FixedPoint(8, -10));
    TrainingPrecision precision = new TrainingPrecision(none, none, none, coarse, none);
    float[][] exact = gradients(TrainingPrecision.full());
    float[][] got = gradients(precision);
    int last = got.length - 2;
    for (int t = 0; t < last; t++) {
      assertThat(got[t]).containsOnly(0);
    }
    assertThat(got[last]).isEqualTo(exact[last]);
    assertThat(got[last + 1]).isEqualTo(exact[last + 1]);
  }

  /** Cells so wide that every activation becomes zero: all that is left is the last bias. */
  @Test
  void activationsAloneAreRoundedOnTheWayForward() {
    Quantizer none = Quantizer.none();
    Quantizer coarse = Quantizer.nearest(new FixedPoint(8, -10));
    TrainingPrecision precision = new TrainingPrecision(none, coarse, none, none, none);
    QuantizedNetwork network = QuantizedNetwork.of(segments, precision, 7);
    float[][] weights = network.weights();
    int bias = weights.length - 1;
    weights[bias] = new float[] {0.5f, -1, 2};
    network.write(weights);

    float[][] gradients = new float[weights.length][];
    double loss = network.gradients(manager, inputs, labels, LOSS, 3, gradients);
    double sum = Math.exp(0.5) + Math.exp(-1) + Math.exp(2);
    // Three rows of each of the first two classes, two of the last.
    assertThat(loss).isCloseTo(Math.log(sum) - (3 * 0.5 - 3 + 2 * 2) / 8, within(2e-6));
    assertThat(gradients[bias - 1]).hasSize(18).containsOnly(0);
    assertThat((double) gradients[bias][2]).isCloseTo(Math.exp(2) / sum - 0.25, within(1e-6));

    try (NDArray outputs = network.predict(manager, inputs, 100)) {
      float[] logits = outputs.toFloatArray();
      for (int row = 0; row < 8; row++) {
        assertThat(Arrays.copyOfRange(logits, 3 * row, 3 * row + 3)).isEqualTo(weights[bias]);
      }
    }
  }

  /**
   * In the public code of the paper the module around the quantiser overwrites its setting:
   * activations and errors are one block whatever was asked for.
   */
  @Test
  void theBlocksThatWereAskedForAreThoseOfActivationsAndErrors() {
    float[] samples = {1, 1.5f, 1000, 1500};
    float[] unit = {1, 0, 0, 1};
    for (var blocks : io.github.swag4j.swa.quantize.Blocks.values()) {
      Quantizer quantizer = Quantizer.nearest(new BlockFloatingPoint(6, blocks));
      float[] wanted =
          switch (blocks) {
            // The second sample's exponent is 10, so its cell is 2^6.
            case TENSOR, FILTERS -> new float[] {0, 0, 1024, 1472};
            case FIRST_DIMENSION, FIRST_DIMENSION_ALWAYS -> new float[] {1, 1.5f, 1024, 1472};
            // A number is a block here: 1500 has the exponent of the sample, 1000 one less.
            case FIRST_TWO_DIMENSIONS -> new float[] {1, 1.5f, 992, 1472};
          };
      Quantizer none = Quantizer.none();
      TrainingPrecision activations = new TrainingPrecision(none, quantizer, none, none, none);
      assertThat(unitNetwork(activations, samples, unit)[1]).as("%s", blocks).isEqualTo(wanted);
      TrainingPrecision errors = new TrainingPrecision(none, none, none, quantizer, none);
      float[] transposed = unitNetwork(errors, unit, samples)[0];
      assertThat(new float[] {transposed[0], transposed[2], transposed[1], transposed[3]})
          .as("%s", blocks)
          .isEqualTo(wanted);
    }
  }

  /**
   * Gradients of two layers of unit matrices, of the sum of outputs times targets. That of the
   * second is {@code targets^T activations}, so of unit targets the rounded activations; that of
   * the first is {@code errors^T inputs}, so of unit inputs the rounded errors, transposed. What it
   * predicts are the rounded activations.
   */
  private float[][] unitNetwork(TrainingPrecision precision, float[] rows, float[] targets) {
    List<Block> layers = new ArrayList<>();
    for (int i = 0; i < 2; i++) {
      Block layer = Linear.builder().setUnits(2).optBias(false).build();
      layer.initialize(manager, DataType.FLOAT32, new Shape(2, 2));
      layers.add(layer);
    }
    QuantizedNetwork network = QuantizedNetwork.of(layers, precision, 1);
    network.write(new float[][] {{1, 0, 0, 1}, {1, 0, 0, 1}});
    float[][] gradients = new float[2][];
    Shape shape = new Shape(2, 2);
    NDArray x = manager.create(rows, shape);
    network.gradients(manager, x, manager.create(targets, shape), new InnerProduct(), 1, gradients);
    if (precision.activations().rounds()) {
      assertThat(network.predict(manager, x, 2).toFloatArray()).isEqualTo(gradients[1]);
    }
    return gradients;
  }

  private static final class InnerProduct extends Loss {
    InnerProduct() {
      super("inner product");
    }

    @Override
    public NDArray evaluate(NDList targets, NDList outputs) {
      return outputs.singletonOrThrow().mul(targets.singletonOrThrow()).sum();
    }
  }

  @Test
  void theSameSeedAndStepGiveTheSameBits() {
    Quantizer quantizer =
        Quantizer.stochastic(
            new BlockFloatingPoint(6, io.github.swag4j.swa.quantize.Blocks.FIRST_DIMENSION));
    float[][] one = gradients(TrainingPrecision.all(quantizer));
    float[][] other = gradients(TrainingPrecision.all(quantizer));
    for (int t = 0; t < one.length; t++) {
      assertThat(other[t]).isEqualTo(one[t]);
    }
  }

  @Test
  void eightBitsLearnAsFloatsDo() {
    float[][] start = QuantizedNetwork.of(segments, TrainingPrecision.full(), 7).weights();
    double floats = lossAfterTraining(TrainingPrecision.full(), start);
    Quantizer quantizer =
        Quantizer.stochastic(
            new BlockFloatingPoint(8, io.github.swag4j.swa.quantize.Blocks.FIRST_DIMENSION));
    double eightBits = lossAfterTraining(TrainingPrecision.all(quantizer), start);
    // Nobody knows three classes from each other at ln 3.
    assertThat(floats).isLessThan(Math.log(3) / 2);
    assertThat(eightBits).isCloseTo(floats, within(0.1));
  }

  private double lossAfterTraining(TrainingPrecision precision, float[][] start) {
    QuantizedNetwork network = QuantizedNetwork.of(segments, precision, 7);
    LowPrecisionSgd sgd =
        new LowPrecisionSgd(precision, LowPrecisionSgd.Options.paper(0.9, 0), 7, network.shapes());
    float[][] weights = Arrays.stream(start).map(float[]::clone).toArray(float[][]::new);
    sgd.start(weights);
    network.write(weights);
    float[][] gradients = new float[weights.length][];
    for (int step = 1; step <= 20; step++) {
      network.gradients(manager, inputs, labels, LOSS, step, gradients);
      sgd.step(weights, gradients, 0.1);
      network.write(weights);
    }
    assertThat(network.weights()[0]).isEqualTo(weights[0]);
    return network.gradients(manager, inputs, labels, LOSS, 21, gradients);
  }

  @Test
  void predictionsHaveTheLastSegmentsShapeAndOtherWeightsAreRefused() {
    QuantizedNetwork network = QuantizedNetwork.of(segments, TrainingPrecision.full(), 7);
    try (NDArray outputs = network.predict(manager, inputs, 100)) {
      assertThat(outputs.getShape()).isEqualTo(new Shape(8, 3));
    }
    assertThatThrownBy(() -> network.write(new float[1][]))
        .hasMessageContaining("must have " + network.shapes().size() + " tensors, got 1");
  }
}
