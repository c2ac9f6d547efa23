package io.github.swag4j.calibration.comparison;

import java.util.Comparator;
import java.util.stream.IntStream;

/**
 * Holm's step-down correction of the p-values of several tests: the chance of even one false
 * finding among them stays below the level, whatever their dependence.
 *
 * @see <a href="https://www.jstor.org/stable/4615733">Holm 1979, A simple sequentially rejective
 *     multiple test procedure</a>
 */
public final class Holm {

  private Holm() {}

  /**
   * Adjusted p-values: with p_(1) &lt;= ... &lt;= p_(m), the i-th is max_{j &lt;= i} min(1, (m - j
   * + 1) p_(j)). A test is significant at a level when its adjusted value is at most the level.
   *
   * @param pValues {@code [m]}, each in [0, 1]
   * @return {@code [m]}, in the order given; equal p-values get equal adjusted values
   * @throws IllegalArgumentException if a value is not in [0, 1]
   */
  public static double[] adjust(double[] pValues) {
    for (int i = 0; i < pValues.length; i++) {
      if (!(pValues[i] >= 0 && pValues[i] <= 1)) {
        throw new IllegalArgumentException(
            "p-values[" + i + "] must be in [0, 1], got " + pValues[i]);
      }
    }
    int[] ascending =
        IntStream.range(0, pValues.length)
            .boxed()
            .sorted(Comparator.comparingDouble(i -> pValues[i]))
            .mapToInt(Integer::intValue)
            .toArray();
    double[] adjusted = new double[pValues.length];
    double most = 0;
    for (int j = 0; j < ascending.length; j++) {
      most = Math.max(most, Math.min(1, (pValues.length - j) * pValues[ascending[j]]));
      adjusted[ascending[j]] = most;
    }
    return adjusted;
  }
}
