package io.github.swag4j.swag.laplace;

/** What every curvature must be. */
final class CurvatureChecks {

  /** Largest order of a dense matrix: two of them take 1 GiB. */
  static final int MOST = 8_192;

  private CurvatureChecks() {}

  /** The values themselves, if there are enough and all are finite. */
  static double[] requireFinite(String what, double[] values, long expected) {
    if (values.length != expected) {
      throw new IllegalArgumentException(
          what + " must have " + expected + " values, got " + values.length);
    }
    for (int i = 0; i < values.length; i++) {
      if (!Double.isFinite(values[i])) {
        throw new IllegalArgumentException(what + " must be finite, got " + values[i] + " at " + i);
      }
    }
    return values;
  }

  /** A copy with both triangles alike. */
  static double[] symmetric(String what, double[] values, int n) {
    double[] copy = requireFinite(what, values.clone(), (long) n * n);
    for (int i = 0; i < n; i++) {
      if (copy[i * n + i] < 0) {
        throw new IllegalArgumentException(
            what
                + " must be positive semi-definite, got "
                + copy[i * n + i]
                + " on its diagonal at "
                + i);
      }
      for (int j = i + 1; j < n; j++) {
        double above = copy[i * n + j];
        double below = copy[j * n + i];
        if (Math.abs(above - below)
            > 1e-5 * Math.sqrt(Math.abs(copy[i * n + i] * copy[j * n + j])) + 1e-30) {
          throw new IllegalArgumentException(
              what + " must be symmetric, got " + above + " and " + below + " at " + i + ", " + j);
        }
        copy[i * n + j] = above / 2 + below / 2;
        copy[j * n + i] = copy[i * n + j];
      }
    }
    return copy;
  }
}
