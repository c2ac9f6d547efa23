package io.github.swag4j.calibration.ood;

import io.github.swag4j.calibration.Predictions;
import io.github.swag4j.calibration.posterior.SampleUncertainty;
import java.util.function.Consumer;
import java.util.function.Function;

/** A score of the spread between posterior samples, or of what is left of it without samples. */
record SampleScore(
    String name,
    Consumer<Predictions> needs,
    Function<SampleUncertainty, double[]> fromSamples,
    RowScore.RowFunction withoutSamples)
    implements OodScore {

  @Override
  public double[] score(Predictions predictions) {
    needs.accept(predictions);
    if (predictions.samples() >= 2) {
      return fromSamples.apply(SampleUncertainty.of(predictions));
    }
    return new RowScore(name, withoutSamples).score(predictions);
  }

  @Override
  public String toString() {
    return name;
  }
}
