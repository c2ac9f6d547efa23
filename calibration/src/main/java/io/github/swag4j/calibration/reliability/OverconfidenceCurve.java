package io.github.swag4j.calibration.reliability;

import io.github.swag4j.calibration.Predictions;
import io.github.swag4j.calibration.binning.BinTotals;
import io.github.swag4j.calibration.binning.Binning;
import io.github.swag4j.calibration.binning.BinningConvention;
import java.util.ArrayList;
import java.util.List;

/**
 * The SWAG paper's reliability curve: confidence minus accuracy against confidence, one point for
 * each bin that is not empty. Above 0 the model is over-confident, below 0 under-confident.
 *
 * <p>The paper stretches the axis of confidences so that the crowded end near 1 can be seen; its
 * ticks (.200, .759, .927, .978, .993, .998) lie evenly in the logarithm of 1 - confidence, and
 * {@link Point#stretched()} is that.
 *
 * @see <a href="https://arxiv.org/abs/1902.02476">Maddox et al. 2019, figure 3</a>
 */
public final class OverconfidenceCurve {

  /** Confidences nearer to 1 than this are drawn at this distance on the stretched axis. */
  public static final double SMALLEST_DISTANCE = 1e-6;

  private final Binning binning;
  private final List<Point> points;

  /**
   * A point of the curve.
   *
   * @param confidence mean confidence of the bin
   * @param overconfidence mean confidence minus accuracy
   * @param count number of rows in the bin
   */
  public record Point(double confidence, double overconfidence, long count) {

    /**
     * Place on the stretched axis.
     *
     * @return -log10(max(1 - confidence, {@value OverconfidenceCurve#SMALLEST_DISTANCE}))
     */
    public double stretched() {
      return -Math.log10(Math.max(1 - confidence, SMALLEST_DISTANCE));
    }
  }

  private OverconfidenceCurve(Binning binning) {
    this.binning = binning;
    List<Point> out = new ArrayList<>();
    for (BinTotals bin : binning.bins()) {
      if (!bin.isEmpty()) {
        double confidence = bin.meanConfidence();
        out.add(new Point(confidence, confidence - bin.accuracy(), bin.count()));
      }
    }
    points = List.copyOf(out);
  }

  /**
   * The curve over 20 equal-mass bins that lose no row.
   *
   * @param predictions labelled predictions
   * @return the curve
   * @throws IllegalStateException if there are no labels
   */
  public static OverconfidenceCurve of(Predictions predictions) {
    return of(predictions, BinningConvention.EQUAL_MASS.withBins(20));
  }

  /**
   * The curve over the bins of a convention; {@link BinningConvention#SWAG_PAPER} gives the numbers
   * of the paper's code.
   *
   * @param predictions labelled predictions
   * @param convention the bins
   * @return the curve
   * @throws IllegalStateException if there are no labels
   */
  public static OverconfidenceCurve of(Predictions predictions, BinningConvention convention) {
    return new OverconfidenceCurve(convention.bin(convention.forecasts(predictions)));
  }

  /**
   * The points in ascending order of confidence.
   *
   * @return the points, unmodifiable
   */
  public List<Point> points() {
    return points;
  }

  /**
   * The bins behind the points.
   *
   * @return the binning
   */
  public Binning binning() {
    return binning;
  }

  /**
   * The curve's convention.
   *
   * @return such as "confidence - accuracy (equal-mass: 20 equal-mass bins, 500 rows)"
   */
  @Override
  public String toString() {
    return "confidence - accuracy (" + binning.describe() + ")";
  }
}
