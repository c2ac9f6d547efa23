package io.github.swag4j.spark;

import io.github.swag4j.calibration.binning.BinningConvention;
import io.github.swag4j.calibration.sketch.CalibrationSketch;
import io.github.swag4j.calibration.sketch.SketchFormatException;
import java.io.UncheckedIOException;
import org.apache.spark.sql.Encoder;
import org.apache.spark.sql.Encoders;
import org.apache.spark.sql.expressions.Aggregator;

/** Bytes of sketches to those of all their rows. Nulls and empty bytes are of no rows. */
final class SketchOfSketches extends Aggregator<byte[], SketchBuffer, byte[]> {
  private static final long serialVersionUID = 1L;

  @Override
  public SketchBuffer zero() {
    return new SketchBuffer(BinningConvention.GUO);
  }

  @Override
  public SketchBuffer reduce(SketchBuffer buffer, byte[] bytes) {
    if (bytes != null && bytes.length > 0) {
      buffer.merge(sketch(bytes));
    }
    return buffer;
  }

  static CalibrationSketch sketch(byte[] bytes) {
    try {
      return CalibrationSketch.fromBytes(bytes);
    } catch (SketchFormatException e) {
      throw new UncheckedIOException(e);
    }
  }

  @Override
  public SketchBuffer merge(SketchBuffer one, SketchBuffer other) {
    one.merge(other);
    return one;
  }

  @Override
  public byte[] finish(SketchBuffer buffer) {
    return buffer.bytes();
  }

  @Override
  public Encoder<SketchBuffer> bufferEncoder() {
    return Encoders.javaSerialization(SketchBuffer.class);
  }

  @Override
  public Encoder<byte[]> outputEncoder() {
    return Encoders.BINARY();
  }
}
