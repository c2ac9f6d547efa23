package io.github.swag4j.parquet;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.swag4j.calibration.Predictions;
import io.github.swag4j.calibration.binning.BinningConvention;
import io.github.swag4j.calibration.io.ColumnTexts;
import io.github.swag4j.calibration.io.FileContents;
import io.github.swag4j.calibration.io.PredictionFiles;
import io.github.swag4j.calibration.io.StreamedSketch;
import io.github.swag4j.calibration.io.format.LabelsFile;
import io.github.swag4j.calibration.io.format.Noted;
import io.github.swag4j.calibration.io.format.PredictionSize;
import io.github.swag4j.calibration.io.format.ReadOptions;
import java.io.IOException;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The same rows are the same predictions, whoever wrote them as Parquet and however. */
class SameAsCsvTest {
  private static final Path CSV = Fixtures.file("rows.csv");
  private static final BinningConvention GUO = BinningConvention.GUO;
  private static Predictions expected;
  private static byte[] sketch;

  @BeforeAll
  static void read() throws IOException {
    expected = PredictionFiles.read(CSV);
    sketch = StreamedSketch.of(CSV, ReadOptions.defaults(), GUO).toBytes();
    assertThat(expected.rows()).isEqualTo(60);
    assertThat(expected.classes()).isEqualTo(3);
    assertThat(expected.hasWeights()).isTrue();
  }

  private static void same(Predictions read) {
    assertThat(read.rows()).isEqualTo(expected.rows());
    for (int r = 0; r < expected.rows(); r++) {
      assertThat(read.probabilities(r)).as("row %d", r).containsExactly(expected.probabilities(r));
      assertThat(read.label(r)).isEqualTo(expected.label(r));
      assertThat(read.weight(r)).isEqualTo(expected.weight(r));
      assertThat(read.id(r)).isEqualTo(expected.id(r));
    }
  }

  private static void sameStreamed(Path file) throws IOException {
    assertThat(StreamedSketch.of(file, ReadOptions.defaults(), GUO).toBytes()).isEqualTo(sketch);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "pyarrow-none",
        "pyarrow-snappy",
        "pyarrow-gzip",
        "pyarrow-zstd",
        "pyarrow-lz4",
        "pyarrow-plain",
        "pyarrow-v2",
        "pyarrow-encodings",
        "pyarrow-struct",
        "pyarrow-named-list",
        "pandas-index",
        "polars",
        "duckdb"
      })
  void everyCodecPageVersionEncodingAndWriter(String name) throws IOException {
    Path file = Fixtures.file(name + ".parquet");
    Predictions read = PredictionFiles.read(file);
    same(read);
    assertThat(read.classNames()).containsExactly("cat", "dog", "owl");
    sameStreamed(file);
    PredictionSize size = PredictionFiles.size(file, ReadOptions.defaults());
    assertThat(size.rows()).isEqualTo(60);
    assertThat(size.classes()).isEqualTo(3);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "pyarrow-list.parquet",
        "pyarrow-fixed-list.parquet",
        "polars-array.parquet",
        "duckdb-list.parquet",
        "spark-list",
        "spark-vector"
      })
  void probabilitiesInAList(String name) throws IOException {
    Path file = Fixtures.file(name);
    same(PredictionFiles.read(file));
    sameStreamed(file);
  }

  @Test
  void logitsInAListBecomeProbabilities() throws IOException {
    Path file = Fixtures.file("pyarrow-logits.parquet");
    Predictions read = PredictionFiles.read(file);
    assertThat(read.hasLogits()).isTrue();
    for (int r = 0; r < 60; r++) {
      for (int k = 0; k < 3; k++) {
        double value = expected.probability(r, k);
        assertThat(read.probability(r, k)).isBetween(value - 1e-15, value + 1e-15);
      }
    }
  }

  @Test
  void partFilesOfSparkAreOneTableInTheOrderOfTheirNames() throws IOException {
    Path folder = Fixtures.file("spark");
    Predictions read = PredictionFiles.read(folder);
    same(read);
    assertThat(read.classNames()).containsExactly("cat", "dog", "owl");
    sameStreamed(folder);
    assertThat(ColumnTexts.read(folder, "site", 60)).isEqualTo(ColumnTexts.read(CSV, "site", 60));
  }

  @Test
  void foldersCalledByValuesAreAColumn() throws IOException {
    Path folder = Fixtures.file("spark-partitioned");
    String[] sites = ColumnTexts.read(CSV, "site", 60);
    Map<String, String> expectedSites = new HashMap<>();
    for (int r = 0; r < 60; r++) {
      expectedSites.put(expected.id(r), sites[r]);
    }
    Predictions read = PredictionFiles.read(folder);
    String[] found = ColumnTexts.read(folder, "site", 60);
    assertThat(found).contains("süd, west");
    for (int r = 0; r < 60; r++) {
      assertThat(found[r]).isEqualTo(expectedSites.get(read.id(r)));
    }
    sameStreamed(folder); // whose order of rows does not matter
  }

  @Test
  void theNoteAndTheNamesAreThoseOfTheTable() throws IOException {
    Path file = Fixtures.file("pyarrow-snappy.parquet");
    Noted<Predictions> csv = PredictionFiles.readNoted(CSV, ReadOptions.defaults());
    Noted<Predictions> parquet = PredictionFiles.readNoted(file, ReadOptions.defaults());
    assertThat(parquet.note()).isEqualTo(csv.note());
    assertThat(FileContents.of(file)).isEqualTo(FileContents.of(CSV));
    assertThat(FileContents.of(Fixtures.file("pyarrow-struct.parquet")).names())
        .containsExactly("cat", "dog", "owl", "label", "weight", "id", "probs");
  }

  @Test
  void optionsAreThoseOfTables() throws IOException {
    ReadOptions options =
        ReadOptions.defaults()
            .withClassColumns(List.of("owl", "cat", "dog"))
            .withIgnoredColumns(List.of("weight"));
    Predictions csv = PredictionFiles.read(CSV, options);
    Predictions read = PredictionFiles.read(Fixtures.file("polars.parquet"), options);
    assertThat(read.hasWeights()).isFalse();
    assertThat(read.classNames()).containsExactly("owl", "cat", "dog");
    for (int r = 0; r < 60; r++) {
      assertThat(read.probabilities(r)).containsExactly(csv.probabilities(r));
      assertThat(read.label(r)).isEqualTo(csv.label(r));
    }
  }

  @Test
  void labelsOfASecondFileMayBeParquetToo() throws IOException {
    ReadOptions options = ReadOptions.defaults().withIgnoredColumns(List.of("label"));
    LabelsFile labels = new LabelsFile(Fixtures.file("duckdb.parquet"), "id", "label");
    Path file = Fixtures.file("pyarrow-gzip.parquet");
    same(PredictionFiles.readNoted(file, labels, options).value());
    assertThat(StreamedSketch.noted(file, labels, options, GUO).value().toBytes())
        .isEqualTo(sketch);
  }

  @Test
  void listsThatAreNotOfClassesAreNotReadWhenTheyAreToBeIgnored() throws IOException {
    ReadOptions options = ReadOptions.defaults().withIgnoredColumns(List.of("embedding"));
    same(PredictionFiles.read(Fixtures.file("pyarrow-embedding.parquet"), options));
  }
}
