package io.github.swag4j.swa.djl;

import ai.djl.nn.Block;
import io.github.swag4j.swa.Selection;
import io.github.swag4j.swa.weights.WeightSource;
import io.github.swag4j.swa.weights.Weights;
import java.io.IOException;
import java.util.Collections;
import java.util.Map;
import java.util.WeakHashMap;

/**
 * A scope in which a model has other weights, with batch-normalisation statistics of their own, to
 * evaluate or save it. Closing it puts back the weights and statistics the model had, to the bit,
 * whatever happened inside; what was trained inside is lost.
 *
 * <p>Nothing random is drawn. Scopes of a model may nest; close them in reverse order, as {@code
 * try} does.
 */
public final class AppliedWeights implements AutoCloseable {

  private static final Map<Block, Integer> OPEN = Collections.synchronizedMap(new WeakHashMap<>());

  private final Block model;
  private final ModelWeights weights;
  private final ModelWeights statistics;
  private final Weights weightsBefore;
  private final Weights statisticsBefore;
  private boolean open = true;

  private AppliedWeights(Block model, Selection selection) {
    this.model = model;
    this.weights = ModelWeights.of(model, selection);
    this.statistics = ModelWeights.statistics(model);
    this.weightsBefore = weights.capture();
    this.statisticsBefore = statistics.capture();
    OPEN.merge(model, 1, Integer::sum);
  }

  /**
   * Writes weights into a model that has no batch normalisation.
   *
   * @param model the model
   * @param weights finite weights of its layout
   * @return the scope
   * @throws IllegalArgumentException if the layout differs or a weight is not finite; the model
   *     keeps its own then
   * @throws IllegalStateException if the model has batch normalisation
   */
  public static AppliedWeights of(Block model, WeightSource weights) {
    return of(model, Selection.weights(), weights);
  }

  /** The same for a selection; without inputs if all running statistics are among them. */
  static AppliedWeights of(Block model, Selection selection, WeightSource weights) {
    var statistics = ModelWeights.statistics(model).layout().tensors();
    var selected = ModelWeights.of(model, selection).layout().tensors();
    if (!statistics.isEmpty() && selected.containsAll(statistics)) {
      TorchScriptModels.requireKnown(model);
    } else {
      requireNoBatchNorm(model);
    }
    AppliedWeights applied = new AppliedWeights(model, selection);
    try {
      applied.weights.write(weights);
    } catch (RuntimeException | Error e) {
      applied.close();
      throw e;
    }
    return applied;
  }

  /**
   * Writes weights into a model and recomputes its batch-normalisation statistics for them.
   *
   * @param model the model
   * @param weights finite weights of its layout
   * @param train what the model was trained on, or a fair sample of it in mixed order
   * @return the scope
   * @throws IllegalArgumentException if the layout differs or a weight is not finite; the model
   *     keeps its own then
   * @throws IOException if the inputs cannot be read; the model keeps its own then
   */
  public static AppliedWeights of(Block model, WeightSource weights, InputBatches train)
      throws IOException {
    return of(model, Selection.weights(), weights, train);
  }

  /** The same for a selection. */
  static AppliedWeights of(
      Block model, Selection selection, WeightSource weights, InputBatches train)
      throws IOException {
    AppliedWeights applied = new AppliedWeights(model, selection);
    try {
      applied.weights.write(weights);
      BatchNormRefresh.of(model).refresh(train);
    } catch (IOException | RuntimeException | Error e) {
      applied.close();
      throw e;
    }
    return applied;
  }

  /** Refuses what must see the live weights while others are in the model. */
  static void requireNone(Block model, String what) {
    boolean open;
    synchronized (OPEN) {
      open = OPEN.keySet().stream().anyMatch(o -> isIn(o, model) || isIn(model, o));
    }
    if (open) {
      throw new IllegalStateException(
          "other weights are in the model, close their scope first to " + what);
    }
  }

  private static boolean isIn(Block part, Block whole) {
    return part == whole || whole.getChildren().values().stream().anyMatch(c -> isIn(part, c));
  }

  static void requireNoBatchNorm(Block model) {
    if (BatchNormRefresh.of(model).isNeeded()) {
      throw new IllegalStateException(
          "the model has batch normalisation, whose statistics are not those of these weights: give"
              + " the training inputs too, to recompute them");
    }
  }

  /** Leaves the weights in the model for good. */
  void keep() {
    if (open) {
      open = false;
      OPEN.computeIfPresent(model, (block, count) -> count == 1 ? null : count - 1);
    }
  }

  /** Puts back what the model had. Closing again does nothing. */
  @Override
  public void close() {
    if (open) {
      keep();
      try {
        weights.restore(weightsBefore);
      } finally {
        statistics.restore(statisticsBefore);
      }
    }
  }

  @Override
  public String toString() {
    return (open ? "other weights applied to " : "closed scope of ") + weights.layout();
  }
}
