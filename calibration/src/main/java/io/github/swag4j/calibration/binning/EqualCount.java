package io.github.swag4j.calibration.binning;

import io.github.swag4j.calibration.Forecasts;
import java.util.ArrayList;
import java.util.List;

/**
 * Bins of a number of rows each, in ascending order of confidence, whatever the ties: rows of a tie
 * that lies across a boundary are shared in expectation, so that the result is the mean over the
 * orders in which the peers may happen to sort the tie.
 */
final class EqualCount implements Partition {

  /** How rows are counted off. */
  enum Split {
    /** So many parts, the first ones larger by one row, as torch.tensor_split. */
    PARTS,
    /**
     * Parts of so many rows, the last one taking the rest, and that last one left out: the loop of
     * Hendrycks et al., which stops one bin early.
     */
    ROWS_WITHOUT_LAST
  }

  private final Split split;

  EqualCount(Split split) {
    this.split = split;
  }

  @Override
  public List<BinTotals> bins(Forecasts forecasts, int number) {
    int rows = forecasts.rows();
    if (split == Split.ROWS_WITHOUT_LAST && rows < number) {
      throw new IllegalArgumentException(
          "bins of "
              + number
              + " rows need at least as many rows, got "
              + rows
              + ": ask for smaller bins with withBins");
    }
    int parts = split == Split.PARTS ? number : rows / number - 1;
    List<BinTotals> out = new ArrayList<>(parts);
    int from = 0;
    for (int part = 0; part < parts; part++) {
      int size = split == Split.PARTS ? rows / parts + (part < rows % parts ? 1 : 0) : number;
      out.add(bin(forecasts, from, from + size));
      from += size;
    }
    return out;
  }

  private static BinTotals bin(Forecasts forecasts, int from, int to) {
    BinAccumulator bin = new BinAccumulator();
    if (from == to) {
      double edge = from == 0 ? 0 : forecasts.probability(from - 1);
      return bin.totals(edge, edge);
    }
    int i = from;
    while (i < to) {
      int tieFrom = i == from ? tieStart(forecasts, i) : i;
      int tieTo = tieEnd(forecasts, i);
      if (tieFrom == i && tieTo <= to) {
        bin.add(forecasts, i, tieTo);
      } else {
        bin.addShare(forecasts, tieFrom, tieTo, Math.min(tieTo, to) - i);
      }
      i = Math.min(tieTo, to);
    }
    return bin.totals(forecasts.probability(from), forecasts.probability(to - 1));
  }

  private static int tieStart(Forecasts forecasts, int i) {
    int start = i;
    while (start > 0 && forecasts.probability(start - 1) == forecasts.probability(i)) {
      start--;
    }
    return start;
  }

  private static int tieEnd(Forecasts forecasts, int i) {
    int end = i + 1;
    while (end < forecasts.rows() && forecasts.probability(end) == forecasts.probability(i)) {
      end++;
    }
    return end;
  }

  @Override
  public String describe(int number) {
    return split == Split.PARTS
        ? number + " equal-count " + (number == 1 ? "bin" : "bins")
        : "bins of " + number + " rows without the last";
  }
}
