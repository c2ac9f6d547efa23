package io.github.swag4j.swag.djl;

import io.github.swag4j.swa.djl.BatchNormRefresh;
import io.github.swag4j.swa.djl.InputBatches;
import io.github.swag4j.swa.weights.Weights;
import java.util.List;

/** Where a sample's batch-norm statistics come from. */
sealed interface BatchNormSource {

  /** Nothing was said: right only for a model without batch normalisation. */
  record Unsaid() implements BatchNormSource {}

  /** The model's own stay, on the user's word. */
  record None() implements BatchNormSource {}

  /** Recomputed from inputs. */
  record Refresh(InputBatches inputs, BatchNormRefresh.Weighting weighting)
      implements BatchNormSource {}

  /**
   * Those of an earlier prediction, one for each sample.
   *
   * @param seed that of the samples they belong to, null if nobody said it
   */
  record Stored(List<Weights> statistics, Long seed) implements BatchNormSource {}
}
