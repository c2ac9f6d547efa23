package io.github.swag4j.studies.lowprecision;

import ai.djl.engine.Engine;
import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.DataType;
import ai.djl.ndarray.types.Shape;
import ai.djl.nn.Activation;
import ai.djl.nn.Block;
import ai.djl.nn.Blocks;
import ai.djl.nn.Parameter;
import ai.djl.nn.SequentialBlock;
import ai.djl.nn.convolutional.Conv2d;
import ai.djl.nn.core.Linear;
import ai.djl.nn.pooling.Pool;
import ai.djl.training.initializer.XavierInitializer;
import ai.djl.training.loss.Loss;
import io.github.swag4j.base.SplitMix;
import io.github.swag4j.swa.djl.quantize.QuantizedNetwork;
import io.github.swag4j.swa.quantize.LowPrecisionAverage;
import io.github.swag4j.swa.quantize.LowPrecisionSgd;
import io.github.swag4j.swa.quantize.NumberFormat.BlockFloatingPoint;
import io.github.swag4j.swa.quantize.Quantizer;
import io.github.swag4j.swa.quantize.TrainingPrecision;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;

/**
 * A small convolutional network in block floating point: SGD with a falling rate, whose last
 * weights are the one result, then epochs at a constant rate whose average is the other (SWALP).
 *
 * <p>Three convolutions of 3 x 3 with rectifiers, pooling between them, and a linear layer; no
 * batch norm, as the paper's VGG16. Activations are rounded after each rectifier, errors at the
 * same places, weights, gradients and momentum in every step.
 */
final class CnnTask {

  /** Version of what the code finds. */
  static final int VERSION = 1;

  /** A word length that stands for floats. */
  static final int FLOATS = 0;

  private static final int[] CHANNELS = {8, 16, 32};
  private static final Loss LOSS = Loss.softmaxCrossEntropyLoss();

  /** Batches of evaluations are counted from here, far behind those of training. */
  private static final long EVALUATION = 1L << 40;

  /**
   * How it is trained.
   *
   * @param rate first learning rate; constant for half of the epochs, then falling to a hundredth
   * @param averagedRate constant rate of the epochs whose weights are averaged
   * @param epochs of SGD
   * @param averagedEpochs after them
   * @param batch rows a step
   * @param momentum of SGD
   * @param weightDecay of SGD
   */
  record Settings(
      double rate,
      double averagedRate,
      int epochs,
      int averagedEpochs,
      int batch,
      double momentum,
      double weightDecay) {}

  /**
   * Errors in [0, 1] on the rows it is judged by.
   *
   * @param sgd of the last weights before averaging
   * @param iterate of the last averaged epoch's own weights
   * @param average of the average in high precision, with activations in floats
   * @param rounded of the average rounded to the format of the weights; that of floats if they are
   * @param averageByEpoch of the average after each averaged epoch
   * @param lossByEpoch mean training loss of each epoch, in nats
   */
  record Found(
      double sgd,
      double iterate,
      double average,
      double rounded,
      List<Double> averageByEpoch,
      List<Double> lossByEpoch) {}

  private final ImageRows train;
  private final ImageRows judged;
  private final Settings settings;
  private final int wordLength;
  private final io.github.swag4j.swa.quantize.Blocks blocks;

  CnnTask(
      ImageRows train,
      ImageRows judged,
      Settings settings,
      int wordLength,
      io.github.swag4j.swa.quantize.Blocks blocks) {
    this.train = train;
    this.judged = judged;
    this.settings = settings;
    this.wordLength = wordLength;
    this.blocks = blocks;
  }

  /** Trains; says after each epoch what it is doing. */
  Found train(Engine engine, int seed, Consumer<String> said) {
    try (NDManager manager = engine.newBaseManager()) {
      engine.setRandomSeed(seed);
      List<Block> segments = segments(manager);
      TrainingPrecision precision = precision();
      QuantizedNetwork network = QuantizedNetwork.of(segments, precision, seed);
      QuantizedNetwork floats = QuantizedNetwork.of(segments, TrainingPrecision.full(), seed);
      LowPrecisionSgd sgd =
          new LowPrecisionSgd(
              precision,
              LowPrecisionSgd.Options.paper(settings.momentum(), settings.weightDecay()),
              seed,
              network.shapes());
      LowPrecisionAverage average =
          new LowPrecisionAverage(Quantizer.none(), seed, network.shapes());
      float[][] weights = network.weights();
      sgd.start(weights);
      network.write(weights);
      SplitMix random = new SplitMix(SplitMix.mix(seed + SplitMix.GAMMA));
      List<Double> losses = new ArrayList<>();
      List<Double> averages = new ArrayList<>();
      double last = Double.NaN;
      int total = settings.epochs() + settings.averagedEpochs();
      for (int epoch = 0; epoch < total; epoch++) {
        losses.add(epoch(manager, network, sgd, weights, rate(epoch), random));
        said.accept("epoch " + (epoch + 1) + " of " + total);
        if (epoch == settings.epochs() - 1) {
          last = error(manager, network);
        } else if (epoch >= settings.epochs()) {
          average.add(weights);
          floats.write(average.mean());
          averages.add(error(manager, floats));
          network.write(weights);
        }
      }
      double iterate = error(manager, network);
      network.write(average.mean(nearest()));
      double rounded = error(manager, network);
      return new Found(last, iterate, averages.get(averages.size() - 1), rounded, averages, losses);
    }
  }

  private TrainingPrecision precision() {
    return wordLength == FLOATS
        ? TrainingPrecision.full()
        : TrainingPrecision.all(Quantizer.stochastic(new BlockFloatingPoint(wordLength, blocks)));
  }

  private Quantizer nearest() {
    return wordLength == FLOATS
        ? Quantizer.none()
        : Quantizer.nearest(new BlockFloatingPoint(wordLength, blocks));
  }

  /** Constant, falling in a line between half and nine tenths of the epochs, and low. */
  private double rate(int epoch) {
    if (epoch >= settings.epochs()) {
      return settings.averagedRate();
    }
    double t = (double) epoch / settings.epochs();
    double share = t <= 0.5 ? 1 : t <= 0.9 ? 1 - 0.99 * (t - 0.5) / 0.4 : 0.01;
    return settings.rate() * share;
  }

  private List<Block> segments(NDManager manager) {
    List<Block> segments = new ArrayList<>();
    for (int i = 0; i < CHANNELS.length; i++) {
      SequentialBlock segment = new SequentialBlock();
      if (i > 0) {
        segment.add(pool());
      }
      segment
          .add(
              Conv2d.builder()
                  .setKernelShape(new Shape(3, 3))
                  .setFilters(CHANNELS[i])
                  .optPadding(new Shape(1, 1))
                  .build())
          .add(Activation::relu);
      segments.add(segment);
    }
    segments.add(
        new SequentialBlock()
            .add(pool())
            .add(Blocks.batchFlattenBlock())
            .add(Linear.builder().setUnits(train.classes()).build()));
    Shape shape = new Shape(1, 1, train.height(), train.width());
    for (Block segment : segments) {
      segment.setInitializer(
          new XavierInitializer(
              XavierInitializer.RandomType.GAUSSIAN, XavierInitializer.FactorType.IN, 2),
          Parameter.Type.WEIGHT);
      segment.initialize(manager, DataType.FLOAT32, shape);
      shape = segment.getOutputShapes(new Shape[] {shape})[0];
    }
    return segments;
  }

  private static Block pool() {
    return Pool.maxPool2dBlock(new Shape(2, 2), new Shape(2, 2));
  }

  private double epoch(
      NDManager manager,
      QuantizedNetwork network,
      LowPrecisionSgd sgd,
      float[][] weights,
      double rate,
      SplitMix random) {
    int[] order = new int[train.rows()];
    for (int i = 0; i < order.length; i++) {
      int other = (int) (random.uniform() * (i + 1));
      order[i] = order[other];
      order[other] = i;
    }
    float[][] gradients = new float[weights.length][];
    double sum = 0;
    int steps = train.rows() / settings.batch();
    for (int b = 0; b < steps; b++) {
      try (NDManager own = manager.newSubManager()) {
        int[] rows = new int[settings.batch()];
        System.arraycopy(order, b * rows.length, rows, 0, rows.length);
        float[] labels = new float[rows.length];
        for (int i = 0; i < rows.length; i++) {
          labels[i] = train.labels()[rows[i]];
        }
        sum +=
            network.gradients(
                own,
                images(own, train, rows),
                own.create(labels),
                LOSS,
                sgd.steps() + 1,
                gradients);
      }
      sgd.step(weights, gradients, rate);
      network.write(weights);
    }
    return sum / steps;
  }

  private static NDArray images(NDManager manager, ImageRows from, int[] rows) {
    int size = from.height() * from.width();
    float[] pixels = new float[rows.length * size];
    for (int i = 0; i < rows.length; i++) {
      System.arraycopy(from.pixels()[rows[i]], 0, pixels, i * size, size);
    }
    return manager.create(pixels, new Shape(rows.length, 1, from.height(), from.width()));
  }

  private double error(NDManager manager, QuantizedNetwork network) {
    int wrong = 0;
    for (int from = 0; from < judged.rows(); from += 500) {
      int[] rows = new int[Math.min(500, judged.rows() - from)];
      for (int i = 0; i < rows.length; i++) {
        rows[i] = from + i;
      }
      try (NDManager own = manager.newSubManager()) {
        NDArray outputs = network.predict(own, images(own, judged, rows), EVALUATION + from);
        long[] predicted = outputs.argMax(1).toLongArray();
        for (int i = 0; i < rows.length; i++) {
          wrong += predicted[i] == judged.labels()[rows[i]] ? 0 : 1;
        }
      }
    }
    return (double) wrong / judged.rows();
  }
}
