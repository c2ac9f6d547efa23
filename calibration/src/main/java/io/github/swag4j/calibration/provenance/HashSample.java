package io.github.swag4j.calibration.provenance;

import io.github.swag4j.calibration.Predictions;
import java.util.Arrays;
import java.util.HashSet;
import java.util.Set;
import java.util.stream.IntStream;

/**
 * The smallest hashes of the rows whose shape no other row of a data set has: hashes are as good as
 * uniform, so that this is a sample without a seed, and the same rows are in it whatever else a set
 * holds. Hashes are unsigned; kept with the sign bit turned, so that signed order is theirs. Beside
 * them 32 bits of each row's id, where rows have ids.
 */
final class HashSample {
  /** Hashes kept, at most. */
  static final int MOST = 4096;

  /** Bits of a hash that are kept: the first 48, which four thousand hashes do not fill. */
  static final long KEPT_BITS = -1L << 16;

  private final long[] kept;
  private final int[] ids;
  private final long bits;
  private final long single;

  /**
   * @param kept hashes, not descending
   * @param ids of the rows, or none
   * @param bits which bits of a hash are kept
   * @param single rows whose shape no other row has, kept or not
   */
  HashSample(long[] kept, int[] ids, long bits, long single) {
    this.kept = kept;
    this.ids = ids;
    this.bits = bits;
    this.single = single;
  }

  /** The sample of labelled rows with these hashes and shapes. */
  static HashSample of(Predictions predictions, long[] hashes, RowShapes shapes) {
    int[] singles =
        IntStream.range(0, hashes.length).filter(row -> !shapes.isRepeated(row)).toArray();
    long[] sorted = IntStream.of(singles).mapToLong(row -> key(hashes[row], KEPT_BITS)).toArray();
    Arrays.sort(sorted);
    long[] kept = Arrays.copyOf(sorted, Math.min(MOST, sorted.length));
    int[] ids = new int[predictions.hasIds() ? kept.length : 0];
    for (int i = 0; i < singles.length && predictions.hasIds(); i++) {
      int at = Arrays.binarySearch(kept, key(hashes[singles[i]], KEPT_BITS));
      if (at >= 0) {
        ids[at] = RowHashes.ofId(predictions.id(singles[i]));
      }
    }
    return new HashSample(kept, ids, KEPT_BITS, singles.length);
  }

  private static long key(long hash, long bits) {
    return hash & bits ^ Long.MIN_VALUE;
  }

  long[] kept() {
    return kept;
  }

  int[] ids() {
    return ids;
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
  OverlapEvidence inCommon(Predictions predictions, long[] hashes) {
    boolean[] hit = new boolean[kept.length];
    boolean[] sameId = new boolean[kept.length];
    boolean named = ids.length > 0 && predictions.hasIds();
    Set<Long> hitShapes = new HashSet<>();
    RowShapes shapes = RowShapes.of(predictions);
    long limit = single <= kept.length ? Long.MAX_VALUE : kept[kept.length - 1];
    long[] visible = new long[hashes.length];
    int repeated = 0;
    for (int row = 0; row < hashes.length; row++) {
      long key = key(hashes[row], bits);
      int at = Arrays.binarySearch(kept, key);
      if (at >= 0) {
        hit[at] = true;
        sameId[at] |= named && ids[at] == RowHashes.ofId(predictions.id(row));
        hitShapes.add(shapes.of(row));
      } else if (key <= limit && shapes.isRepeated(row)) {
        visible[repeated++] = shapes.of(row);
      }
    }
    long[] others =
        Arrays.stream(visible, 0, repeated).filter(s -> !hitShapes.contains(s)).toArray();
    int sameIds = count(sameId);
    return new OverlapEvidence(
        count(hit),
        sameIds,
        named && idsTellRowsApart(predictions, sameIds),
        RowShapes.distinct(others));
  }

  private static int count(boolean[] flags) {
    int count = 0;
    for (boolean flag : flags) {
      count += flag ? 1 : 0;
    }
    return count;
  }

  /**
   * Whether no id of a kept row names another row here. Files that are numbered each by itself have
   * their ids in common and not their rows; then ids say nothing of rows in common.
   */
  private boolean idsTellRowsApart(Predictions predictions, int named) {
    int[] sorted = ids.clone();
    Arrays.sort(sorted);
    boolean[] found = new boolean[sorted.length];
    for (int row = 0; row < predictions.rows(); row++) {
      int at = Arrays.binarySearch(sorted, RowHashes.ofId(predictions.id(row)));
      if (at >= 0) {
        found[at] = true;
      }
    }
    // 32 bits of ids agree now and then.
    double chance = (double) ids.length * predictions.rows() * 0x1p-32;
    return count(found) - named <= 1 + chance + 4 * Math.sqrt(chance);
  }
}
