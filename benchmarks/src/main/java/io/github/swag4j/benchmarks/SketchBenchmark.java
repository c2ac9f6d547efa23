package io.github.swag4j.benchmarks;

import io.github.swag4j.calibration.binning.BinningConvention;
import io.github.swag4j.calibration.sketch.CalibrationSketch;
import io.github.swag4j.calibration.sketch.CalibrationSummary;
import io.github.swag4j.calibration.sketch.LabelledRows;
import java.util.SplittableRandom;
import java.util.concurrent.TimeUnit;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.Warmup;
import org.openjdk.jmh.runner.RunnerException;

/**
 * Accuracy, NLL, Brier score, ECE, MCE, RMSCE, class-wise ECE and Murphy's parts of 1,000,000 x 10
 * float32 probabilities in one pass.
 */
@State(Scope.Benchmark)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.MILLISECONDS)
@Warmup(iterations = 4, time = 1)
@Measurement(iterations = 9, time = 300, timeUnit = TimeUnit.MILLISECONDS)
public class SketchBenchmark {
  private static final int ROWS = 1_000_000;
  private static final int CLASSES = 10;

  private float[] probabilities;
  private int[] labels;

  /** For JMH. */
  public SketchBenchmark() {}

  /** Softmax of 3 times normal logits, labels drawn from it: as the Python peer's. */
  @Setup
  public void draw() {
    SplittableRandom random = new SplittableRandom(0);
    java.util.Random normal = new java.util.Random(0);
    probabilities = new float[ROWS * CLASSES];
    labels = new int[ROWS];
    double[] e = new double[CLASSES];
    for (int r = 0; r < ROWS; r++) {
      double sum = 0;
      for (int k = 0; k < CLASSES; k++) {
        e[k] = Math.exp(3 * normal.nextGaussian());
        sum += e[k];
      }
      double u = random.nextDouble() * sum;
      int label = -1;
      for (int k = 0; k < CLASSES; k++) {
        probabilities[r * CLASSES + k] = (float) (e[k] / sum);
        if (label < 0 && (u -= e[k]) < 0) {
          label = k;
        }
      }
      labels[r] = label < 0 ? CLASSES - 1 : label;
    }
  }

  /**
   * One pass by all threads, and every number asked for.
   *
   * @return the sum of the numbers, so that none is left out
   */
  @Benchmark
  public double sketch() {
    return numbers(
        CalibrationSketch.of(LabelledRows.of(probabilities, labels, CLASSES), BinningConvention.GUO)
            .summary());
  }

  static double numbers(CalibrationSummary s) {
    return s.accuracy()
        + s.nll()
        + s.brier()
        + s.ece()
        + s.mce()
        + s.rmsce()
        + s.classwiseEce()
        + s.murphy().brier();
  }

  /**
   * Prints the times.
   *
   * @param args none
   * @throws RunnerException if JMH fails
   */
  public static void main(String[] args) throws RunnerException {
    Rounds.print(SketchBenchmark.class);
  }
}
