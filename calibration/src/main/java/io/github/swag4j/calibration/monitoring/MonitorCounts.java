package io.github.swag4j.calibration.monitoring;

/**
 * What a monitor has seen.
 *
 * @param rows rows taken
 * @param refused rows that were not valid
 * @param windows windows that are full, or were ended
 * @param alarms windows that raised an alarm, counted when all their tests were done
 * @param openRows rows in the window that is filling
 * @param labelsWithoutRow labels that no row has come for
 * @param repeatedIds rows without a label whose id another row was waiting under
 */
public record MonitorCounts(
    long rows,
    long refused,
    long windows,
    long alarms,
    int openRows,
    long labelsWithoutRow,
    long repeatedIds) {}
