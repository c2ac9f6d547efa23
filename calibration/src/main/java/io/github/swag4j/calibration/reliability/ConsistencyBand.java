package io.github.swag4j.calibration.reliability;

import io.github.swag4j.base.SplitMix;
import io.github.swag4j.calibration.Forecasts;
import io.github.swag4j.calibration.Interval;
import io.github.swag4j.calibration.binning.BinTotals;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/**
 * Where the bars of a reliability diagram would lie if the forecasts were calibrated: outcomes are
 * drawn from the forecasts themselves, again and again, and each bin's accuracies give an interval.
 * A bar outside its interval is a gap that chance hardly explains.
 *
 * @see <a href="https://doi.org/10.1175/WAF993.1">Broecker and Smith 2007, Increasing the
 *     Reliability of Reliability Diagrams</a>
 */
public final class ConsistencyBand {

  /** Draws that place the ends of a 95 % interval. */
  public static final int DEFAULT_DRAWS = 1000;

  private final List<Interval> bins;
  private final double level;
  private final int draws;
  private final long seed;

  private ConsistencyBand(List<Interval> bins, double level, int draws, long seed) {
    this.bins = List.copyOf(bins);
    this.level = level;
    this.draws = draws;
    this.seed = seed;
  }

  /**
   * A 95 % band of {@value #DEFAULT_DRAWS} draws.
   *
   * @param diagram the diagram
   * @param seed the same seed gives the same bits
   * @return the band
   */
  public static ConsistencyBand of(ReliabilityDiagram diagram, long seed) {
    return of(diagram, ReliabilityDiagram.LEVEL, DEFAULT_DRAWS, seed);
  }

  /**
   * A band.
   *
   * @param diagram the diagram
   * @param level share of the draws inside each interval, between 0 and 1
   * @param draws how often outcomes are drawn, at least 1
   * @param seed the same seed gives the same bits
   * @return the band
   * @throws IllegalArgumentException if level or draws is out of range
   * @throws IllegalStateException if the diagram is of a sketch, which keeps no rows
   */
  public static ConsistencyBand of(ReliabilityDiagram diagram, double level, int draws, long seed) {
    if (!(level > 0 && level < 1)) {
      throw new IllegalArgumentException("level must be between 0 and 1, got " + level);
    }
    if (draws < 1) {
      throw new IllegalArgumentException("draws must be at least 1, got " + draws);
    }
    Forecasts forecasts = diagram.forecasts();
    double[][] accuracies = new double[diagram.bins().size()][draws];
    SplitMix random = new SplitMix(seed);
    boolean[] outcomes = new boolean[forecasts.rows()];
    for (int r = 0; r < draws; r++) {
      for (int i = 0; i < outcomes.length; i++) {
        outcomes[i] = random.uniform() < forecasts.probability(i);
      }
      List<BinTotals> drawn = diagram.convention().bin(forecasts.withOutcomes(outcomes)).bins();
      for (int b = 0; b < accuracies.length; b++) {
        accuracies[b][r] = drawn.get(b).accuracy();
      }
    }
    List<Interval> out = new ArrayList<>();
    for (double[] bin : accuracies) {
      Arrays.sort(bin);
      out.add(
          Double.isNaN(bin[0])
              ? Interval.UNKNOWN
              : new Interval(quantile(bin, (1 - level) / 2), quantile(bin, (1 + level) / 2)));
    }
    return new ConsistencyBand(out, level, draws, seed);
  }

  /**
   * The interval of each of the diagram's bins.
   *
   * @return in the bins' order, NaN where a bin is empty; unmodifiable
   */
  public List<Interval> bins() {
    return bins;
  }

  /**
   * The band's settings.
   *
   * @return such as "95 % consistency band, 1000 draws, seed 7"
   */
  @Override
  public String toString() {
    return Math.round(level * 1000) / 10.0
        + " % consistency band, "
        + draws
        + " draws, seed "
        + seed;
  }

  /** Linear between order statistics, as numpy.quantile. */
  private static double quantile(double[] sorted, double q) {
    double place = q * (sorted.length - 1);
    int below = (int) place;
    int above = Math.min(below + 1, sorted.length - 1);
    return sorted[below] + (place - below) * (sorted[above] - sorted[below]);
  }
}
