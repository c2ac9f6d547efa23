package io.github.swag4j.calibration.io.internal;

import io.github.swag4j.base.Refusal;
import io.github.swag4j.calibration.PredictionRemedy;
import io.github.swag4j.calibration.io.format.PredictionFileException;
import io.github.swag4j.calibration.io.format.PredictionSize;
import java.util.Locale;

/** Whether the heap can hold the predictions of a file, said before any of them is read. */
public final class HeapNeed {
  /** Bytes of a text of a few characters, with its reference. */
  public static final int TEXT = 64;

  private HeapNeed() {}

  /** Bytes of heap that are free, or can be made free. */
  private static long room() {
    Runtime heap = Runtime.getRuntime();
    return heap.maxMemory() - (heap.totalMemory() - heap.freeMemory());
  }

  /** A size as a file declares it, refused where rows or classes are beyond all arrays. */
  public static PredictionSize size(long rows, long classes, double bytes, Source source)
      throws PredictionFileException {
    if (classes > Integer.MAX_VALUE) {
      throw source.refuse("classes must be below 2^31, got " + classes);
    }
    return new PredictionSize(rows, (int) classes, (long) bytes);
  }

  /** Refuses what does not fit. */
  public static void check(Source source, PredictionSize size) throws PredictionFileException {
    if (size.rows() > (Integer.MAX_VALUE - 8) / size.classes()) {
      throw source.refuse(
          Refusal.of(
              String.format(
                  Locale.ROOT,
                  "rows times classes must be below 2^31, got %,d times %,d: split the file, or ",
                  size.rows(),
                  size.classes()),
              PredictionRemedy.STREAM));
    }
    if (size.heapBytes() <= room()) {
      return;
    }
    System.gc(); // what is free is known only after it
    if (size.heapBytes() > room()) {
      throw refusal(source, size, null);
    }
  }

  /** The refusal of a file that did not fit. */
  public static PredictionFileException refusal(
      Source source, PredictionSize size, Throwable cause) {
    long megabytes = 1L << 20;
    return source.refuse(
        Refusal.of(
            String.format(
                Locale.ROOT,
                "%,d rows of %,d classes need about %,d MB of heap, it has %,d MB: ",
                size.rows(),
                size.classes(),
                size.heapBytes() / megabytes + 1,
                Runtime.getRuntime().maxMemory() / megabytes),
            PredictionRemedy.MORE_HEAP,
            enough(size.heapBytes()) / megabytes + "m, or ",
            PredictionRemedy.STREAM),
        cause);
  }

  /** A heap of which two thirds, the part for what lives long, are enough, in whole 100 MB. */
  private static long enough(long bytes) {
    long step = 100L << 20;
    return (bytes / 2 * 3 / step + 1) * step;
  }
}
