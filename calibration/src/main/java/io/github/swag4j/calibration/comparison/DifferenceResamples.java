package io.github.swag4j.calibration.comparison;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/** First minus second, replicate by replicate. Paired when both see the same rows. */
record DifferenceResamples(Resamples first, Resamples second) implements Resamples {

  @Override
  public double estimate() {
    return first.estimate() - second.estimate();
  }

  @Override
  public double replicate(long b) {
    return first instanceof RowResamples a && second instanceof RowResamples c && a.isPairedWith(c)
        ? a.difference(c, b)
        : first.replicate(b) - second.replicate(b);
  }

  @Override
  public double[] withoutRows() {
    double[] a = first.withoutRows();
    double[] b = second.withoutRows();
    Arrays.setAll(a, i -> a[i] - b[i]);
    return a;
  }

  @Override
  public List<double[]> withoutDraws() {
    List<double[]> all = new ArrayList<>();
    for (double[] a : first.withoutDraws()) {
      all.add(Arrays.stream(a).map(v -> v - second.estimate()).toArray());
    }
    for (double[] b : second.withoutDraws()) {
      all.add(Arrays.stream(b).map(v -> first.estimate() - v).toArray());
    }
    return all;
  }
}
