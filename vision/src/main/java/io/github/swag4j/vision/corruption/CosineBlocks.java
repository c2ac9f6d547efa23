package io.github.swag4j.vision.corruption;

import io.github.swag4j.vision.data.ImageSize;

/** The loss of JPEG: cosine transforms of blocks with rounded coefficients. */
final class CosineBlocks {
  private static final int SIDE = 8;

  /** Row u: the orthonormal cosine of frequency u. */
  private static final double[][] COSINES = cosines();

  private CosineBlocks() {}

  private static double[][] cosines() {
    double[][] out = new double[SIDE][SIDE];
    for (int u = 0; u < SIDE; u++) {
      for (int x = 0; x < SIDE; x++) {
        out[u][x] =
            Math.sqrt((u == 0 ? 1.0 : 2.0) / SIDE)
                * StrictMath.cos((2 * x + 1) * u * Math.PI / (2 * SIDE));
      }
    }
    return out;
  }

  /** Rounds coefficients to multiples of step (1 + u + v); a block past the border repeats it. */
  static void quantise(double[] x, ImageSize size, double step) {
    int height = size.height();
    int width = size.width();
    double[][] block = new double[SIDE][SIDE];
    for (int c = 0; c < size.channels(); c++) {
      for (int top = 0; top < height; top += SIDE) {
        for (int left = 0; left < width; left += SIDE) {
          for (int i = 0; i < SIDE * SIDE; i++) {
            int y = Math.min(height - 1, top + i / SIDE);
            int across = Math.min(width - 1, left + i % SIDE);
            block[i / SIDE][i % SIDE] = x[(c * height + y) * width + across];
          }
          double[][] coefficients = times(times(COSINES, block), transposed(COSINES));
          for (int u = 0; u < SIDE; u++) {
            for (int v = 0; v < SIDE; v++) {
              double unit = step * (1 + u + v);
              coefficients[u][v] = unit * Math.rint(coefficients[u][v] / unit);
            }
          }
          double[][] made = times(times(transposed(COSINES), coefficients), COSINES);
          for (int y = top; y < Math.min(height, top + SIDE); y++) {
            for (int across = left; across < Math.min(width, left + SIDE); across++) {
              x[(c * height + y) * width + across] = made[y - top][across - left];
            }
          }
        }
      }
    }
  }

  private static double[][] times(double[][] a, double[][] b) {
    double[][] out = new double[SIDE][SIDE];
    for (int i = 0; i < SIDE; i++) {
      for (int j = 0; j < SIDE; j++) {
        double sum = 0;
        for (int k = 0; k < SIDE; k++) {
          sum += a[i][k] * b[k][j];
        }
        out[i][j] = sum;
      }
    }
    return out;
  }

  private static double[][] transposed(double[][] a) {
    double[][] out = new double[SIDE][SIDE];
    for (int i = 0; i < SIDE; i++) {
      for (int j = 0; j < SIDE; j++) {
        out[j][i] = a[i][j];
      }
    }
    return out;
  }
}
