package io.github.swag4j.calibration.io;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.github.swag4j.calibration.Predictions;
import io.github.swag4j.calibration.binning.BinningConvention;
import io.github.swag4j.calibration.io.format.PredictionFileException;
import io.github.swag4j.calibration.io.format.ReadOptions;
import io.github.swag4j.calibration.sketch.CalibrationSketch;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Files of all kinds, as their programs write them, known by their first bytes. */
class ForeignFilesTest {
  @TempDir Path folder;

  /** A file that foreign_files.py wrote, under another name. */
  private Path foreign(String resource, String name) throws IOException {
    try (InputStream in = ForeignFilesTest.class.getResourceAsStream("/foreign/" + resource)) {
      assertThat(in).as(resource).isNotNull();
      Path file = folder.resolve(name);
      Files.copy(in, file);
      return file;
    }
  }

  private static void refused(Path file, String message) {
    assertThatThrownBy(() -> PredictionFiles.read(file))
        .isInstanceOf(PredictionFileException.class)
        .hasMessageStartingWith(file + ": ")
        .hasMessageContaining(message);
    assertThatThrownBy(() -> StreamedSketch.of(file, ReadOptions.defaults(), BinningConvention.GUO))
        .isInstanceOf(PredictionFileException.class)
        .hasMessageContaining(message);
    assertThatThrownBy(() -> PredictionFiles.size(file, ReadOptions.defaults()))
        .hasMessageContaining(message);
    assertThatThrownBy(() -> FileContents.of(file)).hasMessageContaining(message);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "table.parquet | got a Parquet file: convert it, pandas.read_parquet(FILE).to_csv(",
        "table.feather | got an Arrow file: convert it, pandas.read_feather(FILE).to_csv(",
        "table.orc | got an ORC file: convert it, pandas.read_orc(FILE).to_csv(",
        "table.xlsx | got an Excel workbook: save the sheet as CSV",
        "table.pkl | got a Python pickle",
        "numbers.pickle | got a Python pickle",
        "torch.pt | got a file of torch.save: save the numbers with numpy.savez(",
        "legacy.pt | got a file of torch.save as it was before version 1.6: save the numbers with",
        "weights.safetensors | got a safetensors file: 'info' shows what is in it",
        "table.h5 | got an HDF5 file",
        "table.sqlite | got an SQLite database: export the table as CSV",
        "table.csv.bz2 | got compressed by bzip2: unpack it with bunzip2",
        "table.csv.xz | got compressed by xz: unpack it with unxz"
      })
  void whatIsNotReadIsNamedWithAWayOutWhateverItsName(String resource, String message)
      throws IOException {
    for (String name : new String[] {"p.csv", "p.npz", "p.npy", "p.gz", "p.jsonl", "p"}) {
      refused(foreign(resource, name), message);
    }
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      value = {
        "`<!DOCTYPE html>\n<html><body>404</body></html>` | got a page in HTML",
        "`\n<html>` | got a page in HTML",
        "`<?xml version=\"1.0\"?><a/>` | got an XML file",
        "`%PDF-1.7\n%x` | got a PDF document",
        "`{\\rtf1 x}` | got a rich text document",
        "`GGUF\u0003` | got a GGUF file of weights"
      })
  void documentsAreNamed(String text, String message) throws IOException {
    refused(Files.writeString(folder.resolve("p.csv"), text), message);
  }

  @ParameterizedTest
  @ValueSource(strings = {"ORC1", "PAR1", "GIF8", "RDX2"})
  void aTableMayBeginWithTheLettersOfAnotherKind(String name) throws IOException {
    String text = name + ",other,label\n0.25,0.75,other\n";
    Predictions read = PredictionFiles.read(Files.writeString(folder.resolve("p.csv"), text));
    assertThat(read.classNames()).containsExactly(name, "other");
  }

  @Test
  void bytesThatAreNoTextAreRefused() throws IOException {
    Path file = folder.resolve("p.csv");
    Files.write(file, "a,b,label\n1,0\0,0\n".getBytes(StandardCharsets.UTF_8));
    refused(file, "got byte 0 at 13, which is no text");
    Files.write(file, new byte[600]);
    refused(file, "or no text: save it as UTF-8");
    Files.write(file, new byte[] {0x28, (byte) 0xB5, 0x2F, (byte) 0xFD, 4, 88, 1});
    refused(file, "got compressed by Zstandard: unpack it with unzstd");
    byte[] ole = {(byte) 0xD0, (byte) 0xCF, 0x11, (byte) 0xE0, (byte) 0xA1, (byte) 0xB1, 0x1A};
    Files.write(file, java.util.Arrays.copyOf(ole, 600));
    refused(file, "or no text: save it as UTF-8");
    byte[] workbook = java.util.Arrays.copyOf(ole, 600);
    workbook[7] = (byte) 0xE1;
    Files.write(file, workbook);
    refused(file, "got a file of Excel as it was before 2007");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "read.csv.gz",
        "read.csv.zip",
        "utf16.csv",
        "mark.csv",
        "tabs.tsv",
        "german.csv",
        "read.jsonl",
        "accents.jsonl.gz"
      })
  void whatPandasPacksAndEncodesIsRead(String resource) throws IOException {
    Path file = foreign(resource, "p.csv");
    Predictions p = PredictionFiles.read(file);
    assertThat(p.classNames()).containsExactly("cat", "dög");
    assertThat(p.probabilities(0)).containsExactly(0.25, 0.75);
    assertThat(p.probabilities(1)).containsExactly(0.5, 0.5);
    assertThat(p.probabilities(2)).containsExactly(1, 0);
    assertThat(p.label(0)).isOne();
    assertThat(p.label(2)).isZero();
    assertThat(StreamedSketch.of(file, ReadOptions.defaults(), BinningConvention.GUO).toBytes())
        .isEqualTo(CalibrationSketch.of(p).toBytes());
  }

  @Test
  void arraysAreReadWhateverTheirName() throws IOException {
    Predictions p = Predictions.of(new double[][] {{0.25, 0.75}, {1, 0}}, new int[] {1, 0});
    Path npz = folder.resolve("p.npz");
    PredictionFiles.write(npz, p);
    Path renamed = Files.move(npz, folder.resolve("p.csv"));
    assertThat(PredictionFiles.read(renamed).probabilities(0)).containsExactly(0.25, 0.75);
    assertThat(StreamedSketch.of(renamed, ReadOptions.defaults(), BinningConvention.GUO).rows())
        .isEqualTo(2);
    Path values = folder.resolve("v.npy");
    Path labels = folder.resolve("l.npy");
    PredictionFiles.write(values, labels, p);
    Path other = Files.move(values, folder.resolve("v.dat"));
    assertThat(PredictionFiles.read(other, labels, ReadOptions.defaults()).label(0)).isOne();
    assertThatThrownBy(
            () -> StreamedSketch.of(other, ReadOptions.defaults(), BinningConvention.GUO))
        .hasMessageContaining("an .npy file has no labels: give those in a second one");
    refused(
        Files.write(folder.resolve("p.gz"), TableDialectsTest.gzip(Files.readAllBytes(renamed))),
        "unpacked by gzip, predictions must be CSV or TSV, JSON Lines, NPZ or NPY, got a ZIP or NPZ"
            + " archive: unpack it");
  }
}
