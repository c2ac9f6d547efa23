package io.github.swag4j.benchmarks;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Locale;
import java.util.Random;

/**
 * The time of {@code swag4j evaluate FILE.csv --json}, start of the process included, for 10,000
 * rows of 10 classes: every metric there is. The launcher is found by the environment variable
 * SWAG4J_HOME.
 */
public final class EvaluateColdBenchmark {
  private static final int ROWS = 10_000;
  private static final int CLASSES = 10;
  private static final int RUNS = 7;

  private EvaluateColdBenchmark() {}

  /**
   * Prints one time in milliseconds a line.
   *
   * @param args none
   * @throws IOException if the file or the process fails
   * @throws InterruptedException if interrupted
   */
  public static void main(String[] args) throws IOException, InterruptedException {
    Path launcher = Path.of(System.getenv("SWAG4J_HOME"), "swag4j");
    Path file = Files.createTempFile("evaluate-cold", ".csv");
    try {
      Files.writeString(file, csv());
      for (int run = -1; run < RUNS; run++) {
        long start = System.nanoTime();
        int code =
            new ProcessBuilder(launcher.toString(), "evaluate", file.toString(), "--json")
                .redirectOutput(ProcessBuilder.Redirect.DISCARD)
                .redirectError(ProcessBuilder.Redirect.INHERIT)
                .start()
                .waitFor();
        if (code != 0) {
          throw new IOException("evaluate must end with exit code 0, got " + code);
        }
        // The first run may build the program.
        if (run >= 0) {
          System.out.printf(Locale.ROOT, "%.3f%n", (System.nanoTime() - start) / 1e6);
        }
      }
    } finally {
      Files.delete(file);
    }
  }

  private static String csv() {
    StringBuilder text = new StringBuilder(ROWS * CLASSES * 13);
    for (int k = 0; k < CLASSES; k++) {
      text.append('c').append(k).append(',');
    }
    text.append("label\n");
    Random random = new Random(1);
    for (int r = 0; r < ROWS; r++) {
      double[] p = new double[CLASSES];
      double sum = 0;
      for (int k = 0; k < CLASSES; k++) {
        p[k] = Math.exp(2 * random.nextGaussian());
        sum += p[k];
      }
      double u = random.nextDouble() * sum;
      int label = 0;
      while (label < CLASSES - 1 && (u -= p[label]) > 0) {
        label++;
      }
      for (double v : p) {
        text.append(String.format(Locale.ROOT, "%.9g", v / sum)).append(',');
      }
      text.append(label).append('\n');
    }
    return text.toString();
  }
}
