package io.github.swag4j.calibration.io.csv;

import io.github.swag4j.calibration.io.text.FieldQuotes;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.List;

/**
 * A table with a last column of labels, which its rows find by their ids: CSV text, made as it is
 * read, each row on its line of the file.
 */
final class LabelledText extends InputStream {
  private final InputStream in;
  private final CsvRecords records;
  private final LabelsById labels;
  private final int id;
  private final boolean linesInQuotes;
  private byte[] out;
  private int at;

  /** Of the file, on which the next byte stands. */
  private long line;

  /**
   * A table's rows.
   *
   * @param id column of the ids
   * @param header names of the columns, that of the labels the last
   */
  LabelledText(CsvText table, int id, List<String> header, LabelsById labels) throws IOException {
    this.id = id;
    this.labels = labels;
    linesInQuotes = table.dialect().linesInQuotes();
    int skipped = Math.max(0, table.dialect().skipped());
    line = table.dialect().headerLine();
    in = table.open();
    try {
      records = table.records(in);
      records.advance();
    } catch (IOException | RuntimeException e) {
      in.close();
      throw e;
    }
    StringBuilder first = new StringBuilder();
    for (String name : header) {
      first.append(first.isEmpty() ? "" : ",");
      first.append(FieldQuotes.quoted(name));
    }
    first.insert(0, "sep=,\n".repeat(skipped));
    out = end(first);
    line -= skipped; // counted by the header's line already
  }

  /** Ends a row, and counts the lines that it took. */
  private byte[] end(StringBuilder row) {
    row.append('\n');
    for (int i = 0; i < row.length(); i++) {
      line += row.charAt(i) == '\n' && (linesInQuotes || i == row.length() - 1) ? 1 : 0;
    }
    return row.toString().getBytes(StandardCharsets.UTF_8);
  }

  @Override
  public int read() throws IOException {
    byte[] one = new byte[1];
    return read(one, 0, 1) < 0 ? -1 : one[0] & 0xFF;
  }

  @Override
  public int read(byte[] into, int from, int count) throws IOException {
    if (count == 0) {
      return 0;
    }
    if (at == out.length) {
      if (!records.advance()) {
        return -1;
      }
      at = 0;
      out = row();
    }
    int length = Math.min(count, out.length - at);
    System.arraycopy(out, at, into, from, length);
    at += length;
    return length;
  }

  private byte[] row() throws IOException {
    StringBuilder row = new StringBuilder();
    for (long to = records.line(); line < to; line++) {
      row.append('\n');
    }
    StringBuilder fields = new StringBuilder();
    for (int c = 0; c < records.fields(); c++) {
      fields.append(FieldQuotes.of(records.verbatim(c), ',')).append(',');
    }
    String label = labels.of(records.text(id));
    if (label == null) {
      throw records.refuse(id, "the file must stay as it is while it is read, but it changed");
    }
    fields.append(FieldQuotes.of(label, ','));
    byte[] made = end(fields);
    if (row.isEmpty()) {
      return made;
    }
    byte[] before = row.toString().getBytes(StandardCharsets.UTF_8);
    byte[] both = java.util.Arrays.copyOf(before, before.length + made.length);
    System.arraycopy(made, 0, both, before.length, made.length);
    return both;
  }

  @Override
  public void close() throws IOException {
    in.close();
  }
}
