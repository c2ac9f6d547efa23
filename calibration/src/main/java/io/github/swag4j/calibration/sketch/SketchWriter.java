package io.github.swag4j.calibration.sketch;

import io.github.swag4j.calibration.binning.BinningConvention;
import io.github.swag4j.calibration.internal.ExactSums;
import io.github.swag4j.calibration.internal.UnitSums;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Locale;

/**
 * Writes a sketch's state. One state has one form: counts and sums are integers written in the
 * fewest bytes, whatever their cells went through.
 */
final class SketchWriter {
  private byte[] bytes = new byte[256];
  private int length;

  private SketchWriter() {}

  /** The bytes of rows that all have weight 1. */
  static byte[] write(BinningConvention convention, SketchEvent event, SketchState s) {
    SketchWriter out = new SketchWriter();
    out.header(convention, event, 0, s.classes);
    out.counts(s.rows, s.zeroProbabilities, s.saturated);
    out.count(s.correct);
    for (int slot = 1; slot <= s.bins; slot++) {
      int before = slot == 1 ? 0 : -1; // the first bin is slots 0 and 1
      out.count(s.counts[slot] + (before < 0 ? 0 : s.counts[before]));
      out.count(s.hits[slot] + (before < 0 ? 0 : s.hits[before]));
      out.sum(s.confidences, slot, before);
      out.sum(s.hitConfidences, slot, before);
      out.sum(s.squares, slot, before);
    }
    for (int i = 0; i < 3; i++) {
      out.sum(s.scores, i, -1);
    }
    for (int k = 0; k < s.classes; k++) {
      for (int cell = k * s.slots + 1; cell < (k + 1) * s.slots; cell++) {
        int before = cell == k * s.slots + 1 ? cell - 1 : -1;
        out.sum(s.classSums, cell, before);
        out.count(s.classHits[cell] + (before < 0 ? 0 : s.classHits[before]));
      }
    }
    return out.finish();
  }

  /** The bytes of rows that do not all have weight 1. */
  static byte[] write(BinningConvention convention, SketchEvent event, WeightedState s) {
    SketchWriter out = new SketchWriter();
    out.header(convention, event, SketchFormat.WEIGHTED, s.classes);
    out.counts(s.rows, s.zeroProbabilities, s.saturated);
    s.sums().forEach(ExactSums::normalise);
    out.sum(s.correct, 0);
    for (int slot = 1; slot <= s.bins; slot++) {
      out.count(s.counts[slot]);
      out.count(s.hits[slot]);
      out.sum(s.weights, slot);
      out.sum(s.squaredWeights, slot);
      out.sum(s.hitWeights, slot);
      out.sum(s.confidences, slot);
      out.sum(s.hitConfidences, slot);
      out.sum(s.squares, slot);
    }
    for (int i = 0; i < 3; i++) {
      out.sum(s.scores, i);
    }
    for (int k = 0; k < s.classes; k++) {
      for (int cell = k * s.slots + 1; cell < (k + 1) * s.slots; cell++) {
        out.sum(s.classSums, cell);
        out.sum(s.classHits, cell);
      }
    }
    return out.finish();
  }

  @SuppressWarnings("EnumOrdinal") // the format's numbers
  private void header(BinningConvention convention, SketchEvent event, int weighted, int classes) {
    for (byte b : SketchFormat.MAGIC) {
      put(b);
    }
    little(SketchFormat.VERSION, 2);
    put(weighted | event.ordinal() << SketchFormat.EVENT_SHIFT);
    byte[] name = convention.name().getBytes(StandardCharsets.US_ASCII);
    put(name.length);
    for (byte b : name) {
      put(b);
    }
    little(convention.bins(), 4);
    little(classes, 4);
  }

  private void counts(long rows, long zeroProbabilities, long saturated) {
    count(rows);
    count(zeroProbabilities);
    count(saturated);
  }

  /** A count, seven bits a byte, the lowest first, the highest bit saying that more follow. */
  private void count(long value) {
    long rest = value;
    while (rest >>> 7 != 0) {
      put((int) (rest & 0x7F | 0x80));
      rest >>>= 7;
    }
    put((int) rest);
  }

  private void sum(UnitSums sums, int i, int before) {
    long low = sums.low(i) + (before < 0 ? 0 : sums.low(before));
    long high = sums.high(i) + (before < 0 ? 0 : sums.high(before)) + (low >>> 32);
    long[] limbs = {low & 0xFFFFFFFFL, high & 0xFFFFFFFFL, high >>> 32};
    int first = 0;
    int end = limbs.length;
    while (end > 0 && limbs[end - 1] == 0) {
      end--;
    }
    while (first < end && limbs[first] == 0) {
      first++;
    }
    limbs(first, end, limbs);
  }

  private void limbs(int first, int end, long[] limbs) {
    put(end - first);
    if (end > first) {
      put(first);
    }
    for (int q = first; q < end; q++) {
      little(limbs[q], 4);
    }
  }

  private void sum(ExactSums sums, int i) {
    int first = sums.lowest(i);
    int end = sums.end(i);
    put(end - first);
    if (end > first) {
      put(first);
    }
    for (int q = first; q < end; q++) {
      little(sums.limbAt(i, q), 4);
    }
  }

  private void little(long value, int count) {
    for (int i = 0; i < count; i++) {
      put((int) (value >>> (8 * i)));
    }
  }

  private void put(int b) {
    if (length == bytes.length) {
      bytes = Arrays.copyOf(bytes, longer(length));
    }
    bytes[length++] = (byte) b;
  }

  /** The length after one that is full: twice it, or the longest. */
  static int longer(int length) {
    if (length == SketchFormat.MAX_BYTES) {
      throw new IllegalStateException(
          String.format(
              Locale.ROOT,
              "a sketch's bytes must be at most %,d, got more: ask for fewer bins, or give weights"
                  + " of more equal size",
              length));
    }
    return (int) Math.min(2L * length, SketchFormat.MAX_BYTES);
  }

  private byte[] finish() {
    little(SketchFormat.checksum(bytes, length) & 0xFFFFFFFFL, SketchFormat.CHECKSUM_BYTES);
    return Arrays.copyOf(bytes, length);
  }
}
