package io.github.swag4j.calibration.comparison;

import java.util.List;

/**
 * A statistic that can be computed again on resampled data. Replicate b is a pure function of the
 * seed and b: two of them with the same seed and order of rows see the same rows in the same
 * replicate, which is all that pairing needs.
 */
interface Resamples {

  /** The statistic on the data as they are. */
  double estimate();

  /** The statistic on resample b; NaN where it is undefined. */
  double replicate(long b);

  /** The statistic with each block of rows left out in turn. */
  double[] withoutRows();

  /** The same with each posterior draw left out, one array for each independent set of draws. */
  List<double[]> withoutDraws();
}
