package io.github.swag4j.calibration.io.csv;

import io.github.swag4j.base.AtomicFile;
import io.github.swag4j.calibration.Predictions;
import io.github.swag4j.calibration.io.format.PredictionFileException;
import io.github.swag4j.calibration.io.format.ReadOptions;
import io.github.swag4j.calibration.io.format.ReadingNote;
import io.github.swag4j.calibration.io.internal.UsualNames;
import io.github.swag4j.calibration.io.table.OutputColumn;
import io.github.swag4j.calibration.io.table.OutputColumn.Kind;
import io.github.swag4j.calibration.io.table.TableColumn;
import io.github.swag4j.calibration.io.table.TableFile;
import io.github.swag4j.calibration.io.text.FieldQuotes;
import io.github.swag4j.calibration.io.text.TableFiles;
import java.io.BufferedWriter;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStreamWriter;
import java.io.Writer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.IntToDoubleFunction;

/**
 * Writes a table again with other probabilities in it: every other column stands where it stood,
 * with its text as it was, whether it was read or not. Separator and decimal mark are the table's.
 *
 * <p>Logits beside the probabilities are replaced if there are new ones; old ones, and expected
 * entropies, say nothing of new probabilities and are left out. Numbers have the fewest digits that
 * read back as the same float32.
 */
public final class CsvCopy {
  private interface Cell {
    String of(CsvRecords records, int row) throws IOException;
  }

  private final CsvText text;
  private final Predictions replaced;
  private final List<String> names = new ArrayList<>();
  private final List<Cell> cells = new ArrayList<>();

  /** What the cells hold where that is known; a column of a table that says so, or new numbers. */
  private final Map<String, Kind> kinds = new HashMap<>();

  private CsvCopy(CsvText text, ReadingNote note, Predictions replaced) throws IOException {
    this.text = text;
    this.replaced = replaced;
    List<String> header = text.names();
    List<String> classes = note.classColumns();
    Map<Integer, Integer> logits = logits(header, note);
    for (int c = 0; c < header.size(); c++) {
      String name = header.get(c);
      int k = classes.indexOf(name);
      int column = c;
      if (k >= 0) {
        int of = replaced.isBinary() ? 1 : k;
        add(name, row -> replaced.probability(row, of));
      } else if (logits.containsKey(c)) {
        addLogit(name, logits.get(c));
      } else if (!text.unread().contains(name)
          && (!name.equals(UsualNames.EXPECTED_ENTROPY) || note.ignored().contains(name))) {
        names.add(name);
        cells.add((records, row) -> records.verbatim(column));
      }
    }
    for (int k = 0; k < classes.size(); k++) {
      String name = UsualNames.LOGIT + classes.get(k);
      if (!logits.containsValue(k) && !names.contains(name)) {
        addLogit(name, k);
      }
    }
  }

  /** The columns of logits that were read, each with its class. */
  private static Map<Integer, Integer> logits(List<String> header, ReadingNote note) {
    Map<Integer, Integer> logits = new HashMap<>();
    List<String> classes = note.classColumns();
    for (int k = 0; k < classes.size() && classes.size() > 1; k++) {
      int column = UsualNames.logitOf(header, classes.get(k), note.classes().get(k));
      if (column >= 0 && !note.ignored().contains(header.get(column))) {
        logits.put(column, k);
      }
    }
    return logits;
  }

  private void addLogit(String name, int k) {
    if (replaced.hasLogits()) {
      add(name, row -> replaced.logit(row, k));
    }
  }

  private void add(String name, IntToDoubleFunction value) {
    kinds.put(name, kind(value));
    names.add(name);
    cells.add((records, row) -> number(value.applyAsDouble(row)));
  }

  /** Floats, but for numbers that no float holds and that the text of a copy would have. */
  private Kind kind(IntToDoubleFunction value) {
    for (int row = 0; row < replaced.rows(); row++) {
      double each = Math.abs(value.applyAsDouble(row));
      if (each > 0 && each < Float.MIN_NORMAL) {
        return Kind.DOUBLE;
      }
    }
    return Kind.FLOAT;
  }

  private String number(double value) {
    String digits = ShortestFloat.of(value);
    return text.dialect().decimalComma() ? digits.replace('.', ',') : digits;
  }

  /**
   * Writes the copy, whole or not at all.
   *
   * @param from the table as it was read
   * @param options how it was read
   * @param note what its columns were read as
   * @param to where to write
   * @param replaced the same rows in the same order with their new probabilities
   * @return fields of JSON that are no columns, and so are not in the copy
   */
  public static List<String> write(
      Path from, ReadOptions options, ReadingNote note, Path to, Predictions replaced)
      throws IOException {
    CsvText text = CsvText.of(from, options);
    CsvCopy copy = new CsvCopy(text, note, replaced);
    AtomicFile.write(
        to,
        stream -> {
          Writer out =
              new BufferedWriter(new OutputStreamWriter(stream, StandardCharsets.UTF_8), 1 << 16);
          copy.write(out);
          out.flush();
        });
    return text.unread();
  }

  /**
   * Writes the copy as a table that is no text, whole or not at all. Columns of such a table have
   * the kind that they had; those of text are texts.
   *
   * @param from the table as it was read
   * @param options how it was read
   * @param note what its columns were read as
   * @param to where to write
   * @param replaced the same rows in the same order with their new probabilities
   * @return fields that are no columns, and so are not in the copy
   */
  public static List<String> writeTable(
      Path from, ReadOptions options, ReadingNote note, Path to, Predictions replaced)
      throws IOException {
    CsvText text = CsvText.of(from, options);
    CsvCopy copy = new CsvCopy(text, note, replaced);
    Optional<TableFile> table = TableFiles.open(from);
    for (TableColumn column : table.map(TableFile::columns).orElse(List.of())) {
      copy.kinds.putIfAbsent(column.name(), TypedText.kind(column));
    }
    List<OutputColumn> columns = new ArrayList<>();
    for (String name : copy.names) {
      columns.add(new OutputColumn(name, copy.kinds.getOrDefault(name, Kind.TEXT)));
    }
    char mark = text.dialect().decimalComma() ? ',' : '.';
    TableFiles.write(
        to,
        columns,
        out ->
            copy.rows(
                values -> {
                  for (int c = 0; c < columns.size(); c++) {
                    TypedText.give(values.get(c), columns.get(c).kind(), mark, out);
                  }
                  out.endRow();
                }));
    return text.unread();
  }

  /** Takes the texts of a row. */
  private interface Row {
    void write(List<String> values) throws IOException;
  }

  private void write(Writer out) throws IOException {
    char separator = (char) text.dialect().separator();
    for (int c = 0; c < names.size(); c++) {
      write(out, c, FieldQuotes.name(names.get(c), separator));
    }
    out.write('\n');
    rows(
        values -> {
          for (int c = 0; c < values.size(); c++) {
            String value = values.get(c);
            boolean all = value.isEmpty() && values.size() == 1;
            write(out, c, all ? FieldQuotes.quoted(value) : FieldQuotes.of(value, separator));
          }
          out.write('\n');
        });
  }

  private void rows(Row to) throws IOException {
    int row = 0;
    try (InputStream in = text.open()) {
      CsvRecords records = text.records(in);
      records.advance(); // the header
      for (; records.advance(); row++) {
        if (row == replaced.rows()) {
          throw otherRows("more");
        }
        List<String> values = new ArrayList<>();
        for (Cell cell : cells) {
          values.add(cell.of(records, row));
        }
        to.write(values);
      }
    }
    if (row < replaced.rows()) {
      throw otherRows(String.valueOf(row));
    }
  }

  private PredictionFileException otherRows(String got) {
    return text.source()
        .refuse(
            "must have the "
                + replaced.rows()
                + " rows that were read, to be copied with their other columns, got "
                + got
                + ": it changed, or some rows were left out in reading");
  }

  private void write(Writer out, int column, String field) throws IOException {
    if (column > 0) {
      out.write(text.dialect().separator());
    }
    out.write(field);
  }
}
