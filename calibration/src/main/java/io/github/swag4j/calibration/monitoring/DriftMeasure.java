package io.github.swag4j.calibration.monitoring;

import java.util.Arrays;

/** What a window is compared with the reference in. */
public enum DriftMeasure {
  /** Mean of the largest probability; needs no labels. */
  CONFIDENCE("mean confidence", false),
  /** Mean entropy of the predictions; needs no labels. */
  ENTROPY("mean entropy", false),
  /** Share of right rows. */
  ACCURACY("accuracy", true),
  /** Mean negative log-likelihood. */
  NLL("NLL", true),
  /** Share of right rows at the same confidence, bin by bin. */
  CALIBRATION("calibration", true);

  private final String words;
  private final boolean ofLabels;

  DriftMeasure(String words, boolean ofLabels) {
    this.words = words;
    this.ofLabels = ofLabels;
  }

  /**
   * Its name for people.
   *
   * @return such as "mean confidence"
   */
  public String words() {
    return words;
  }

  /**
   * Whether labels are needed.
   *
   * @return true for accuracy, NLL and calibration
   */
  public boolean needsLabels() {
    return ofLabels;
  }

  /** The statistic of counts in the cells that {@link WindowSketch} keeps of this measure. */
  Exchangeability.Statistic statistic() {
    return switch (this) {
      case CONFIDENCE, ENTROPY -> Exchangeability.meanDistance(LogitCells.middles());
      case ACCURACY -> Exchangeability.meanDistance(new double[] {0, 1});
      case NLL ->
          Exchangeability.meanDistance(
              Arrays.stream(LogitCells.middles()).map(p -> -Math.log(p)).toArray());
      case CALIBRATION -> Exchangeability.reliabilityDistance();
    };
  }
}
