package io.github.swag4j.calibration.io.csv;

import io.github.swag4j.base.Refusal;
import io.github.swag4j.calibration.InvalidRowException;
import io.github.swag4j.calibration.Predictions;
import io.github.swag4j.calibration.PredictionsBuilder;
import io.github.swag4j.calibration.io.columns.ColumnHints;
import io.github.swag4j.calibration.io.format.LabelsFile;
import io.github.swag4j.calibration.io.format.Noted;
import io.github.swag4j.calibration.io.format.PredictionFileException;
import io.github.swag4j.calibration.io.format.PredictionSize;
import io.github.swag4j.calibration.io.format.ReadOptions;
import io.github.swag4j.calibration.io.format.ReadingNote;
import io.github.swag4j.calibration.io.internal.HeapNeed;
import io.github.swag4j.calibration.io.internal.LeftOut;
import io.github.swag4j.calibration.io.internal.OrderedWork;
import io.github.swag4j.calibration.io.internal.Source;
import io.github.swag4j.calibration.io.internal.UsualNames;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.stream.IntStream;

/**
 * Predictions from a CSV file with a header. The file is looked through twice: once for the borders
 * and the number of its rows, then, part by part and by several threads, for the numbers, which go
 * straight to where they stay.
 */
public final class CsvPredictions {
  private final CsvFormat format;
  private final CsvParts parts;
  private final List<CsvParts.Part> list;
  private final CsvColumns columns;
  private final int count;

  /** Rows whose labels leave them out. */
  private final Set<Integer> leftOut = ConcurrentHashMap.newKeySet();

  private CsvPredictions(CsvFormat format, CsvParts parts, List<CsvParts.Part> list, int count) {
    this.format = format;
    this.parts = parts;
    this.list = list;
    this.count = count;
    columns = new CsvColumns(format.header(), count);
  }

  public static Noted<Predictions> read(Path file, ReadOptions options) throws IOException {
    return read(file, null, options);
  }

  /** The same with labels of a second file, if that is not null. */
  public static Noted<Predictions> read(Path file, LabelsFile labels, ReadOptions options)
      throws IOException {
    CsvFormat format = CsvFormat.of(file, labels, options);
    try (CsvParts parts = format.text().borders()) {
      List<CsvParts.Part> list = list(parts);
      long count = count(list);
      PredictionSize size = size(format, count);
      HeapNeed.check(format.source(), size);
      try {
        return new CsvPredictions(format, parts, list, (int) count).noted();
      } catch (OutOfMemoryError e) {
        throw HeapNeed.refusal(format.source(), size, e);
      }
    }
  }

  /** That a file has no labels, and what it has instead. */
  public static PredictionFileException labelsMissing(Path file, ReadOptions options)
      throws IOException {
    return labelsMissing(CsvFormat.of(file, options));
  }

  static PredictionFileException labelsMissing(CsvFormat format) throws IOException {
    return format
        .source()
        .refuse(
            Refusal.of(UsualNames.labelsMissing("columns", format.header().names()))
                .and(ColumnHints.forLabels(format.table(), format.options(), format.source())));
  }

  /** What the columns of a file are taken for. */
  public static ReadingNote note(Path file, ReadOptions options) throws IOException {
    return CsvFormat.of(file, options).note();
  }

  /** Rows, classes and the heap that reading takes. */
  public static PredictionSize size(Path file, LabelsFile labels, ReadOptions options)
      throws IOException {
    CsvFormat format = CsvFormat.of(file, labels, options);
    try (CsvParts parts = format.text().borders()) {
      long rows = 0;
      for (CsvParts.Part part = parts.next(); part != null; part = parts.next()) {
        rows += part.rows();
      }
      requireRow(rows, format.source());
      return size(format, rows);
    }
  }

  private static List<CsvParts.Part> list(CsvParts parts) throws IOException {
    List<CsvParts.Part> list = new ArrayList<>();
    for (CsvParts.Part part = parts.next(); part != null; part = parts.next()) {
      list.add(part);
    }
    return list;
  }

  private static long count(List<CsvParts.Part> list) {
    return list.isEmpty() ? 0 : list.get(list.size() - 1).row() + list.get(list.size() - 1).rows();
  }

  private static PredictionSize size(CsvFormat format, long rows) throws PredictionFileException {
    requireRow(rows, format.source());
    int classes = Math.max(2, format.columns());
    CsvHeader header = format.header();
    // Doubles of a value, whatever is computed from what; then what a row has besides.
    int values = format.hasLogits() ? 3 : format.options().logits() ? 2 : 1;
    long bytes = 8L * values * classes + (format.columns() == 1 ? 8 : 0);
    bytes += header.label() < 0 ? 0 : 8;
    bytes += header.expectedEntropy() < 0 ? 0 : 16;
    bytes += header.weight() < 0 ? 0 : 16;
    bytes += header.group() < 0 ? 0 : 8 + HeapNeed.TEXT;
    bytes += header.id() < 0 ? 0 : 8 + HeapNeed.TEXT;
    return new PredictionSize(rows, classes, rows * bytes);
  }

  static void requireRow(long rows, Source source) throws PredictionFileException {
    if (rows == 0) {
      throw source.refuse("a file of predictions must have at least 1 row after the header, got 0");
    }
  }

  private Noted<Predictions> noted() throws IOException {
    Predictions read = read();
    if (leftOut.isEmpty()) {
      return new Noted<>(read, format.note());
    }
    int[] kept = IntStream.range(0, count).filter(row -> !leftOut.contains(row)).toArray();
    if (kept.length == 0) {
      throw format.source().refuse(LeftOut.all(format.options()));
    }
    return new Noted<>(
        read.select(kept),
        format.note().withWarnings(List.of(LeftOut.said(leftOut.size(), format.options()))));
  }

  private Predictions read() throws IOException {
    PredictionsBuilder builder = Predictions.builder();
    try {
      if (format.columns() == 1) {
        columns.values = new double[count];
        parse();
        builder.positiveProbabilities(columns.values);
      } else {
        format.numbers(builder, count, new InParts());
        if (format.hasLogits() || format.options().logits()) {
          format.mask(builder, format.hasLogits() ? columns.logits : columns.values, count);
        }
      }
      format.requireRowNames(count);
      columns.weigh(builder, count);
      Predictions read = format.finish(builder, columns, count);
      if (format.hasLogits()) {
        format.compare(read, columns.values, this::line);
      }
      return read;
    } catch (UncheckedIOException e) {
      throw e.getCause();
    } catch (InvalidRowException e) {
      throw format.refuse(e, 0, this::line);
    } catch (IllegalArgumentException e) {
      throw format.source().refuse(Refusal.of(e), e);
    }
  }

  /** Reads all rows at once, into the array that the builder keeps. */
  private final class InParts implements PredictionsBuilder.RowSource {
    @Override
    public void readAll(int numRows, int numClasses, double[] into) {
      if (format.hasLogits()) {
        columns.logits = into;
        columns.values = new double[into.length];
      } else {
        columns.values = into;
      }
      try {
        parse();
      } catch (IOException e) {
        throw new UncheckedIOException(e);
      }
    }

    @Override
    public void read(int row, double[] into, int from) {
      throw new UnsupportedOperationException("rows are read all at once");
    }
  }

  private void parse() throws IOException {
    try (CsvParts.Again again = parts.again(list)) {
      OrderedWork.run(list.size(), () -> new PartReader(again));
    }
  }

  /** One thread's reading of parts. */
  private final class PartReader implements OrderedWork.Worker {
    private final CsvParts.Again again;
    private CsvParts.Part part;

    PartReader(CsvParts.Again again) {
      this.again = again;
    }

    @Override
    public long take() throws IOException {
      part = again.next();
      return part == null ? -1 : part.index();
    }

    @Override
    public void work() throws IOException {
      parse(part);
    }
  }

  private void parse(CsvParts.Part part) throws IOException {
    try (InputStream in = parts.open(part)) {
      CsvRecords records = format.records(in, part);
      int row = (int) part.row();
      int end = row + part.rows();
      while (records.advance()) {
        if (row == end) {
          throw changed();
        }
        if (!format.row(records, columns, row)) {
          leftOut.add(row);
        }
        row++;
      }
      if (row < end) {
        throw changed();
      }
    }
  }

  private PredictionFileException changed() {
    return format.source().refuse("the file must stay as it is while it is read, but it changed");
  }

  /** The line that a row began on, found by reading its part once more. */
  private long line(int row) throws IOException {
    CsvParts.Part part = list.get(0);
    for (CsvParts.Part each : list) {
      part = each.row() <= row ? each : part;
    }
    return line(format, parts, part, row - part.row());
  }

  static long line(CsvFormat format, CsvParts parts, CsvParts.Part part, long row)
      throws IOException {
    try (InputStream in = parts.open(part)) {
      CsvRecords records = format.records(in, part);
      long left = row;
      while (left >= 0 && records.advance()) {
        left--;
      }
      return records.line();
    }
  }
}
