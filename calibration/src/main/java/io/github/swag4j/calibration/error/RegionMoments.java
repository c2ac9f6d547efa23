package io.github.swag4j.calibration.error;

import io.github.swag4j.calibration.internal.CompensatedSum;
import java.util.Arrays;

/**
 * Between-region variance of outcomes among rows of nearly one forecast, and how much of it is
 * chance.
 *
 * @param rows the rows
 * @param regions the regions they are in
 * @param plugIn sum_j n_j / n (y_j - y)^2 of the rates y_j of the regions and y of all
 * @param bias what the plug-in estimate is too large by in expectation
 * @param variance sampling variance of plugIn - bias, about
 */
record RegionMoments(int rows, int regions, double plugIn, double bias, double variance) {

  /**
   * Moments of rows in regions.
   *
   * @param region the region of each row
   * @param y whether the event came
   */
  static RegionMoments of(int[] region, boolean[] y) {
    int n = region.length;
    int[] numbers = Arrays.stream(region).distinct().sorted().toArray();
    int[] counts = new int[numbers.length];
    int[] hits = new int[numbers.length];
    int allHits = 0;
    for (int i = 0; i < n; i++) {
      int j = Arrays.binarySearch(numbers, region[i]);
      counts[j]++;
      hits[j] += y[i] ? 1 : 0;
      allHits += y[i] ? 1 : 0;
    }
    if (numbers.length < 2) {
      return new RegionMoments(n, numbers.length, 0, 0, 0);
    }
    double rate = (double) allHits / n;
    CompensatedSum plugIn = new CompensatedSum();
    CompensatedSum bias = new CompensatedSum();
    CompensatedSum variance = new CompensatedSum();
    for (int j = 0; j < numbers.length; j++) {
      double share = (double) counts[j] / n;
      double rateHere = (double) hits[j] / counts[j];
      double apart = (rateHere - rate) * (rateHere - rate);
      double noise = rateHere * (1 - rateHere) / (counts[j] - 1); // of the region's rate, squared
      plugIn.add(share * apart);
      bias.add(share * noise);
      double signal = Math.max(0, apart - noise);
      variance.add(share * share * (4 * signal * noise + 2 * noise * noise));
    }
    bias.add(-rate * (1 - rate) / (n - 1));
    return new RegionMoments(n, numbers.length, plugIn.value(), bias.value(), variance.value());
  }
}
