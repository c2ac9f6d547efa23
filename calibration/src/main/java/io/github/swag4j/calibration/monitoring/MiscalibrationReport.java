package io.github.swag4j.calibration.monitoring;

/**
 * What a {@link MiscalibrationDetector} says after a pane.
 *
 * @param pane number of the pane since the detector began, from 1
 * @param rows rows of the pane
 * @param evidence evidence against calibration since the last alarm, 1 where a pane says nothing,
 *     infinity where it is past the numbers of a double
 * @param spacing what the evidence must reach
 * @param alarm whether it did; the evidence begins anew after it
 * @param panesSinceAlarm panes since the last alarm before, or since the beginning, with this one
 * @param overconfident whether most of the evidence says that fewer rows are right than their
 *     confidence says, else that more are
 * @param bin bin of confidence that most of the evidence is from, 0 for (0, 0.2] to 4 for (0.8, 1];
 *     -1 if it is from all rows
 */
public record MiscalibrationReport(
    long pane,
    long rows,
    double evidence,
    double spacing,
    boolean alarm,
    long panesSinceAlarm,
    boolean overconfident,
    int bin) {

  @Override
  public String toString() {
    return "pane "
        + pane
        + ", evidence "
        + (float) evidence
        + " of "
        + spacing
        + (alarm
            ? ", ALARM: "
                + (overconfident ? "fewer" : "more")
                + " rows are right than their confidence says"
                + (bin < 0 ? "" : " at confidences up to " + (bin + 1) / 5.0)
            : "");
  }
}
