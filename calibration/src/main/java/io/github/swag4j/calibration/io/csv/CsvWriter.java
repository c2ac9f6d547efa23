package io.github.swag4j.calibration.io.csv;

import io.github.swag4j.base.AtomicFile;
import io.github.swag4j.calibration.Predictions;
import io.github.swag4j.calibration.io.columns.PredictionRows;
import io.github.swag4j.calibration.io.table.OutputColumn;
import io.github.swag4j.calibration.io.table.TableOutput;
import io.github.swag4j.calibration.io.text.FieldQuotes;
import java.io.BufferedWriter;
import java.io.IOException;
import java.io.OutputStreamWriter;
import java.io.Writer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;

/**
 * Writes predictions as CSV (RFC 4180, UTF-8, lines end with a line feed). Numbers have all their
 * digits: what is read back are the same bits. Class columns hold probabilities always; logits,
 * where there are some, have columns of their own.
 */
public final class CsvWriter implements TableOutput {
  private static final char SEPARATOR = ',';

  private final Writer out;
  private final StringBuilder line = new StringBuilder();
  private boolean first = true;

  private CsvWriter(Writer out) {
    this.out = out;
  }

  public static void write(Path file, Predictions p) throws IOException {
    PredictionRows rows = PredictionRows.of(file, "CSV", p);
    AtomicFile.write(
        file,
        stream -> {
          CsvWriter writer =
              new CsvWriter(
                  new BufferedWriter(
                      new OutputStreamWriter(stream, StandardCharsets.UTF_8), 1 << 16));
          for (OutputColumn column : rows.columns()) {
            writer.write(FieldQuotes.name(column.name(), SEPARATOR));
          }
          writer.endRow();
          rows.writeTo(writer);
          writer.end();
        });
  }

  @Override
  public void number(double value) {
    write(Double.toString(value));
  }

  @Override
  public void whole(long value) {
    write(Long.toString(value));
  }

  @Override
  public void digits(String decimal) {
    write(decimal);
  }

  @Override
  public void text(String text) {
    write(text.isEmpty() ? FieldQuotes.quoted(text) : FieldQuotes.of(text, SEPARATOR));
  }

  @Override
  public void truth(boolean value) {
    write(Boolean.toString(value));
  }

  @Override
  public void nothing() {
    write("");
  }

  private void write(String field) {
    if (!first) {
      line.append(SEPARATOR);
    }
    first = false;
    line.append(field);
  }

  @Override
  public void endRow() throws IOException {
    first = true;
    out.append(line.append('\n'));
    line.setLength(0);
  }

  @Override
  public void end() throws IOException {
    out.flush();
  }
}
