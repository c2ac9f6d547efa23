package io.github.swag4j.studies.lowprecision;

import io.github.swag4j.base.SplitMix;
import io.github.swag4j.swa.quantize.Draw;
import io.github.swag4j.swa.quantize.NumberFormat.FixedPoint;
import io.github.swag4j.swa.quantize.Quantizer;
import io.github.swag4j.swa.quantize.Role;
import java.util.ArrayList;
import java.util.List;
import org.apache.commons.math3.linear.Array2DRowRealMatrix;
import org.apache.commons.math3.linear.ArrayRealVector;
import org.apache.commons.math3.linear.CholeskyDecomposition;

/**
 * Linear regression by SGD on single rows, with weights on the grid of fixed point: how far the
 * last weights and the average are from the solution w* of least squares.
 *
 * <p>Rows are x ~ N(0, I_d) and y = v.x + N(0, noise^2), with v uniform in [-1, 1]^d. Both
 * trainings, in floats and in fixed point with stochastic rounding, start from zero and take the
 * same rows; after the warm-up every step's weights enter the averages.
 */
final class LinearTask {

  /** Version of what the code finds. */
  static final int VERSION = 1;

  /**
   * Sizes.
   *
   * @param dimensions d
   * @param rows N, above d
   * @param noise standard deviation of the targets around the line
   * @param warmUp steps before averaging begins
   * @param steps T, averaged steps
   */
  record Sizes(int dimensions, int rows, double noise, int warmUp, int steps) {}

  /**
   * Squared distances to w* after some averaged steps.
   *
   * @param steps numbers of averaged steps, ascending
   * @param last of SGD in fixed point
   * @param average of SWALP
   * @param rounded of SWALP's average rounded to the weights' grid
   * @param floatLast of SGD in floats
   * @param floatAverage of the average of that
   * @param ball mean of {@code last} over all averaged steps
   * @param floatBall mean of {@code floatLast} over all averaged steps
   */
  record Found(
      List<Integer> steps,
      List<Double> last,
      List<Double> average,
      List<Double> rounded,
      List<Double> floatLast,
      List<Double> floatAverage,
      double ball,
      double floatBall) {}

  private final Sizes sizes;
  private final float[][] x;
  private final float[] y;
  private final double[] solution;

  LinearTask(Sizes sizes, int seed) {
    this.sizes = sizes;
    int d = sizes.dimensions();
    SplitMix random = new SplitMix(SplitMix.mix(seed + SplitMix.GAMMA));
    double[] line = new double[d];
    for (int j = 0; j < d; j++) {
      line[j] = 2 * random.uniform() - 1;
    }
    x = new float[sizes.rows()][d];
    y = new float[sizes.rows()];
    for (int i = 0; i < y.length; i++) {
      double sum = sizes.noise() * random.gaussian();
      for (int j = 0; j < d; j++) {
        x[i][j] = (float) random.gaussian();
        sum += line[j] * x[i][j];
      }
      y[i] = (float) sum;
    }
    solution = leastSquares();
  }

  private double[] leastSquares() {
    int d = sizes.dimensions();
    double[][] squares = new double[d][d];
    double[] products = new double[d];
    for (int i = 0; i < y.length; i++) {
      for (int j = 0; j < d; j++) {
        double xj = x[i][j];
        products[j] += xj * y[i];
        for (int k = 0; k <= j; k++) {
          squares[j][k] += xj * x[i][k];
        }
      }
    }
    for (int j = 0; j < d; j++) {
      for (int k = 0; k < j; k++) {
        squares[k][j] = squares[j][k];
      }
    }
    return new CholeskyDecomposition(new Array2DRowRealMatrix(squares, false))
        .getSolver()
        .solve(new ArrayRealVector(products, false))
        .toArray();
  }

  /** Trains and looks at numbers of averaged steps that grow by a third of a decade. */
  Found train(int fractionBits, double rate, int seed) {
    int d = sizes.dimensions();
    FixedPoint format = new FixedPoint(fractionBits + 2, fractionBits);
    Quantizer quantizer = Quantizer.stochastic(format);
    Quantizer nearest = Quantizer.nearest(format);
    Run low = new Run(d);
    Run full = new Run(d);
    SplitMix rows = new SplitMix(SplitMix.mix(seed * 31L + 7));
    Draw start = new Draw(seed, Role.WEIGHT, 0, 0);
    List<Integer> looks = looks(sizes.steps());
    Curves curves = new Curves();
    int total = sizes.warmUp() + sizes.steps();
    for (int step = 1; step <= total; step++) {
      int row = (int) (rows.uniform() * y.length);
      low.step(x[row], y[row], (float) rate);
      quantizer.quantize(low.weights, new Draw(seed, Role.WEIGHT, step, 0), d);
      full.step(x[row], y[row], (float) rate);
      if (step > sizes.warmUp()) {
        low.average(solution);
        full.average(solution);
        if (looks.contains(step - sizes.warmUp())) {
          curves.add(low, full, nearest, start, solution);
        }
      }
    }
    return new Found(
        looks,
        curves.last,
        curves.average,
        curves.rounded,
        curves.floatLast,
        curves.floatAverage,
        low.sumOfDistances / sizes.steps(),
        full.sumOfDistances / sizes.steps());
  }

  private static List<Integer> looks(int steps) {
    List<Integer> looks = new ArrayList<>();
    for (int third = 3; ; third++) {
      int at = (int) Math.round(Math.pow(10, third / 3.0));
      if (at >= steps) {
        looks.add(steps);
        return List.copyOf(looks);
      }
      looks.add(at);
    }
  }

  private static final class Curves {
    private final List<Double> last = new ArrayList<>();
    private final List<Double> average = new ArrayList<>();
    private final List<Double> rounded = new ArrayList<>();
    private final List<Double> floatLast = new ArrayList<>();
    private final List<Double> floatAverage = new ArrayList<>();

    void add(Run low, Run full, Quantizer nearest, Draw draw, double[] solution) {
      last.add(low.distance(solution));
      average.add(distance(low.mean, solution));
      float[] onGrid = new float[low.mean.length];
      for (int j = 0; j < onGrid.length; j++) {
        onGrid[j] = (float) low.mean[j];
      }
      nearest.quantize(onGrid, draw, onGrid.length);
      double[] grid = new double[onGrid.length];
      for (int j = 0; j < grid.length; j++) {
        grid[j] = onGrid[j];
      }
      rounded.add(distance(grid, solution));
      floatLast.add(full.distance(solution));
      floatAverage.add(distance(full.mean, solution));
    }
  }

  private static double distance(double[] from, double[] solution) {
    double sum = 0;
    for (int j = 0; j < from.length; j++) {
      sum += (from[j] - solution[j]) * (from[j] - solution[j]);
    }
    return sum;
  }

  /** One training's weights and the mean of them. */
  private static final class Run {
    private final float[] weights;
    private final double[] mean;
    private long count;
    private double sumOfDistances;

    Run(int dimensions) {
      weights = new float[dimensions];
      mean = new double[dimensions];
    }

    void step(float[] row, float target, float rate) {
      float residual = -target;
      for (int j = 0; j < row.length; j++) {
        residual += row[j] * weights[j];
      }
      float factor = rate * residual;
      for (int j = 0; j < row.length; j++) {
        weights[j] -= factor * row[j];
      }
    }

    void average(double[] solution) {
      count++;
      double share = 1.0 / count;
      double sum = 0;
      for (int j = 0; j < mean.length; j++) {
        mean[j] += (weights[j] - mean[j]) * share;
        double off = weights[j] - solution[j];
        sum += off * off;
      }
      sumOfDistances += sum;
    }

    double distance(double[] solution) {
      double sum = 0;
      for (int j = 0; j < weights.length; j++) {
        sum += (weights[j] - solution[j]) * (weights[j] - solution[j]);
      }
      return sum;
    }
  }
}
