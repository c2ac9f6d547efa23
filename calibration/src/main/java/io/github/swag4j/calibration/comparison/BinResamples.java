package io.github.swag4j.calibration.comparison;

import io.github.swag4j.calibration.binning.BinTotals;
import io.github.swag4j.calibration.binning.Binning;
import io.github.swag4j.calibration.reliability.CountDraws;
import java.util.ArrayList;
import java.util.List;
import java.util.function.ToDoubleFunction;

/**
 * A statistic of bins on resamples that are drawn from the bins' sums, without the rows: of each
 * bin how often its rows are drawn (Poisson, as the sum of a Poisson(1) multiplicity of each row),
 * how many of the events came (binomial), and the sum of their confidences (normal, given those
 * two, with the mean and the variance that rows drawn from the bin have). What a bootstrap of the
 * rows in fixed bins does, but for the shape of the confidences within a bin, at a cost that does
 * not grow with the rows.
 */
final class BinResamples implements Resamples {
  private static final long STREAM = 2;

  private final Binning binning;
  private final ToDoubleFunction<Binning> statistic;
  private final long seed;

  /** Of bins without weights; replicate b is a pure function of the seed, b and the bins. */
  BinResamples(Binning binning, ToDoubleFunction<Binning> statistic, long seed) {
    this.binning = binning;
    this.statistic = statistic;
    this.seed = seed;
  }

  /** Whether no row weighs other than 1. */
  static boolean areCounted(Binning binning) {
    return binning.bins().stream()
        .allMatch(bin -> bin.squaredWeight() == bin.count() && bin.weight() == bin.count());
  }

  @Override
  public double estimate() {
    return statistic.applyAsDouble(binning);
  }

  @Override
  public double replicate(long b) {
    CountDraws random = new CountDraws(new ReplicateRandom(seed, b, STREAM).nextLong());
    List<BinTotals> drawn = new ArrayList<>(binning.bins().size());
    long rows = 0;
    for (BinTotals bin : binning.bins()) {
      BinTotals again = bin.isEmpty() ? bin : draw(bin, random);
      drawn.add(again);
      rows += again.count();
    }
    return rows == 0
        ? Double.NaN
        : statistic.applyAsDouble(
            new Binning(binning.convention(), binning.event(), drawn, rows, rows));
  }

  private static BinTotals draw(BinTotals bin, CountDraws random) {
    double n = bin.weight();
    double rate = bin.hitSum() / n;
    double mean = bin.confidenceSum() / n;
    double square = bin.squaredConfidenceSum() / n;
    double spread = rate * (1 - rate);
    double slope = spread > 0 ? (bin.confidentHitSum() / n - mean * rate) / spread : 0;
    double left = Math.max(0, square - mean * mean - slope * slope * spread);
    long count = random.poisson(n);
    long hits = random.binomial(count, rate);
    double sum =
        count * mean + slope * (hits - count * rate) + Math.sqrt(count * left) * random.gaussian();
    double confidences = Math.max(count * bin.lower(), Math.min(count * bin.upper(), sum));
    double ofHits = bin.hitSum() > 0 ? hits * bin.confidentHitSum() / bin.hitSum() : 0;
    return new BinTotals(
        bin.lower(),
        bin.upper(),
        count,
        count,
        count,
        confidences,
        hits,
        Math.max(count == 0 ? 0 : confidences * confidences / count, count * square),
        Math.min(ofHits, confidences));
  }

  @Override
  public double[] withoutRows() {
    throw new UnsupportedOperationException("bins have no rows to leave out: no BCa interval");
  }

  @Override
  public List<double[]> withoutDraws() {
    return List.of();
  }
}
