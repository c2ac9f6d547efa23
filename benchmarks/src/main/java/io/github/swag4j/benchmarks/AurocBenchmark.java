package io.github.swag4j.benchmarks;

import io.github.swag4j.calibration.ood.DetectionCurve;
import java.util.Random;
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
 * AUROC with its standard error, both AUPRs in both forms, both FPR95 and the detection error of
 * one million scores, starting from labels and scores side by side as the Python peer does.
 */
@State(Scope.Benchmark)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.MILLISECONDS)
@Warmup(iterations = 4, time = 1)
@Measurement(iterations = 9, time = 300, timeUnit = TimeUnit.MILLISECONDS)
public class AurocBenchmark {
  private static final int ROWS = 1_000_000;

  private boolean[] labels;
  private double[] scores;

  /** Standard normal scores, moved by 1 for the positives, in random order. */
  @Setup
  public void draw() {
    Random random = new Random(0);
    labels = new boolean[ROWS];
    scores = new double[ROWS];
    for (int r = 0; r < ROWS; r++) {
      labels[r] = random.nextBoolean();
      scores[r] = random.nextGaussian() + (labels[r] ? 1 : 0);
    }
  }

  /**
   * Splits the scores by label and computes every number of the curve.
   *
   * @return the sum of the numbers, so that none is left out
   */
  @Benchmark
  public double curve() {
    int positives = 0;
    for (boolean label : labels) {
      positives += label ? 1 : 0;
    }
    double[] in = new double[ROWS - positives];
    double[] out = new double[positives];
    int i = 0;
    int j = 0;
    for (int r = 0; r < ROWS; r++) {
      if (labels[r]) {
        out[j++] = scores[r];
      } else {
        in[i++] = scores[r];
      }
    }
    DetectionCurve curve = DetectionCurve.of(in, out);
    return curve.auroc()
        + curve.aurocStandardError()
        + curve.auprIn()
        + curve.auprOut()
        + curve.auprInTrapezoid()
        + curve.auprOutTrapezoid()
        + curve.fpr95()
        + curve.fpr95IdPositive()
        + curve.detectionError();
  }

  /**
   * Prints the times.
   *
   * @param args none
   * @throws RunnerException if JMH fails
   */
  public static void main(String[] args) throws RunnerException {
    Rounds.print(AurocBenchmark.class);
  }
}
