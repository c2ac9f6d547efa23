package io.github.swag4j.swa.djl;

import ai.djl.Device;
import ai.djl.Model;
import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDList;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.DataType;
import ai.djl.ndarray.types.Shape;
import ai.djl.nn.Activation;
import ai.djl.nn.Block;
import ai.djl.nn.SequentialBlock;
import ai.djl.nn.core.Linear;
import ai.djl.nn.norm.BatchNorm;
import ai.djl.training.DefaultTrainingConfig;
import ai.djl.training.GradientCollector;
import ai.djl.training.Trainer;
import ai.djl.training.listener.TrainingListener;
import ai.djl.training.loss.Loss;
import ai.djl.training.optimizer.Optimizer;
import ai.djl.training.tracker.ParameterTracker;
import ai.djl.training.tracker.Tracker;
import io.github.swag4j.swa.djl.optim.TorchSgd;
import io.github.swag4j.swa.weights.Weights;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;

/** A small network, 24 rows of data and a training loop of one's own over them. */
final class TinyTraining implements AutoCloseable {
  static final int ROWS = 24;
  private static final int INPUTS = 4;

  final Model model;
  final Block block;
  final List<Weights> afterSteps = new ArrayList<>();
  private final NDManager manager = NDManager.newBaseManager(Device.cpu(), "PyTorch");
  private final float[] inputs = new float[ROWS * INPUTS];
  private final float[] labels = new float[ROWS];

  /** What a loop tells its listeners. */
  enum Telling {
    EVERYTHING,
    NO_EPOCHS
  }

  private TinyTraining(Block block) {
    this.block = block;
    this.model = Model.newInstance("tiny", Device.cpu(), "PyTorch");
    model.setBlock(block);
    block.initialize(model.getNDManager(), DataType.FLOAT32, new Shape(1, INPUTS));
    Random random = new Random(5);
    for (int i = 0; i < inputs.length; i++) {
      inputs[i] = (float) random.nextGaussian();
    }
    for (int i = 0; i < ROWS; i++) {
      labels[i] = i % 3;
    }
    ModelWeights weights = ModelWeights.of(block);
    float[][] values = new float[weights.layout().tensors().size()][];
    for (int t = 0; t < values.length; t++) {
      values[t] = new float[weights.layout().tensor(t).size()];
      for (int i = 0; i < values[t].length; i++) {
        values[t][i] = (float) (0.3 * random.nextGaussian());
      }
    }
    weights.write(Weights.of(weights.layout(), values));
  }

  /** Two layers: with one, gradients of a softmax add up to 0, which DJL takes for none at all. */
  static TinyTraining dense() {
    return new TinyTraining(
        new SequentialBlock()
            .add(Linear.builder().setUnits(5).build())
            .add(Activation::relu)
            .add(Linear.builder().setUnits(3).build()));
  }

  static TinyTraining withBatchNorm() {
    return new TinyTraining(
        new SequentialBlock()
            .add(Linear.builder().setUnits(5).build())
            .add(BatchNorm.builder().build())
            .add(Activation::relu)
            .add(Linear.builder().setUnits(3).build()));
  }

  Trainer trainer(TrainingListener... listeners) {
    return trainerWith(Tracker.fixed(0.1f), listeners);
  }

  Trainer trainerWith(ParameterTracker rate, TrainingListener... listeners) {
    return trainerOf(
        TorchSgd.builder().setLearningRateTracker(rate).optMomentum(0.9f).build(), listeners);
  }

  Trainer trainerOf(Optimizer optimizer, TrainingListener... listeners) {
    return model.newTrainer(
        new DefaultTrainingConfig(Loss.softmaxCrossEntropyLoss())
            .optOptimizer(optimizer)
            .optDevices(new Device[] {Device.cpu()})
            .addTrainingListeners(listeners));
  }

  void epochs(Trainer trainer, int epochs) {
    epochs(trainer, epochs, 8, 1, Telling.EVERYTHING);
  }

  /** Trains in row order, a step after each so many batches. */
  void epochs(Trainer trainer, int epochs, int batchSize, int batchesPerStep, Telling telling) {
    for (int epoch = 0; epoch < epochs; epoch++) {
      for (int batch = 0; batch * batchSize < ROWS; batch++) {
        backward(trainer, batch * batchSize, batchSize);
        trainer.notifyListeners(listener -> listener.onTrainingBatch(trainer, null));
        if ((batch + 1) % batchesPerStep == 0) {
          trainer.step();
          afterSteps.add(live());
        }
      }
      if (telling == Telling.EVERYTHING) {
        trainer.notifyListeners(listener -> listener.onEpoch(trainer));
      }
    }
  }

  void backward(Trainer trainer, int from, int rows) {
    try (NDManager batch = trainer.getManager().newSubManager();
        GradientCollector collector = trainer.newGradientCollector()) {
      NDArray x = inputs(batch).get(from + ":" + (from + rows));
      NDArray y = batch.create(labels).get(from + ":" + (from + rows));
      NDArray loss = trainer.getLoss().evaluate(new NDList(y), trainer.forward(new NDList(x)));
      collector.backward(loss);
    }
  }

  NDArray inputs(NDManager where) {
    return where.create(inputs, new Shape(ROWS, INPUTS));
  }

  /** All rows as two batches. */
  InputBatches batches() {
    return (where, consumer) -> {
      for (String half : new String[] {"0:12", "12:24"}) {
        consumer.accept(new NDList(inputs(where).get(half)));
      }
    };
  }

  float[] predictions() {
    try (NDManager scope = manager.newSubManager()) {
      return block
          .forward(
              new ai.djl.training.ParameterStore(scope, false), new NDList(inputs(scope)), false)
          .singletonOrThrow()
          .toFloatArray();
    }
  }

  Weights live() {
    return ModelWeights.of(block).capture();
  }

  Weights statistics() {
    return ModelWeights.statistics(block).capture();
  }

  @Override
  public void close() {
    model.close();
    manager.close();
  }
}
