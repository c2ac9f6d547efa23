package io.github.swag4j.vision.corruption;

import io.github.swag4j.base.SplitMix;
import io.github.swag4j.vision.data.ImageSize;
import java.util.Arrays;

/** Means over a neighbourhood; outside the image its border goes on. */
final class Filters {
  private static final double SIDE = 32;
  private static final int CELLS = 4;

  private Filters() {}

  /** How much longer lengths are than in an image of 32 pixels. */
  static double scale(ImageSize size) {
    return Math.max(1, Math.min(size.height(), size.width()) / SIDE);
  }

  /** A Gaussian of this standard deviation, cut at three of them. */
  static void gaussian(double[] x, ImageSize size, double deviation) {
    int radius = (int) Math.ceil(3 * deviation);
    double[][] kernel = new double[2 * radius + 1][2 * radius + 1];
    for (int dy = -radius; dy <= radius; dy++) {
      for (int dx = -radius; dx <= radius; dx++) {
        kernel[dy + radius][dx + radius] =
            StrictMath.exp(-(dy * dy + dx * dx) / (2 * deviation * deviation));
      }
    }
    convolve(x, size, kernel);
  }

  /** A disc; pixels at its edge count by how much of them it covers, in steps of 1/64. */
  static void disc(double[] x, ImageSize size, double radius) {
    int reach = (int) Math.ceil(radius);
    double[][] kernel = new double[2 * reach + 1][2 * reach + 1];
    for (int dy = -reach; dy <= reach; dy++) {
      for (int dx = -reach; dx <= reach; dx++) {
        for (int part = 0; part < 64; part++) {
          int line = part / 8;
          double y = dy + (line - 3.5) / 8;
          double across = dx + (part % 8 - 3.5) / 8;
          kernel[dy + reach][dx + reach] += y * y + across * across <= radius * radius ? 1 : 0;
        }
      }
    }
    convolve(x, size, kernel);
  }

  /** A line through the pixel; each point of it counts for the four pixels around. */
  static void line(double[] x, ImageSize size, double length, double angle) {
    int reach = (int) Math.ceil(length / 2) + 1;
    double[][] kernel = new double[2 * reach + 1][2 * reach + 1];
    int points = 8 * (int) Math.ceil(length) + 1;
    for (int p = 0; p < points; p++) {
      double along = length * ((double) p / (points - 1) - 0.5);
      double y = reach + along * StrictMath.sin(angle);
      double across = reach + along * StrictMath.cos(angle);
      int top = (int) Math.floor(y);
      int left = (int) Math.floor(across);
      kernel[top][left] += (top + 1 - y) * (left + 1 - across);
      kernel[top][left + 1] += (top + 1 - y) * (across - left);
      kernel[top + 1][left] += (y - top) * (left + 1 - across);
      kernel[top + 1][left + 1] += (y - top) * (across - left);
    }
    convolve(x, size, kernel);
  }

  private static void convolve(double[] x, ImageSize size, double[][] kernel) {
    double total = 0;
    for (double[] row : kernel) {
      for (double weight : row) {
        total += weight;
      }
    }
    int reach = kernel.length / 2;
    int height = size.height();
    int width = size.width();
    double[] plane = new double[height * width];
    for (int c = 0; c < size.channels(); c++) {
      int first = c * plane.length;
      System.arraycopy(x, first, plane, 0, plane.length);
      for (int y = 0; y < height; y++) {
        for (int across = 0; across < width; across++) {
          double sum = 0;
          for (int dy = -reach; dy <= reach; dy++) {
            int line = Math.min(height - 1, Math.max(0, y + dy)) * width;
            for (int dx = -reach; dx <= reach; dx++) {
              double weight = kernel[dy + reach][dx + reach];
              if (weight != 0) {
                sum += weight * plane[line + Math.min(width - 1, Math.max(0, across + dx))];
              }
            }
          }
          x[first + y * width + across] = sum / total;
        }
      }
    }
  }

  /** Each pixel becomes the mean of its block; blocks need not be whole numbers of pixels. */
  static void blocks(double[] x, ImageSize size, double side) {
    int height = size.height();
    int width = size.width();
    int down = Math.max(1, (int) Math.round(height / side));
    int right = Math.max(1, (int) Math.round(width / side));
    double[] sums = new double[down * right];
    int[] counts = new int[down * right];
    for (int c = 0; c < size.channels(); c++) {
      int first = c * height * width;
      Arrays.fill(sums, 0);
      Arrays.fill(counts, 0);
      for (int i = 0; i < height * width; i++) {
        int block = i / width * down / height * right + i % width * right / width;
        sums[block] += x[first + i];
        counts[block]++;
      }
      for (int i = 0; i < height * width; i++) {
        int block = i / width * down / height * right + i % width * right / width;
        x[first + i] = sums[block] / counts[block];
      }
    }
  }

  /** A field in [0, 1]: uniform numbers on a grid of 4 x 4 cells, smoothly between. */
  static double[] field(ImageSize size, SplitMix random) {
    double[] corners = new double[(CELLS + 1) * (CELLS + 1)];
    for (int i = 0; i < corners.length; i++) {
      corners[i] = random.uniform();
    }
    double[] field = new double[size.height() * size.width()];
    for (int i = 0; i < field.length; i++) {
      int line = i / size.width();
      double y = (line + 0.5) / size.height() * CELLS;
      double x = (i % size.width() + 0.5) / size.width() * CELLS;
      int row = (int) y;
      int column = (int) x;
      int at = row * (CELLS + 1) + column;
      double down = smooth(y - row);
      double right = smooth(x - column);
      field[i] =
          (1 - down) * ((1 - right) * corners[at] + right * corners[at + 1])
              + down * ((1 - right) * corners[at + CELLS + 1] + right * corners[at + CELLS + 2]);
    }
    return field;
  }

  private static double smooth(double t) {
    return t * t * (3 - 2 * t);
  }
}
