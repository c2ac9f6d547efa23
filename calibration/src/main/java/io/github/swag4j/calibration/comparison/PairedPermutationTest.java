package io.github.swag4j.calibration.comparison;

import io.github.swag4j.base.PValue;
import io.github.swag4j.calibration.Predictions;
import io.github.swag4j.calibration.PredictionsBuilder;
import io.github.swag4j.calibration.internal.CompensatedSum;
import java.util.Arrays;
import java.util.Locale;
import java.util.function.IntToDoubleFunction;
import java.util.stream.IntStream;

/**
 * Paired permutation test of "the two methods are exchangeable": in every permutation each row's
 * two predictions are swapped or not, by a fair coin. Exact, by enumeration, where there are no
 * more than the asked-for number of swaps; else by random swaps with p = (1 + as extreme) / (1 +
 * swaps), which never claims less than it has seen.
 *
 * @param what what was compared
 * @param difference first minus second on the rows as they are
 * @param pValue two-sided: share of swaps with a difference at least as large in size
 * @param rows number of rows
 * @param swaps number of swaps looked at
 * @param exact whether they are all there are
 * @see <a href="https://doi.org/10.1007/978-1-4757-3235-1">Good 2000, Permutation Tests</a>
 * @see <a href="https://doi.org/10.2202/1544-6115.1585">Phipson, Smyth 2010</a> for the added 1
 */
public record PairedPermutationTest(
    String what, double difference, double pValue, long rows, int swaps, boolean exact) {

  /** Differences within this share of the observed one are as large: sums round. */
  private static final double ROUNDING = 1e-12;

  /**
   * As are those within this share of what was subtracted, which rounds too: 0.3 - 0.2 is not 0.1,
   * and equal means must not differ by that.
   */
  private static final double ROUNDING_OF_TERMS = 0x1p-50;

  /** Stream of the random numbers that choose swaps. */
  private static final long SWAPS = 2;

  /** Most rows whose swaps can be counted in an int. */
  private static final int COUNTABLE = 30;

  /**
   * Test of a mean paired difference of losses (sign-flip test). The p-value depends neither on the
   * order of the rows nor on which method is the first.
   *
   * @param first {@code [rows]}, losses of the first method, finite
   * @param second {@code [rows]}, losses of the second on the same rows, finite
   * @param swaps number of random swaps, at least 1; 10,000 gives p within 0.01
   * @param seed seed of the random swaps
   * @return the test
   * @throws IllegalArgumentException if the lengths differ or are 0, a loss is not finite, or there
   *     are no swaps
   */
  public static PairedPermutationTest ofLosses(
      double[] first, double[] second, int swaps, long seed) {
    if (first.length != second.length || first.length == 0) {
      throw new IllegalArgumentException(
          "paired losses must be of the same rows, at least 1, got "
              + first.length
              + " and "
              + second.length);
    }
    double[] d = new double[first.length];
    double[] sizes = new double[first.length];
    for (int i = 0; i < d.length; i++) {
      d[i] = first[i] - second[i];
      sizes[i] = (Math.abs(first[i]) + Math.abs(second[i])) / d.length;
      if (!Double.isFinite(d[i])) {
        throw new IllegalArgumentException(
            "losses[" + i + "] must be finite, got " + first[i] + " and " + second[i]);
      }
    }
    // By value, so that which coin a row gets does not depend on where the row stood; of both
    // signs the smaller, so that it does not depend on which method was named first either.
    double[] turned = Arrays.stream(d).map(v -> 0 - v).sorted().toArray();
    Arrays.sort(d);
    boolean turn = Arrays.compare(turned, d) < 0;
    PairedPermutationTest test =
        run(
            "mean loss",
            d.length,
            swaps,
            seed,
            Arrays.stream(sizes).sorted().sum(),
            swapped -> signedMean(turn ? turned : d, swapped));
    return turn ? test.turned() : test;
  }

  /**
   * Test of the difference of any metric. The p-value depends neither on the order of the rows nor
   * on which method is the first.
   *
   * @param metric the metric; evaluated on predictions with labels, weights and groups, and logits
   *     where both methods have them, but without posterior samples
   * @param first predictions of the first method
   * @param second predictions of the second, of the same rows in the same order
   * @param swaps number of random swaps, at least 1
   * @param seed seed of the random swaps
   * @return the test
   * @throws IllegalArgumentException if the rows differ, or there are no swaps
   */
  public static PairedPermutationTest of(
      Metric metric, Predictions first, Predictions second, int swaps, long seed) {
    Pairing.check("the first method", first, "the second", second);
    int rows = first.rows();
    // A row's coin goes with what it holds, so that neither the order of the rows nor that of the
    // methods matters.
    int[] place = CanonicalOrder.places(PairedOrder.of(first, second, 0).rows());
    Metric.OnRows both = metric.on(joined(first, second));
    int[] once = new int[2 * rows];
    Arrays.fill(once, 0, rows, 1);
    double size = Math.abs(both.of(once));
    Arrays.fill(once, 0, rows, 0);
    Arrays.fill(once, rows, 2 * rows, 1);
    size += Math.abs(both.of(once));
    return run(
        metric.name(),
        rows,
        swaps,
        seed,
        size,
        swapped -> {
          int[] a = new int[2 * rows];
          int[] b = new int[2 * rows];
          for (int row = 0; row < rows; row++) {
            boolean swap = swapped.at(place[row]);
            a[swap ? rows + row : row] = 1;
            b[swap ? row : rows + row] = 1;
          }
          return both.of(a) - both.of(b);
        });
  }

  private PairedPermutationTest turned() {
    return new PairedPermutationTest(what, 0 - difference, pValue, rows, swaps, exact);
  }

  private interface Swapped {
    boolean at(int row);
  }

  private interface Statistic {
    double of(Swapped swapped);
  }

  private static PairedPermutationTest run(
      String what, int rows, int swaps, long seed, double size, Statistic statistic) {
    if (swaps < 1) {
      throw new IllegalArgumentException("swaps must be at least 1, got " + swaps);
    }
    double observed = statistic.of(row -> false);
    if (!Double.isFinite(observed)) {
      throw new IllegalArgumentException(
          "the difference of " + what + " must be finite to be tested, got " + observed);
    }
    boolean exact = rows <= COUNTABLE && 1L << rows <= swaps;
    int looked = exact ? 1 << rows : swaps;
    IntToDoubleFunction difference =
        exact
            ? s -> statistic.of(row -> (s >>> row & 1) == 1)
            : s -> statistic.of(coins(rows, seed, s));
    double least = Math.abs(observed) * (1 - ROUNDING) - ROUNDING_OF_TERMS * size;
    long extreme =
        IntStream.range(0, looked)
            .parallel()
            .filter(s -> Math.abs(difference.applyAsDouble(s)) >= least)
            .count();
    double p = exact ? (double) extreme / looked : (extreme + 1.0) / (looked + 1.0);
    return new PairedPermutationTest(what, observed, p, rows, looked, exact);
  }

  private static Swapped coins(int rows, long seed, int swap) {
    ReplicateRandom random = new ReplicateRandom(seed, swap, SWAPS);
    long[] bits = new long[(rows + 63) / 64];
    Arrays.setAll(bits, i -> random.nextLong());
    return row -> (bits[row >>> 6] >>> row & 1) == 1;
  }

  private static double signedMean(double[] d, Swapped swapped) {
    CompensatedSum sum = new CompensatedSum();
    for (int i = 0; i < d.length; i++) {
      sum.add(swapped.at(i) ? -d[i] : d[i]);
    }
    return sum.value() / d.length;
  }

  /** The rows of one after the rows of the other. */
  private static Predictions joined(Predictions a, Predictions b) {
    int rows = a.rows();
    PredictionsBuilder builder = Predictions.builder();
    if (a.hasLogits() && b.hasLogits()) {
      builder.logits(table(a, b, (p, i, k) -> p.logit(i, k)));
    } else if (a.isBinary() && b.isBinary()) {
      builder.positiveProbabilities(column(a, b, (p, i) -> p.probability(i, 1)));
    } else {
      builder.probabilities(table(a, b, (p, i, k) -> p.probability(i, k)));
    }
    if (a.hasExpectedEntropy() && b.hasExpectedEntropy()) {
      builder.expectedEntropy(column(a, b, (p, i) -> p.expectedEntropy(i)));
    }
    int[] twice = new int[2 * rows];
    Arrays.setAll(twice, i -> i % rows);
    Predictions labelled = a.hasLabels() ? a : b;
    // Without ids, each of which would name two rows.
    builder.observations(labelled.observations().withoutIds().select(twice));
    return labelled.hasClassNames()
        ? builder.classNames(labelled.classNames()).build()
        : builder.build();
  }

  private interface Cell {
    double of(Predictions p, int row, int k);
  }

  private interface RowValue {
    double of(Predictions p, int row);
  }

  private static double[][] table(Predictions a, Predictions b, Cell cell) {
    int rows = a.rows();
    double[][] out = new double[2 * rows][a.classes()];
    for (int i = 0; i < out.length; i++) {
      for (int k = 0; k < a.classes(); k++) {
        out[i][k] = cell.of(i < rows ? a : b, i % rows, k);
      }
    }
    return out;
  }

  private static double[] column(Predictions a, Predictions b, RowValue value) {
    int rows = a.rows();
    double[] out = new double[2 * rows];
    Arrays.setAll(out, i -> value.of(i < rows ? a : b, i % rows));
    return out;
  }

  @Override
  public String toString() {
    return String.format(
        Locale.ROOT,
        "difference of %s %+.4f, %s (paired permutation test of %,d rows, %,d %s swaps)",
        what,
        difference,
        PValue.equation(pValue),
        rows,
        swaps,
        exact ? "exact" : "random");
  }
}
