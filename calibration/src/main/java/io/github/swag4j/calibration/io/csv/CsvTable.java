package io.github.swag4j.calibration.io.csv;

import io.github.swag4j.calibration.io.columns.NameText;
import io.github.swag4j.calibration.io.columns.Table;
import java.io.IOException;
import java.io.InputStream;
import java.util.List;

/** The rows of a CSV file as the rule that understands columns looks at them. */
record CsvTable(CsvText text, List<String> names) implements Table {

  @Override
  public Rows rows() throws IOException {
    InputStream in = text.open();
    try {
      CsvRecords records = text.records(in);
      records.advance(); // the header
      return new CsvRows(in, records);
    } catch (IOException | RuntimeException e) {
      in.close();
      throw e;
    }
  }

  private record CsvRows(InputStream in, CsvRecords records) implements Rows {
    @Override
    public boolean advance() throws IOException {
      return records.advance();
    }

    @Override
    public int cells() {
      return records.fields();
    }

    @Override
    public double number(int column) {
      double number = records.number(column);
      return Double.isNaN(number) ? UnusualNumbers.of(records, column) : number;
    }

    @Override
    public String text(int column) throws IOException {
      return NameText.of(records.text(column));
    }

    @Override
    public String place() {
      return records.place();
    }

    @Override
    public void close() throws IOException {
      in.close();
    }
  }
}
