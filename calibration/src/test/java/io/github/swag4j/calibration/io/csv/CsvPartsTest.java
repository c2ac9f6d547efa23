package io.github.swag4j.calibration.io.csv;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.github.swag4j.calibration.Predictions;
import io.github.swag4j.calibration.binning.BinningConvention;
import io.github.swag4j.calibration.io.PredictionFiles;
import io.github.swag4j.calibration.io.StreamedSketch;
import io.github.swag4j.calibration.io.format.PredictionFileException;
import io.github.swag4j.calibration.io.format.ReadOptions;
import io.github.swag4j.calibration.sketch.CalibrationSketch;
import io.github.swag4j.calibration.sketch.CalibrationSummary;
import java.io.ByteArrayInputStream;
import java.io.FilterInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Files read in parts by several threads are what one reader makes of the whole. */
class CsvPartsTest {
  private static final String[] PIECES = {
    "a",
    "1.5",
    ",",
    ",",
    "\n",
    "\n",
    "\r\n",
    "\r",
    "\"",
    "\"\"",
    "\"x\ny\"",
    "\"x,\r\ny\"",
    "é",
    " ",
    "\uFEFF",
    "\n\n",
    "\"\"\n"
  };

  @TempDir Path folder;

  /** A record as text: its line and its fields; or why there is none. */
  private static void collect(CsvRecords records, List<String> into) throws IOException {
    while (records.advance()) {
      StringBuilder text = new StringBuilder().append(records.line());
      for (int f = 0; f < records.fields(); f++) {
        text.append('|').append(records.text(f));
      }
      into.add(text.toString());
    }
  }

  private List<String> serial(InputStream in, Path file) throws IOException {
    List<String> records = new ArrayList<>();
    try {
      collect(new CsvRecords(in, file, CsvDialect.COMMAS), records);
    } catch (PredictionFileException e) {
      records.add(e.getMessage());
    }
    return records;
  }

  private List<String> inParts(Path file, long partBytes) throws IOException {
    List<String> records = new ArrayList<>();
    int counted = 0;
    long row = 0;
    try (CsvParts parts = new CsvParts(CsvText.of(file), partBytes, true)) {
      for (CsvParts.Part p = parts.next(); p != null; p = parts.next()) {
        assertThat(p.index()).isEqualTo(counted++);
        assertThat(p.row()).isEqualTo(row);
        row += p.rows();
        int before = records.size();
        collect(new CsvRecords(parts.open(p), file, p.line(), CsvDialect.COMMAS), records);
        assertThat(records.size() - before).isEqualTo(p.rows());
      }
    } catch (PredictionFileException e) {
      records.add(e.getMessage());
    }
    return records;
  }

  @Test
  void partsHaveTheRecordsAndLinesOfTheWhole() throws IOException {
    for (int seed = 0; seed < 3000; seed++) {
      SplittableRandom random = new SplittableRandom(seed);
      StringBuilder text = new StringBuilder();
      for (int n = random.nextInt(60); n > 0; n--) {
        text.append(PIECES[random.nextInt(PIECES.length)]);
      }
      Path file = folder.resolve(seed + ".csv");
      byte[] bytes = text.toString().getBytes(StandardCharsets.UTF_8);
      Files.write(file, bytes);
      List<String> expected = serial(new ByteArrayInputStream(bytes), file);
      assertThat(serial(new Drops(bytes), file)).as("seed " + seed).isEqualTo(expected);
      boolean refusedHeader = expected.size() == 1 && expected.get(0).startsWith(file.toString());
      List<String> rows = expected.isEmpty() ? expected : expected.subList(1, expected.size());
      for (long partBytes : new long[] {1, 7, 40, 1 << 20}) {
        List<String> got = inParts(file, partBytes);
        if (!refusedHeader) {
          assertThat(got).as("seed " + seed + ", " + partBytes).isEqualTo(rows);
        }
      }
      Files.delete(file);
    }
  }

  /** Gives one byte at a time, so that no record is ever loaded as a whole. */
  private static final class Drops extends FilterInputStream {
    Drops(byte[] bytes) {
      super(new ByteArrayInputStream(bytes));
    }

    @Override
    public int read(byte[] into, int from, int length) throws IOException {
      return super.read(into, from, Math.min(1, length));
    }
  }

  /** Long ids, so that few rows are many parts. */
  private static final String LONG = "x".repeat(420);

  private static final int ROWS = 43_000;

  private static String line(int row, SplittableRandom random) {
    double a = random.nextInt(1_000_001) / 1e6;
    // An id with line breaks and quotes, so that parts cannot be cut at every line.
    String id = row % 3 == 0 ? "\"row\n" + row + ", \"\"x\"\"\"" : "r" + row + LONG;
    return String.format(Locale.ROOT, "%.6f,%s,%.6f,%d%n", a, id, 1 - a, row % 2);
  }

  /** More than three parts. */
  private Path large(int rows, int badRow, String bad) throws IOException {
    SplittableRandom random = new SplittableRandom(8);
    StringBuilder text = new StringBuilder("a,id,b,label\n");
    for (int r = 0; r < rows; r++) {
      text.append(r >= badRow && r % 1000 == badRow % 1000 ? bad + "\n" : line(r, random));
    }
    Path file = folder.resolve("large.csv");
    Files.writeString(file, text);
    assertThat(Files.size(file)).isGreaterThan(3L * CsvParts.PART_BYTES);
    return file;
  }

  @Test
  void rowsOfALargeFileAreInTheirPlaces() throws IOException {
    int rows = ROWS;
    Path file = large(rows, rows, "");
    Predictions p = PredictionFiles.read(file);
    assertThat(p.rows()).isEqualTo(rows);
    SplittableRandom random = new SplittableRandom(8);
    boolean same = true;
    for (int r = 0; r < rows; r++) {
      double a = random.nextInt(1_000_001) / 1e6;
      same &= p.probability(r, 0) == a;
      same &= p.id(r).equals(r % 3 == 0 ? "row\n" + r + ", \"x\"" : "r" + r + LONG);
      same &= p.label(r) == r % 2;
    }
    assertThat(same).isTrue();
    CalibrationSummary streamed =
        StreamedSketch.of(file, ReadOptions.defaults(), BinningConvention.GUO).summary();
    CalibrationSummary expected = CalibrationSketch.of(p).summary();
    assertThat(streamed.bins()).isEqualTo(expected.bins());
    assertThat(streamed.nll()).isEqualTo(expected.nll());
    assertThat(PredictionFiles.size(file, ReadOptions.defaults()).rows()).isEqualTo(rows);
  }

  @Test
  void theFirstOfManyWrongLinesIsNamedWhoeverReadsIt() throws IOException {
    // A row r that is not the first of a triple is one line; the others are two.
    int row = 20_000;
    long line = 2L + row + (row + 2) / 3;
    Path file = large(ROWS, row, "0.5,x,0.5,7");
    String label = "line " + line + ", column 4: 'label' must be a class index below 2";
    assertThatThrownBy(() -> PredictionFiles.read(file)).hasMessageContaining(label);
    assertThatThrownBy(() -> StreamedSketch.of(file, ReadOptions.defaults(), BinningConvention.GUO))
        .hasMessageContaining(label);
    Path sums = large(ROWS, row, "0.5,x,0.25,1");
    String sum = "line " + line + ": probabilities[" + row + "] sums to 0.75";
    assertThatThrownBy(() -> PredictionFiles.read(sums)).hasMessageContaining(sum);
    assertThatThrownBy(() -> StreamedSketch.of(sums, ReadOptions.defaults(), BinningConvention.GUO))
        .hasMessageContaining(sum);
  }
}
