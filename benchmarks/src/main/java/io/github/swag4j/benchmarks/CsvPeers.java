package io.github.swag4j.benchmarks;

import ch.randelshofer.fastdoubleparser.JavaDoubleParser;
import com.fasterxml.jackson.core.JsonToken;
import com.fasterxml.jackson.dataformat.csv.CsvFactory;
import com.fasterxml.jackson.dataformat.csv.CsvParser;
import com.univocity.parsers.csv.CsvParserSettings;
import de.siegmar.fastcsv.reader.AbstractBaseCsvCallbackHandler;
import de.siegmar.fastcsv.reader.CsvReader;
import io.github.swag4j.calibration.binning.BinningConvention;
import io.github.swag4j.calibration.sketch.CalibrationSketch;
import io.github.swag4j.calibration.sketch.LabelledRows;
import java.io.BufferedInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.io.Reader;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ForkJoinPool;
import java.util.concurrent.ForkJoinTask;
import java.util.concurrent.atomic.AtomicInteger;

/** Well-kept readers of CSV files, each used as fast as its interface allows. */
final class CsvPeers {
  private static final int CLASSES = 10;
  private static final int BLOCK = 1000;
  private static final int PART_BYTES = 1 << 22;

  private static final double[] TENS = {
    1, 1e1, 1e2, 1e3, 1e4, 1e5, 1e6, 1e7, 1e8, 1e9, 1e10, 1e11, 1e12, 1e13, 1e14, 1e15
  };

  private CsvPeers() {}

  /** Takes the fields of rows one by one, and adds the rows to a sketch. */
  private static final class Rows {
    private final CalibrationSketch sketch = new CalibrationSketch(CLASSES, BinningConvention.GUO);
    private final double[] values = new double[BLOCK * CLASSES];
    private final int[] labels = new int[BLOCK];
    private int rows;

    void field(int column, char[] text, int from, int length) {
      double number = number(text, from, length);
      if (column < CLASSES) {
        values[rows * CLASSES + column] = number;
      } else {
        labels[rows] = (int) number;
      }
    }

    void endRow() {
      rows++;
      if (rows == BLOCK) {
        flush();
      }
    }

    void flush() {
      if (rows > 0) {
        sketch.add(LabelledRows.of(values, labels, CLASSES), 0, rows);
      }
      rows = 0;
    }

    CalibrationSketch sketch() {
      flush();
      return sketch;
    }
  }

  /** The number by a division where that is exact, as our reader does it. */
  private static double number(char[] text, int from, int length) {
    long digits = 0;
    int point = -1;
    for (int i = from; i < from + length; i++) {
      int digit = text[i] - '0';
      if (digit >= 0 && digit <= 9) {
        digits = 10 * digits + digit;
      } else if (text[i] == '.' && point < 0) {
        point = i;
      } else {
        return JavaDoubleParser.parseDouble(text, from, length);
      }
    }
    if (length > 15) {
      return JavaDoubleParser.parseDouble(text, from, length);
    }
    return point < 0 ? digits : digits / TENS[from + length - point - 1];
  }

  /** Characters of FastCSV's buffer, without a string. */
  private static final class Fields extends AbstractBaseCsvCallbackHandler<Boolean> {
    private final Rows rows;
    private boolean header;

    Fields(Rows rows, boolean header) {
      this.rows = rows;
      this.header = header;
    }

    @Override
    protected void handleField(int column, char[] text, int from, int length, boolean quoted) {
      if (!header) {
        rows.field(column, text, from, length);
      }
    }

    @Override
    protected Boolean buildRecord() {
      if (!header) {
        rows.endRow();
      }
      header = false;
      return true;
    }
  }

  private static void fastCsv(InputStream in, boolean header, Rows rows) throws IOException {
    try (Reader text = new InputStreamReader(in, StandardCharsets.UTF_8);
        CsvReader<Boolean> reader = CsvReader.builder().build(new Fields(rows, header), text)) {
      reader.forEach(row -> {});
    }
  }

  static CalibrationSketch fastCsv(Path file) throws IOException {
    Rows rows = new Rows();
    try (InputStream in = Files.newInputStream(file)) {
      fastCsv(in, true, rows);
    }
    return rows.sketch();
  }

  /** As fast as it could be if we went on cutting files; quoted line ends are not looked for. */
  static CalibrationSketch fastCsvInParts(Path file) throws IOException {
    long size = Files.size(file);
    int parts = (int) ((size + PART_BYTES - 1) / PART_BYTES);
    AtomicInteger next = new AtomicInteger();
    List<Rows> workers = new ArrayList<>();
    List<ForkJoinTask<?>> tasks = new ArrayList<>();
    for (int w = 0; w <= ForkJoinPool.getCommonPoolParallelism(); w++) {
      Rows rows = new Rows();
      workers.add(rows);
      tasks.add(
          ForkJoinTask.adapt(
                  () -> {
                    for (int p = next.getAndIncrement(); p < parts; p = next.getAndIncrement()) {
                      part(file, (long) p * PART_BYTES, size, rows);
                    }
                  })
              .fork());
    }
    tasks.forEach(ForkJoinTask::join);
    CalibrationSketch sketch = workers.get(0).sketch();
    workers.subList(1, workers.size()).forEach(other -> sketch.merge(other.sketch()));
    return sketch;
  }

  /** Reads the rows that begin within a part. */
  private static void part(Path file, long from, long size, Rows rows) {
    try (LineParts in = new LineParts(file, from, Math.min(size, from + PART_BYTES))) {
      fastCsv(in, from == 0, rows);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  static CalibrationSketch univocity(Path file) throws IOException {
    CsvParserSettings settings = new CsvParserSettings();
    settings.setHeaderExtractionEnabled(true);
    settings.setLineSeparatorDetectionEnabled(false);
    settings.getFormat().setLineSeparator("\n");
    // With a thread of its own to read, or its usual buffers, it does not fit into 32 MB.
    settings.setReadInputOnSeparateThread(false);
    settings.setInputBufferSize(1 << 16);
    com.univocity.parsers.csv.CsvParser parser = new com.univocity.parsers.csv.CsvParser(settings);
    Rows rows = new Rows();
    try (Reader text = Files.newBufferedReader(file)) {
      parser.beginParsing(text);
      for (String[] row = parser.parseNext(); row != null; row = parser.parseNext()) {
        for (int c = 0; c < row.length; c++) {
          char[] field = row[c].toCharArray();
          rows.field(c, field, 0, field.length);
        }
        rows.endRow();
      }
      parser.stopParsing();
    }
    return rows.sketch();
  }

  static CalibrationSketch jackson(Path file) throws IOException {
    Rows rows = new Rows();
    try (InputStream in = new BufferedInputStream(Files.newInputStream(file), 1 << 16);
        CsvParser parser = new CsvFactory().createParser(in)) {
      parser.enable(CsvParser.Feature.WRAP_AS_ARRAY);
      boolean header = true;
      int column = 0;
      for (JsonToken token = parser.nextToken(); token != null; token = parser.nextToken()) {
        if (token == JsonToken.START_ARRAY) {
          column = 0;
        } else if (token == JsonToken.VALUE_STRING && !header) {
          rows.field(
              column++, parser.getTextCharacters(), parser.getTextOffset(), parser.getTextLength());
        } else if (token == JsonToken.END_ARRAY && column > 0) {
          rows.endRow();
          column = 0;
        } else if (token == JsonToken.END_ARRAY) {
          header = false;
        }
      }
    }
    return rows.sketch();
  }
}
