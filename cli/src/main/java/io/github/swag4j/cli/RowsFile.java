package io.github.swag4j.cli;

import io.github.swag4j.base.AtomicFile;
import io.github.swag4j.calibration.Predictions;
import io.github.swag4j.calibration.io.table.OutputColumn;
import io.github.swag4j.calibration.io.table.OutputColumn.Kind;
import io.github.swag4j.calibration.io.table.TableValues;
import io.github.swag4j.calibration.io.text.TableFiles;
import java.io.BufferedWriter;
import java.io.IOException;
import java.io.OutputStreamWriter;
import java.io.Writer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.function.IntFunction;

/** Writes a table, as CSV or, where its name says so, as Parquet; whole or not at all. */
final class RowsFile {

  /** Gives what is written of a row beside what every such table has. */
  @FunctionalInterface
  interface More {
    void of(int row, TableValues out);
  }

  private RowsFile() {}

  /**
   * Writes what is known of each row of some predictions: its id, or its number from 0, its label
   * if there is one, the class predicted, and more.
   */
  static void writeRows(Path file, Predictions p, List<OutputColumn> more, More moreOf)
      throws IOException {
    List<OutputColumn> columns = new ArrayList<>();
    columns.add(p.hasIds() ? column("id", Kind.TEXT) : column("row", Kind.WHOLE));
    columns.addAll(p.hasLabels() ? List.of(column("label", Kind.TEXT)) : List.of());
    columns.add(column("prediction", Kind.TEXT));
    columns.addAll(more);
    if (TableFiles.isWritten(file)) {
      TableFiles.write(
          file,
          columns,
          out -> {
            for (int row = 0; row < p.rows(); row++) {
              row(p, row, moreOf, out);
              out.endRow();
            }
          });
      return;
    }
    write(
        file,
        columns.stream().map(OutputColumn::name).toList(),
        p.rows(),
        row -> {
          FieldTexts line = new FieldTexts();
          row(p, row, moreOf, line);
          return line.texts();
        });
  }

  static OutputColumn column(String name, Kind kind) {
    return new OutputColumn(name, kind);
  }

  private static void row(Predictions p, int row, More moreOf, TableValues out) {
    List<String> names = p.classNames();
    if (p.hasIds()) {
      out.text(p.id(row));
    } else {
      out.whole(row);
    }
    if (p.hasLabels()) {
      out.text(names.get(p.label(row)));
    }
    out.text(names.get(p.predictedClass(row)));
    moreOf.of(row, out);
  }

  /** Writes CSV, as many lines as there are rows. */
  static void write(Path file, List<String> header, int rows, IntFunction<List<String>> row)
      throws IOException {
    AtomicFile.write(
        file,
        stream -> {
          Writer out = new BufferedWriter(new OutputStreamWriter(stream, StandardCharsets.UTF_8));
          line(out, header);
          for (int i = 0; i < rows; i++) {
            line(out, row.apply(i));
          }
          out.flush();
        });
  }

  private static void line(Writer out, List<String> fields) throws IOException {
    List<String> quoted = new ArrayList<>();
    for (String field : fields) {
      boolean plain = field.chars().noneMatch(c -> c == ',' || c == '"' || c == '\n' || c == '\r');
      boolean spaced = !field.equals(field.strip());
      quoted.add(plain && !spaced ? field : '"' + field.replace("\"", "\"\"") + '"');
    }
    out.write(String.join(",", quoted));
    out.write('\n');
  }

  /** A number with all its digits; empty where there is none. */
  static String number(double value) {
    return Double.isNaN(value)
        ? ""
        : value == Math.rint(value) && Math.abs(value) < 1e15
            ? Long.toString((long) value)
            : Double.toString(value);
  }
}
