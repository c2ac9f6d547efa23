package io.github.swag4j.calibration.io.csv;

import io.github.swag4j.calibration.io.internal.Source;
import io.github.swag4j.calibration.io.internal.UsualNames;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/** The texts of one column of a CSV file, row by row, whatever the column means. */
public final class CsvTexts {
  private CsvTexts() {}

  /** Reads a column by its name in the header. */
  public static String[] read(Path file, String name) throws IOException {
    try (InputStream in = Files.newInputStream(file)) {
      CsvRecords records = new CsvRecords(in, file);
      List<String> names = CsvNames.read(records, new Source(file, ""));
      int column = names.indexOf(name);
      if (column < 0) {
        throw new Source(file, "line 1")
            .refuse(
                "the header must have the column '" + name + "', got " + UsualNames.shown(names));
      }
      List<String> texts = new ArrayList<>();
      while (records.advance()) {
        if (records.fields() != names.size()) {
          throw records.refuse(
              "a line must have the header's "
                  + names.size()
                  + " columns, got "
                  + records.fields());
        }
        texts.add(records.text(column).strip());
      }
      return texts.toArray(new String[0]);
    }
  }
}
