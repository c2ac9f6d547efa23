package io.github.swag4j.calibration.io.csv;

import io.github.swag4j.calibration.io.columns.NameText;
import io.github.swag4j.calibration.io.internal.Source;
import io.github.swag4j.calibration.io.internal.UsualNames;
import java.io.IOException;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/**
 * The names of a CSV file's columns, as its first line has them.
 *
 * <p>Columns at the start may have none: there pandas and R write the numbers or names of the rows
 * ({@code DataFrame.to_csv} without {@code index=False}, {@code write.csv} without {@code
 * row.names=FALSE}). Having read and written such a file again, pandas calls them {@code Unnamed:
 * 0}. Columns at the end may have none if they hold nothing, as a separator behind every line makes
 * them.
 */
public final class CsvNames {
  private CsvNames() {}

  /** The names, stripped; different from each other but for those that are empty. */
  static List<String> read(CsvRecords records, Source source) throws IOException {
    if (!records.advance()) {
      throw source.refuse(
          "a file of predictions must start with a header of one column per class, got an empty"
              + " file");
    }
    List<String> names = new ArrayList<>();
    Set<String> seen = new HashSet<>();
    for (int c = 0; c < records.fields(); c++) {
      String name = NameText.of(records.text(c));
      if (name.isEmpty() && c > leading(names) && !isLast(records, c)) {
        throw records.refuse(
            c, "a column must have a name, got none: name it, or take it out of every line");
      }
      if (name.matches("[-+]?\\d*[.,]\\d+([eE][-+]?\\d+)?") && !isWhole(name, records)) {
        throw source
            .at(records.place())
            .refuse(
                "the first line must name the columns, got the number " + name + ": add a header");
      }
      name = NameText.canonical(name);
      if (!name.isEmpty() && !seen.add(name)) {
        throw records.refuse(c, "column names must be unique, got '" + name + "' twice");
      }
      names.add(name);
    }
    return names;
  }

  /** Whether no name follows: a separator at the end of every line makes such columns. */
  private static boolean isLast(CsvRecords records, int column) throws IOException {
    for (int c = column; c < records.fields(); c++) {
      if (!records.text(c).isBlank()) {
        return false;
      }
    }
    return true;
  }

  /** Whether a name is 1.0, as pandas writes the class 1, in a line that is no row of numbers. */
  private static boolean isWhole(String name, CsvRecords records) throws IOException {
    boolean names = false;
    for (int c = 0; c < records.fields(); c++) {
      names |= Double.isNaN(records.number(c)) && !records.text(c).isBlank();
    }
    return names && !NameText.canonical(name).equals(name);
  }

  /** How many columns at the start have no name of their own. */
  public static int leading(List<String> names) {
    int count = 0;
    while (count < names.size() && UsualNames.isMissing(names.get(count))) {
      count++;
    }
    return count;
  }
}
