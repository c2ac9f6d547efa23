package io.github.swag4j.cli.run;

import io.github.swag4j.calibration.Predictions;
import java.util.Map;

/** Results as tests of other packages need them, without a training. */
public final class MadeResults {
  private MadeResults() {}

  /** What these methods predicted for the test set and others, by the names of the sets. */
  public static Results of(String testSet, Map<Method, Map<String, Predictions>> predictions) {
    Results results = new Results(testSet);
    predictions.forEach(
        (method, sets) -> {
          sets.forEach((name, predicted) -> results.put(method, name, predicted));
          results.samples(method, 1);
        });
    return results;
  }
}
