package io.github.swag4j.calibration.recalibration;

import io.github.swag4j.calibration.Predictions;
import java.util.Arrays;
import java.util.Locale;

/**
 * The smallest hashes of the rows that occur once in a data set: hashes are as good as uniform, so
 * that this is a sample without a seed, and the same rows are in it whatever else a set holds.
 * Hashes are unsigned; kept with the sign bit turned, so that signed order is theirs.
 */
final class RowSample {
  /** Hashes kept, at most. */
  static final int MOST = 512;

  private static final long FIRST_SEED = 0x243F6A8885A308D3L;
  private static final long SECOND_SEED = 0x13198A2E03707344L;

  private final long[] kept;
  private final long single;
  private final long twice;

  private RowSample(long[] kept, long single, long twice) {
    this.kept = kept;
    this.single = single;
    this.twice = twice;
  }

  /** The sample of a set with these hashes. */
  static RowSample of(long[] hashes) {
    long[] sorted = new long[hashes.length];
    Arrays.setAll(sorted, row -> hashes[row] ^ Long.MIN_VALUE);
    Arrays.sort(sorted);
    long[] kept = new long[Math.min(MOST, sorted.length)];
    int single = 0;
    int twice = 0;
    for (int from = 0; from < sorted.length; ) {
      int to = from + 1;
      while (to < sorted.length && sorted[to] == sorted[from]) {
        to++;
      }
      if (to - from == 1) {
        if (single < MOST) {
          kept[single] = sorted[from];
        }
        single++;
      } else if (to - from == 2) {
        twice++;
      }
      from = to;
    }
    return new RowSample(Arrays.copyOf(kept, Math.min(MOST, single)), single, twice);
  }

  /** A sample as {@link #text()} writes it, of a set with so many single rows. */
  static RowSample of(String text, long single) {
    int expected = (int) Math.min(MOST, single);
    if (text.length() != 16 * expected || !text.matches("[0-9a-f]*")) {
      throw new IllegalArgumentException(
          "sample must be "
              + expected
              + " hashes of 16 hexadecimal digits, got "
              + text.length()
              + " characters");
    }
    long[] kept = new long[expected];
    for (int i = 0; i < expected; i++) {
      kept[i] = Long.parseUnsignedLong(text.substring(16 * i, 16 * i + 16), 16) ^ Long.MIN_VALUE;
      if (i > 0 && kept[i] <= kept[i - 1]) {
        throw new IllegalArgumentException(
            "sample must ascend, got hash " + i + " not above the one before");
      }
    }
    return new RowSample(kept, single, 0);
  }

  String text() {
    StringBuilder out = new StringBuilder(16 * kept.length);
    for (long hash : kept) {
      out.append(String.format(Locale.ROOT, "%016x", hash ^ Long.MIN_VALUE));
    }
    return out.toString();
  }

  long single() {
    return single;
  }

  long twice() {
    return twice;
  }

  /** Share of all hashes that would be in the sample: 1 if no single row was left out. */
  double rate() {
    if (single <= MOST) {
      return 1;
    }
    // 2^-64 (largest kept hash), as an unsigned number.
    return kept[MOST - 1] * 0x1p-64 + 0.5;
  }

  /** How many of the kept rows are among the predictions, each once. */
  int hits(Predictions predictions) {
    boolean[] seen = new boolean[kept.length];
    int hits = 0;
    for (int row = 0; row < predictions.rows(); row++) {
      int at = Arrays.binarySearch(kept, hash(predictions, row, FIRST_SEED) ^ Long.MIN_VALUE);
      if (at >= 0 && !seen[at]) {
        seen[at] = true;
        hits++;
      }
    }
    return hits;
  }

  static long[] hashes(Predictions predictions) {
    long[] out = new long[predictions.rows()];
    Arrays.setAll(out, row -> hash(predictions, row, FIRST_SEED));
    return out;
  }

  static long secondHash(Predictions predictions, int row) {
    return hash(predictions, row, SECOND_SEED);
  }

  private static long hash(Predictions predictions, int row, long seed) {
    long h = mix(seed + predictions.label(row));
    for (int k = 0; k < predictions.classes(); k++) {
      // Adding 0 turns -0 into 0.
      h = mix(h ^ Float.floatToIntBits((float) predictions.probability(row, k) + 0f));
    }
    return h;
  }

  /** The finaliser of SplitMix64 (Steele, Lea and Flood 2014), after its increment. */
  private static long mix(long value) {
    long z = value + 0x9E3779B97F4A7C15L;
    z = (z ^ (z >>> 30)) * 0xBF58476D1CE4E5B9L;
    z = (z ^ (z >>> 27)) * 0x94D049BB133111EBL;
    return z ^ (z >>> 31);
  }
}
