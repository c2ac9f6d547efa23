package io.github.swag4j.calibration.monitoring;

import java.util.List;
import java.util.Map;

/**
 * What is known of a window when it is full, or when its labels are there.
 *
 * @param window number of the window, from 1
 * @param firstRow number of its first row, from 1, among the rows taken
 * @param numbers its numbers
 * @param refused rows that came while the window was open and were not valid; they are in no number
 * @param pValues corrected p-value of each measure tested so far, as {@link DriftAlarm} says
 * @param alarms the measures that raise an alarm
 * @param labelsFinal whether no further label will be taken, so that all tests are done
 */
public record WindowReport(
    long window,
    long firstRow,
    WindowNumbers numbers,
    long refused,
    Map<DriftMeasure, Double> pValues,
    List<DriftMeasure> alarms,
    boolean labelsFinal) {

  /**
   * Copies.
   *
   * @param window number of the window
   * @param firstRow number of its first row
   * @param numbers its numbers
   * @param refused rows that were not valid
   * @param pValues corrected p-values
   * @param alarms the measures that raise an alarm
   * @param labelsFinal whether all tests are done
   */
  public WindowReport {
    pValues = Map.copyOf(pValues);
    alarms = List.copyOf(alarms);
  }

  /**
   * Whether anything raises an alarm.
   *
   * @return true if so
   */
  public boolean alarm() {
    return !alarms.isEmpty();
  }
}
