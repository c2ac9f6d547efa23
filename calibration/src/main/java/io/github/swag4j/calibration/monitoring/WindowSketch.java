package io.github.swag4j.calibration.monitoring;

import io.github.swag4j.calibration.Predictions;
import io.github.swag4j.calibration.sketch.CalibrationSketch;
import io.github.swag4j.calibration.sketch.CalibrationSummary;
import java.io.DataInput;
import java.io.DataOutput;
import java.io.IOException;
import java.util.Arrays;

/**
 * What is kept of rows: counts in cells and a {@link CalibrationSketch} of those with labels.
 * Mergeable, bit for bit in any order; memory does not grow with the rows.
 *
 * <p>Means of confidence and entropy come from integer sums in units of 2^-32, an error of at most
 * 1.2e-10 a row. Mutable, for one thread at a time.
 */
final class WindowSketch {
  /** Bins in which right and wrong rows are compared, equal in width. */
  static final int BINS = 15;

  private static final double UNIT = 0x1p32;

  private final double mostEntropy;
  private long rows;
  private long confidenceSum;
  private long entropySum;
  private final long[] confidence = new long[LogitCells.COUNT];
  private final long[] entropy = new long[LogitCells.COUNT];
  private final long[] nll = new long[LogitCells.COUNT];
  private final long[] hits = new long[2];
  private final long[] reliability = new long[2 * BINS];
  private CalibrationSketch labelled;

  WindowSketch(int classes) {
    mostEntropy = Math.log(classes);
    labelled = new CalibrationSketch(classes);
  }

  /** Adds rows, without regard to labels. */
  void add(Predictions added) {
    for (int i = 0; i < added.rows(); i++) {
      double c = added.confidence(i);
      double h = added.entropy(i);
      confidence[LogitCells.of(c)]++;
      entropy[LogitCells.of(h / mostEntropy)]++;
      confidenceSum += Math.round(c * UNIT);
      entropySum += Math.round(h * UNIT);
    }
    rows += added.rows();
  }

  /** Adds what the labels say of rows that {@link #add} has had, or will have. */
  void addLabelled(Predictions added) {
    for (int i = 0; i < added.rows(); i++) {
      boolean right = added.isCorrect(i);
      hits[right ? 1 : 0]++;
      reliability[2 * bin(added.confidence(i)) + (right ? 1 : 0)]++;
      nll[LogitCells.of(added.probability(i, added.label(i)))]++;
    }
    labelled.add(added);
  }

  private static int bin(double confidence) {
    return Math.max(0, Math.min(BINS - 1, (int) Math.ceil(confidence * BINS) - 1));
  }

  /** Adds another of as many classes. */
  void merge(WindowSketch other) {
    rows += other.rows;
    confidenceSum += other.confidenceSum;
    entropySum += other.entropySum;
    add(confidence, other.confidence);
    add(entropy, other.entropy);
    add(nll, other.nll);
    add(hits, other.hits);
    add(reliability, other.reliability);
    labelled.merge(other.labelled);
  }

  private static void add(long[] to, long[] from) {
    for (int j = 0; j < to.length; j++) {
      to[j] += from[j];
    }
  }

  long rows() {
    return rows;
  }

  long labelledRows() {
    return hits[0] + hits[1];
  }

  WindowNumbers numbers() {
    double mean = confidenceSum / UNIT / rows;
    if (labelledRows() == 0) {
      double none = Double.NaN;
      return new WindowNumbers(rows, mean, entropySum / UNIT / rows, 0, none, none, none, none);
    }
    CalibrationSummary summary = labelled.summary();
    return new WindowNumbers(
        rows,
        mean,
        entropySum / UNIT / rows,
        labelledRows(),
        summary.accuracy(),
        summary.ece(),
        summary.nll(),
        summary.meanConfidence());
  }

  /** Counts in the cells of a measure. */
  long[] counts(DriftMeasure measure) {
    return switch (measure) {
      case CONFIDENCE -> confidence;
      case ENTROPY -> entropy;
      case ACCURACY -> hits;
      case NLL -> nll;
      case CALIBRATION -> reliability;
    };
  }

  void write(DataOutput out) throws IOException {
    out.writeLong(rows);
    out.writeLong(confidenceSum);
    out.writeLong(entropySum);
    for (DriftMeasure measure : DriftMeasure.values()) {
      for (long count : counts(measure)) {
        out.writeLong(count);
      }
    }
    byte[] bytes = labelled.toBytes();
    out.writeInt(bytes.length);
    out.write(bytes);
  }

  static WindowSketch read(DataInput in, int classes) throws IOException {
    WindowSketch read = new WindowSketch(classes);
    read.rows = in.readLong();
    read.confidenceSum = in.readLong();
    read.entropySum = in.readLong();
    for (DriftMeasure measure : DriftMeasure.values()) {
      long[] counts = read.counts(measure);
      for (int j = 0; j < counts.length; j++) {
        counts[j] = in.readLong();
      }
    }
    byte[] bytes = new byte[in.readInt()];
    in.readFully(bytes);
    read.labelled = CalibrationSketch.fromBytes(bytes);
    return read;
  }

  @Override
  public boolean equals(Object other) {
    return other instanceof WindowSketch that
        && rows == that.rows
        && confidenceSum == that.confidenceSum
        && entropySum == that.entropySum
        && Arrays.equals(confidence, that.confidence)
        && Arrays.equals(entropy, that.entropy)
        && Arrays.equals(nll, that.nll)
        && Arrays.equals(hits, that.hits)
        && Arrays.equals(reliability, that.reliability)
        && Arrays.equals(labelled.toBytes(), that.labelled.toBytes());
  }

  @Override
  public int hashCode() {
    return Arrays.hashCode(confidence);
  }
}
