package io.github.swag4j.parquet;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.github.swag4j.calibration.Predictions;
import io.github.swag4j.calibration.binning.BinningConvention;
import io.github.swag4j.calibration.io.PredictionFiles;
import io.github.swag4j.calibration.io.StreamedSketch;
import io.github.swag4j.calibration.io.format.PredictionFileException;
import io.github.swag4j.calibration.io.format.ReadOptions;
import io.github.swag4j.calibration.io.table.TableColumn;
import io.github.swag4j.calibration.io.table.TableFile;
import io.github.swag4j.calibration.io.table.TableRows;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.function.Consumer;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.apache.parquet.format.ColumnMetaData;
import org.apache.parquet.format.CompressionCodec;
import org.apache.parquet.format.FieldRepetitionType;
import org.apache.parquet.format.FileMetaData;
import org.apache.parquet.format.PageType;
import org.apache.parquet.format.SchemaElement;
import org.apache.parquet.format.Type;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What is not whole, or lies, is refused with its place, and soon. */
@Timeout(60)
class DamagedFilesTest {
  private static final ReadOptions UNLABELLED = ReadOptions.defaults().withLabelsNeeded(false);
  @TempDir private Path folder;

  private static void refused(Path file, String message) {
    assertThatThrownBy(() -> PredictionFiles.read(file, UNLABELLED))
        .isInstanceOf(PredictionFileException.class)
        .hasMessageStartingWith(file.toString())
        .hasMessageContaining(message);
  }

  private Path copy() {
    return folder.resolve("p.parquet");
  }

  @ParameterizedTest
  @ValueSource(strings = {"pyarrow-snappy", "pyarrow-v2", "polars", "duckdb-list"})
  void aFileThatWasCutOffIsRefusedWhereverThatWas(String name) throws IOException {
    byte[] whole = Files.readAllBytes(Fixtures.file(name + ".parquet"));
    for (int length = 12; length < whole.length; length += 89) {
      refused(Files.write(copy(), Arrays.copyOf(whole, length)), "a Parquet file must be whole");
    }
  }

  /** A bit may change a name or a number; it must not do anything else. */
  @ParameterizedTest
  @ValueSource(strings = {"pyarrow-v2", "pyarrow-list", "polars", "duckdb"})
  void aBitThatFlippedIsRefusedOrReadAndNothingElse(String name) throws IOException {
    byte[] whole = Files.readAllBytes(Fixtures.file(name + ".parquet"));
    int refused = 0;
    int tried = 0;
    for (int at = 4; at < whole.length; at += 29) {
      byte[] changed = whole.clone();
      changed[at] ^= (byte) (1 << at % 8);
      tried++;
      Path file = Files.write(copy(), changed);
      try {
        readAll(file);
      } catch (PredictionFileException e) {
        assertThat(e.file().toString()).startsWith(file.toString());
        refused++;
      }
    }
    assertThat(refused).isBetween(tried / 10, tried);
  }

  private static void readAll(Path file) throws IOException {
    TableFile table = new ParquetFormat().open(file);
    List<Integer> columns =
        IntStream.range(0, table.columns().size())
            .filter(c -> table.columns().get(c).kind() != TableColumn.Kind.OTHER)
            .boxed()
            .toList();
    VectorValues values = new VectorValues();
    try (TableRows rows = table.open(columns)) {
      while (rows.advance()) {
        for (int c = 0; c < columns.size(); c++) {
          rows.read(c, values.clear());
        }
      }
    }
  }

  @Test
  void aBitThatFlippedInAPageWithAChecksumIsRefused() throws IOException {
    Path original = Fixtures.file("pyarrow-v2.parquet");
    byte[] whole = Files.readAllBytes(original);
    Predictions expected = PredictionFiles.read(original);
    ParquetFooter footer = ParquetFooter.read(original);
    ColumnMetaData of =
        footer.meta().getRow_groups().get(0).getColumns().get(1).getMeta_data(); // cat
    int end = (int) (ParquetFooter.start(of) + of.getTotal_compressed_size());
    for (int at = end - 1; at > end - 20; at--) {
      byte[] changed = whole.clone();
      changed[at] ^= 1;
      refused(
          Files.write(copy(), changed),
          "row group 1, column 'cat': a Parquet file must be whole, got a page whose checksum");
    }
    assertThat(expected.rows()).isEqualTo(60);
  }

  @Test
  void anotherEndOrLengthOfTheFooterIsRefused() throws IOException {
    byte[] whole = Files.readAllBytes(Fixtures.file("polars.parquet"));
    byte[] changed = whole.clone();
    changed[whole.length - 1] = '2';
    refused(Files.write(copy(), changed), "and end with PAR1 as it begins, got another end");
    changed[whole.length - 1] = 'E';
    refused(Files.write(copy(), changed), "must not be encrypted, got an encrypted footer");
    for (int length : new int[] {0, 1, 5, whole.length, Integer.MAX_VALUE, -1}) {
      changed = whole.clone();
      ByteBuffer.wrap(changed).order(ByteOrder.LITTLE_ENDIAN).putInt(whole.length - 8, length);
      refused(Files.write(copy(), changed), "a Parquet file must be whole, got a");
    }
    refused(Files.write(copy(), Arrays.copyOf(whole, 11)), "must be whole, got 11 bytes");
  }

  /** An unknown field of lists in lists is passed over by recursion, which must have an end. */
  @Test
  void deepNestingIsRefusedAndOverflowsNoStack() throws IOException {
    int lists = 200_000;
    ByteBuffer bytes = ByteBuffer.allocate(lists + 17).order(ByteOrder.LITTLE_ENDIAN);
    bytes.put("PAR1".getBytes(StandardCharsets.US_ASCII));
    bytes.put((byte) 0xF9); // field 15, a list
    for (int i = 0; i < lists; i++) {
      bytes.put((byte) 0x19); // of one list
    }
    bytes.putInt(lists + 1).put("PAR1".getBytes(StandardCharsets.US_ASCII));
    Path file = Files.write(copy(), Arrays.copyOf(bytes.array(), bytes.position()));
    assertThatThrownBy(() -> PredictionFiles.read(file))
        .isInstanceOf(PredictionFileException.class)
        .hasMessageContaining("got a damaged footer");
  }

  @Test
  void theForgedFileIsReadAsLongAsNothingLies() throws IOException {
    Path file = new ForgedFile().write(copy());
    ReadOptions options = UNLABELLED.withRenormalise(true);
    assertThat(PredictionFiles.read(file, options).probabilities(1)).containsExactly(0.5, 0.5);
    file = new ForgedFile().dictionary(page -> {}, (byte) 1, (byte) 3, (byte) 2).write(copy());
    assertThat(PredictionFiles.read(file, options).rows()).isEqualTo(2);
  }

  private static ColumnMetaData first(FileMetaData meta) {
    return meta.getRow_groups().get(0).getColumns().get(0).getMeta_data();
  }

  private static Arguments footer(Consumer<FileMetaData> lie, String message) {
    return Arguments.of(new ForgedFile().footer(lie), message);
  }

  private static SchemaElement group(int children) {
    return new SchemaElement("g")
        .setRepetition_type(FieldRepetitionType.OPTIONAL)
        .setNum_children(children);
  }

  static Stream<Arguments> lies() {
    int most = Integer.MAX_VALUE;
    return Stream.of(
        footer(m -> m.setNum_rows(3), "footer: a Parquet file must be whole, got 3 rows in groups"),
        footer(m -> m.setNum_rows(Long.MAX_VALUE), "rows in groups of 2"),
        footer(m -> m.getRow_groups().get(0).setNum_rows(-1), "row group 1: "),
        footer(
            m -> {
              m.setNum_rows(Long.MAX_VALUE);
              m.getRow_groups().get(0).setNum_rows(Long.MAX_VALUE);
            },
            "2 values of column 'a' in 9223372036854775807 rows"),
        footer(m -> first(m).setNum_values(1L << 40), "1099511627776 values of column 'a'"),
        footer(m -> first(m).setData_page_offset(-1), "column 'a' in bytes -1"),
        footer(m -> first(m).setData_page_offset(Long.MAX_VALUE), "column 'a' in bytes"),
        footer(m -> first(m).setTotal_compressed_size(Long.MAX_VALUE), "column 'a' in bytes 4"),
        footer(m -> first(m).setTotal_compressed_size(-1), "column 'a' in bytes 4"),
        footer(m -> first(m).setTotal_compressed_size(20), "row group 1, column 'a': "),
        footer(m -> first(m).setPath_in_schema(List.of("b")), "got column 'b' as column 'a'"),
        footer(m -> first(m).setType(Type.INT64), "got INT64 where the schema has DOUBLE"),
        footer(m -> first(m).setCodec(CompressionCodec.SNAPPY), "got a page that does not unpack"),
        footer(m -> first(m).setCodec(CompressionCodec.ZSTD), "got a page that does not unpack"),
        footer(m -> first(m).setCodec(CompressionCodec.GZIP), "got a page that does not unpack"),
        footer(m -> first(m).setCodec(CompressionCodec.LZ4_RAW), "got a page that does not unpack"),
        footer(m -> first(m).setCodec(CompressionCodec.LZO), "or not at all, got LZO"),
        footer(m -> m.getRow_groups().get(0).getColumns().remove(0), "1 columns of a schema of 2"),
        footer(
            m -> m.getRow_groups().get(0).getColumns().get(0).setFile_path("x"),
            "pages must be in the file itself, got column 'a' in x"),
        footer(
            m -> m.getRow_groups().get(0).getColumns().get(0).unsetMeta_data(),
            "columns must not be encrypted"),
        footer(m -> m.getSchema().clear(), "schema: a Parquet file must be whole"),
        footer(m -> m.getSchema().get(0).setNum_children(most), "got a damaged schema"),
        footer(m -> m.getSchema().get(0).setNum_children(-1), "got a damaged schema"),
        footer(m -> m.getSchema().get(0).setNum_children(1), "got a damaged schema"),
        footer(m -> m.getSchema().add(1, group(most)), "got a damaged schema"),
        footer(
            m -> {
              for (int i = 0; i < 5000; i++) {
                m.getSchema().add(1, group(1));
              }
            },
            "got a damaged schema"),
        footer(
            m -> m.getSchema().get(1).setType(Type.FIXED_LEN_BYTE_ARRAY).setType_length(most),
            "'a' of 2147483647 bytes a value"),
        footer(m -> m.getSchema().get(2).setName("a"), "schema: "),
        Arguments.of(
            new ForgedFile().page(p -> p.setUncompressed_page_size(most)),
            "got a page of 2147483647 bytes"),
        Arguments.of(
            new ForgedFile().page(p -> p.setUncompressed_page_size(-1)), "got a page of 16 bytes"),
        Arguments.of(
            new ForgedFile().page(p -> p.setUncompressed_page_size(17)), "must unpack to 17"),
        Arguments.of(
            new ForgedFile().page(p -> p.setCompressed_page_size(most)),
            "got a page of 2147483647 bytes"),
        Arguments.of(
            new ForgedFile().page(p -> p.setCompressed_page_size(-1)), "got a page of -1 bytes"),
        Arguments.of(
            new ForgedFile().page(p -> p.getData_page_header().setNum_values(most)),
            "got more than 2 values"),
        Arguments.of(
            new ForgedFile().page(p -> p.getData_page_header().setNum_values(-1)),
            "got more than 2 values"),
        Arguments.of(
            new ForgedFile().page(p -> p.getData_page_header().setNum_values(1)),
            "got 1 of 2 values"),
        Arguments.of(
            new ForgedFile().page(p -> p.setType(PageType.DATA_PAGE_V2)), "got a page of type"),
        Arguments.of(new ForgedFile().page(p -> p.setCrc(1)), "got a page whose checksum"),
        Arguments.of(
            new ForgedFile()
                .dictionary(
                    p -> p.getDictionary_page_header().setNum_values(most), (byte) 1, (byte) 4),
            "got a dictionary of more values than its 16 bytes hold"),
        Arguments.of(
            new ForgedFile()
                .dictionary(
                    p -> p.setUncompressed_page_size(1 << 29).setCompressed_page_size(16),
                    (byte) 1,
                    (byte) 4),
            "column 'a': "),
        // A run of as many packed groups as a header can say.
        Arguments.of(
            new ForgedFile()
                .dictionary(
                    p -> {}, (byte) 1, (byte) -1, (byte) -1, (byte) -1, (byte) -1, (byte) 15),
            "column 'a'"),
        // An index beyond the dictionary; a width of bits that there is none.
        Arguments.of(
            new ForgedFile().dictionary(p -> {}, (byte) 8, (byte) 4, (byte) 77), "column 'a'"),
        Arguments.of(
            new ForgedFile().dictionary(p -> {}, (byte) 99, (byte) 4, (byte) 0), "column 'a'"),
        Arguments.of(new ForgedFile().dictionary(p -> {}), "column 'a'"));
  }

  @ParameterizedTest
  @MethodSource("lies")
  void aFileThatLiesIsRefusedWithThePlace(ForgedFile forged, String message) throws IOException {
    Path file = forged.write(copy());
    refused(file, message);
    assertThatThrownBy(() -> StreamedSketch.of(file, ReadOptions.defaults(), BinningConvention.GUO))
        .isInstanceOf(PredictionFileException.class);
  }

  @Test
  void aFooterWithAListOfMoreElementsThanBytesIsRefused() throws IOException {
    // Field 2, a list of structs, of 2^31 - 1 elements; then one of as many bytes of text.
    byte[][] footers = {
      {0x15, 2, 0x19, (byte) 0xFC, -1, -1, -1, -1, 7},
      {0x15, 2, 0x19, 0x1C, 0x48, -1, -1, -1, -1, 7},
      {0x15, 2, 0x19, (byte) 0xFC, -1, -1, -1, -1, 15}
    };
    for (byte[] footer : footers) {
      ByteBuffer file = ByteBuffer.allocate(12 + footer.length).order(ByteOrder.LITTLE_ENDIAN);
      file.put("PAR1".getBytes(java.nio.charset.StandardCharsets.US_ASCII)).put(footer);
      file.putInt(footer.length).put("PAR1".getBytes(java.nio.charset.StandardCharsets.US_ASCII));
      refused(Files.write(copy(), file.array()), "footer: a Parquet file must be whole");
    }
  }
}
