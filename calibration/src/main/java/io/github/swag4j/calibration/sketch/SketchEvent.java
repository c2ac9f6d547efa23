package io.github.swag4j.calibration.sketch;

import io.github.swag4j.calibration.Forecasts;

/** Which forecast of a row a sketch judges: decided by the first row. Files number them so. */
enum SketchEvent {
  UNDECIDED(""),
  TOP_LABEL(Forecasts.TOP_LABEL),
  POSITIVE_CLASS(Forecasts.POSITIVE_CLASS);

  final String words;

  SketchEvent(String words) {
    this.words = words;
  }

  /** The event of these rows and others'. */
  SketchEvent with(SketchEvent other) {
    if (this == UNDECIDED || this == other) {
      return other;
    }
    if (other == UNDECIDED) {
      return this;
    }
    throw new IllegalArgumentException(
        "a sketch judges either the top label of class columns or the positive class of one column:"
            + " this one judges the "
            + words
            + ", got rows that judge the "
            + other.words
            + ": take a sketch for each, or give two columns 1 - p and p to judge the top label");
  }
}
