package io.github.swag4j.benchmarks;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.SplittableRandom;
import java.util.concurrent.TimeUnit;

/**
 * The time of {@code swag4j average} over ten safetensors files of 500 MB, start of the process and
 * writing included, and its peak memory. The files are made on first use in {@code
 * benchmarks/target/average}, where the peer finds them; FILES and MATRICES in the environment make
 * fewer and smaller ones. The launcher is found by SWAG4J_HOME.
 */
public final class AverageBenchmark {
  private static final int RUNS = 3;

  /** A matrix of 2,048 rows and columns has 16 MB. */
  private static final int SIDE = 2048;

  private AverageBenchmark() {}

  /**
   * Prints one time in milliseconds a line.
   *
   * @param args none
   * @throws IOException if a file or a process fails
   * @throws InterruptedException if interrupted
   */
  public static void main(String[] args) throws IOException, InterruptedException {
    Path home = Path.of(System.getenv("SWAG4J_HOME"));
    Path folder = Files.createDirectories(home.resolve("benchmarks/target/average"));
    List<String> files = new ArrayList<>();
    for (int f = 0; f < setting("FILES", 10); f++) {
      Path file = folder.resolve(f + ".safetensors");
      if (!Files.exists(file)) {
        write(file, setting("MATRICES", 30), f);
      }
      files.add(file.toString());
    }
    Path out = folder.resolve("average.safetensors");
    for (int run = -1; run < RUNS; run++) { // the first may build the program and fill the cache
      double time = average(home, files, out);
      if (run >= 0) {
        System.out.printf(Locale.ROOT, "%.3f%n", time);
      }
      Files.delete(out);
    }
  }

  private static int setting(String name, int otherwise) {
    String given = System.getenv(name);
    return given == null ? otherwise : Integer.parseInt(given);
  }

  private static double average(Path home, List<String> files, Path out)
      throws IOException, InterruptedException {
    List<String> command = new ArrayList<>(List.of(home.resolve("swag4j").toString(), "average"));
    command.addAll(files);
    command.addAll(List.of("-o", out.toString()));
    long start = System.nanoTime();
    Process process =
        new ProcessBuilder(command)
            .redirectOutput(ProcessBuilder.Redirect.DISCARD)
            .redirectError(ProcessBuilder.Redirect.INHERIT)
            .start();
    long peak = 0;
    while (!process.waitFor(10, TimeUnit.MILLISECONDS)) {
      peak = Math.max(peak, peakKilobytes(process.pid()));
    }
    double time = (System.nanoTime() - start) / 1e6;
    if (process.exitValue() != 0) {
      throw new IOException("average must end with exit code 0, got " + process.exitValue());
    }
    System.out.printf(Locale.ROOT, "# peak memory %d MB%n", peak >> 10);
    return time;
  }

  /** As Linux counts it; 0 elsewhere. */
  private static long peakKilobytes(long process) {
    try (var lines = Files.lines(Path.of("/proc/" + process + "/status"))) {
      return lines
          .filter(line -> line.startsWith("VmHWM:"))
          .mapToLong(line -> Long.parseLong(line.replaceAll("[^0-9]", "")))
          .findFirst()
          .orElse(0);
    } catch (IOException | UncheckedIOException e) {
      return 0;
    }
  }

  private static void write(Path file, int matrices, long seed) throws IOException {
    StringBuilder header = new StringBuilder("{");
    long bytes = (long) SIDE * SIDE * Float.BYTES;
    for (int m = 0; m < matrices; m++) {
      header.append(m == 0 ? "" : ",");
      header.append(
          String.format(
              Locale.ROOT,
              "\"layer%d.weight\":{\"dtype\":\"F32\",\"shape\":[%d,%d],\"data_offsets\":[%d,%d]}",
              m,
              SIDE,
              SIDE,
              m * bytes,
              (m + 1) * bytes));
    }
    header.append("}");
    header.append(" ".repeat((8 - header.length() % 8) % 8));
    ByteBuffer start = ByteBuffer.allocate(8 + header.length()).order(ByteOrder.LITTLE_ENDIAN);
    start.putLong(header.length()).put(header.toString().getBytes(StandardCharsets.US_ASCII));
    SplittableRandom random = new SplittableRandom(seed);
    ByteBuffer row = ByteBuffer.allocate(SIDE * SIDE / 16).order(ByteOrder.LITTLE_ENDIAN);
    try (FileChannel channel =
        FileChannel.open(file, StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE)) {
      channel.write(start.flip());
      for (long at = 0; at < matrices * bytes; at += row.capacity()) {
        row.clear();
        while (row.hasRemaining()) {
          row.putFloat((float) random.nextDouble(-1, 1));
        }
        channel.write(row.flip());
      }
    }
  }
}
