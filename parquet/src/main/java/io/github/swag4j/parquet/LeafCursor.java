package io.github.swag4j.parquet;

import io.github.swag4j.calibration.io.table.TableValues;
import java.io.IOException;
import java.nio.channels.FileChannel;
import org.apache.parquet.VersionParser;
import org.apache.parquet.VersionParser.ParsedVersion;
import org.apache.parquet.VersionParser.VersionParseException;
import org.apache.parquet.column.ColumnReader;
import org.apache.parquet.column.impl.ColumnReaderImpl;
import org.apache.parquet.io.api.PrimitiveConverter;

/** A leaf in a row group, at one of its values. */
final class LeafCursor {
  private final ColumnPages pages;
  private final ColumnReader reader;
  private final LeafValues.Reader values;
  private final int present;
  private final int listLevel;
  private long left;

  LeafCursor(ParquetFooter footer, FileChannel channel, int group, ParquetLeaf leaf)
      throws IOException {
    pages = new ColumnPages(footer, channel, group, leaf);
    values = LeafValues.of(leaf.element());
    present = leaf.descriptor().getMaxDefinitionLevel();
    listLevel = leaf.listLevel();
    left = pages.getTotalValueCount();
    PrimitiveConverter unused = new PrimitiveConverter() {};
    reader = new ColumnReaderImpl(leaf.descriptor(), pages, unused, version(footer));
  }

  /** Who wrote the file: some old writers' encodings want care. */
  private static ParsedVersion version(ParquetFooter footer) {
    String writer = footer.meta().getCreated_by();
    try {
      return writer == null ? null : VersionParser.parse(writer);
    } catch (VersionParseException e) {
      return null;
    }
  }

  private void require() throws IOException {
    if (left == 0) {
      throw pages.refuse("got fewer values than rows", null);
    }
  }

  private void consume() {
    left--;
    reader.consume();
  }

  /** Whether the structure that this is a part of is there in this row. */
  boolean isThere(int level) throws IOException {
    require();
    return reader.getCurrentDefinitionLevel() >= level;
  }

  /** Gives the value of this row, and goes to the next. */
  void value(TableValues into) throws IOException {
    require();
    give(into);
    consume();
  }

  private void give(TableValues into) {
    if (reader.getCurrentDefinitionLevel() == present) {
      values.read(reader, into);
    } else {
      into.nothing();
    }
  }

  /** Gives the elements of this row's list, and goes to the next. */
  void list(TableValues into) throws IOException {
    require();
    if (reader.getCurrentRepetitionLevel() > 0) {
      throw pages.refuse("got a row amid a list", null);
    }
    do {
      if (reader.getCurrentDefinitionLevel() >= listLevel) {
        give(into);
      }
      consume();
    } while (left > 0 && reader.getCurrentRepetitionLevel() > 0);
  }

  /** To be called after the last row. */
  void requireEnd() throws IOException {
    if (left > 0) {
      throw pages.refuse("got more values than rows", null);
    }
  }
}
