package io.github.swag4j.parquet;

import io.github.swag4j.calibration.io.format.PredictionFileException;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import java.util.zip.CRC32;
import org.apache.parquet.bytes.BytesInput;
import org.apache.parquet.column.Encoding;
import org.apache.parquet.column.page.DataPage;
import org.apache.parquet.column.page.DataPageV1;
import org.apache.parquet.column.page.DataPageV2;
import org.apache.parquet.column.page.DictionaryPage;
import org.apache.parquet.column.page.PageReader;
import org.apache.parquet.format.ColumnMetaData;
import org.apache.parquet.format.DataPageHeader;
import org.apache.parquet.format.DataPageHeaderV2;
import org.apache.parquet.format.DictionaryPageHeader;
import org.apache.parquet.format.PageHeader;
import org.apache.parquet.format.PageType;
import org.apache.parquet.format.SchemaElement;

/**
 * The pages of a column in a row group, one after the other: no more than one is in memory. What a
 * header says is held against the bytes that there are before anything is made of it. Failures are
 * unchecked, as the library that asks for pages wants it.
 */
final class ColumnPages implements PageReader {
  /** A page of more would not be read in one piece by anybody; writers aim at a megabyte. */
  private static final int MOST_BYTES = 1 << 29;

  private final Path file;
  private final String place;
  private final ColumnMetaData of;
  private final SchemaElement element;
  private final PageCodec codec;
  private final ChunkBytes bytes;

  /** Read, and not yet taken. */
  private PageHeader header;

  private long values;

  ColumnPages(ParquetFooter footer, FileChannel channel, int group, ParquetLeaf leaf)
      throws PredictionFileException {
    file = footer.file();
    place = ParquetFooter.place(group) + ", column '" + leaf.name() + "'";
    of = footer.meta().getRow_groups().get(group).getColumns().get(leaf.index()).getMeta_data();
    element = leaf.element();
    long start = ParquetFooter.start(of);
    bytes = new ChunkBytes(channel, start, start + of.getTotal_compressed_size());
    codec = PageCodec.of(of.getCodec());
    if (codec == null) {
      throw new PredictionFileException(
          file,
          place,
          "pages must be compressed by snappy, gzip, zstd or lz4_raw, or not at all, got "
              + of.getCodec()
              + ": write it with another codec");
    }
    if (of.getType() != element.getType()) {
      throw refuse("got " + of.getType() + " where the schema has " + element.getType(), null);
    }
  }

  PredictionFileException refuse(String what, Throwable e) {
    return new PredictionFileException(
        file,
        place,
        "a Parquet file must be whole, " + what + ": copy it again, or have it written again",
        e);
  }

  private UncheckedIOException damaged(String what, Throwable e) {
    return new UncheckedIOException(refuse(what, e));
  }

  @Override
  public long getTotalValueCount() {
    return of.getNum_values();
  }

  private PageHeader header() {
    while (header == null) {
      if (bytes.left() == 0) {
        throw damaged("got " + values + " of " + of.getNum_values() + " values", null);
      }
      try {
        header = bytes.header();
      } catch (IOException | RuntimeException e) {
        throw damaged("got a damaged header of a page", e);
      }
      int packed = header.getCompressed_page_size();
      int size = header.getUncompressed_page_size();
      if (packed < 0 || packed > bytes.left() || size < 0) {
        throw damaged(
            "got a page of " + packed + " bytes (" + size + " unpacked) in " + bytes.left(), null);
      }
      if (size > MOST_BYTES) {
        throw damaged(
            "got a page of " + size + " bytes, at most " + MOST_BYTES + " are read", null);
      }
      if (header.getType() == PageType.INDEX_PAGE) {
        body(); // which nobody needs
      }
    }
    return header;
  }

  /** The bytes of the page at hand, as they are in the file. */
  private byte[] body() {
    PageHeader taken = header;
    header = null;
    byte[] body;
    try {
      body = bytes.take(taken.getCompressed_page_size());
    } catch (IOException e) {
      throw damaged("got a page that ends early", e);
    }
    if (taken.isSetCrc()) {
      CRC32 sum = new CRC32();
      sum.update(body);
      if ((int) sum.getValue() != taken.getCrc()) {
        throw damaged("got a page whose checksum is another than its bytes'", null);
      }
    }
    return body;
  }

  private byte[] unpacked(byte[] packed, int from, int size) {
    try {
      return codec.unpack(packed, from, packed.length - from, size);
    } catch (IOException | RuntimeException e) {
      throw damaged("got a page that does not unpack (" + e.getMessage() + ")", e);
    }
  }

  @Override
  public DictionaryPage readDictionaryPage() {
    if (of.getNum_values() == 0 || header().getType() != PageType.DICTIONARY_PAGE) {
      return null;
    }
    DictionaryPageHeader of = header.getDictionary_page_header();
    int size = header.getUncompressed_page_size();
    if (of == null || of.getNum_values() < 0 || of.getNum_values() > size / least()) {
      throw damaged("got a dictionary of more values than its " + size + " bytes hold", null);
    }
    byte[] body = unpacked(body(), 0, size);
    return new DictionaryPage(
        BytesInput.from(body), of.getNum_values(), encoding(of.getEncoding()));
  }

  /** Bytes that a value takes in a dictionary, at least. */
  private int least() {
    return switch (element.getType()) {
      case BOOLEAN -> 1;
      case INT32, FLOAT, BYTE_ARRAY -> 4;
      case INT64, DOUBLE -> 8;
      case INT96 -> 12;
      case FIXED_LEN_BYTE_ARRAY -> element.getType_length();
    };
  }

  private Encoding encoding(org.apache.parquet.format.Encoding encoding) {
    return Encoding.valueOf(encoding.name());
  }

  @Override
  public DataPage readPage() {
    PageType type = header().getType();
    if (type == PageType.DATA_PAGE && header.isSetData_page_header()) {
      return first(header.getData_page_header(), header.getUncompressed_page_size());
    }
    if (type == PageType.DATA_PAGE_V2 && header.isSetData_page_header_v2()) {
      return second(header.getData_page_header_v2(), header.getUncompressed_page_size());
    }
    throw damaged("got a page of type " + type + " where values must be", null);
  }

  private void count(int more) {
    if (more < 0 || more > of.getNum_values() - values) {
      throw damaged("got more than " + of.getNum_values() + " values", null);
    }
    values += more;
  }

  private DataPageV1 first(DataPageHeader page, int size) {
    count(page.getNum_values());
    byte[] body = unpacked(body(), 0, size);
    return new DataPageV1(
        BytesInput.from(body),
        page.getNum_values(),
        size,
        null,
        encoding(page.getRepetition_level_encoding()),
        encoding(page.getDefinition_level_encoding()),
        encoding(page.getEncoding()));
  }

  private DataPageV2 second(DataPageHeaderV2 page, int size) {
    count(page.getNum_values());
    int repetitions = page.getRepetition_levels_byte_length();
    int definitions = page.getDefinition_levels_byte_length();
    byte[] body = body();
    long levels = (long) repetitions + definitions;
    if (repetitions < 0 || definitions < 0 || levels > Math.min(size, body.length)) {
      throw damaged("got levels of " + levels + " bytes in a page of " + body.length, null);
    }
    int from = (int) levels;
    boolean packed = !page.isSetIs_compressed() || page.isIs_compressed();
    byte[] data =
        packed
            ? unpacked(body, from, size - from)
            : java.util.Arrays.copyOfRange(body, from, body.length);
    return DataPageV2.uncompressed(
        page.getNum_rows(),
        page.getNum_nulls(),
        page.getNum_values(),
        BytesInput.from(body, 0, repetitions),
        BytesInput.from(body, repetitions, definitions),
        encoding(page.getEncoding()),
        BytesInput.from(data),
        null);
  }
}
