package io.github.swag4j.parquet;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.github.swag4j.calibration.Predictions;
import io.github.swag4j.calibration.binning.BinningConvention;
import io.github.swag4j.calibration.io.PredictionFiles;
import io.github.swag4j.calibration.io.StreamedSketch;
import io.github.swag4j.calibration.io.format.PredictionFileException;
import io.github.swag4j.calibration.io.format.ReadOptions;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Tables that are whole and still no predictions, and folders that are no table. */
class RefusedTablesTest {
  @TempDir private Path temporary;
  private Path folder;

  @BeforeEach
  void copy() throws IOException {
    folder = Fixtures.copy("spark", temporary.resolve("table"));
  }

  private static void refused(Path file, String message) {
    assertThatThrownBy(() -> PredictionFiles.read(file))
        .isInstanceOf(PredictionFileException.class)
        .hasMessageContaining(message);
    assertThatThrownBy(() -> StreamedSketch.of(file, ReadOptions.defaults(), BinningConvention.GUO))
        .isInstanceOf(PredictionFileException.class)
        .hasMessageContaining(message);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "null | null.parquet, row 42, column 2: 'dog' must be a finite number, got ''",
        "nan | nan.parquet, row 42, column 2: 'dog' must be a finite number, got 'NaN'",
        "null-list | null-list.parquet, row 42: 'probs' must have 3 numbers, as in the first row,"
            + " got null",
        "short-list | row 42: 'probs' must have 3 numbers, as in the first row, got 2",
        "null-in-list | null-in-list.parquet, row 42, column 2: '1' must be a finite number",
        "null-row | null-row.parquet, row 2: a row must have values, got null in every column",
        "empty | empty.parquet: a file of predictions must have at least 1 row, got 0",
        "not-utf8 | not-utf8.parquet, row 1, column 'label': ",
        "pyarrow-brotli | pages must be compressed by snappy, gzip, zstd or lz4_raw, or not at all,"
            + " got BROTLI: write it with another codec",
        "pyarrow-map | column 'probs': the numbers of classes must be a column each, a list, or a"
            + " struct of one for each class, got a map",
        "pyarrow-embedding | pyarrow-embedding.parquet, row 1: 'embedding' holds an array: if that"
            + " is the probabilities call it 'probs'"
      })
  void saysWhatAndWhere(String name, String message) {
    refused(Fixtures.file(name + ".parquet"), message);
  }

  @Test
  void whatDoesNotCountInAFolderIsPassedOver() throws IOException {
    Files.writeString(folder.resolve("_notes"), "x");
    Files.writeString(folder.resolve(".hidden.parquet"), "x");
    Files.createDirectories(folder.resolve("_metadata.d"));
    Predictions read = PredictionFiles.read(folder);
    assertThat(read.rows()).isEqualTo(60);
    assertThat(read.id(0)).isEqualTo("row 0");
    assertThat(read.id(59)).isEqualTo("row 59");
  }

  @Test
  void aFileThatIsNoParquetIsRefusedByItsName() throws IOException {
    Path stray = Files.writeString(folder.resolve("readme.txt"), "x");
    refused(folder, stray + ": every file in a folder of Parquet files must be one");
  }

  @Test
  void filesOfOtherColumnsAreRefused() throws IOException {
    Path other = folder.resolve("z.parquet");
    Files.copy(Fixtures.file("pyarrow-list.parquet"), other);
    refused(
        folder, other + ": all files of a folder must have the columns of the first, id (text)");
  }

  @Test
  void foldersThatAreNoPartitionsAreRefused() throws IOException {
    Files.createDirectories(folder.resolve("more"));
    refused(folder, "a folder in a folder of Parquet files must be called name=value, got 'more'");
  }

  @Test
  void partitionsOfOtherNamesOrOfAColumnAreRefused() throws IOException {
    Path part = Files.createDirectories(folder.resolve("day=1"));
    Files.copy(Fixtures.file("spark").resolve("_SUCCESS"), part.resolve("_SUCCESS"));
    Files.copy(Fixtures.file("duckdb.parquet"), part.resolve("z.parquet"));
    refused(folder, "folders must be called by the same names, got");
    Path table = Files.createDirectories(temporary.resolve("other/label=cat"));
    Files.copy(Fixtures.file("duckdb.parquet"), table.resolve("a.parquet"));
    refused(table.getParent(), "names of columns must be unique, got 'label' in files and of");
  }

  @Test
  void anUnfinishedJobAndATableWithALogAreRefused() throws IOException {
    Path unfinished = Files.createDirectories(folder.resolve("_temporary"));
    refused(folder, "a folder must be written to its end, got _temporary");
    Files.delete(unfinished);
    Files.createDirectories(folder.resolve("_delta_log"));
    refused(folder, "got _delta_log: rows that were deleted are still in some files");
    Path partition = Files.createDirectories(folder.resolve("day=1"));
    Files.copy(Fixtures.file("duckdb.parquet"), partition.resolve("a.parquet"));
    refused(partition, "got _delta_log: rows that were deleted are still in some files");
  }

  @Test
  void aTableOfIcebergIsRefusedAndSoAreItsFilesOfRows() throws IOException {
    Path table = Files.createDirectories(temporary.resolve("iceberg"));
    Path data = Files.createDirectories(table.resolve("data/day=1"));
    Files.copy(Fixtures.file("duckdb.parquet"), data.resolve("a.parquet"));
    Path metadata = Files.createDirectories(table.resolve("metadata"));
    Files.writeString(metadata.resolve("v1.metadata.json"), "{}");
    refused(table, "got the metadata of an Iceberg table: rows that were deleted are still in");
    refused(data.getParent(), "got the metadata of an Iceberg table");
  }

  @Test
  void aFolderOfOtherThingsIsNoTable() throws IOException {
    Path other = Files.createDirectories(temporary.resolve("other"));
    refused(other, "must be a file, got a folder");
    Files.writeString(other.resolve("a.csv"), "a,b\n");
    refused(other, "must be a file, got a folder");
  }

  @Test
  void theMissingLabelsOfAFileAreNamed() {
    assertThatThrownBy(
            () ->
                StreamedSketch.of(
                    Fixtures.file("pyarrow-gzip.parquet"),
                    ReadOptions.defaults().withIgnoredColumns(java.util.List.of("label")),
                    BinningConvention.GUO))
        .hasMessageContaining("pyarrow-gzip.parquet: ")
        .hasMessageContaining("label");
  }
}
