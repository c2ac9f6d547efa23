package io.github.swag4j.swa.internal;

/**
 * The arithmetic of averages on one block. Loops over plain arrays from 0, with one type of number
 * each: HotSpot turns these into vector instructions, and those with offsets or conversions not.
 */
final class BlockKernels {

  private BlockKernels() {}

  /** mean += (w - mean) share. */
  static void mean(float[] w, float[] mean, int length, float share) {
    for (int i = 0; i < length; i++) {
      mean[i] += (w[i] - mean[i]) * share;
    }
  }

  /**
   * The same for mean = high + low. Kahan's sum loses at most one rounding of the step where the
   * step is larger than the mean, which is no more than the step's own error.
   */
  static void mean(float[] w, float[] high, float[] low, int length, float share) {
    for (int i = 0; i < length; i++) {
      float step = (w[i] - high[i] - low[i]) * share + low[i];
      float sum = high[i] + step;
      low[i] = step - (sum - high[i]);
      high[i] = sum;
    }
  }

  /** The same in float64. */
  static void mean(double[] w, double[] mean, int length, double share) {
    for (int i = 0; i < length; i++) {
      mean[i] += (w[i] - mean[i]) * share;
    }
  }

  /** Welford: m2 += (w - mean_old) (w - mean_new); w becomes w - mean_new. */
  static void moments(float[] w, float[] mean, float[] m2, int length, float share) {
    for (int i = 0; i < length; i++) {
      float before = w[i] - mean[i];
      float now = mean[i] + before * share;
      mean[i] = now;
      float after = w[i] - now;
      m2[i] += before * after;
      w[i] = after;
    }
  }

  /** The same with residuals; before is scratch memory. */
  static void moments(
      float[] w,
      float[] mean,
      float[] meanLow,
      float[] m2,
      float[] m2Low,
      float[] before,
      int length,
      float share) {
    for (int i = 0; i < length; i++) {
      float difference = w[i] - mean[i] - meanLow[i];
      float step = difference * share + meanLow[i];
      float sum = mean[i] + step;
      float residual = step - (sum - mean[i]);
      before[i] = difference;
      meanLow[i] = residual;
      mean[i] = sum;
      w[i] = w[i] - sum - residual;
    }
    for (int i = 0; i < length; i++) {
      float step = before[i] * w[i] + m2Low[i];
      float sum = m2[i] + step;
      m2Low[i] = step - (sum - m2[i]);
      m2[i] = sum;
    }
  }

  /** The same in float64. */
  static void moments(double[] w, double[] mean, double[] m2, int length, double share) {
    for (int i = 0; i < length; i++) {
      double before = w[i] - mean[i];
      double now = mean[i] + before * share;
      mean[i] = now;
      double after = w[i] - now;
      m2[i] += before * after;
      w[i] = after;
    }
  }

  /** The mean of {@link #moments(float[], float[], float[], int, float)} and what w becomes. */
  static void deviations(float[] w, float[] mean, int length, float share) {
    for (int i = 0; i < length; i++) {
      float now = mean[i] + (w[i] - mean[i]) * share;
      mean[i] = now;
      w[i] = w[i] - now;
    }
  }

  /** The same with residuals. */
  static void deviations(float[] w, float[] mean, float[] meanLow, int length, float share) {
    for (int i = 0; i < length; i++) {
      float step = (w[i] - mean[i] - meanLow[i]) * share + meanLow[i];
      float sum = mean[i] + step;
      float residual = step - (sum - mean[i]);
      meanLow[i] = residual;
      mean[i] = sum;
      w[i] = w[i] - sum - residual;
    }
  }

  /** The same in float64. */
  static void deviations(double[] w, double[] mean, int length, double share) {
    for (int i = 0; i < length; i++) {
      double now = mean[i] + (w[i] - mean[i]) * share;
      mean[i] = now;
      w[i] = w[i] - now;
    }
  }

  static void widen(float[] from, double[] to, int length) {
    for (int i = 0; i < length; i++) {
      to[i] = from[i];
    }
  }

  static void addWidened(float[] from, double[] to, int length) {
    for (int i = 0; i < length; i++) {
      to[i] += from[i];
    }
  }

  /** Quotients, rounded and raised to a floor. */
  static void divide(
      double[] values, double divisor, float floor, float[] out, int from, int length) {
    for (int i = 0; i < length; i++) {
      out[from + i] = Math.max((float) (values[i] / divisor), floor);
    }
  }

  static void narrow(double[] from, float[] to, int length) {
    for (int i = 0; i < length; i++) {
      to[i] = (float) from[i];
    }
  }
}
