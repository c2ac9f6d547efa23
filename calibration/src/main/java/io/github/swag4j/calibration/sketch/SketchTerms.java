package io.github.swag4j.calibration.sketch;

import io.github.swag4j.calibration.binning.BinningConvention;
import io.github.swag4j.calibration.binning.FixedBins;
import io.github.swag4j.calibration.internal.NegativeLog;
import io.github.swag4j.calibration.internal.UnitSums;
import io.github.swag4j.calibration.scores.ProperScores;

/**
 * What one row adds to a sketch of any convention: where its probabilities lie and, in whole units
 * of 2^-43, how much they are. Overwritten by the next row.
 */
final class SketchTerms {
  private static final double FLOOR = ProperScores.NLL_FLOOR;

  private final boolean positive;
  private final int slots;
  private final FixedBins topOrPositive;
  private final FixedBins ofClasses;

  /** [class]: the cell of its probability in the tables by class and slot, and its units. */
  final int[] cells;

  final long[] units;

  /** The cell of the label's probability. */
  int ownCell;

  /** The forecast judged: its slot, its units and those of its square, whether the event came. */
  int slot;

  long forecast;
  long square;
  boolean came;

  long nll;
  long brier;

  /** Confidence, if the positive class is judged; else 0. */
  long otherConfidence;

  boolean correct;
  boolean saturated;
  boolean zeroProbability;

  SketchTerms(int classes, BinningConvention convention, boolean positive) {
    this.positive = positive;
    topOrPositive = convention.fixedBins(positive).orElseThrow();
    ofClasses = positive ? convention.fixedBins(false).orElseThrow() : topOrPositive;
    slots = topOrPositive.count() + 1;
    cells = new int[classes];
    units = new long[classes];
  }

  /** Reads a valid row within [0, 1]. */
  void set(double[] p, int label) {
    int best = 0;
    for (int k = 0; k < p.length; k++) {
      double v = p[k];
      FixedBins bins = positive && k == 1 ? topOrPositive : ofClasses;
      cells[k] = k * slots + 1 + bins.of(v);
      units[k] = UnitSums.units(v);
      best = v > p[best] ? k : best;
    }
    ownCell = cells[label];
    int judged = positive ? 1 : best;
    slot = cells[judged] - judged * slots;
    forecast = units[judged];
    square = UnitSums.units(p[judged] * p[judged]);
    came = label == judged;
    double own = p[label];
    nll = UnitSums.unitsOfLog(NegativeLog.of(Math.max(own, FLOOR)));
    brier = UnitSums.units(SketchStrip.norm(p) - 2 * own + 1);
    otherConfidence = positive ? units[best] : 0;
    correct = label == best;
    saturated = p[best] == 1;
    zeroProbability = own == 0;
  }
}
