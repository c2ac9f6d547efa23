package io.github.swag4j.parquet;

import io.airlift.compress.snappy.SnappyCompressor;
import io.github.swag4j.calibration.io.table.OutputColumn.Kind;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;
import java.util.zip.CRC32;
import org.apache.parquet.format.ColumnChunk;
import org.apache.parquet.format.ColumnMetaData;
import org.apache.parquet.format.CompressionCodec;
import org.apache.parquet.format.DataPageHeader;
import org.apache.parquet.format.Encoding;
import org.apache.parquet.format.PageHeader;
import org.apache.parquet.format.PageType;
import org.apache.parquet.format.Type;
import org.apache.parquet.format.Util;

/**
 * A column in a row group that is being written: values as they are (PLAIN), in pages of version 1,
 * packed by snappy, which every reader unpacks. No statistics: those of NaN and of zeros with signs
 * are a trap, and rows of predictions are in no order that they would help with.
 *
 * <p>The library's own writers are not used: they want the classes of geometries.
 */
final class ColumnOutput {
  private static final int PAGE_BYTES = 1 << 19;
  private static final int PAGE_ROWS = 20_000;

  private final String name;
  private final Kind kind;
  private final SnappyCompressor compressor = new SnappyCompressor();

  /** Pages that are done. */
  private final ByteArrayOutputStream pages = new ByteArrayOutputStream();

  private long rows;
  private long unpacked;

  /** Which rows of the page begun have values: runs of those that have and have not. */
  private final ByteArrayOutputStream levels = new ByteArrayOutputStream();

  private boolean runHasValues;
  private int run;
  private int rowsOfPage;

  private ByteBuffer values = ByteBuffer.allocate(1 << 10).order(ByteOrder.LITTLE_ENDIAN);

  /** True or false are bits, the first the lowest of a byte. */
  private int bits;

  ColumnOutput(String name, Kind kind) {
    this.name = name;
    this.kind = kind;
  }

  static Type stored(Kind kind) {
    return switch (kind) {
      case FLOAT -> Type.FLOAT;
      case DOUBLE -> Type.DOUBLE;
      case WHOLE -> Type.INT64;
      case TEXT -> Type.BYTE_ARRAY;
      case TRUTH -> Type.BOOLEAN;
    };
  }

  private ByteBuffer room(int bytes) {
    if (values.remaining() < bytes) {
      int size = Math.max(2 * values.capacity(), values.position() + bytes);
      ByteBuffer larger = ByteBuffer.allocate(size).order(ByteOrder.LITTLE_ENDIAN);
      values = larger.put(values.flip());
    }
    return values;
  }

  void number(double value) throws IOException {
    if (kind == Kind.FLOAT) {
      room(Float.BYTES).putFloat((float) value);
    } else {
      room(Double.BYTES).putDouble(value);
    }
    row(true);
  }

  void whole(long value) throws IOException {
    room(Long.BYTES).putLong(value);
    row(true);
  }

  void text(String text) throws IOException {
    byte[] utf = text.getBytes(StandardCharsets.UTF_8);
    room(Integer.BYTES + utf.length).putInt(utf.length).put(utf);
    row(true);
  }

  void truth(boolean value) throws IOException {
    if (bits % Byte.SIZE == 0) {
      room(1).put((byte) 0);
    }
    int last = values.position() - 1;
    if (value) {
      values.put(last, (byte) (values.get(last) | 1 << bits % Byte.SIZE));
    }
    bits++;
    row(true);
  }

  void nothing() throws IOException {
    row(false);
  }

  private void row(boolean has) throws IOException {
    if (run > 0 && has != runHasValues) {
      endRun();
    }
    runHasValues = has;
    run++;
    rowsOfPage++;
    if (rowsOfPage == PAGE_ROWS || values.position() >= PAGE_BYTES) {
      endPage();
    }
  }

  /** A run of equal levels: twice its length, seven bits a byte, then the level. */
  private void endRun() {
    int left = run << 1;
    while (left > 0x7F) {
      levels.write(left & 0x7F | 0x80);
      left >>>= 7;
    }
    levels.write(left);
    levels.write(runHasValues ? 1 : 0);
    run = 0;
  }

  private void endPage() throws IOException {
    endRun();
    ByteBuffer page =
        ByteBuffer.allocate(Integer.BYTES + levels.size() + values.position())
            .order(ByteOrder.LITTLE_ENDIAN)
            .putInt(levels.size())
            .put(levels.toByteArray())
            .put(values.flip());
    byte[] plain = page.array();
    byte[] packed = new byte[compressor.maxCompressedLength(plain.length)];
    int size = compressor.compress(plain, 0, plain.length, packed, 0, packed.length);
    CRC32 sum = new CRC32();
    sum.update(packed, 0, size);
    PageHeader header = new PageHeader(PageType.DATA_PAGE, plain.length, size);
    header.setCrc((int) sum.getValue());
    header.setData_page_header(
        new DataPageHeader(rowsOfPage, Encoding.PLAIN, Encoding.RLE, Encoding.RLE));
    int before = pages.size();
    Util.writePageHeader(header, pages);
    unpacked += pages.size() - before + plain.length;
    pages.write(packed, 0, size);
    rows += rowsOfPage;
    rowsOfPage = 0;
    bits = 0;
    levels.reset();
    values.clear();
  }

  /** Bytes in memory. */
  long size() {
    return (long) pages.size() + values.position() + levels.size();
  }

  /** Writes what there is, and begins anew; gives what the footer says of it. */
  ColumnChunk writeTo(ByteCount out) throws IOException {
    if (rowsOfPage > 0) {
      endPage();
    }
    long from = out.count();
    pages.writeTo(out);
    ColumnMetaData of =
        new ColumnMetaData(
            stored(kind),
            Arrays.asList(Encoding.PLAIN, Encoding.RLE),
            List.of(name),
            CompressionCodec.SNAPPY,
            rows,
            unpacked,
            out.count() - from,
            from);
    pages.reset();
    rows = 0;
    unpacked = 0;
    return new ColumnChunk(0).setMeta_data(of);
  }
}
