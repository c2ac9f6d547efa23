package io.github.swag4j.cli;

import java.util.ArrayList;
import java.util.List;

/**
 * Names of columns as options give them: separated by commas, which a name may hold if it is
 * quoted, or if the file has a column of that name.
 */
final class NameLists {
  private NameLists() {}

  /** A field of a list, and whether it was quoted. */
  private record Field(String text, boolean quoted) {}

  /**
   * The names that values of an option give.
   *
   * @param values one for each time the option was given
   * @param known names of columns that the file has
   */
  static List<String> of(List<String> values, List<String> known) {
    List<String> names = new ArrayList<>();
    for (String value : values) {
      if (known.contains(value)) {
        names.add(value);
      } else {
        join(fields(value), known, names);
      }
    }
    return names;
  }

  /** Joins fields to the longest name there is where the first of them is none by itself. */
  private static void join(List<Field> fields, List<String> known, List<String> names) {
    for (int i = 0; i < fields.size(); i++) {
      String name = fields.get(i).text();
      int last = i;
      if (!fields.get(i).quoted() && !known.contains(name.strip())) {
        StringBuilder joined = new StringBuilder(name);
        for (int j = i + 1; j < fields.size() && !fields.get(j).quoted(); j++) {
          joined.append(',').append(fields.get(j).text());
          if (known.contains(joined.toString().strip())) {
            name = joined.toString();
            last = j;
          }
        }
      }
      names.add(name.strip());
      i = last;
    }
  }

  private static List<Field> fields(String value) {
    List<Field> fields = new ArrayList<>();
    StringBuilder field = new StringBuilder();
    boolean quoted = false;
    boolean open = false;
    for (int i = 0; i < value.length(); i++) {
      char c = value.charAt(i);
      if (c == '"' && (open || field.isEmpty() && !quoted)) {
        boolean doubled = open && i + 1 < value.length() && value.charAt(i + 1) == '"';
        if (doubled) {
          field.append('"');
          i++;
        } else {
          open = !open;
          quoted = true;
        }
      } else if (c == ',' && !open) {
        fields.add(new Field(field.toString(), quoted));
        field.setLength(0);
        quoted = false;
      } else {
        field.append(c);
      }
    }
    fields.add(new Field(field.toString(), quoted));
    return fields;
  }

  /** A name as a field of a list. */
  static String field(String name) {
    return name.contains(",") || name.contains("\"")
        ? "\"" + name.replace("\"", "\"\"") + "\""
        : name;
  }
}
