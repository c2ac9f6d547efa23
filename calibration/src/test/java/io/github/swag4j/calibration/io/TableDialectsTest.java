package io.github.swag4j.calibration.io;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.github.swag4j.calibration.Predictions;
import io.github.swag4j.calibration.binning.BinningConvention;
import io.github.swag4j.calibration.io.format.PredictionFileException;
import io.github.swag4j.calibration.io.format.ReadOptions;
import io.github.swag4j.calibration.sketch.CalibrationSketch;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.Charset;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Locale;
import java.util.SplittableRandom;
import java.util.zip.GZIPOutputStream;
import java.util.zip.ZipEntry;
import java.util.zip.ZipOutputStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Tables as spreadsheets and programs of all countries write, encode and pack them. */
class TableDialectsTest {
  private static final ReadOptions DEFAULTS = ReadOptions.defaults();

  @TempDir Path folder;

  private static CalibrationSketch stream(Path file) throws IOException {
    return StreamedSketch.of(file, DEFAULTS, BinningConvention.GUO);
  }

  /** Reads a file in both ways, which must come to the same. */
  private Predictions read(byte[] bytes, String name) throws IOException {
    Path file = Files.write(folder.resolve(name), bytes);
    Predictions inMemory = PredictionFiles.read(file);
    assertThat(stream(file).toBytes()).isEqualTo(CalibrationSketch.of(inMemory).toBytes());
    assertThat(PredictionFiles.size(file, DEFAULTS).rows()).isEqualTo(inMemory.rows());
    assertThat(FileContents.of(file).names()).contains("label");
    return inMemory;
  }

  private Predictions read(String text) throws IOException {
    return read(text.getBytes(StandardCharsets.UTF_8), "p.csv");
  }

  private void refused(byte[] bytes, String name, String message) throws IOException {
    Path file = Files.write(folder.resolve(name), bytes);
    assertThatThrownBy(() -> PredictionFiles.read(file))
        .isInstanceOf(PredictionFileException.class)
        .hasMessageStartingWith(file.toString())
        .hasMessageContaining(message);
    assertThatThrownBy(() -> stream(file))
        .isInstanceOf(PredictionFileException.class)
        .hasMessageContaining(message);
  }

  private void refused(String text, String message) throws IOException {
    refused(text.getBytes(StandardCharsets.UTF_8), "p.csv", message);
  }

  private static void assertThreeRows(Predictions p) {
    assertThat(p.rows()).isEqualTo(3);
    assertThat(p.classNames()).containsExactly("cat", "dög");
    assertThat(p.probabilities(0)).containsExactly(0.25, 0.75);
    assertThat(p.probabilities(1)).containsExactly(0.5, 0.5);
    assertThat(p.probabilities(2)).containsExactly(1, 0);
    assertThat(p.label(0)).isOne();
    assertThat(p.label(1)).isZero();
    assertThat(p.label(2)).isZero();
  }

  private static final String TABLE = "cat,dög,label\n0.25,0.75,dög\n0.5,0.5,cat\n1,0,cat\n";

  @ParameterizedTest
  @ValueSource(
      strings = {
        "\uFEFF" + TABLE,
        "cat;dög;label\n0.25;0.75;dög\n0.5;0.5;cat\n1;0;cat\n",
        "cat;dög;label\n0,25;0,75;dög\n0,5;0,5;cat\n1;0;cat\n",
        "cat;dög;label\r\n,25;75E-2;dög\r\n,5;+0,5;cat\r\n1;0;cat\r\n",
        "cat\tdög\tlabel\n0.25\t0.75\tdög\n0.5\t0.5\tcat\n1\t0\tcat\n",
        "cat\tdög\tlabel\n0,25\t0,75\tdög\n0,5\t0,5\tcat\n1\t0\tcat\n",
        "sep=,\n" + TABLE,
        "sep=;\r\ncat;dög;label\r\n0,25;0,75;dög\r\n0,5;0,5;cat\r\n1;0;cat\r\n",
        "\"sep=;\"\ncat;dög;label\n0,25;0,75;dög\n0,5;0,5;cat\n1;0;cat\n",
        "\uFEFFsep=\t\ncat\tdög\tlabel\n0,25\t0,75\tdög\n0,5\t0,5\tcat\n1\t0\tcat\n",
        "\"cat\",\"dög\",\"label\"\n\"0,25\",\"0,75\",\"dög\"\n\"0,5\",\"0,5\",\"cat\"\n1,0,cat\n",
        "cat, dög, label\n0.25, 0.75, dög\n0.5 , 0.5, cat \n1, 0,\tcat\n",
        "\"cat\", \"dög\", \"label\"\n0.25, 0.75, \"dög\" \n 0.5,0.5, \"cat\"\n1,0,\"cat\"\n",
        "cat,dög,label\r0.25,0.75,dög\r0.5,0.5,cat\r1,0,cat\r",
        "cat,dög,label\r0.25,0.75,dög\r0.5,0.5,cat\r1,0,cat",
        TABLE + "\n\n",
        TABLE + ",,\n,,\n,,",
        TABLE + ", ,\n\n   \n\t\n\"\",\"\",\"\"\n",
        "cat,do\u0308g,label\n0.25,0.75,dög\n0.5,0.5,cat\n1,0,cat\n",
        "cat,dög,label\n0.25,0.75,do\u0308g\n0.5,0.5,cat\n1,0,cat\n"
      })
  void theSameTableIsReadHoweverItIsWritten(String text) throws IOException {
    assertThreeRows(read(text));
  }

  @Test
  void theFileOfWriteCsv2IsRead() throws IOException {
    Predictions p = read("\"a\";\"b\";\"label\"\n0,3;0,7;1\n");
    assertThat(p.classNames()).containsExactly("a", "b");
    assertThat(p.probabilities(0)).containsExactly(0.3, 0.7);
    assertThat(p.label(0)).isOne();
  }

  @ParameterizedTest
  @ValueSource(strings = {"UTF-16LE", "UTF-16BE", "UTF-8"})
  void textInUtf16IsReadByItsByteOrderMark(String charset) throws IOException {
    byte[] bytes = ("\uFEFF" + TABLE).getBytes(Charset.forName(charset));
    assertThreeRows(read(bytes, "p.csv"));
    assertThreeRows(read(gzip(bytes), "p.csv.gz"));
  }

  @Test
  void damagedUtf16IsRefused() throws IOException {
    byte[] odd = ("\uFEFF" + TABLE).getBytes(StandardCharsets.UTF_16LE);
    refused(Arrays.copyOf(odd, odd.length - 1), "p.csv", "must be valid UTF-16, got other bytes");
    byte[] lone = {
      (byte) 0xFF, (byte) 0xFE, 'a', 0, ',', 0, 0, (byte) 0xD8, ',', 0, 'b', 0, '\n', 0
    };
    refused(lone, "p.csv", "must be valid UTF-16, got other bytes");
    refused(
        TABLE.getBytes(StandardCharsets.UTF_16LE),
        "p.csv",
        "what may be text in UTF-16 without a byte-order mark");
    refused(("\uFEFF" + TABLE).getBytes(Charset.forName("UTF-32LE")), "p.csv", "UTF-32");
  }

  static byte[] gzip(byte[] bytes) throws IOException {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    try (GZIPOutputStream gzip = new GZIPOutputStream(out)) {
      gzip.write(bytes);
    }
    return out.toByteArray();
  }

  static byte[] zip(byte[] bytes, String... names) throws IOException {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    try (ZipOutputStream zip = new ZipOutputStream(out)) {
      for (String name : names) {
        zip.putNextEntry(new ZipEntry(name));
        if (!name.endsWith("/")) {
          zip.write(bytes);
        }
        zip.closeEntry();
      }
    }
    return out.toByteArray();
  }

  @ParameterizedTest
  @ValueSource(strings = {"p.csv.gz", "p.csv", "p.gz", "p.npz", "p", "p.txt"})
  void gzipIsReadUnderAnyName(String name) throws IOException {
    assertThreeRows(read(gzip(TABLE.getBytes(StandardCharsets.UTF_8)), name));
  }

  @Test
  void membersOfGzipFollowEachOther() throws IOException {
    byte[] table = TABLE.getBytes(StandardCharsets.UTF_8);
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    out.writeBytes(gzip(Arrays.copyOf(table, 20)));
    out.writeBytes(gzip(new byte[0]));
    out.writeBytes(gzip(Arrays.copyOfRange(table, 20, table.length)));
    assertThreeRows(read(out.toByteArray(), "p.csv.gz"));
    out.writeBytes(new byte[100]);
    assertThreeRows(read(out.toByteArray(), "p.csv.gz"));
    out.write('x');
    refused(out.toByteArray(), "p.csv.gz", "there are bytes that are no gzip data: copy it again");
  }

  @Test
  void gzipThatIsCutOffAnywhereIsRefused() throws IOException {
    byte[] whole = gzip(TABLE.getBytes(StandardCharsets.UTF_8));
    for (int length = 2; length < whole.length; length++) {
      refused(
          Arrays.copyOf(whole, length),
          length + ".csv.gz",
          "packed by gzip, the file must be whole, but its end is missing: copy it again");
    }
  }

  @Test
  void gzipThatIsDamagedAnywhereIsRefusedOrReadRightly() throws IOException {
    byte[] whole = gzip(TABLE.getBytes(StandardCharsets.UTF_8));
    int read = 0;
    for (int at = 2; at < whole.length; at++) {
      byte[] damaged = whole.clone();
      damaged[at] ^= 0x10;
      Path file = Files.write(folder.resolve(at + ".gz"), damaged);
      try {
        assertThreeRows(PredictionFiles.read(file));
        read++; // of the header only time, system and the like do not matter
      } catch (PredictionFileException e) {
        assertThat(e).hasMessageStartingWith(file.toString());
      }
    }
    assertThat(read).isLessThanOrEqualTo(7);
  }

  @Test
  void theOneTableInAZipArchiveIsRead() throws IOException {
    byte[] table = TABLE.getBytes(StandardCharsets.UTF_8);
    assertThreeRows(read(zip(table, "p.csv"), "p.csv.zip"));
    assertThreeRows(read(zip(table, "data/", "data/p.csv", "__MACOSX/data/._p.csv"), "p.zip"));
    assertThreeRows(
        read(zip(("\uFEFF" + TABLE).getBytes(StandardCharsets.UTF_16LE), "p.txt"), "p"));
    refused(
        zip(table, "a.csv", "b.csv"),
        "p.zip",
        "must hold one table, or arrays as numpy.savez writes them, got 2 files, a.csv, b.csv:"
            + " unpack it");
    refused(zip(gzip(table), "a.csv.gz"), "p.zip", "unpacked from the ZIP archive, predictions");
  }

  @Test
  void damagedZipArchivesOfATableAreRefused() throws IOException {
    byte[] whole = zip(TABLE.getBytes(StandardCharsets.UTF_8), "p.csv");
    Path file = folder.resolve("p.zip");
    for (int at = 35; at < 60; at++) {
      byte[] damaged = whole.clone();
      damaged[at] ^= 0x10;
      Files.write(file, damaged);
      assertThatThrownBy(() -> PredictionFiles.read(file))
          .as("byte " + at)
          .isInstanceOf(PredictionFileException.class);
    }
    refused(Arrays.copyOf(whole, whole.length - 30), "q.zip", "must be a complete ZIP archive");
  }

  @Test
  void aLineWithoutValuesAmidRowsIsRefused() throws IOException {
    refused(
        "a,b,label\n1,0,0\n,,\n1,0,0\n",
        "p.csv, line 3: a line without values must stand at the end, got one with rows after it");
    refused("a;b;label\n1;0;0\n;;\n\n;;\n1;0;0\n", "p.csv, line 3: a line without values");
    refused("a,b,label\n,,\n1,0,0\n", "p.csv, line 2: a line without values");
    refused("a,b,label\n,,\n,,\n", "at least 1 row after the header, got 0");
    refused("a,b,label\n0.75,0.25,\n", "got ''");
  }

  @Test
  void numbersOfTheOtherMarkAreNone() throws IOException {
    refused(
        "a;b;label\n0,25;0,75;1\n0.5;0.5;0\n",
        "p.csv, line 3, column 1: 'a' must be a finite number, got '0.5'");
    refused(
        "a;b;label\n0.25;0.75;1\n0,5;0,5;0\n",
        "p.csv, line 3, column 1: 'a' must be a finite number, got '0,5'");
    refused("a;b;label\n1.000,25;0,75;1\n", "must be a finite number, got '1.000,25'");
    Predictions later = read("a;b;label\n1;0;0\n0;1;1\n0,5;0,5;0\n");
    assertThat(later.probabilities(2)).containsExactly(0.5, 0.5);
    Predictions first = read("a;b;label\n1;0;0\n0;1;1\n");
    assertThat(first.rows()).isEqualTo(2);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      value = {
        "`a;x,b,label\n0.25,0.75,1` | `a;x` | b",
        "`a;b,x;label\n0,25;0,75;1` | a | `b,x`",
        "`\"a,x\";b;label\n0.25;0.75;1` | `a,x` | b",
        "`a x\tb;y\tlabel\n0.25\t0.75\t1` | `a x` | `b;y`"
      })
  void aSeparatorWithinANameIsTold(String text, String first, String second) throws IOException {
    Predictions p = read(text);
    assertThat(p.classNames()).containsExactly(first, second);
    assertThat(p.probabilities(0)).containsExactly(0.25, 0.75);
  }

  @Test
  void whatCouldBeSplitInTwoWaysIsRefusedWithARemedyThatHelps() throws IOException {
    refused("p;x,label\n0,5;1\n1,5;0\n", "write a first line sep=;");
    Predictions p = read("sep=;\nx,p;label\n0,5;1\n1,0;0\n");
    assertThat(p.probabilities(0)).containsExactly(0.5, 0.5);
    refused("sep=|\na|b|label\n1|0|0\n", "p.csv, line 1: 'sep=' must be followed by the comma");
  }

  @Test
  void linesAreCountedFromTheFirstOfTheFile() throws IOException {
    refused("sep=;\na;b;label\n1;0;0\n1;x;0\n", "p.csv, line 4, column 2: 'b' must be a finite");
    refused("a;b;label\r1;0;0\r1;x;0\r", "p.csv, line 3, column 2: 'b' must be a finite");
    byte[] packed = gzip("a,b,label\n1,0,0\n\n1,x,0\n".getBytes(StandardCharsets.UTF_8));
    refused(packed, "p.gz", "p.gz, line 4, column 2: 'b' must be a finite");
    refused(
        gzip("a,b,label\n1,0,0\n0.5,0.6,0\n".getBytes(StandardCharsets.UTF_8)),
        "q.gz",
        "q.gz, line 3: probabilities[1] sums to 1.1");
  }

  /** More than one part, of which each is kept while it is read. */
  @Test
  void largePackedFilesAreReadToTheBitsOfThoseAsTheyAre() throws IOException {
    SplittableRandom random = new SplittableRandom(11);
    StringBuilder text = new StringBuilder("a,id,b,label\n");
    int rows = 120_000;
    for (int r = 0; r < rows; r++) {
      double a = random.nextInt(1_000_001) / 1e6;
      text.append(String.format(Locale.ROOT, "%.6f,\"row\n%d\",%.6f,%d%n", a, r, 1 - a, r % 2));
    }
    byte[] bytes = text.toString().getBytes(StandardCharsets.UTF_8);
    Predictions plain = read(bytes, "p.csv");
    byte[] sketch = stream(folder.resolve("p.csv")).toBytes();
    Predictions packed = read(gzip(bytes), "p.csv.gz");
    assertThat(stream(folder.resolve("p.csv.gz")).toBytes()).isEqualTo(sketch);
    boolean same = packed.rows() == rows;
    for (int r = 0; r < rows; r++) {
      same &= packed.probability(r, 0) == plain.probability(r, 0);
      same &= packed.id(r).equals(plain.id(r)) && packed.label(r) == plain.label(r);
    }
    assertThat(same).isTrue();
    String bad = text + "0.5,x,0.25,1\n";
    refused(
        gzip(bad.getBytes(StandardCharsets.UTF_8)),
        "bad.csv.gz",
        "line " + (2 * rows + 2) + ": probabilities[" + rows + "] sums to 0.75");
  }
}
