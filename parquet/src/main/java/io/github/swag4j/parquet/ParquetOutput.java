package io.github.swag4j.parquet;

import io.github.swag4j.calibration.io.table.OutputColumn;
import io.github.swag4j.calibration.io.table.OutputColumn.Kind;
import io.github.swag4j.calibration.io.table.TableOutput;
import java.io.IOException;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.ArrayList;
import java.util.List;
import org.apache.parquet.format.ColumnChunk;
import org.apache.parquet.format.ConvertedType;
import org.apache.parquet.format.FieldRepetitionType;
import org.apache.parquet.format.FileMetaData;
import org.apache.parquet.format.LogicalType;
import org.apache.parquet.format.RowGroup;
import org.apache.parquet.format.SchemaElement;
import org.apache.parquet.format.StringType;
import org.apache.parquet.format.Util;

/**
 * Writes a table as a Parquet file: a column of single values for each of its columns, all of which
 * may be null. Row groups end at some megabytes, so that memory does not grow with the rows.
 */
final class ParquetOutput implements TableOutput {
  private static final int GROUP_BYTES = 1 << 24;
  private static final int ROWS_BETWEEN_LOOKS = 512;

  /** Version 1 of the format: what every reader reads. */
  private static final int VERSION = 1;

  /** Writes a value, and maybe a page into memory. */
  private interface Value {
    void to(ColumnOutput column) throws IOException;
  }

  private final ByteCount out;
  private final List<OutputColumn> columns;
  private final List<ColumnOutput> outputs = new ArrayList<>();
  private final List<RowGroup> groups = new ArrayList<>();
  private long rowsOfGroup;
  private long rows;
  private int at;

  ParquetOutput(OutputStream to, List<OutputColumn> columns) throws IOException {
    out = new ByteCount(to);
    this.columns = List.copyOf(columns);
    columns.forEach(each -> outputs.add(new ColumnOutput(each.name(), each.kind())));
    out.write(ParquetFooter.magic());
  }

  /** Gives a value to the next column, which must be of one of some kinds. */
  private void next(Value value, Kind... kinds) {
    if (at == columns.size()) {
      throw new IllegalStateException("a row must have " + at + " values, got more");
    }
    OutputColumn column = columns.get(at);
    if (!List.of(kinds).contains(column.kind())) {
      throw new IllegalStateException(
          "column '" + column.name() + "' must have " + column.kind() + ", got " + kinds[0]);
    }
    try {
      value.to(outputs.get(at++));
    } catch (IOException e) {
      throw new UncheckedIOException("memory takes all that is written to it", e);
    }
  }

  @Override
  public void number(double value) {
    next(column -> column.number(value), Kind.DOUBLE, Kind.FLOAT);
  }

  @Override
  public void whole(long value) {
    next(column -> column.whole(value), Kind.WHOLE);
  }

  @Override
  public void digits(String decimal) {
    text(decimal);
  }

  @Override
  public void text(String text) {
    next(column -> column.text(text), Kind.TEXT);
  }

  @Override
  public void truth(boolean value) {
    next(column -> column.truth(value), Kind.TRUTH);
  }

  @Override
  public void nothing() {
    next(ColumnOutput::nothing, Kind.values());
  }

  @Override
  public void endRow() throws IOException {
    if (at < columns.size()) {
      throw new IllegalStateException("a row must have " + columns.size() + " values, got " + at);
    }
    at = 0;
    rowsOfGroup++;
    if (rowsOfGroup % ROWS_BETWEEN_LOOKS == 0
        && outputs.stream().mapToLong(ColumnOutput::size).sum() >= GROUP_BYTES) {
      endGroup();
    }
  }

  private void endGroup() throws IOException {
    long from = out.count();
    List<ColumnChunk> chunks = new ArrayList<>();
    long unpacked = 0;
    for (ColumnOutput output : outputs) {
      ColumnChunk chunk = output.writeTo(out);
      unpacked += chunk.getMeta_data().getTotal_uncompressed_size();
      chunks.add(chunk);
    }
    RowGroup group = new RowGroup(chunks, unpacked, rowsOfGroup);
    group.setFile_offset(from);
    group.setTotal_compressed_size(out.count() - from);
    groups.add(group);
    rows += rowsOfGroup;
    rowsOfGroup = 0;
  }

  @Override
  public void end() throws IOException {
    if (rowsOfGroup > 0) {
      endGroup();
    }
    List<SchemaElement> elements = new ArrayList<>();
    elements.add(new SchemaElement("table").setNum_children(columns.size()));
    for (OutputColumn column : columns) {
      SchemaElement element = new SchemaElement(column.name());
      element.setType(ColumnOutput.stored(column.kind()));
      element.setRepetition_type(FieldRepetitionType.OPTIONAL);
      if (column.kind() == Kind.TEXT) {
        element.setConverted_type(ConvertedType.UTF8);
        element.setLogicalType(LogicalType.STRING(new StringType()));
      }
      elements.add(element);
    }
    FileMetaData meta = new FileMetaData(VERSION, elements, rows, groups);
    meta.setCreated_by(createdBy());
    long from = out.count();
    Util.writeFileMetaData(meta, out);
    ByteBuffer length = ByteBuffer.allocate(Integer.BYTES).order(ByteOrder.LITTLE_ENDIAN);
    out.write(length.putInt(Math.toIntExact(out.count() - from)).array());
    out.write(ParquetFooter.magic());
    out.flush();
  }

  /** In the form that readers take apart. */
  private static String createdBy() {
    String version = ParquetOutput.class.getPackage().getImplementationVersion();
    return "swag4j version " + (version == null ? "unknown" : version);
  }
}
