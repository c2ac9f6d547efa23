package io.github.swag4j.swa.djl;

import ai.djl.nn.Block;
import io.github.swag4j.swa.Selection;
import io.github.swag4j.swa.WeightAverage;
import io.github.swag4j.swa.weights.WeightSource;
import java.io.IOException;
import java.util.Objects;

/**
 * A model in training and the average of its weights: what to do with the average once there is
 * one.
 *
 * <p>Automatic mode: give the trainer {@link #listener}, and the average's plan says when weights
 * are taken in. Manual mode: call {@link #update} when they should be. Either way the model trains
 * on with its own weights; {@link #applied(InputBatches)} is a scope in which it has the average,
 * {@link #install(InputBatches)} the end of training.
 *
 * <pre>{@code
 * SwaModel swa = SwaModel.of(model.getBlock(), WeightAverage.uniform(AveragingPlan.epochs().from(15)));
 * config.addTrainingListeners(swa.listener());
 * ...
 * try (var averaged = swa.applied(train)) {
 *   evaluate(model);
 * }
 * swa.install(train);
 * }</pre>
 *
 * <p>To average a part of a model, make it of that part: {@code SwaModel.of(block.getChildren()
 * .get("head"), average)}. Not safe for use by several threads.
 */
public final class SwaModel {
  private final Block model;
  private final WeightAverage average;
  private final Selection selection;
  private AppliedWeights swapped;

  private SwaModel(Block model, WeightAverage average, Selection selection) {
    this.model = model;
    this.average = average;
    this.selection = Objects.requireNonNull(selection, "selection");
  }

  /**
   * A model and an average of its weights.
   *
   * @param model the model
   * @param average the average, empty or of weights of the same layout
   * @return the pair
   */
  public static SwaModel of(Block model, WeightAverage average) {
    return new SwaModel(model, average, Selection.weights());
  }

  /**
   * The same for a selection of the tensors; the others stay as training has them. {@code
   * Selection.weights().withoutFrozen()} spares the memory of frozen layers. {@code
   * Selection.all()} takes in running statistics of batch normalisation too, averaged or copied as
   * the average's {@link io.github.swag4j.swa.Buffers} say; no inputs are needed then.
   *
   * @param newSelection which tensors are averaged
   * @return a new pair with the same average
   */
  public SwaModel selecting(Selection newSelection) {
    return new SwaModel(model, average, newSelection);
  }

  /**
   * The average.
   *
   * @return the average given to {@link #of}
   */
  public WeightAverage average() {
    return average;
  }

  /**
   * A listener that takes weights in as the average's plan says.
   *
   * @return a new listener, for the trainer of the whole model
   */
  public SwaTrainingListener listener() {
    return SwaTrainingListener.of(average).selecting(selection);
  }

  /**
   * Takes in the weights as they are now, whatever the plan says.
   *
   * @throws IllegalArgumentException if a weight is not finite; nothing is taken in then
   * @throws IllegalStateException if other weights are in the model
   */
  public void update() {
    AppliedWeights.requireNone(model, "update the average");
    average.collect(ModelWeights.of(model, selection));
  }

  /**
   * The model with the average, until the scope is closed. For models without batch normalisation,
   * and averages that have its statistics.
   *
   * @return the scope
   * @throws IllegalStateException if nothing was averaged yet, or the model has batch normalisation
   *     whose statistics are not selected
   */
  public AppliedWeights applied() {
    return AppliedWeights.of(model, selection, average.average());
  }

  /**
   * The model with the average and batch-normalisation statistics recomputed for it, until the
   * scope is closed.
   *
   * @param train what the model was trained on, or a fair sample of it in mixed order
   * @return the scope
   * @throws IllegalStateException if nothing was averaged yet
   * @throws IOException if the inputs cannot be read; the model keeps its own weights then
   */
  public AppliedWeights applied(InputBatches train) throws IOException {
    return AppliedWeights.of(model, selection, average.average(), train);
  }

  /**
   * Exchanges the model's weights for the average, and at the next call back, to the bit. Prefer
   * the scope of {@link #applied()}, which cannot be forgotten.
   *
   * @throws IllegalStateException if nothing was averaged yet, or the model has batch normalisation
   */
  public void swap() {
    if (swapped == null) {
      swapped = applied();
    } else {
      AppliedWeights before = swapped;
      swapped = null;
      before.close();
    }
  }

  /**
   * Leaves the average in the model, with batch-normalisation statistics recomputed: ready to
   * predict and to be saved.
   *
   * @param train what the model was trained on, or a fair sample of it in mixed order
   * @throws IllegalStateException if nothing was averaged yet
   * @throws IOException if the inputs cannot be read; the model keeps its own weights then
   */
  public void install(InputBatches train) throws IOException {
    AppliedWeights.requireNone(model, "install the average");
    applied(train).keep();
  }

  /**
   * Leaves the average in the model. For models without batch normalisation, and averages that have
   * its statistics.
   *
   * @throws IllegalStateException as {@link #applied()}
   */
  public void install() {
    AppliedWeights.requireNone(model, "install the average");
    applied().keep();
  }

  /**
   * Leaves weights in a model, with batch-normalisation statistics recomputed for them: ready to
   * predict and to be saved.
   *
   * @param model the model
   * @param weights finite weights of its layout: an average, the mean of a posterior
   * @param train what the model was trained on, or a fair sample of it in mixed order
   * @throws IllegalArgumentException if the layout differs or a weight is not finite; the model
   *     keeps its own then
   * @throws IOException if the inputs cannot be read; the model keeps its own weights then
   */
  public static void install(Block model, WeightSource weights, InputBatches train)
      throws IOException {
    AppliedWeights.of(model, weights, train).keep();
  }

  @Override
  public String toString() {
    return "model with the " + average;
  }
}
