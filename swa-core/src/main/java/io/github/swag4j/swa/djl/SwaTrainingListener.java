package io.github.swag4j.swa.djl;

import ai.djl.Device;
import ai.djl.ndarray.NDArray;
import ai.djl.nn.Block;
import ai.djl.nn.Parameter;
import ai.djl.training.Trainer;
import ai.djl.training.listener.TrainingListenerAdapter;
import ai.djl.util.Pair;
import io.github.swag4j.swa.AveragingPlan;
import io.github.swag4j.swa.Selection;
import io.github.swag4j.swa.WeightCollector;
import io.github.swag4j.swa.state.TrainingPosition;
import java.util.Arrays;
import java.util.List;
import java.util.Objects;

/**
 * Collects weights along DJL's own training loop, as the collectors' plans say. Nothing else of the
 * training changes, whatever the optimiser.
 *
 * <p>DJL calls {@code onTrainingBatch} before it steps the optimiser, so the weights after step k
 * are collected when batch k + 1 comes, at the end of the epoch, or when the trainer closes. A loop
 * of one's own calls {@code trainer.notifyListeners} with {@code onTrainingBatch} between backward
 * and step, and with {@code onEpoch} after each epoch; one that never calls {@code onEpoch} is told
 * so when its trainer closes if a plan counts epochs. A loop that steps after several batches says
 * {@link #accumulating}, or gives a {@link #driving rate}, which sees the steps themselves.
 *
 * <p>Where counting begins, in this order:
 *
 * <ol>
 *   <li>where {@link #startingAt} says, for the first model the listener meets;
 *   <li>for a model the collectors were fed from before, by this listener or another: where that
 *       ended. A second trainer of a model goes on;
 *   <li>at 0 for collectors that hold nothing. A listener given another model's trainer follows it.
 * </ol>
 *
 * <p>Collectors that hold another model's weights are refused: an average over two models is never
 * meant. So are collectors that hold weights from elsewhere (a file, calls of one's own) without a
 * word on where training stands.
 */
public final class SwaTrainingListener extends TrainingListenerAdapter {
  private final List<WeightCollector> collectors;
  private ScheduledLearningRate rate;
  private Selection selection = Selection.weights();
  private long batchesPerStep = 1;
  private TrainingPosition stated;

  private Trainer checked;
  private Block model;
  private TrainingPosition start = TrainingPosition.START;
  private long batches;
  private long epochs;
  private long collectedSteps;
  private long rateStepsBefore;

  private SwaTrainingListener(List<WeightCollector> collectors) {
    this.collectors = collectors;
  }

  /**
   * A listener that feeds collectors.
   *
   * @param collectors averages or posteriors in the making
   * @return the listener, for {@code TrainingConfig.addTrainingListeners}
   */
  public static SwaTrainingListener of(WeightCollector... collectors) {
    return new SwaTrainingListener(List.of(collectors));
  }

  /**
   * Says how far the model was trained before: plans and counts go on there.
   *
   * @param position epochs and steps finished
   * @return this listener
   */
  public SwaTrainingListener startingAt(TrainingPosition position) {
    this.stated = position;
    return this;
  }

  /**
   * Collects a selection of the tensors. Running statistics, if it lets them in, are right after
   * epochs; a plan in steps sees those of the next batch's forward pass.
   *
   * @param newSelection which tensors collectors are given; all but running statistics unless set
   * @return this listener
   */
  public SwaTrainingListener selecting(Selection newSelection) {
    this.selection = Objects.requireNonNull(newSelection, "selection");
    return this;
  }

  /**
   * Says how many batches a loop of one's own takes for an optimiser step.
   *
   * @param newBatchesPerStep batches whose gradients are added up, at least 1
   * @return this listener
   * @throws IllegalArgumentException if it is below 1
   */
  public SwaTrainingListener accumulating(long newBatchesPerStep) {
    if (newBatchesPerStep < 1) {
      throw new IllegalArgumentException(
          "batchesPerStep must be at least 1, got " + newBatchesPerStep);
    }
    this.batchesPerStep = newBatchesPerStep;
    return this;
  }

  /**
   * Tells an optimiser's learning rate of trainers, epochs and the position training begins at, so
   * that the rate need not be a listener itself; and counts the steps it sees.
   *
   * @param newRate the tracker of the optimiser of the same trainer
   * @return this listener
   */
  public SwaTrainingListener driving(ScheduledLearningRate newRate) {
    newRate.drive();
    this.rate = newRate;
    return this;
  }

  /**
   * How far training has come.
   *
   * @return epochs and steps finished, those before this listener included; steps of batches that
   *     have begun count as finished
   */
  public TrainingPosition position() {
    return new TrainingPosition(start.epochs() + epochs, stepsBegun());
  }

  /**
   * Takes in the weights after the last step where a plan wants them, which else happens when the
   * next batch comes, so that collectors and position belong together. Call it after a step, before
   * saving what training is to go on from.
   *
   * @return how far training has come: what {@link #startingAt} is to be given
   * @throws IllegalStateException if the last batch has not been stepped yet, or other weights are
   *     in the model
   */
  public TrainingPosition caughtUp() {
    if (model != null) {
      AppliedWeights.requireNone(model, "save training");
      if (hasGradients()) {
        throw new IllegalStateException(
            "training is saved after a step, got gradients that were not stepped: call caughtUp()"
                + " after trainer.step()");
      }
      collectSteps(stepsBegun());
    }
    return position();
  }

  @Override
  public void onTrainingBegin(Trainer trainer) {
    EngineConvolutions.verified(trainer.getManager().getEngine());
    if (rate != null) {
      rate.begin(trainer);
    }
  }

  /**
   * Collects the weights after the step before, and looks at the gradients of the one to come.
   *
   * @throws NotFiniteException if a gradient is not finite; the model holds the weights before that
   *     batch, and collectors and position belong to them; running statistics have seen the batch
   */
  @Override
  public void onTrainingBatch(Trainer trainer, BatchData batchData) {
    follow(trainer);
    collectSteps(stepsBegun());
    FiniteTraining.requireGradients(model, batches);
    batches++;
  }

  /**
   * Collects the weights after the last step and after the epoch.
   *
   * @throws NotFiniteException if a weight or running statistic is not finite
   */
  @Override
  public void onEpoch(Trainer trainer) {
    follow(trainer);
    FiniteTraining.requireWeights(model, batches);
    collectSteps(stepsBegun());
    epochs++;
    collect(AveragingPlan.Unit.EPOCH, start.epochs() + epochs);
    if (rate != null) {
      rate.epochFinished(trainer);
    }
    remember();
  }

  /**
   * Collects the last step of a loop that did not call {@code onEpoch} after it.
   *
   * @throws IllegalStateException if a plan counts epochs and none was heard in all of training;
   *     the trainer is closed then all the same
   */
  @Override
  public void onTrainingEnd(Trainer trainer) {
    if (model == null || trainer != checked) {
      return;
    }
    checked = null;
    long begun = stepsBegun();
    boolean stepped = rate != null || !hasGradients();
    collectSteps(stepped ? begun : begun - 1);
    remember();
    boolean countsEpochs =
        collectors.stream().anyMatch(c -> c.plan().unit() == AveragingPlan.Unit.EPOCH);
    if (countsEpochs && start.epochs() + epochs == 0) {
      trainer.getManager().close();
      throw new IllegalStateException(
          "a plan in epochs must hear them end, got "
              + batches
              + " batches and no epoch: call trainer.notifyListeners(l -> l.onEpoch(trainer)) after"
              + " each epoch, or plan in steps");
    }
  }

  private long stepsBegun() {
    return start.steps()
        + (rate == null ? batches / batchesPerStep : rate.position().steps() - rateStepsBefore);
  }

  private void follow(Trainer trainer) {
    Block block = trainer.getModel().getBlock();
    if (trainer == checked && block == model) {
      return;
    }
    requireModelsDevice(trainer);
    if (rate != null) {
      rate.begin(trainer);
    }
    if (block != model) {
      start = startOf(block);
      stated = null;
      model = block;
      batches = 0;
      epochs = 0;
      collectedSteps = start.steps();
      if (rate != null) {
        rate.continueFrom(start);
        rateStepsBefore = rate.position().steps();
      }
      if (start.equals(TrainingPosition.START)) {
        collect(AveragingPlan.Unit.EPOCH, 0);
        collect(AveragingPlan.Unit.STEP, 0);
      }
    }
    checked = trainer;
  }

  private TrainingPosition startOf(Block block) {
    if (stated != null) {
      return stated;
    }
    TrainingPosition found = null;
    for (WeightCollector collector : collectors) {
      TrainingPosition known = CollectorPositions.of(collector, block);
      if (known == null && collector.count() > 0) {
        throw new IllegalStateException(
            CollectorPositions.isKnown(collector)
                ? "a collector must be fed from one model, got a trainer of another after "
                    + collector.count()
                    + " collections: make a new collector and listener for each model"
                : "a collector that holds weights must be told where training stands, got "
                    + collector.count()
                    + " collections and no position: say"
                    + " SwaTrainingListener.of(...).startingAt(position)");
      }
      if (known != null && found != null && !known.equals(found)) {
        throw new IllegalStateException(
            "collectors of one listener must have come equally far, got "
                + found
                + " and "
                + known
                + ": say startingAt(position)");
      }
      found = known == null ? found : known;
    }
    return found == null ? TrainingPosition.START : found;
  }

  /** The trainer updates its own copies on other devices; the model's arrays stand still. */
  private static void requireModelsDevice(Trainer trainer) {
    for (Pair<String, Parameter> pair : trainer.getModel().getBlock().getParameters()) {
      Parameter parameter = pair.getValue();
      Device device = parameter.isInitialized() ? parameter.getArray().getDevice() : Device.cpu();
      if (!device.equals(Device.cpu()) || !Arrays.asList(trainer.getDevices()).contains(device)) {
        throw new IllegalStateException(
            "averaging needs model and training on the CPU, got "
                + pair.getKey()
                + " on "
                + device
                + " and training on "
                + Arrays.toString(trainer.getDevices())
                + ": load the model on the CPU and give the TrainingConfig optDevices(new Device[]"
                + " {Device.cpu()})");
      }
    }
  }

  /** The optimiser zeroes gradients: where there are some, the last batch was not stepped. */
  private boolean hasGradients() {
    for (Parameter parameter : model.getParameters().values()) {
      if (parameter.isInitialized() && parameter.getArray().hasGradient()) {
        try (NDArray gradient = parameter.getArray().getGradient();
            NDArray nonZero = gradient.countNonzero()) {
          if (nonZero.getLong() > 0) {
            return true;
          }
        }
      }
    }
    return false;
  }

  private void collectSteps(long finished) {
    if (finished > collectedSteps) {
      collectedSteps = finished;
      collect(AveragingPlan.Unit.STEP, finished);
    }
  }

  private void collect(AveragingPlan.Unit unit, long finished) {
    for (WeightCollector collector : collectors) {
      if (collector.plan().unit() == unit && collector.plan().collectsAfter(finished)) {
        AppliedWeights.requireNone(model, "collect weights");
        collector.collect(ModelWeights.of(model, selection), finished);
      }
    }
    remember();
  }

  private void remember() {
    for (WeightCollector collector : collectors) {
      CollectorPositions.set(collector, model, position());
    }
  }
}
