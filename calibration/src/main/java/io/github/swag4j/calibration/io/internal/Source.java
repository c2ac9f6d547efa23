package io.github.swag4j.calibration.io.internal;

import io.github.swag4j.base.Refusal;
import io.github.swag4j.calibration.Predictions;
import io.github.swag4j.calibration.PredictionsBuilder;
import io.github.swag4j.calibration.io.format.PredictionFileException;
import java.nio.file.Path;

/** A place in a file, as far as it is known, from which refusals are made. */
public record Source(Path file, String place) {

  /** The same file, at another place. */
  public Source at(String newPlace) {
    return new Source(file, newPlace);
  }

  /** The refusal to be thrown. */
  public PredictionFileException refuse(String problem) {
    return new PredictionFileException(file, place, problem);
  }

  /** The refusal to be thrown, with its cause. */
  public PredictionFileException refuse(String problem, Throwable cause) {
    return new PredictionFileException(file, place, problem, cause);
  }

  /** The refusal to be thrown, with its remedies as values. */
  public PredictionFileException refuse(Refusal problem, Throwable cause) {
    return new PredictionFileException(file, place, problem, cause);
  }

  /** The refusal to be thrown, with its remedies as values. */
  public PredictionFileException refuse(Refusal problem) {
    return refuse(problem, null);
  }

  /** Builds, with the builder's objections made refusals of this place. */
  public Predictions build(PredictionsBuilder builder) throws PredictionFileException {
    try {
      return builder.build();
    } catch (IllegalArgumentException e) {
      throw refuse(Refusal.of(e), e);
    }
  }
}
