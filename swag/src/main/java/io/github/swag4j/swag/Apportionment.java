package io.github.swag4j.swag;

import java.util.Arrays;

/**
 * Whose turn it is in a series that several components share by their weights, decided without
 * chance: after n turns component m of M has had x_m of them with |x_m - n w_m| at most 1 - 1 / (2
 * M - 2), for every n at once, which no series can better. Equal weights give turns in order.
 *
 * <p>At turn n those are eligible whose lag n w_m - x_m is at least 1 / (2 M - 2); of them the one
 * has it that would be the first to lag by more than the bound, the lower index among equals.
 *
 * @see <a href="https://doi.org/10.1016/0012-365X(80)90269-1">Tijdeman 1980, The chairman
 *     assignment problem</a>
 */
final class Apportionment {
  private final double[] weights;
  private final boolean equal;

  /**
   * A component's turn.
   *
   * @param component whose
   * @param own how many it had before
   */
  record Turn(int component, int own) {}

  /**
   * A series.
   *
   * @param weights above 0, sum 1
   */
  Apportionment(double[] weights) {
    this.weights = weights.clone();
    this.equal = Arrays.stream(weights).allMatch(w -> w == weights[0]);
  }

  /** Whether all weights are the same: turn i is that of component i mod M. */
  boolean isEqual() {
    return equal;
  }

  /** Consecutive turns; with unequal weights it takes (first + count) * M steps. */
  Turn[] turns(int first, int count) {
    Turn[] out = new Turn[count];
    int parts = weights.length;
    if (equal) {
      for (int i = 0; i < count; i++) {
        out[i] = new Turn((first + i) % parts, (first + i) / parts);
      }
      return out;
    }
    int[] had = new int[parts];
    for (long n = 1; n <= (long) first + count; n++) {
      int next = next(n, had);
      if (n > first) {
        out[(int) (n - 1 - first)] = new Turn(next, had[next]);
      }
      had[next]++;
    }
    return out;
  }

  private int next(long n, int[] had) {
    double half = 1 / (2.0 * weights.length - 2);
    int best = -1;
    double earliest = Double.POSITIVE_INFINITY;
    int furthest = 0;
    double lag = Double.NEGATIVE_INFINITY;
    for (int m = 0; m < weights.length; m++) {
      double behind = n * weights[m] - had[m];
      double deadline = (1 - half + had[m]) / weights[m];
      if (behind >= half && deadline < earliest) {
        best = m;
        earliest = deadline;
      }
      if (behind > lag) {
        lag = behind;
        furthest = m;
      }
    }
    // Some component always lags that far; only rounding of the weights' sum could hide it.
    return best < 0 ? furthest : best;
  }
}
