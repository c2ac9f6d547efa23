package io.github.swag4j.swa.djl;

import ai.djl.training.Trainer;
import ai.djl.training.listener.TrainingListenerAdapter;
import io.github.swag4j.swa.AveragingPlan;
import io.github.swag4j.swa.WeightCollector;
import java.util.List;

/**
 * Collects weights along DJL's own training loop, as the collectors' plans say. Nothing else of the
 * training changes, whatever the optimiser.
 *
 * <p>DJL calls {@code onTrainingBatch} before it steps the optimiser, so the weights after step k
 * are collected when batch k + 1 comes, or at the end of the epoch.
 */
public final class SwaTrainingListener extends TrainingListenerAdapter {
  private final List<WeightCollector> collectors;
  private ModelWeights weights;
  private long batches;
  private long collectedSteps;
  private long epochs;

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

  @Override
  public void onTrainingBatch(Trainer trainer, BatchData batchData) {
    collectSteps(trainer, batches);
    batches++;
  }

  @Override
  public void onEpoch(Trainer trainer) {
    collectSteps(trainer, batches);
    epochs++;
    collect(trainer, AveragingPlan.Unit.EPOCH, epochs);
  }

  private void collectSteps(Trainer trainer, long finished) {
    if (finished > collectedSteps) {
      collectedSteps = finished;
      collect(trainer, AveragingPlan.Unit.STEP, finished);
    }
  }

  private void collect(Trainer trainer, AveragingPlan.Unit unit, long finished) {
    for (WeightCollector collector : collectors) {
      if (collector.plan().unit() == unit && collector.plan().collectsAfter(finished)) {
        if (weights == null) {
          weights = ModelWeights.of(trainer.getModel().getBlock());
        }
        collector.collect(weights);
      }
    }
  }
}
