package io.github.swag4j.spark;

import io.github.swag4j.calibration.binning.BinningConvention;
import org.apache.spark.sql.Encoder;
import org.apache.spark.sql.Encoders;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.expressions.Aggregator;

/** Rows of {@link PredictionColumns#INPUT} to the bytes of their sketch. */
final class SketchOfRows extends Aggregator<Row, SketchBuffer, byte[]> {
  private static final long serialVersionUID = 1L;

  private final String convention;
  private final int bins;

  SketchOfRows(BinningConvention convention) {
    this.convention = convention.name();
    this.bins = convention.bins();
  }

  @Override
  public SketchBuffer zero() {
    return new SketchBuffer(BinningConvention.named(convention).withBins(bins));
  }

  @Override
  public SketchBuffer reduce(SketchBuffer buffer, Row row) {
    buffer.add(row);
    return buffer;
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
