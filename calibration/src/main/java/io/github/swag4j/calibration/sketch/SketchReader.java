package io.github.swag4j.calibration.sketch;

import static io.github.swag4j.calibration.sketch.SketchHeader.require;

import io.github.swag4j.calibration.internal.ExactSums;
import io.github.swag4j.calibration.internal.UnitSums;
import java.io.IOException;
import java.io.InputStream;
import java.nio.BufferUnderflowException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Locale;

/**
 * Reads a sketch's bytes. The checksum comes first, then every number is held against what a sketch
 * can hold: nothing is allocated that the bytes are too few to fill.
 */
final class SketchReader {
  private static final int MAX_COUNT_BYTES = 9;
  private static final int BEGINNING = 512; // holds any header

  private final ByteBuffer in;
  private SketchHeader header;

  private SketchReader(byte[] bytes, int length) {
    in = ByteBuffer.wrap(bytes, 0, length).order(ByteOrder.LITTLE_ENDIAN);
  }

  static SketchContents read(byte[] bytes) throws SketchFormatException {
    int body = bytes.length - SketchFormat.CHECKSUM_BYTES;
    SketchReader reader = new SketchReader(bytes, Math.max(body, 0));
    try {
      SketchHeader.beginning(reader.in);
      int written = ByteBuffer.wrap(bytes).order(ByteOrder.LITTLE_ENDIAN).getInt(body);
      int computed = SketchFormat.checksum(bytes, body);
      require(
          written == computed,
          "checksum must be %08x, got %08x: the bytes are damaged or cut off",
          computed,
          written);
      reader.header = SketchHeader.read(reader.in);
      SketchContents contents = reader.body();
      require(
          !reader.in.hasRemaining(),
          "must end after its last sum, got %,d more bytes",
          reader.in.remaining());
      return contents;
    } catch (BufferUnderflowException e) {
      throw new SketchFormatException(
          String.format(
              Locale.ROOT, "ends too early, after %,d bytes: it is cut off", bytes.length));
    }
  }

  static SketchContents read(Path file) throws IOException {
    try (InputStream in = Files.newInputStream(file)) {
      long most = maxBytes(in.readNBytes(BEGINNING));
      long size = Files.size(file);
      require(size <= most, "must have at most %,d bytes for its shape, got %,d", most, size);
      return read(Files.readAllBytes(file));
    } catch (SketchFormatException e) {
      throw new SketchFormatException(file + ": " + e.getMessage());
    }
  }

  /** The most bytes that a sketch of this beginning can have: no more of a file is read. */
  private static long maxBytes(byte[] beginning) throws SketchFormatException {
    SketchReader reader = new SketchReader(beginning, beginning.length);
    try {
      SketchHeader.beginning(reader.in);
      reader.header = SketchHeader.read(reader.in);
    } catch (BufferUnderflowException e) {
      throw new SketchFormatException("ends too early, in its header: it is cut off");
    }
    return SketchFormat.maxBytes(reader.header.classes(), reader.header.bins());
  }

  private SketchContents body() throws SketchFormatException {
    boolean weighted = header.weighted();
    int classes = header.classes();
    int bins = header.bins();
    long least = (weighted ? 8L : 5L) * bins + 2L * classes * bins;
    require(
        least <= in.remaining(),
        "%,d classes and %,d bins need at least %,d bytes more, got %,d",
        classes,
        bins,
        least,
        in.remaining());
    SketchState state = new SketchState(classes, bins);
    WeightedState others = weighted ? new WeightedState(classes, bins) : null;
    if (weighted) {
      read(others);
    } else {
      read(state);
    }
    SketchNumbers numbers = weighted ? SketchNumbers.of(others) : SketchNumbers.of(state);
    SketchConsistency.check(
        numbers, header.convention(), header.event() == SketchEvent.POSITIVE_CLASS);
    return new SketchContents(header.convention(), header.event(), state, others);
  }

  private void read(SketchState s) throws SketchFormatException {
    s.rows = rows();
    s.zeroProbabilities = count(s.rows);
    s.saturated = count(s.rows);
    s.correct = count(s.rows);
    bins(
        s.rows,
        s.counts,
        s.hits,
        slot -> {
          sum(s.confidences, slot);
          sum(s.hitConfidences, slot);
          sum(s.squares, slot);
        });
    for (int i = 0; i < 3; i++) {
      sum(s.scores, i);
    }
    long labels = 0;
    for (int k = 0; k < s.classes; k++) {
      for (int cell = k * s.slots + 1; cell < (k + 1) * s.slots; cell++) {
        sum(s.classSums, cell);
        s.classHits[cell] = count(s.rows);
        labels += s.classHits[cell];
      }
    }
    require(labels == s.rows, "classes must have %,d labels in all, got %,d", s.rows, labels);
  }

  private void read(WeightedState s) throws SketchFormatException {
    s.rows = rows();
    s.zeroProbabilities = count(s.rows);
    s.saturated = count(s.rows);
    sum(s.correct, 0);
    bins(
        s.rows,
        s.counts,
        s.hits,
        slot -> {
          sum(s.weights, slot);
          sum(s.squaredWeights, slot);
          sum(s.hitWeights, slot);
          sum(s.confidences, slot);
          sum(s.hitConfidences, slot);
          sum(s.squares, slot);
        });
    for (int i = 0; i < 3; i++) {
      sum(s.scores, i);
    }
    for (int k = 0; k < s.classes; k++) {
      for (int cell = k * s.slots + 1; cell < (k + 1) * s.slots; cell++) {
        sum(s.classSums, cell);
        sum(s.classHits, cell);
      }
    }
  }

  private interface Sums {
    void read(int slot) throws SketchFormatException;
  }

  private void bins(long rows, long[] counts, long[] hits, Sums sums) throws SketchFormatException {
    long counted = 0;
    for (int slot = 1; slot <= header.bins(); slot++) {
      counts[slot] = count(rows);
      hits[slot] = count(counts[slot]);
      sums.read(slot);
      counted += counts[slot];
    }
    require(counted == rows, "bins must hold %,d rows in all, got %,d", rows, counted);
  }

  private long rows() throws SketchFormatException {
    long rows = count(SketchContents.MAX_ROWS);
    require(
        rows == 0
            ? header.event() == SketchEvent.UNDECIDED && !header.weighted()
            : header.event() != SketchEvent.UNDECIDED,
        "flags and %,d rows do not go together",
        rows);
    return rows;
  }

  private long count(long most) throws SketchFormatException {
    long value = 0;
    int b = 0x80;
    for (int i = 0; b >= 0x80; i++) {
      b = Byte.toUnsignedInt(in.get());
      require(i < MAX_COUNT_BYTES && (i == 0 || b != 0), "a count has too many bytes");
      value |= (b & 0x7FL) << (7 * i);
    }
    require(value <= most, "a count must be at most %,d, got %,d", most, value);
    return value;
  }

  private void sum(UnitSums sums, int i) throws SketchFormatException {
    long[] limbs = new long[3];
    limbs(0, limbs.length, (q, limb) -> limbs[q] = limb);
    require(limbs[2] >>> 29 == 0, "a sum is too large for any number of rows");
    sums.add(i, limbs[2] << 32 | limbs[1], limbs[0]);
  }

  private void sum(ExactSums sums, int i) throws SketchFormatException {
    limbs(SketchFormat.FIRST_LIMB, SketchFormat.END_LIMB, (q, limb) -> sums.addLimb(i, q, limb));
  }

  private interface Limbs {
    void add(int q, long limb);
  }

  private void limbs(int from, int to, Limbs into) throws SketchFormatException {
    int count = Byte.toUnsignedInt(in.get());
    if (count == 0) {
      return;
    }
    int first = in.get();
    require(
        first >= from && first + count <= to,
        "a sum must have limbs between %d and %d, got %d from %d",
        from,
        to,
        count,
        first);
    for (int q = first; q < first + count; q++) {
      long limb = Integer.toUnsignedLong(in.getInt());
      require(limb != 0 || q > first && q + 1 < first + count, "a sum has limbs of 0 at its ends");
      into.add(q, limb);
    }
  }
}
