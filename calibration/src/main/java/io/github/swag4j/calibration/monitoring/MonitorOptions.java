package io.github.swag4j.calibration.monitoring;

/**
 * How served predictions are cut into windows.
 *
 * @param windowRows rows of a window, at least 20
 * @param labelWait so many windows later at most, a window's labels are taken; then it is judged by
 *     those that came
 * @param alarm when a window raises an alarm
 */
public record MonitorOptions(int windowRows, int labelWait, DriftAlarm alarm) {
  private static final int FEWEST_ROWS = 20;
  private static final int MOST_ROWS = 1 << 24;
  private static final int LONGEST_WAIT = 10_000;

  /**
   * Checks the numbers.
   *
   * @param windowRows rows of a window
   * @param labelWait windows that labels may be late
   * @param alarm when a window raises an alarm
   * @throws IllegalArgumentException if the rows are not between 20 and 2^24, or the wait not
   *     between 0 and 10,000
   */
  public MonitorOptions {
    if (windowRows < FEWEST_ROWS || windowRows > MOST_ROWS) {
      throw new IllegalArgumentException(
          "a window must have between 20 and 16,777,216 rows, got " + windowRows);
    }
    if (labelWait < 0 || labelWait > LONGEST_WAIT) {
      throw new IllegalArgumentException(
          "labels must be waited for between 0 and 10,000 windows, got " + labelWait);
    }
  }
}
