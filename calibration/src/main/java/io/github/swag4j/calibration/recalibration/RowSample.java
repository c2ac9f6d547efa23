package io.github.swag4j.calibration.recalibration;

import io.github.swag4j.calibration.Predictions;
import java.util.Arrays;
import java.util.HexFormat;

/**
 * The smallest hashes of the rows that occur once in a data set: hashes are as good as uniform, so
 * that this is a sample without a seed, and the same rows are in it whatever else a set holds.
 * Hashes are unsigned; kept with the sign bit turned, so that signed order is theirs. Beside them
 * 32 bits of each row's id, where rows have ids.
 */
final class RowSample {
  /** Hashes kept, at most. */
  static final int MOST = 4096;

  /** Hashes that earlier versions kept, at most. */
  private static final int ONCE_MOST = 512;

  private static final int HASH_DIGITS = 16;
  private static final int ID_DIGITS = 8;

  private final long[] kept;
  private final int[] ids;
  private final long single;

  private RowSample(long[] kept, int[] ids, long single) {
    this.kept = kept;
    this.ids = ids;
    this.single = single;
  }

  /** The sample of labelled rows with these hashes. */
  static RowSample of(Predictions predictions, long[] hashes) {
    long[] sorted = sorted(hashes);
    long[] kept = new long[Math.min(MOST, sorted.length)];
    int single = 0;
    for (int i = 0; i < sorted.length; i++) {
      if (run(sorted, i) == 1) {
        if (single < MOST) {
          kept[single] = sorted[i];
        }
        single++;
      }
    }
    kept = Arrays.copyOf(kept, Math.min(MOST, single));
    int[] ids = new int[predictions.hasIds() ? kept.length : 0];
    for (int row = 0; row < hashes.length && predictions.hasIds(); row++) {
      int at = Arrays.binarySearch(kept, hashes[row] ^ Long.MIN_VALUE);
      if (at >= 0) {
        ids[at] = RowHashes.ofId(predictions.id(row));
      }
    }
    return new RowSample(kept, ids, single);
  }

  /** How many values exactly two of these hashes have. */
  static long twice(long[] hashes) {
    long[] sorted = sorted(hashes);
    long twice = 0;
    for (int i = 0; i < sorted.length; i++) {
      twice += run(sorted, i) == 2 ? 1 : 0;
    }
    return twice;
  }

  private static long[] sorted(long[] hashes) {
    long[] sorted = new long[hashes.length];
    Arrays.setAll(sorted, row -> hashes[row] ^ Long.MIN_VALUE);
    Arrays.sort(sorted);
    return sorted;
  }

  /** Length of the run of equal values that starts here, at most 3; 0 inside a run. */
  private static int run(long[] sorted, int i) {
    if (i > 0 && sorted[i] == sorted[i - 1]) {
      return 0;
    }
    int to = i + 1;
    while (to < sorted.length && to < i + 3 && sorted[to] == sorted[i]) {
      to++;
    }
    return to - i;
  }

  /** A sample as {@link #text()} and {@link #idText()} write it, of so many single rows. */
  static RowSample of(String text, String idText, long single) {
    int expected = (int) Math.min(MOST, single);
    int length = text.length() / HASH_DIGITS;
    boolean known = length == expected || length == ONCE_MOST && expected > ONCE_MOST;
    if (!known || text.length() != HASH_DIGITS * length || !text.matches("[0-9a-f]*")) {
      throw new IllegalArgumentException(
          "sample must be "
              + expected
              + " hashes of 16 hexadecimal digits, got "
              + text.length()
              + " characters");
    }
    boolean noIds = idText.isEmpty();
    if (!noIds && (idText.length() != ID_DIGITS * length || !idText.matches("[0-9a-f]*"))) {
      throw new IllegalArgumentException(
          "ids must be empty or 8 hexadecimal digits for each of "
              + length
              + " hashes, got "
              + idText.length()
              + " characters");
    }
    long[] kept = new long[length];
    int[] ids = new int[noIds ? 0 : length];
    for (int i = 0; i < length; i++) {
      int at = HASH_DIGITS * i;
      kept[i] = HexFormat.fromHexDigitsToLong(text, at, at + HASH_DIGITS) ^ Long.MIN_VALUE;
      if (i > 0 && kept[i] <= kept[i - 1]) {
        throw new IllegalArgumentException(
            "sample must ascend, got hash " + i + " not above the one before");
      }
      if (!noIds) {
        ids[i] = HexFormat.fromHexDigits(idText, ID_DIGITS * i, ID_DIGITS * (i + 1));
      }
    }
    return new RowSample(kept, ids, single);
  }

  String text() {
    StringBuilder out = new StringBuilder(HASH_DIGITS * kept.length);
    for (long hash : kept) {
      out.append(HexFormat.of().toHexDigits(hash ^ Long.MIN_VALUE));
    }
    return out.toString();
  }

  String idText() {
    StringBuilder out = new StringBuilder(ID_DIGITS * ids.length);
    for (int id : ids) {
      out.append(HexFormat.of().toHexDigits(id));
    }
    return out.toString();
  }

  long single() {
    return single;
  }

  /** Share of all hashes that would be in the sample: 1 if no single row was left out. */
  double rate() {
    // 2^-64 (largest kept hash), as an unsigned number.
    return single <= kept.length ? 1 : kept[kept.length - 1] * 0x1p-64 + 0.5;
  }

  /** What the kept rows and other labelled rows with these hashes have in common. */
  RowsInCommon inCommon(Predictions predictions, long[] hashes) {
    int[] times = new int[kept.length];
    boolean[] sameId = new boolean[kept.length];
    boolean ids = this.ids.length > 0 && predictions.hasIds();
    for (int row = 0; row < hashes.length; row++) {
      int at = Arrays.binarySearch(kept, hashes[row] ^ Long.MIN_VALUE);
      if (at >= 0) {
        times[at]++;
        sameId[at] = ids && this.ids[at] == RowHashes.ofId(predictions.id(row));
      }
    }
    int hits = 0;
    int once = 0;
    int named = 0;
    for (int i = 0; i < times.length; i++) {
      hits += times[i] > 0 ? 1 : 0;
      once += times[i] == 1 ? 1 : 0;
      named += times[i] == 1 && sameId[i] ? 1 : 0;
    }
    long limit = single <= kept.length ? Long.MAX_VALUE : kept[kept.length - 1];
    long[] visible = Arrays.stream(hashes).filter(h -> (h ^ Long.MIN_VALUE) <= limit).toArray();
    return new RowsInCommon(hits, once, named, twice(visible));
  }
}
