package io.github.swag4j.calibration.sketch;

import io.github.swag4j.calibration.internal.CompensatedSum;

/** The definitions, row by row and bin by bin, with no care for speed. */
final class SketchReference {
  final long[] counts;
  double accuracy;
  double ece;
  double classwise;
  double nll;
  double brier;
  double topBrier;
  long saturated;
  long zeros;

  SketchReference(float[] p, int[] labels, int classes, int bins) {
    int rows = labels.length;
    counts = new long[bins];
    CompensatedSum[] gaps = sums(bins);
    CompensatedSum[] classGaps = sums(bins * classes);
    CompensatedSum[] scores = sums(3);
    long right = 0;
    for (int r = 0; r < rows; r++) {
      int best = 0;
      for (int k = 0; k < classes; k++) {
        double v = p[r * classes + k];
        double own = k == labels[r] ? 1 : 0;
        best = v > p[r * classes + best] ? k : best;
        classGaps[k * bins + bin(v, bins)].add(v - own);
        scores[1].add((v - own) * (v - own));
      }
      double confidence = p[r * classes + best];
      double hit = best == labels[r] ? 1 : 0;
      right += (long) hit;
      counts[bin(confidence, bins)]++;
      gaps[bin(confidence, bins)].add(confidence - hit);
      double y = p[r * classes + labels[r]];
      scores[0].add(-Math.log(Math.max(y, 1e-300)));
      scores[2].add((confidence - hit) * (confidence - hit));
      saturated += confidence == 1 ? 1 : 0;
      zeros += y == 0 ? 1 : 0;
    }
    accuracy = (double) right / rows;
    nll = scores[0].value() / rows;
    brier = scores[1].value() / rows;
    topBrier = scores[2].value() / rows;
    for (CompensatedSum gap : gaps) {
      ece += Math.abs(gap.value()) / rows;
    }
    for (CompensatedSum gap : classGaps) {
      classwise += Math.abs(gap.value()) / rows / classes;
    }
  }

  private static int bin(double v, int bins) {
    int b = 0;
    while (b < bins - 1 && v > (double) (b + 1) / bins) {
      b++;
    }
    return b;
  }

  private static CompensatedSum[] sums(int n) {
    CompensatedSum[] sums = new CompensatedSum[n];
    java.util.Arrays.setAll(sums, i -> new CompensatedSum());
    return sums;
  }
}
