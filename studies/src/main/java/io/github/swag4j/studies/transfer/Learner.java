package io.github.swag4j.studies.transfer;

import ai.djl.Device;
import ai.djl.Model;
import ai.djl.engine.Engine;
import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDList;
import ai.djl.ndarray.types.DataType;
import ai.djl.nn.Block;
import ai.djl.training.DefaultTrainingConfig;
import ai.djl.training.GradientCollector;
import ai.djl.training.Trainer;
import ai.djl.training.loss.Loss;
import io.github.swag4j.base.SplitMix;
import io.github.swag4j.cli.run.UsageException;
import io.github.swag4j.swa.Selection;
import io.github.swag4j.swa.WeightCollector;
import io.github.swag4j.swa.djl.BatchNormRefresh;
import io.github.swag4j.swa.djl.ModelWeights;
import io.github.swag4j.swa.djl.ScheduledLearningRate;
import io.github.swag4j.swa.djl.SwaTrainingListener;
import io.github.swag4j.swa.djl.optim.TorchSgd;
import io.github.swag4j.swa.schedule.LearningRateSchedule;
import io.github.swag4j.swa.state.TrainingPosition;
import io.github.swag4j.swa.state.TrainingState;
import io.github.swag4j.swa.weights.WeightLayout;
import io.github.swag4j.swa.weights.WeightLayout.Role;
import io.github.swag4j.swa.weights.Weights;
import io.github.swag4j.vision.ImageBatches;
import io.github.swag4j.vision.data.ImageSize;
import io.github.swag4j.vision.networks.Network;
import java.io.IOException;
import java.util.List;
import java.util.function.IntConsumer;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/** A network that learns: made anew, or taken over from one that was trained on other images. */
final class Learner implements AutoCloseable {

  /** What becomes of the last layer when a trained network is taken over. */
  enum Head {
    /** It begins anew: the classes of the target are others. */
    NEW,
    /** It is kept: the classes mean the same, or at least are as many. */
    KEEP
  }

  /**
   * How steps are made.
   *
   * @param batch rows of a step
   * @param momentum of SGD
   * @param weightDecay of SGD
   */
  record Steps(int batch, double momentum, double weightDecay) {}

  /**
   * Whole epochs of a training.
   *
   * @param rate learning rate by epochs finished
   * @param first epoch, from 0
   * @param end epoch after the last
   */
  record Stretch(LearningRateSchedule rate, int first, int end) {}

  private final Engine engine;
  private final Network network;
  private final int seed;
  private final Model model;

  /** A network with the first weights of a seed. */
  Learner(Engine engine, Network network, ImageSize size, int classes, int seed) {
    this.engine = engine;
    this.network = network;
    this.seed = seed;
    engine.setRandomSeed(seed);
    model = Model.newInstance(network.id(), "PyTorch");
    Block block = network.block(classes, 0);
    model.setBlock(block);
    block.initialize(model.getNDManager(), DataType.FLOAT32, ImageBatches.inputShape(size));
  }

  Block block() {
    return model.getBlock();
  }

  /** Weights and batch-norm statistics. */
  ModelWeights all() {
    return ModelWeights.of(block(), Selection.all());
  }

  /** Weights alone: what is averaged. */
  ModelWeights weights() {
    return ModelWeights.of(block());
  }

  /** The last layer: its matrix and what comes after it. */
  Selection head() {
    List<WeightLayout.Tensor> tensors = weights().layout().tensors();
    int last = tensors.size() - 1;
    while (tensors.get(last).role() != Role.WEIGHT) {
      last--;
    }
    return Selection.all()
        .onlyNames(
            tensors.subList(last, tensors.size()).stream()
                .map(tensor -> Pattern.quote(tensor.name()))
                .collect(Collectors.joining("|")));
  }

  /**
   * Takes over a trained network, bit for bit: all of it, or all but the last layer, which keeps
   * the first weights of this network's seed.
   *
   * @param trained weights and batch-norm statistics of a network of the same name
   * @throws UsageException if tensors that are to be taken over have other shapes
   */
  void begin(Weights trained, Head head) {
    Selection last = head();
    Selection taken =
        head == Head.KEEP
            ? Selection.all()
            : Selection.all()
                .withoutNames(
                    last.of(all()).layout().tensors().stream()
                        .map(tensor -> Pattern.quote(tensor.name()))
                        .collect(Collectors.joining("|")));
    ModelWeights own = ModelWeights.of(block(), taken);
    try {
      own.write(taken.of(trained));
    } catch (IllegalArgumentException e) {
      throw new UsageException(
          "the trained network must have the tensors of "
              + network.id()
              + " for the target's images and classes: "
              + e.getMessage()
              + (head == Head.KEEP
                  ? ": give --head new if the target has another number of classes"
                  : ": name the --model that was trained"));
    }
  }

  /**
   * Trains.
   *
   * @param rows what on; batches are those of {@code steps}
   * @param from where the stretch begins, or null for the network as it is and an optimiser that
   *     knows nothing yet
   * @param finished takes the number of each epoch that is finished
   * @return where it ended
   */
  TrainingState train(
      ImageBatches rows,
      Steps steps,
      Stretch stretch,
      TrainingState from,
      IntConsumer finished,
      WeightCollector... collectors) {
    TrainingPosition position =
        new TrainingPosition(stretch.first(), (long) stretch.first() * rows.count());
    ScheduledLearningRate rate =
        ScheduledLearningRate.inEpochs(stretch.rate()).startingAt(position);
    TorchSgd sgd =
        TorchSgd.builder()
            .setLearningRateTracker(rate)
            .optMomentum((float) steps.momentum())
            .optWeightDecays((float) steps.weightDecay())
            .build();
    if (from != null) {
      install(from, sgd);
    }
    try (Trainer trainer =
        model.newTrainer(
            new DefaultTrainingConfig(Loss.softmaxCrossEntropyLoss())
                .optOptimizer(sgd)
                .optDevices(new Device[] {Device.cpu()})
                .addTrainingListeners(SwaTrainingListener.of(collectors).startingAt(position))
                .addTrainingListeners(rate))) {
      for (int epoch = stretch.first(); epoch < stretch.end(); epoch++) {
        engine.setRandomSeed((int) SplitMix.mix(seed * SplitMix.GAMMA + epoch));
        rows.forEach(
            trainer.getManager(),
            rows.shuffled(seed, epoch),
            (inputs, labels) -> step(trainer, inputs, labels));
        trainer.notifyListeners(listener -> listener.onEpoch(trainer));
        finished.accept(epoch + 1);
      }
      return state(sgd);
    }
  }

  private static void step(Trainer trainer, NDArray inputs, NDArray labels) {
    try (GradientCollector collector = trainer.newGradientCollector()) {
      NDList outputs = trainer.forward(new NDList(inputs));
      collector.backward(trainer.getLoss().evaluate(new NDList(labels), outputs));
    }
    trainer.notifyListeners(listener -> listener.onTrainingBatch(trainer, null));
    trainer.step();
  }

  private TrainingState state(TorchSgd sgd) {
    return TrainingState.builder()
        .part("network", TrainingState.of(all()))
        .part("optimizer", sgd.state(block()))
        .build();
  }

  private void install(TrainingState state, TorchSgd sgd) {
    ModelWeights all = all();
    all.write(state.part("network").weights(all.layout()));
    sgd.restore(block(), state.part("optimizer"));
  }

  /** Gives the network weights and the batch-norm statistics that belong to them. */
  void become(Weights weights, ImageBatches rows) throws IOException {
    weights().write(weights);
    BatchNormRefresh refresh = BatchNormRefresh.of(block());
    if (refresh.isNeeded()) {
      refresh.refresh(rows);
    }
  }

  @Override
  public void close() {
    model.close();
  }
}
