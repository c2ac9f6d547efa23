package io.github.swag4j.benchmarks;

import java.io.BufferedOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Locale;
import java.util.SplittableRandom;

/**
 * The time of {@code swag4j evaluate FILE.csv --json} for a large file, start of the process
 * included: streamed in a heap of 32 MB, which are the times printed, and with every metric in
 * memory, shown beside them with the heap it was given. The environment variable ROWS has the
 * number of rows, a million unless told otherwise; SWAG4J_HOME the place of the launcher.
 */
public final class EvaluateCsvBenchmark {
  private static final int CLASSES = 10;
  private static final int DIFFERENT_ROWS = 100_000;

  /** Larger files are evaluated once. */
  private static final int MILLION = 1_000_000;

  private static final int RUNS = 3;

  /**
   * Heap of all metrics in memory: bytes a row and class, bytes a row, and what is always there.
   */
  private static final long VALUE_BYTES = 8;

  private static final long ROW_BYTES = 120;
  private static final long BASE_BYTES = 32L << 20;

  private EvaluateCsvBenchmark() {}

  /**
   * Prints one time in milliseconds a line.
   *
   * @param args none
   * @throws IOException if the file or a process fails
   * @throws InterruptedException if interrupted
   */
  public static void main(String[] args) throws IOException, InterruptedException {
    String given = System.getenv("ROWS");
    int rows = given == null ? MILLION : Integer.parseInt(given);
    Path file = Files.createTempFile("evaluate-csv", ".csv");
    try {
      write(file, rows);
      System.out.printf(Locale.ROOT, "# %,d rows, %,d bytes%n", rows, Files.size(file));
      long heap = ((VALUE_BYTES * CLASSES + ROW_BYTES) * rows + BASE_BYTES) >> 20;
      evaluate(file, 32, "--stream"); // the first may build the program, and fills the file cache
      for (int run = 0; run < (rows > MILLION ? 1 : RUNS); run++) {
        System.out.printf(
            Locale.ROOT,
            "# in memory, all metrics, -Xmx%dm: %.0f ms%n",
            heap,
            evaluate(file, heap));
        System.out.printf(Locale.ROOT, "%.3f%n", evaluate(file, 32, "--stream"));
      }
    } finally {
      Files.delete(file);
    }
  }

  private static double evaluate(Path file, long megabytes, String... options)
      throws IOException, InterruptedException {
    String[] command = {
      Path.of(System.getenv("SWAG4J_HOME"), "swag4j").toString(),
      "evaluate",
      file.toString(),
      "--json",
      options.length == 0 ? "--bins=15" : options[0]
    };
    ProcessBuilder process = new ProcessBuilder(command);
    process.environment().put("SWAG4J_JAVA_OPTIONS", "-Xmx" + megabytes + "m");
    Path errors = Files.createTempFile("evaluate-csv", ".txt");
    long start = System.nanoTime();
    int code =
        process
            .redirectOutput(ProcessBuilder.Redirect.DISCARD)
            .redirectError(errors.toFile())
            .start()
            .waitFor();
    double time = (System.nanoTime() - start) / 1e6;
    String said = Files.readString(errors);
    Files.delete(errors);
    if (code != 0 || options.length == 0 && said.contains("streamed")) {
      throw new IOException(
          "evaluate with -Xmx" + megabytes + "m ended with " + code + ": " + said);
    }
    return time;
  }

  /** Rows drawn once and written over and over, with labels drawn anew. */
  static void write(Path file, int rows) throws IOException {
    SplittableRandom random = new SplittableRandom(1);
    byte[][] lines = new byte[Math.min(rows, DIFFERENT_ROWS)][];
    for (int r = 0; r < lines.length; r++) {
      double[] p = new double[CLASSES];
      double sum = 0;
      for (int k = 0; k < CLASSES; k++) {
        p[k] = Math.exp(8 * random.nextDouble());
        sum += p[k];
      }
      StringBuilder line = new StringBuilder();
      for (double v : p) {
        int millionths = (int) Math.round(v / sum * 1e6);
        line.append(millionths / MILLION).append('.');
        line.append(Integer.toString(MILLION + millionths % MILLION), 1, 7).append(',');
      }
      lines[r] = line.toString().getBytes(StandardCharsets.US_ASCII);
    }
    try (OutputStream out = new BufferedOutputStream(Files.newOutputStream(file), 1 << 16)) {
      out.write("c0,c1,c2,c3,c4,c5,c6,c7,c8,c9,label\n".getBytes(StandardCharsets.US_ASCII));
      for (int r = 0; r < rows; r++) {
        out.write(lines[r % lines.length]);
        out.write('0' + random.nextInt(CLASSES));
        out.write('\n');
      }
    }
  }
}
