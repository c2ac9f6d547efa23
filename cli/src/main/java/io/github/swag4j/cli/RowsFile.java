package io.github.swag4j.cli;

import io.github.swag4j.base.AtomicFile;
import java.io.BufferedWriter;
import java.io.IOException;
import java.io.OutputStreamWriter;
import java.io.Writer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.function.IntFunction;

/** Writes a CSV file with a header, whole or not at all. */
final class RowsFile {
  private RowsFile() {}

  /** Refuses a file that is there, before any work. */
  static void requireNew(Path file, boolean overwrite) throws IOException {
    if (file != null && Files.exists(file) && !overwrite) {
      throw new IOException(file + ": exists: name another file, or say --overwrite");
    }
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
