package io.github.swag4j.calibration.recalibration.fit;

import io.github.swag4j.base.DotProduct;
import io.github.swag4j.calibration.NoFiniteOptimumException;
import io.github.swag4j.calibration.internal.CompensatedSum;
import java.util.Arrays;
import java.util.stream.IntStream;

/**
 * Mean negative log-likelihood of softmax(W x + b), with W diagonal or full, plus the off-diagonal
 * and intercept penalty (ODIR) lambda / (K (K - 1)) sum_{i != j} w_ij^2 + mu / K sum_i b_i^2.
 *
 * <p>Parameters are the diagonal, {@code [K]}, or the matrix row by row, {@code [K * K]}, followed
 * by b, {@code [K]}.
 *
 * @see <a href="https://arxiv.org/abs/1910.12656">Kull et al. 2019, Beyond temperature scaling,
 *     section 3.1</a>
 */
public final class LinearLikelihood implements NewtonCg.Objective {
  private static final int ROWS_PER_BLOCK = 256;
  private static final int MOST_BLOCKS = 16;
  private static final long WORTH_THREADS = 1 << 18; // products

  private final FittingSet fit;
  private final double[] x;
  private final boolean full;
  private final int classes;
  private final int weightCount;
  private final double matrixPenalty;
  private final double interceptPenalty;
  private final double[] p;

  public LinearLikelihood(FittingSet fit, double[] x, boolean full, double lambda, double mu) {
    this.fit = fit;
    this.x = x;
    this.full = full;
    classes = fit.classes;
    weightCount = full ? classes * classes : classes;
    matrixPenalty = lambda / ((double) classes * (classes - 1));
    interceptPenalty = mu / classes;
    p = new double[x.length];
  }

  /**
   * Where to start: the best multiple of the identity, no intercept. Large scores saturate the
   * identity itself, and a saturated row has no curvature to take a step by.
   *
   * @throws NoFiniteOptimumException if every row is predicted right: what grows is the multiple
   */
  public double[] start(String what) {
    TemperatureLikelihood f = new TemperatureLikelihood(fit, x.clone());
    if (!f.isFlat() && f.isSeparable()) {
      throw new NoFiniteOptimumException(
          what
              + " has no finite optimum on these rows, all "
              + fit.rows
              + " are predicted right: fit on more rows, or use platt, isotonic or histogram");
    }
    double[] out = new double[weightCount + classes];
    double multiple = f.isFlat() ? 1 : f.optimum();
    for (int k = 0; k < classes; k++) {
      out[full ? k * classes + k : k] = multiple;
    }
    return out;
  }

  public static double[] scores(double[] w, boolean full, double[] x, int from, int classes) {
    int intercept = full ? classes * classes : classes;
    double[] z = new double[classes];
    for (int k = 0; k < classes; k++) {
      double product = full ? DotProduct.of(w, k * classes, x, from, classes) : w[k] * x[from + k];
      z[k] = w[intercept + k] + product;
    }
    return z;
  }

  @Override
  public double evaluate(double[] point, double[] gradient) {
    Arrays.fill(gradient, 0);
    CompensatedSum[] losses = new CompensatedSum[blocks()];
    addBlocks(
        gradient,
        (block, out) -> {
          losses[block] = new CompensatedSum();
          addGradient(point, block, losses[block], out);
        });
    CompensatedSum loss = new CompensatedSum();
    for (CompensatedSum each : losses) {
      loss.add(each);
    }
    return loss.value() + penalty(point, gradient, point);
  }

  /** How many parts the rows are summed in: of the rows alone, so that threads change no bit. */
  private int blocks() {
    return Math.max(1, Math.min(MOST_BLOCKS, fit.rows / ROWS_PER_BLOCK));
  }

  private int start(int block) {
    return (int) ((long) fit.rows * block / blocks());
  }

  /** What a block of rows adds to a vector. */
  private interface BlockSum {
    void addTo(int block, double[] out);
  }

  private void addBlocks(double[] out, BlockSum sum) {
    int blocks = blocks();
    if (blocks == 1) {
      sum.addTo(0, out);
      return;
    }
    double[][] parts = new double[blocks][];
    IntStream range = IntStream.range(0, blocks);
    ((long) fit.rows * weightCount > WORTH_THREADS ? range.parallel() : range)
        .forEach(
            block -> {
              parts[block] = new double[out.length];
              sum.addTo(block, parts[block]);
            });
    for (double[] part : parts) {
      for (int i = 0; i < out.length; i++) {
        out[i] += part[i];
      }
    }
  }

  private void addGradient(double[] point, int block, CompensatedSum loss, double[] gradient) {
    double[] residual = new double[classes];
    for (int row = start(block); row < start(block + 1); row++) {
      int from = row * classes;
      int label = fit.labels[row];
      double w = fit.weights[row] / fit.totalWeight;
      double[] z = scores(point, full, x, from, classes);
      loss.add(w * (Softmax.logSumExp(z, 0, classes) - z[label]));
      Softmax.apply(z, 0, classes, p, from);
      double others = 0;
      for (int k = 0; k < classes; k++) {
        residual[k] = w * p[from + k];
        others += k == label ? 0 : residual[k];
      }
      // 1 - p of the label, from the other classes so that it does not cancel.
      residual[label] = -others;
      accumulate(residual, from, gradient);
    }
  }

  private void accumulate(double[] residual, int from, double[] out) {
    for (int k = 0; k < classes; k++) {
      double r = residual[k];
      out[weightCount + k] += r;
      if (full) {
        for (int j = 0; j < classes; j++) {
          out[k * classes + j] += r * x[from + j];
        }
      } else {
        out[k] += r * x[from + k];
      }
    }
  }

  /** Adds the penalty's gradient at v (its Hessian times v) to out and returns its value at w. */
  private double penalty(double[] v, double[] out, double[] w) {
    double value = 0;
    for (int i = 0; full && i < weightCount; i++) {
      if (i / classes != i % classes) {
        value += matrixPenalty * w[i] * w[i];
        out[i] += 2 * matrixPenalty * v[i];
      }
    }
    for (int i = weightCount; i < weightCount + classes; i++) {
      value += interceptPenalty * w[i] * w[i];
      out[i] += 2 * interceptPenalty * v[i];
    }
    return value;
  }

  @Override
  public void hessianTimes(double[] direction, double[] out) {
    Arrays.fill(out, 0);
    addBlocks(out, (block, part) -> addHessianTimes(direction, block, part));
    penalty(direction, out, direction);
  }

  private void addHessianTimes(double[] direction, int block, double[] out) {
    double[] residual = new double[classes];
    for (int row = start(block); row < start(block + 1); row++) {
      int from = row * classes;
      double w = fit.weights[row] / fit.totalWeight;
      double[] u = scores(direction, full, x, from, classes);
      double mean = 0;
      for (int k = 0; k < classes; k++) {
        mean += p[from + k] * u[k];
      }
      for (int k = 0; k < classes; k++) {
        residual[k] = w * p[from + k] * (u[k] - mean);
      }
      accumulate(residual, from, out);
    }
  }

  /**
   * Softmax does not see what all classes share: an intercept, or a column of W. Where no penalty
   * pins these down they stay at their start.
   */
  @Override
  public void project(double[] vector) {
    if (interceptPenalty == 0) {
      centre(vector, weightCount, 1);
    }
    for (int j = 0; full && matrixPenalty == 0 && j < classes; j++) {
      centre(vector, j, classes);
    }
  }

  private void centre(double[] vector, int from, int stride) {
    double mean = 0;
    for (int k = 0; k < classes; k++) {
      mean += vector[from + k * stride] / classes;
    }
    for (int k = 0; k < classes; k++) {
      vector[from + k * stride] -= mean;
    }
  }

  @Override
  public void hessianDiagonal(double[] out) {
    Arrays.fill(out, 0);
    for (int row = 0; row < fit.rows; row++) {
      int from = row * classes;
      double w = fit.weights[row] / fit.totalWeight;
      for (int k = 0; k < classes; k++) {
        double v = w * p[from + k] * (1 - p[from + k]);
        out[weightCount + k] += v;
        if (full) {
          for (int j = 0; j < classes; j++) {
            out[k * classes + j] += v * x[from + j] * x[from + j];
          }
        } else {
          out[k] += v * x[from + k] * x[from + k];
        }
      }
    }
    double[] ones = new double[out.length];
    Arrays.fill(ones, 1);
    penalty(ones, out, ones);
  }
}
