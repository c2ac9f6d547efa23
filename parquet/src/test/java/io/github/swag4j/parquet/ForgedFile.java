package io.github.swag4j.parquet;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;
import org.apache.parquet.format.ColumnChunk;
import org.apache.parquet.format.ColumnMetaData;
import org.apache.parquet.format.CompressionCodec;
import org.apache.parquet.format.DataPageHeader;
import org.apache.parquet.format.DictionaryPageHeader;
import org.apache.parquet.format.Encoding;
import org.apache.parquet.format.FieldRepetitionType;
import org.apache.parquet.format.FileMetaData;
import org.apache.parquet.format.PageHeader;
import org.apache.parquet.format.PageType;
import org.apache.parquet.format.RowGroup;
import org.apache.parquet.format.SchemaElement;
import org.apache.parquet.format.Type;
import org.apache.parquet.format.Util;

/** A file of the columns a and b with two rows each, in which anything can be made a lie. */
final class ForgedFile {
  private static final byte[] MAGIC = "PAR1".getBytes(StandardCharsets.US_ASCII);

  private Consumer<FileMetaData> footer = meta -> {};
  private Consumer<PageHeader> page = header -> {};
  private Consumer<PageHeader> dictionary;
  private byte[] body = doubles(0.25, 0.75);
  private Encoding encoding = Encoding.PLAIN;

  static byte[] doubles(double... values) {
    ByteBuffer bytes = ByteBuffer.allocate(8 * values.length).order(ByteOrder.LITTLE_ENDIAN);
    for (double value : values) {
      bytes.putDouble(value);
    }
    return bytes.array();
  }

  ForgedFile footer(Consumer<FileMetaData> lie) {
    footer = lie;
    return this;
  }

  ForgedFile page(Consumer<PageHeader> lie) {
    page = lie;
    return this;
  }

  /** Values by their indices in a dictionary of 0.25 and 0.75; the body is that of the page. */
  ForgedFile dictionary(Consumer<PageHeader> lie, byte... indices) {
    dictionary = lie;
    body = indices.clone();
    encoding = Encoding.RLE_DICTIONARY;
    return this;
  }

  Path write(Path file) throws IOException {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    out.writeBytes(MAGIC);
    List<ColumnChunk> chunks = new ArrayList<>();
    for (String name : List.of("a", "b")) {
      chunks.add(chunk(out, name));
    }
    FileMetaData meta =
        new FileMetaData(
            1,
            new ArrayList<>(List.of(root(), leaf("a"), leaf("b"))),
            2,
            new ArrayList<>(List.of(new RowGroup(chunks, out.size(), 2))));
    footer.accept(meta);
    int from = out.size();
    Util.writeFileMetaData(meta, out);
    int length = out.size() - from;
    out.writeBytes(ByteBuffer.allocate(4).order(ByteOrder.LITTLE_ENDIAN).putInt(length).array());
    out.writeBytes(MAGIC);
    return Files.write(file, out.toByteArray());
  }

  private static SchemaElement root() {
    return new SchemaElement("root").setNum_children(2);
  }

  private static SchemaElement leaf(String name) {
    return new SchemaElement(name)
        .setType(Type.DOUBLE)
        .setRepetition_type(FieldRepetitionType.REQUIRED);
  }

  private ColumnChunk chunk(ByteArrayOutputStream out, String name) throws IOException {
    long from = out.size();
    if (dictionary != null) {
      byte[] values = doubles(0.25, 0.75);
      PageHeader header = new PageHeader(PageType.DICTIONARY_PAGE, values.length, values.length);
      header.setDictionary_page_header(new DictionaryPageHeader(2, Encoding.PLAIN));
      dictionary.accept(header);
      Util.writePageHeader(header, out);
      out.writeBytes(values);
    }
    PageHeader header = new PageHeader(PageType.DATA_PAGE, body.length, body.length);
    header.setData_page_header(new DataPageHeader(2, encoding, Encoding.RLE, Encoding.RLE));
    page.accept(header);
    Util.writePageHeader(header, out);
    out.writeBytes(body);
    ColumnMetaData of =
        new ColumnMetaData(
            Type.DOUBLE,
            List.of(encoding),
            new ArrayList<>(List.of(name)),
            CompressionCodec.UNCOMPRESSED,
            2,
            out.size() - from,
            out.size() - from,
            from);
    return new ColumnChunk(from).setMeta_data(of);
  }
}
