package io.github.swag4j.calibration.sketch;

import static io.github.swag4j.calibration.sketch.SketchHeader.require;
import static io.github.swag4j.calibration.sketch.SketchNumbers.one;

import io.github.swag4j.calibration.Predictions;
import io.github.swag4j.calibration.binning.BinningConvention;
import io.github.swag4j.calibration.binning.FixedBins;
import io.github.swag4j.calibration.internal.UnitSums;
import java.math.BigInteger;
import java.util.Arrays;
import java.util.Locale;

/**
 * What the numbers of a sketch are to each other, whatever its rows: no mean outside its range, no
 * hit without its row, no label without its weight. Bytes that break a rule were not written by a
 * sketch; what passes gives a summary of which every number is in its range.
 *
 * <p>Rules on integers hold exactly. Where probabilities, squares and scores were rounded to units
 * of 2^-43 before they were added, a rule leaves so much room for each row's weight.
 */
final class SketchConsistency {
  private static final BigInteger ZERO = BigInteger.ZERO;
  private static final BigInteger TWO = BigInteger.TWO;

  /** Edges of bins are in float32 in one convention: 2^-24, in units of 2^-43. */
  private static final int EDGE_BITS = UnitSums.POINT - 24;

  /** Squares of weights are rounded to 53 bits each. */
  private static final int SQUARE_BITS = 50;

  /** No negative log-likelihood of a row is above -ln 1e-300 = 690.8. */
  private static final BigInteger MAX_NLL = BigInteger.valueOf(691);

  private static final int MAX_WEIGHT_BITS = 100;
  private static final BigInteger MIN_WEIGHT =
      BigInteger.ONE.shiftLeft(SketchNumbers.WEIGHT_POINT - MAX_WEIGHT_BITS);

  private final SketchNumbers s;
  private final FixedBins bounds;
  private final FixedBins classBounds;
  private final boolean positive;

  /** By bin, over all classes. */
  private final BigInteger[] probabilities;

  private final BigInteger[] labels;

  private BigInteger weight = ZERO;
  private BigInteger hitWeight = ZERO;
  private BigInteger confidence = ZERO;
  private BigInteger judgedBrier = ZERO;
  private BigInteger leastConfidence = ZERO;
  private long hits;

  private SketchConsistency(SketchNumbers s, BinningConvention convention, boolean positive) {
    this.s = s;
    this.positive = positive;
    bounds = convention.fixedBins(positive).orElseThrow();
    classBounds = convention.fixedBins(false).orElseThrow();
    probabilities = new BigInteger[s.bins() + 1];
    labels = new BigInteger[s.bins() + 1];
    Arrays.fill(probabilities, ZERO);
    Arrays.fill(labels, ZERO);
  }

  /** Refuses numbers that no rows have. */
  static void check(SketchNumbers numbers, BinningConvention convention, boolean positive)
      throws SketchFormatException {
    SketchConsistency rules = new SketchConsistency(numbers, convention, positive);
    for (int slot = 1; slot <= numbers.bins(); slot++) {
      rules.checkBin(slot);
    }
    for (int k = 0; k < numbers.classes(); k++) {
      rules.checkClass(k);
    }
    rules.checkClassesTogether();
    rules.checkTotals();
  }

  private void checkBin(int slot) throws SketchFormatException {
    BigInteger w = s.weights().apply(slot);
    BigInteger came = s.hitWeights().apply(slot);
    BigInteger f = s.confidences().apply(slot);
    BigInteger hitF = s.hitConfidences().apply(slot);
    BigInteger squares = s.squares().apply(slot);
    String bin = "bin " + slot + ": ";
    if (s.weighted()) {
      checkWeights(bin, slot, w, came);
    }
    within(bin + "confidence of rows whose event came", ZERO, hitF, one(came).min(f));
    within(bin + "confidence of the others", ZERO, f.subtract(hitF), one(w.subtract(came)));
    BigInteger room = w.shiftLeft(EDGE_BITS);
    within(
        bin + "confidence",
        times(w, bounds.lower(slot - 1)).subtract(room),
        f,
        times(w, bounds.upper(slot - 1)).add(room));
    BigInteger least =
        squareOfMean(hitF, came).add(squareOfMean(f.subtract(hitF), w.subtract(came)));
    within(bin + "squared confidence", least.subtract(w.multiply(TWO)), squares, f);
    weight = weight.add(w);
    hitWeight = hitWeight.add(came);
    confidence = confidence.add(f);
    hits += s.hits()[slot];
    judgedBrier = judgedBrier.add(squares).add(one(came)).subtract(hitF.multiply(TWO));
    leastConfidence = leastConfidence.add(f.max(one(w).subtract(f)));
  }

  /**
   * Weights are 0 or from 2^-100 to 2^100, and sum w^2 lies between (sum w)^2 / n and (sum w)^2.
   */
  private void checkWeights(String bin, int slot, BigInteger w, BigInteger came)
      throws SketchFormatException {
    checkWeight(bin + "weight of rows whose event came", came, s.hits()[slot]);
    checkWeight(bin + "weight of the others", w.subtract(came), s.counts()[slot] - s.hits()[slot]);
    BigInteger most = w.multiply(w);
    BigInteger room = most.shiftRight(SQUARE_BITS);
    BigInteger squares = s.squaredWeights().apply(slot);
    require(
        squares.compareTo(most.add(room)) <= 0
            && squares.multiply(BigInteger.valueOf(s.counts()[slot])).compareTo(most.subtract(room))
                >= 0,
        "%sthe sum of squared weights must be between the squared sum over %,d rows and that sum",
        bin,
        s.counts()[slot]);
  }

  private void checkWeight(String what, BigInteger w, long rows) throws SketchFormatException {
    BigInteger most =
        BigInteger.valueOf(rows).shiftLeft(SketchNumbers.WEIGHT_POINT + MAX_WEIGHT_BITS);
    BigInteger least = w.signum() == 0 ? ZERO : MIN_WEIGHT;
    within(what, one(least), one(w), one(most));
  }

  /** Each row is in one bin of the class, with its probability and label. */
  private void checkClass(int k) throws SketchFormatException {
    BigInteger least = ZERO;
    for (int slot = 1; slot <= s.bins(); slot++) {
      BigInteger p = s.classSums().apply(s.cell(k, slot));
      BigInteger own = s.classHits().apply(s.cell(k, slot));
      if (p.signum() == 0 && own.signum() == 0) {
        continue;
      }
      FixedBins edges = positive && k == 1 ? bounds : classBounds;
      within(
          "class " + k + ", bin " + slot + ": probability",
          times(own, edges.lower(slot - 1)).subtract(own.shiftLeft(EDGE_BITS)),
          p,
          one(weight));
      least = least.add(one(own).max(p));
      probabilities[slot] = probabilities[slot].add(p);
      labels[slot] = labels[slot].add(own);
      if (positive && k == 1) {
        within("positive class, bin " + slot + ": probability", f(slot), p, f(slot));
        within("positive class, bin " + slot + ": labels", came(slot), one(own), came(slot));
      }
    }
    within("class " + k + ": labels and probability", ZERO, least, one(weight));
  }

  private BigInteger f(int slot) {
    return s.confidences().apply(slot);
  }

  private BigInteger came(int slot) {
    return one(s.hitWeights().apply(slot));
  }

  private void checkClassesTogether() throws SketchFormatException {
    BigInteger sum = ZERO;
    BigInteger labelled = ZERO;
    for (int slot = 1; slot <= s.bins(); slot++) {
      sum = sum.add(probabilities[slot]);
      labelled = labelled.add(labels[slot]);
      String bin = "bin " + slot + ": ";
      within(bin + "confidence", ZERO, f(slot), probabilities[slot]);
      within(bin + "rows whose event came", ZERO, came(slot), one(labels[slot]));
    }
    within("the weight of all labels", one(weight), one(labelled), one(weight));
    BigInteger room = roundingOfSums();
    within("all probabilities", one(weight).subtract(room), sum, one(weight).add(room));
  }

  private void checkTotals() throws SketchFormatException {
    BigInteger all = one(weight);
    BigInteger other = s.scores().apply(2);
    within("NLL", ZERO, s.scores().apply(0), all.multiply(MAX_NLL));
    within("correct rows", ZERO, one(s.correct()), all);
    int edge = positive ? s.bins() == 1 ? 0 : 1 : -1;
    long ends = s.counts()[s.bins()] + (edge > 0 ? s.counts()[edge] : 0);
    require(s.saturated() <= ends, "%,d rows cannot have confidence 1", s.saturated());
    if (positive) {
      within("confidence", leastConfidence.subtract(weight), other, all);
    } else {
      within("correct rows", one(hitWeight), one(s.correct()), one(hitWeight));
      within("confidence that is not judged", ZERO, other, ZERO);
      within("confidence", leastMean(), confidence, all);
      require(
          s.zeroProbabilities() <= s.rows() - hits,
          "%,d rows cannot have probability 0 for their label, of %,d are right",
          s.zeroProbabilities(),
          hits);
    }
    checkBrier(all);
  }

  /** At least that of the forecast judged; of two columns p and 1 - p twice that, and no more. */
  private void checkBrier(BigInteger all) throws SketchFormatException {
    BigInteger room = weight.multiply(BigInteger.valueOf(8 + s.classes() / 128));
    BigInteger least = positive ? judgedBrier.multiply(TWO) : judgedBrier;
    BigInteger most = positive ? least : all.multiply(TWO).add(roundingOfSums());
    BigInteger brier = s.scores().apply(1);
    within("Brier score", least.subtract(room).max(ZERO), brier, most.add(room));
  }

  /** How far rows may be from a sum of 1 after clamping, and the rounding of each class. */
  private BigInteger roundingOfSums() {
    double off = Predictions.SUM_LIMIT + s.classes() * Predictions.RANGE_TOLERANCE;
    return times(weight, off).add(weight.multiply(BigInteger.valueOf(s.classes() + 1L)));
  }

  /** The largest of C probabilities is at least 1 / C of their sum. */
  private BigInteger leastMean() {
    return times(weight, (1 - Predictions.SUM_LIMIT) / s.classes()).subtract(weight);
  }

  /** The weight times a factor of [0, 1], rounded down to 2^-43. */
  private static BigInteger times(BigInteger weight, double factor) {
    return weight.multiply(BigInteger.valueOf((long) Math.scalb(factor, UnitSums.POINT)));
  }

  /** Weight times (sum / weight)^2, which no sum of weight times square is below. */
  private static BigInteger squareOfMean(BigInteger sum, BigInteger weight) {
    return weight.signum() == 0 ? ZERO : sum.multiply(sum).divide(one(weight));
  }

  private void within(String what, BigInteger least, BigInteger got, BigInteger most)
      throws SketchFormatException {
    if (got.compareTo(least) < 0 || got.compareTo(most) > 0) {
      throw new SketchFormatException(
          String.format(
              Locale.ROOT,
              "%s must sum to %s, got %s: no rows have such sums",
              what,
              least.equals(most)
                  ? s.value(least)
                  : "between " + s.value(least) + " and " + s.value(most),
              s.value(got)));
    }
  }
}
