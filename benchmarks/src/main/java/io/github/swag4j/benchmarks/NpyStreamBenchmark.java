package io.github.swag4j.benchmarks;

import io.github.swag4j.calibration.binning.BinningConvention;
import io.github.swag4j.calibration.io.StreamedSketch;
import io.github.swag4j.calibration.sketch.CalibrationSketch;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Locale;
import java.util.SplittableRandom;

/**
 * All metrics of 100,000,000 x 10 float32 probabilities streamed from memory-mapped NPY files (4.1
 * GB, made in a temporary folder and deleted afterwards). Prints the time of reading the bytes
 * alone beside it, and the heap in use, which must not grow with the rows.
 *
 * <p>{@code -Drows=N} for another size; {@code -Xmx64m} is enough for any.
 */
public final class NpyStreamBenchmark {
  private static final int CLASSES = 10;
  private static final int BLOCK = 10_000;

  private NpyStreamBenchmark() {}

  /**
   * Prints the times.
   *
   * @param args none
   * @throws IOException if the disk is full
   */
  public static void main(String[] args) throws IOException {
    long rows = Long.getLong("rows", 100_000_000L);
    Path folder = Files.createTempDirectory("swag4j-npy-stream");
    Path p = folder.resolve("probs.npy");
    Path y = folder.resolve("labels.npy");
    try {
      make(p, y, rows);
      for (int i = 0; i < 3; i++) {
        long start = System.nanoTime();
        long sum = read(p) + read(y);
        double reading = (System.nanoTime() - start) / 1e6;
        start = System.nanoTime();
        CalibrationSketch sketch = StreamedSketch.of(p, y, BinningConvention.GUO);
        double all = SketchBenchmark.numbers(sketch.summary());
        double time = (System.nanoTime() - start) / 1e6;
        System.gc();
        Runtime heap = Runtime.getRuntime();
        System.out.println(
            String.format(
                Locale.ROOT,
                "# %,d rows, reading alone by one thread %.0f ms, %.2f GB/s with all metrics, heap"
                    + " in use %.1f MB of %d (%s)",
                sketch.rows(),
                reading,
                (Files.size(p) + Files.size(y)) / time / 1e6,
                (heap.totalMemory() - heap.freeMemory()) / 1048576.0,
                heap.maxMemory() >> 20,
                Double.toString(all + (sum == 0 ? 1 : 0))));
        System.out.println(String.format(Locale.ROOT, "%.6f", time));
      }
    } finally {
      Files.deleteIfExists(p);
      Files.deleteIfExists(y);
      Files.deleteIfExists(folder);
    }
  }

  private static long read(Path file) throws IOException {
    ByteBuffer buffer = ByteBuffer.allocateDirect(1 << 20);
    long sum = 0;
    try (FileChannel in = FileChannel.open(file)) {
      while (in.read(buffer) >= 0) {
        sum += buffer.get(0) + 1;
        buffer.clear();
      }
    }
    return sum;
  }

  /** Rows drawn once, written over and over with labels drawn anew. */
  private static void make(Path p, Path y, long rows) throws IOException {
    SplittableRandom random = new SplittableRandom(1);
    ByteBuffer block = ByteBuffer.allocate(BLOCK * CLASSES * 4).order(ByteOrder.LITTLE_ENDIAN);
    double[] e = new double[CLASSES];
    for (int r = 0; r < BLOCK; r++) {
      double sum = 0;
      for (int k = 0; k < CLASSES; k++) {
        e[k] = Math.exp(12 * random.nextDouble());
        sum += e[k];
      }
      for (int k = 0; k < CLASSES; k++) {
        block.putFloat((float) (e[k] / sum));
      }
    }
    byte[] labels = new byte[BLOCK];
    try (FileChannel values = create(p, "<f4", rows + ", " + CLASSES);
        FileChannel targets = create(y, "|u1", rows + ",")) {
      for (long done = 0; done < rows; done += BLOCK) {
        int n = (int) Math.min(BLOCK, rows - done);
        for (int r = 0; r < n; r++) {
          labels[r] = (byte) random.nextInt(CLASSES);
        }
        writeFully(values, block.clear().limit(n * CLASSES * 4));
        writeFully(targets, ByteBuffer.wrap(labels, 0, n));
      }
    }
  }

  private static void writeFully(FileChannel out, ByteBuffer bytes) throws IOException {
    while (bytes.hasRemaining()) {
      out.write(bytes);
    }
  }

  private static FileChannel create(Path file, String type, String shape) throws IOException {
    FileChannel out =
        FileChannel.open(file, StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE);
    String header = "{'descr': '" + type + "', 'fortran_order': False, 'shape': (" + shape + "), }";
    String padded = header + " ".repeat(117 - header.length()) + "\n";
    ByteBuffer bytes = ByteBuffer.allocate(128).order(ByteOrder.LITTLE_ENDIAN);
    bytes.put(new byte[] {(byte) 0x93, 'N', 'U', 'M', 'P', 'Y', 1, 0}).putShort((short) 118);
    writeFully(out, bytes.put(padded.getBytes(StandardCharsets.ISO_8859_1)).flip());
    return out;
  }
}
