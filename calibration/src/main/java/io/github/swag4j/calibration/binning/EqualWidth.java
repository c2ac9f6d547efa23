package io.github.swag4j.calibration.binning;

import io.github.swag4j.calibration.Forecasts;
import java.util.List;
import java.util.Optional;

/**
 * Bins between fixed edges over [0, 1]. Rows below the first edge do not exist; rows equal to an
 * edge go down (right-closed bins) or up (left-closed bins), except that 0 is always in the first
 * bin and 1 in the last.
 */
final class EqualWidth implements Partition {

  /** How peers compute the same edges in different roundings. */
  public enum Edges {
    /** (double) i / n: 3 / 10 is the double nearest to 0.3. */
    EXACT,
    /** numpy.linspace: i * (1 / n), so that 3 * (1 / 10) = 0.30000000000000004; the last is 1. */
    NUMPY,
    /**
     * torch.linspace: i * (1 / n) from below in the lower half, 1 - (n - i) * (1 / n) in the upper.
     */
    TORCH;

    double at(int i, int n, boolean singlePrecision) {
      if (i == n) {
        return 1;
      }
      return switch (this) {
        case EXACT -> (double) i / n;
        case NUMPY -> i * (1.0 / n);
        case TORCH -> singlePrecision ? torchFloat(i, n) : torchDouble(i, n);
      };
    }

    // torch's vectorised kernel fuses the multiplication and the subtraction.
    private static double torchDouble(int i, int n) {
      double step = 1.0 / n;
      return i < (n + 1) / 2 ? step * i : Math.fma(-step, n - i, 1);
    }

    private static double torchFloat(int i, int n) {
      float step = 1f / n;
      return i < (n + 1) / 2 ? step * i : Math.fma(-step, n - i, 1f);
    }
  }

  private final Edges edges;
  private final boolean rightClosed;
  private final boolean ownBinForOne;
  private final String words;

  EqualWidth(Edges edges, boolean rightClosed, boolean ownBinForOne, String words) {
    this.edges = edges;
    this.rightClosed = rightClosed;
    this.ownBinForOne = ownBinForOne;
    this.words = words;
  }

  @Override
  public List<BinTotals> bins(Forecasts forecasts, int bins) {
    // torchmetrics rounds multi-class confidences to float32, and keeps a binary problem's type.
    boolean single =
        forecasts.isSinglePrecision() || !forecasts.event().equals(Forecasts.POSITIVE_CLASS);
    return between(bins, single).totals(forecasts);
  }

  @Override
  public Optional<FixedBins> fixed(int bins, boolean single) {
    return Optional.of(between(bins, single));
  }

  @Override
  public boolean isFixed() {
    return true;
  }

  @Override
  public int fixedCount(int bins) {
    return ownBinForOne ? bins + 1 : bins;
  }

  private FixedBins between(int bins, boolean singlePrecision) {
    boolean single = singlePrecision && edges == Edges.TORCH;
    double[] bounds = new double[bins + (ownBinForOne ? 2 : 1)];
    for (int i = 0; i <= bins; i++) {
      bounds[i] = edges.at(i, bins, single);
    }
    if (ownBinForOne) {
      bounds[bins + 1] = 1;
    }
    return new FixedBins(bounds, rightClosed, single);
  }

  /** MAPIE's bins: numpy.linspace with so many edges instead of bins, and one bin for 0 alone. */
  static final class OneFewer implements Partition {
    @Override
    public List<BinTotals> bins(Forecasts forecasts, int bins) {
      return between(bins).totals(forecasts);
    }

    @Override
    public Optional<FixedBins> fixed(int bins, boolean single) {
      return Optional.of(between(bins));
    }

    @Override
    public boolean isFixed() {
      return true;
    }

    @Override
    public int fixedCount(int bins) {
      if (bins < 2) {
        throw new IllegalArgumentException(
            "mapie's bins are one fewer than asked for: bins must be at least 2, got " + bins);
      }
      return bins;
    }

    private FixedBins between(int bins) {
      double[] bounds = new double[fixedCount(bins) + 1];
      for (int i = 0; i < bins; i++) {
        bounds[i + 1] = Edges.NUMPY.at(i, bins - 1, false);
      }
      return new FixedBins(bounds, true, false);
    }

    @Override
    public String describe(int bins) {
      return (bins - 1) + " equal-width bins and one for 0.0";
    }
  }

  @Override
  public String describe(int bins) {
    return bins + " equal-width " + (bins == 1 ? "bin" : "bins") + words;
  }
}
