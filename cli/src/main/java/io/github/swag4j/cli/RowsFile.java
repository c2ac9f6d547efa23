package io.github.swag4j.cli;

import io.github.swag4j.base.AtomicFile;
import io.github.swag4j.calibration.Predictions;
import java.io.BufferedWriter;
import java.io.IOException;
import java.io.OutputStreamWriter;
import java.io.Writer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.function.IntFunction;

/** Writes a CSV file with a header, whole or not at all. */
final class RowsFile {
  private RowsFile() {}

  /**
   * Writes what is known of each row of some predictions: its id, or its number from 0, its label
   * if there is one, the class predicted, and more.
   */
  static void writeRows(
      Path file, Predictions p, List<String> more, IntFunction<List<String>> moreOf)
      throws IOException {
    List<String> names = p.classNames();
    List<String> header = new ArrayList<>(List.of(p.hasIds() ? "id" : "row"));
    header.addAll(p.hasLabels() ? List.of("label") : List.of());
    header.add("prediction");
    header.addAll(more);
    write(
        file,
        header,
        p.rows(),
        row -> {
          List<String> line = new ArrayList<>();
          line.add(p.hasIds() ? p.id(row) : Integer.toString(row));
          if (p.hasLabels()) {
            line.add(names.get(p.label(row)));
          }
          line.add(names.get(p.predictedClass(row)));
          line.addAll(moreOf.apply(row));
          return line;
        });
  }

  /** Writes as many lines as there are rows. */
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
