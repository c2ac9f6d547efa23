package io.github.swag4j.parquet;

import io.github.swag4j.calibration.io.format.PredictionFileException;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.LinkedHashMap;
import java.util.Map;
import org.apache.parquet.format.ColumnChunk;
import org.apache.parquet.format.ColumnMetaData;
import org.apache.parquet.format.FileMetaData;
import org.apache.parquet.format.KeyValue;
import org.apache.parquet.format.RowGroup;

/**
 * What the end of a Parquet file says: schema, row groups, where the pages of each column lie.
 *
 * @param file the file
 * @param data where the pages end and this begins, in bytes
 * @param meta what it says
 * @param schema its columns
 */
record ParquetFooter(Path file, long data, FileMetaData meta, ParquetSchema schema) {
  private static final byte[] MAGIC = {'P', 'A', 'R', '1'};
  private static final byte[] ENCRYPTED = {'P', 'A', 'R', 'E'};

  /** The footer's length and the magic bytes after it. */
  private static final int TAIL = 8;

  /** Schema and places of millions of pages. */
  private static final int MOST_BYTES = 1 << 28;

  private static final String WHOLE = "a Parquet file must be whole, ";
  private static final String AGAIN = ": copy it again, or have it written again";

  /** What a file begins and ends with. */
  static byte[] magic() {
    return MAGIC.clone();
  }

  /** Whether a file begins as Parquet files do. */
  static boolean isParquet(byte[] first) {
    return begins(first, MAGIC) || begins(first, ENCRYPTED);
  }

  private static boolean begins(byte[] bytes, byte[] with) {
    return bytes.length >= with.length
        && ByteBuffer.wrap(bytes, 0, with.length).equals(ByteBuffer.wrap(with));
  }

  /** Reads the footer of a file. */
  static ParquetFooter read(Path file) throws IOException {
    try (FileChannel channel = FileChannel.open(file, StandardOpenOption.READ)) {
      long size = channel.size();
      if (size < MAGIC.length + TAIL) {
        throw refuse(file, WHOLE + "got " + size + " bytes" + AGAIN);
      }
      byte[] tail = bytes(file, channel, size - TAIL, TAIL);
      byte[] magic = java.util.Arrays.copyOfRange(tail, TAIL - MAGIC.length, TAIL);
      if (begins(magic, ENCRYPTED)) {
        throw refuse(file, "must not be encrypted, got an encrypted footer: write it without");
      }
      if (!begins(magic, MAGIC)) {
        throw refuse(file, WHOLE + "and end with PAR1 as it begins, got another end" + AGAIN);
      }
      long length = ByteBuffer.wrap(tail).order(ByteOrder.LITTLE_ENDIAN).getInt() & 0xFFFFFFFFL;
      if (length > size - TAIL - MAGIC.length) {
        throw refuse(
            file, WHOLE + "got a footer of " + length + " bytes in a file of " + size + AGAIN);
      }
      if (length > MOST_BYTES) {
        throw refuse(
            file,
            "a footer must have at most "
                + MOST_BYTES
                + " bytes, got "
                + length
                + ": write fewer columns or larger row groups into a file");
      }
      long from = size - TAIL - length;
      FileMetaData meta = meta(file, bytes(file, channel, from, (int) length));
      ParquetSchema schema = ParquetSchema.of(file, meta.getSchema());
      ParquetFooter footer = new ParquetFooter(file, from, meta, schema);
      footer.check();
      return footer;
    }
  }

  private static byte[] bytes(Path file, FileChannel channel, long from, int count)
      throws IOException {
    ByteBuffer into = ByteBuffer.allocate(count);
    while (into.hasRemaining()) {
      if (channel.read(into, from + into.position()) < 0) {
        throw refuse(file, "the file must stay as it is while it is read, but it changed");
      }
    }
    return into.array();
  }

  private static FileMetaData meta(Path file, byte[] footer) throws PredictionFileException {
    try {
      return ThriftBytes.footer(new ByteArrayInputStream(footer), footer.length);
    } catch (IOException | RuntimeException | OutOfMemoryError e) {
      throw new PredictionFileException(file, "footer", WHOLE + "got a damaged footer" + AGAIN, e);
    }
  }

  private static PredictionFileException refuse(Path file, String problem) {
    return new PredictionFileException(file, "", problem);
  }

  private PredictionFileException damaged(int group, String what) {
    return new PredictionFileException(file, place(group), WHOLE + "got " + what + AGAIN);
  }

  /** A row group in words; people count from 1. */
  static String place(int group) {
    return "row group " + (group + 1);
  }

  /** The sum of the row groups' rows. */
  long rows() {
    return meta.getNum_rows();
  }

  /** Refuses numbers that cannot all be true. */
  private void check() throws PredictionFileException {
    long rows = 0;
    for (int g = 0; g < meta.getRow_groupsSize(); g++) {
      RowGroup group = meta.getRow_groups().get(g);
      if (group.getNum_rows() < 0 || group.getNum_rows() > Long.MAX_VALUE - rows) {
        throw damaged(g, group.getNum_rows() + " rows");
      }
      rows += group.getNum_rows();
      if (group.getColumnsSize() != schema.leaves().size()) {
        throw damaged(
            g, group.getColumnsSize() + " columns of a schema of " + schema.leaves().size());
      }
      // Groups without rows may say anything of their pages: there are none.
      for (int c = 0; group.getNum_rows() > 0 && c < group.getColumnsSize(); c++) {
        check(g, group, schema.leaves().get(c), group.getColumns().get(c));
      }
    }
    if (rows != meta.getNum_rows()) {
      throw new PredictionFileException(
          file,
          "footer",
          WHOLE + "got " + meta.getNum_rows() + " rows in groups of " + rows + AGAIN);
    }
  }

  private void check(int g, RowGroup group, ParquetLeaf leaf, ColumnChunk chunk)
      throws PredictionFileException {
    String column = "column '" + leaf.name() + "'";
    if (chunk.isSetFile_path()) {
      throw new PredictionFileException(
          file,
          place(g),
          "pages must be in the file itself, got " + column + " in " + chunk.getFile_path());
    }
    if (chunk.isSetCrypto_metadata() || !chunk.isSetMeta_data()) {
      throw new PredictionFileException(
          file, place(g), "columns must not be encrypted, got " + column + ": write it without");
    }
    ColumnMetaData of = chunk.getMeta_data();
    if (!of.getPath_in_schema().equals(leaf.path())) {
      throw damaged(g, "column '" + String.join(".", of.getPath_in_schema()) + "' as " + column);
    }
    long start = start(of);
    long size = of.getTotal_compressed_size();
    if (start < MAGIC.length || size < 0 || start > data - size) {
      throw damaged(g, column + " in bytes " + start + " to " + (start + size) + " of " + data);
    }
    boolean flat = leaf.descriptor().getMaxRepetitionLevel() == 0;
    if (of.getNum_values() < 0 || flat && of.getNum_values() != group.getNum_rows()) {
      throw damaged(
          g, of.getNum_values() + " values of " + column + " in " + group.getNum_rows() + " rows");
    }
  }

  /** Texts that its writer put there. */
  Map<String, String> properties() {
    Map<String, String> texts = new LinkedHashMap<>();
    for (int k = 0; k < meta.getKey_value_metadataSize(); k++) {
      KeyValue each = meta.getKey_value_metadata().get(k);
      texts.putIfAbsent(each.getKey(), each.isSetValue() ? each.getValue() : "");
    }
    return texts;
  }

  /** Where the first page of a column lies: that of its dictionary, if it has one. */
  static long start(ColumnMetaData of) {
    long pages = of.getData_page_offset();
    return of.isSetDictionary_page_offset() && of.getDictionary_page_offset() > 0
        ? Math.min(pages, of.getDictionary_page_offset())
        : pages;
  }
}
