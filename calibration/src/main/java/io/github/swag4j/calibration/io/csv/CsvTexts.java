package io.github.swag4j.calibration.io.csv;

import io.github.swag4j.calibration.io.columns.NameText;
import io.github.swag4j.calibration.io.internal.UsualNames;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/** The texts of one column of a table, row by row, whatever the column means. */
public final class CsvTexts {
  private CsvTexts() {}

  /** Reads a column by its name in the header. */
  public static String[] read(Path file, String name) throws IOException {
    CsvText table = CsvText.of(file);
    try (InputStream in = table.open()) {
      CsvRecords records = table.records(in);
      List<String> names = CsvNames.read(records, table.source());
      int column = NameText.find(names, name);
      if (column < 0) {
        throw table
            .source()
            .refuse(
                "the header must have the column '" + name + "', got " + UsualNames.shown(names));
      }
      List<String> texts = new ArrayList<>();
      while (records.advance()) {
        records.requireFields(names.size());
        texts.add(records.text(column).strip());
      }
      return texts.toArray(new String[0]);
    }
  }
}
