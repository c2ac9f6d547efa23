package io.github.swag4j.calibration.io.columns;

import io.github.swag4j.base.Refusal;
import java.io.IOException;
import java.util.List;

/** Tables that have no column for each class: what they seem to be, and what to do. */
final class OtherTables {
  private static final int SHOWN = 40;

  private OtherTables() {}

  /**
   * What a table without columns of classes is, by its header and first row.
   *
   * @return the remedy, or a refusal that says nothing
   */
  static Refusal of(Table table) throws IOException {
    List<String> names = table.names();
    boolean title = names.stream().skip(1).allMatch(String::isEmpty) && names.size() > 1;
    if (names.get(0).startsWith("#") || title) {
      return Refusal.of("take the lines out that are above the header");
    }
    if (names.size() == 1) {
      return Refusal.of("fields must be separated by commas, semicolons or tabs");
    }
    try (Table.Rows rows = table.rows()) {
      boolean some = rows.advance() && rows.cells() == names.size();
      for (int c = 0; some && c < names.size(); c++) {
        String text = rows.text(c);
        String shown = text.length() > SHOWN ? text.substring(0, SHOWN) + "..." : text;
        if (text.matches("[\\[{(]\\s*[-+.\\d\"'].*[\\])}]")) {
          return Refusal.of(
              "'"
                  + names.get(c)
                  + "' holds the numbers of several classes in one field, "
                  + shown
                  + ": give each class a column, or write JSON Lines with an array 'probs'");
        }
        if (text.matches("'[-+]?[\\d.,]+'")) {
          return Refusal.of("numbers may stand in double quotes or none, got " + shown);
        }
      }
      return Refusal.of();
    }
  }
}
