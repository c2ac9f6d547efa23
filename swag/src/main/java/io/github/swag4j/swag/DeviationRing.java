package io.github.swag4j.swag;

import io.github.swag4j.swa.internal.BlockCut;
import io.github.swag4j.swa.internal.BlockValues;
import io.github.swag4j.swa.internal.Blocks;
import io.github.swag4j.swa.weights.WeightLayout;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/**
 * The deviations of the last collected weight vectors: the newest overwrites the oldest, nothing is
 * moved. Columns are made when they are first needed. Mutable, one owner.
 */
final class DeviationRing {
  private final DeviationStorage storage;
  private final DeviationColumn[] slots;

  DeviationRing(int rank, DeviationStorage storage) {
    this.storage = storage;
    this.slots = new DeviationColumn[rank];
  }

  DeviationStorage storage() {
    return storage;
  }

  /** The column of the n-th weight vector from 0, to be written; null without a low-rank part. */
  DeviationColumn at(long n, WeightLayout layout) {
    if (slots.length == 0) {
      return null;
    }
    int slot = (int) (n % slots.length);
    if (slots[slot] == null) {
      slots[slot] = storage.column(layout);
    }
    return slots[slot];
  }

  /** The columns there are after n weight vectors, oldest first. */
  List<DeviationColumn> inOrder(long n) {
    List<DeviationColumn> out = new ArrayList<>();
    for (long i = Math.max(0, n - slots.length); i < n; i++) {
      out.add(slots[(int) (i % slots.length)]);
    }
    return out;
  }

  /**
   * The same, minus the mean if there is one, as copies or as they are here: then the ring is not
   * to be used any more.
   */
  List<DeviationColumn> inOrder(long n, BlockCut cut, BlockValues mean, boolean copy) {
    List<DeviationColumn> columns = inOrder(n);
    if (copy) {
      return columns.stream().map(column -> copy(column, cut, mean)).toList();
    }
    if (mean != null) {
      columns.forEach(column -> move(column, column, cut, mean));
    }
    return columns;
  }

  /** Takes over the column of the n-th weight vector. */
  void put(long n, DeviationColumn column) {
    slots[(int) (n % slots.length)] = column;
  }

  /** The columns there are after n weight vectors, by slot. */
  Map<Long, DeviationColumn> inSlots(long n) {
    Map<Long, DeviationColumn> out = new TreeMap<>();
    for (int slot = 0; slot < Math.min(n, slots.length); slot++) {
      out.put((long) slot, slots[slot]);
    }
    return out;
  }

  /** A column of the same numbers, minus the mean if there is one. */
  DeviationColumn copy(DeviationColumn from, BlockCut cut, BlockValues mean) {
    DeviationColumn out = storage.column(cut.layout());
    move(from, out, cut, mean);
    return out;
  }

  /** Writes one column, minus the mean if there is one, into another or itself. */
  static void move(DeviationColumn from, DeviationColumn to, BlockCut cut, BlockValues mean) {
    cut.forEach(
        () -> {
          float[] values = new float[Blocks.SIZE];
          double[] means = new double[Blocks.SIZE];
          return block -> {
            int tensor = cut.tensor(block);
            int at = cut.from(block);
            int length = cut.length(block);
            from.read(tensor, at, values, length);
            if (mean != null) {
              mean.read(block, means);
              for (int i = 0; i < length; i++) {
                values[i] = (float) (values[i] - means[i]);
              }
            }
            to.write(tensor, at, values, length);
          };
        });
  }
}
