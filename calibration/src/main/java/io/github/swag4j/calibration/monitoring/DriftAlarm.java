package io.github.swag4j.calibration.monitoring;

import io.github.swag4j.base.SplitMix;
import io.github.swag4j.calibration.comparison.Holm;
import java.util.Arrays;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;

/**
 * When a window raises an alarm: if one of its measures differs from the reference's by more than
 * chance explains, at a rate of false alarms that is chosen.
 *
 * <p>Each measure has the exact permutation p-value p_i of "window and reference are exchangeable",
 * by drawing windows from both together (Besag and Clifford 1991). The measures that need no labels
 * (confidence, entropy) are one family, tested when the window is full; those that need them
 * (accuracy, NLL, calibration) another, tested once, when its labels are there. A family's p-values
 * are corrected by Holm and, where both are tested, doubled (Bonferroni over the two): q_i = min(1,
 * 2 Holm(p)_i). An alarm is q_i &lt;= rate.
 *
 * <p><b>Guarantee.</b> If the rows of a window and of the reference are exchangeable, the chance
 * that the window raises any alarm is at most {@code rate}, whatever the sizes, the distributions
 * and the dependence between measures. Of K such windows at most {@code rate K} raise one on
 * average, and the chance that any does is at most {@code rate K}: the reference that all windows
 * share does not matter to either. It does not hold for rows that depend on each other, such as the
 * same customer's ten times in a window, or where labels come sooner for some kinds of rows than
 * others.
 *
 * @param rate chance that a window without a change raises an alarm, in (0, 1)
 * @param labelsExpected whether labels are to come, so that the rate is shared by both families;
 *     the measures that need labels are not tested otherwise
 * @param seed seed of the windows drawn
 */
public record DriftAlarm(double rate, boolean labelsExpected, long seed) {
  /** One false alarm in a thousand windows. */
  public static final double DEFAULT_RATE = 0.001;

  private static final double LEAST_RATE = 1e-6;

  /** Draws allow for p-values of a so manieth of what a family of three needs at most. */
  private static final int FINER = 4;

  /** Measures in the larger of the families. */
  private static final int FAMILY = 3;

  /**
   * Checks the rate.
   *
   * @param rate chance that a window without a change raises an alarm
   * @param labelsExpected whether labels are to come
   * @param seed seed of the windows drawn
   * @throws IllegalArgumentException if the rate is not between 1e-6 and 0.5
   */
  public DriftAlarm {
    if (!(rate >= LEAST_RATE && rate <= 0.5)) {
      throw new IllegalArgumentException(
          "the rate of false alarms must be between 1e-6 and 0.5 a window, got " + rate);
    }
  }

  /** Corrected p-values of the measures of one family that both window and reference have. */
  Map<DriftMeasure, Double> test(
      WindowSketch window, MonitoringReference reference, boolean ofLabels, long index) {
    Map<DriftMeasure, Double> corrected = new EnumMap<>(DriftMeasure.class);
    boolean both = labelsExpected && reference.hasLabels();
    if (ofLabels ? !both || window.labelledRows() == 0 : window.rows() == 0) {
      return corrected;
    }
    List<DriftMeasure> family =
        Arrays.stream(DriftMeasure.values()).filter(m -> m.needsLabels() == ofLabels).toList();
    double[] p = family.stream().mapToDouble(m -> pValue(m, window, reference, index)).toArray();
    double[] holm = Holm.adjust(p);
    int families = both ? 2 : 1;
    for (int i = 0; i < holm.length; i++) {
      corrected.put(family.get(i), Math.min(1, families * holm[i]));
    }
    return corrected;
  }

  private double pValue(
      DriftMeasure measure, WindowSketch window, MonitoringReference reference, long index) {
    long of = SplitMix.mix(seed + SplitMix.GAMMA * (index + 1)) + measure.words().hashCode();
    return Exchangeability.pValue(
        window.counts(measure),
        reference.sketch().counts(measure),
        measure.statistic(),
        draws(),
        SplitMix.mix(of + SplitMix.GAMMA));
  }

  /** B: so many that a family's smallest corrected p-value is a fraction of the rate. */
  int draws() {
    return (int) Math.ceil(2 * FAMILY * FINER / rate);
  }
}
