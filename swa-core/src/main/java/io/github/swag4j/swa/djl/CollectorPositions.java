package io.github.swag4j.swa.djl;

import ai.djl.nn.Block;
import io.github.swag4j.swa.WeightCollector;
import io.github.swag4j.swa.state.TrainingPosition;
import java.lang.ref.WeakReference;
import java.util.Map;
import java.util.WeakHashMap;

/**
 * How far training of which model has come for each collector, as the last listener that fed it
 * counted: collectors know nothing of models or loops, and a new listener must not begin at 0.
 */
final class CollectorPositions {

  private record Known(WeakReference<Block> model, TrainingPosition position) {}

  private static final Map<WeightCollector, Known> POSITIONS = new WeakHashMap<>();

  private CollectorPositions() {}

  static synchronized void set(WeightCollector collector, Block model, TrainingPosition position) {
    POSITIONS.put(collector, new Known(new WeakReference<>(model), position));
  }

  /** Whether a listener has fed the collector from any model. */
  static synchronized boolean isKnown(WeightCollector collector) {
    return POSITIONS.containsKey(collector);
  }

  /** The position in the training of a model; null if the collector was not fed from it. */
  static synchronized TrainingPosition of(WeightCollector collector, Block model) {
    Known known = POSITIONS.get(collector);
    return known == null || known.model().get() != model ? null : known.position();
  }
}
