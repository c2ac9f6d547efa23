package io.github.swag4j.cli;

import io.github.swag4j.calibration.io.format.PredictionSize;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Locale;

/** Whether the rows of a file and the work on them fit in memory. */
final class HeapRoom {
  /**
   * Heap that the metrics of a row take beside the row itself, for sorted copies of confidences and
   * the like.
   */
  private static final long ROW_BYTES = 100;

  /** A text file takes at most so many times its size of heap, metrics included. */
  private static final int MOST_HEAP_PER_BYTE = 16;

  private HeapRoom() {}

  /** The size of what does not fit in memory together with the work on it; null if it fits. */
  static PredictionSize sizeIfTooLarge(Path file, ReadingOptions reading, LabelsOptions labels)
      throws IOException {
    long room = room();
    if (file.toString().toLowerCase(Locale.ROOT).endsWith(".csv")
        && Files.exists(file)
        && Files.size(file) <= room / MOST_HEAP_PER_BYTE) {
      return null; // and need not be looked through
    }
    PredictionSize size = reading.size(file, labels);
    return need(size) > room ? size : null;
  }

  /** Bytes of heap that are free or can be had. */
  static long room() {
    Runtime heap = Runtime.getRuntime();
    return heap.maxMemory() - heap.totalMemory() + heap.freeMemory();
  }

  /** Heap for the rows and the metrics; the rows lie in the two thirds for what lives long. */
  private static long need(PredictionSize size) {
    long rows = size.heapBytes();
    return Math.max(rows + ROW_BYTES * size.rows(), rows + rows / 2);
  }

  /** What is too large, by how much, and what gives more. */
  static String tooLarge(Path file, PredictionSize size) {
    long megabytes = (need(size) >> 20) + 1;
    return String.format(
        Locale.ROOT,
        "%s: all metrics of %,d rows of %,d classes need about %,d MB of heap, %,d MB are free"
            + " (SWAG4J_JAVA_OPTIONS=-Xmx%dm gives more)",
        file,
        size.rows(),
        size.classes(),
        megabytes,
        room() >> 20,
        (megabytes * 4 / 3 / 100 + 1) * 100);
  }
}
