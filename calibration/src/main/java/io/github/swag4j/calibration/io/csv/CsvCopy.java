package io.github.swag4j.calibration.io.csv;

import io.github.swag4j.base.AtomicFile;
import io.github.swag4j.calibration.Predictions;
import io.github.swag4j.calibration.io.format.PredictionFileException;
import io.github.swag4j.calibration.io.format.ReadOptions;
import io.github.swag4j.calibration.io.format.ReadingNote;
import java.io.BufferedWriter;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStreamWriter;
import java.io.Writer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
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

  private CsvCopy(CsvText text, ReadingNote note, Predictions replaced) throws IOException {
    this.text = text;
    this.replaced = replaced;
    List<String> header = text.names();
    List<String> classes = note.classColumns();
    boolean logits = replaced.hasLogits();
    for (int c = 0; c < header.size(); c++) {
      String name = header.get(c);
      int k = classes.indexOf(name);
      int ofLogit = ignored(note, name) ? -1 : classes.indexOf(logitOf(name));
      int column = c;
      if (k >= 0) {
        int of = replaced.isBinary() ? 1 : k;
        add(name, row -> replaced.probability(row, of));
      } else if (ofLogit >= 0 && logits) {
        add(name, row -> replaced.logit(row, ofLogit));
      } else if (ofLogit < 0 && (!name.equals(CsvHeader.EXPECTED_ENTROPY) || ignored(note, name))) {
        names.add(name);
        cells.add((records, row) -> records.verbatim(column));
      }
    }
    for (int k = 0; k < classes.size() && logits; k++) {
      int of = k;
      if (!names.contains(CsvHeader.LOGIT + classes.get(k))) {
        add(CsvHeader.LOGIT + classes.get(k), row -> replaced.logit(row, of));
      }
    }
  }

  private static boolean ignored(ReadingNote note, String name) {
    return note.ignored().contains(name);
  }

  private static String logitOf(String name) {
    return name.startsWith(CsvHeader.LOGIT) ? name.substring(CsvHeader.LOGIT.length()) : "";
  }

  private void add(String name, IntToDoubleFunction value) {
    names.add(name);
    cells.add((records, row) -> number(value.applyAsDouble(row)));
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
   * @param to where to write
   * @param replaced the same rows in the same order with their new probabilities
   */
  public static void write(Path from, ReadOptions options, Path to, Predictions replaced)
      throws IOException {
    CsvCopy copy = new CsvCopy(CsvText.of(from), CsvFormat.of(from, options).note(), replaced);
    AtomicFile.write(
        to,
        stream -> {
          Writer out =
              new BufferedWriter(new OutputStreamWriter(stream, StandardCharsets.UTF_8), 1 << 16);
          copy.write(out);
          out.flush();
        });
  }

  private void write(Writer out) throws IOException {
    for (int c = 0; c < names.size(); c++) {
      field(out, c, names.get(c));
    }
    out.write('\n');
    int row = 0;
    try (InputStream in = text.open()) {
      CsvRecords records = text.records(in);
      records.advance(); // the header
      for (; records.advance(); row++) {
        if (row == replaced.rows()) {
          throw otherRows("more");
        }
        for (int c = 0; c < cells.size(); c++) {
          field(out, c, cells.get(c).of(records, row));
        }
        out.write('\n');
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

  private void field(Writer out, int column, String value) throws IOException {
    char separator = (char) text.dialect().separator();
    if (column > 0) {
      out.write(separator);
    }
    boolean quote = value.isEmpty() && cells.size() == 1 || value.startsWith("\uFEFF");
    quote |= !value.equals(value.strip());
    for (int i = 0; i < value.length() && !quote; i++) {
      char c = value.charAt(i);
      quote = c == separator || c == '"' || c == '\n' || c == '\r';
    }
    out.write(quote ? '"' + value.replace("\"", "\"\"") + '"' : value);
  }
}
