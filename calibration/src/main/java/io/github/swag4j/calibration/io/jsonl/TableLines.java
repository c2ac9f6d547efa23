package io.github.swag4j.calibration.io.jsonl;

import io.github.swag4j.base.json.JsonException;
import io.github.swag4j.base.json.JsonSource.Next;
import io.github.swag4j.calibration.io.format.PredictionFileException;
import io.github.swag4j.calibration.io.internal.Source;
import io.github.swag4j.calibration.io.table.TableColumn;
import io.github.swag4j.calibration.io.table.TableColumn.Kind;
import io.github.swag4j.calibration.io.table.TableFile;
import io.github.swag4j.calibration.io.table.TableRows;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * The rows of a file that is no text as CSV text: a header, then one line a row. Lists and objects
 * are understood as those of JSON Lines are. Memory is that of a few rows.
 */
public final class TableLines extends InputStream {
  private static final int BATCH = 1 << 16;

  private final Opened opened;
  private final TableRows rows;
  private final RowText text = new RowText();
  private int at;
  private long row;
  private boolean ended;

  private TableLines(Opened opened) throws IOException {
    this.opened = opened;
    rows = opened.table.open(opened.asked);
    opened.columns.names().forEach(text::text);
    text.endLine();
  }

  /**
   * A column of the text, or several.
   *
   * @param name what the table calls it
   * @param role what it is
   * @param asked which of the columns asked for, or -1 if it is to be ignored and has no text
   */
  private record Step(String name, JsonColumns.Role role, int asked) {}

  /** A table whose columns are known, to be opened as often as is needed. Immutable. */
  public static final class Opened {
    private final TableFile table;
    private final Source source;
    private final JsonColumns columns;
    private final List<Step> steps = new ArrayList<>();
    private final List<Integer> asked = new ArrayList<>();

    /** The classes' names beside a list of their numbers, as a line of text. */
    private final String classNames;

    private Opened(TableFile table, Source source, JsonColumns columns) {
      this.table = table;
      this.source = source;
      this.columns = columns;
      for (int c = 0; c < table.columns().size(); c++) {
        TableColumn column = table.columns().get(c);
        JsonColumns.Field field = columns.field(column.name());
        boolean none = field.role() == JsonColumns.Role.NONE;
        if (none && (field.column() < 0 || column.kind() != Kind.VALUE)) {
          if (field.column() >= 0) {
            steps.add(new Step(column.name(), field.role(), -1));
          }
        } else {
          steps.add(new Step(column.name(), field.role(), asked.size()));
          asked.add(c);
        }
      }
      RowText names = new RowText();
      columns.classes().forEach(names::text);
      classNames = names.line();
    }

    /**
     * The columns.
     *
     * @return as those of JSON Lines with such a first line
     */
    public JsonColumns columns() {
      return columns;
    }

    /**
     * Other rows of the same columns, to be understood as these are.
     *
     * @param other a table whose columns are equal to this one's
     * @return the table, to be opened
     */
    public Opened with(TableFile other) {
      return new Opened(other, source, columns);
    }

    /**
     * Opens the rows as CSV text.
     *
     * @return UTF-8 text; a row that is not as the first is refused with its number
     * @throws IOException if they cannot be read
     */
    public InputStream open() throws IOException {
      return new TableLines(this);
    }
  }

  /**
   * The columns of a table, by its first row where that is needed.
   *
   * @param file where the table is
   * @param table the table
   * @param ignored columns that are not read
   * @return the table, to be opened
   * @throws PredictionFileException if there is no row, or the columns of classes are not such
   * @throws IOException if it cannot be read
   */
  public static Opened of(Path file, TableFile table, Set<String> ignored) throws IOException {
    Source source = new Source(file, "");
    if (table.rows() == 0) {
      throw source.refuse("a file of predictions must have at least 1 row, got 0");
    }
    Map<String, Next> kinds = new LinkedHashMap<>();
    for (TableColumn column : table.columns()) {
      boolean numbers = JsonColumns.holdsNumbers(column.name());
      if (numbers && column.kind() == Kind.OTHER && !ignored.contains(column.name())) {
        throw source
            .at("column '" + column.name() + "'")
            .refuse(
                "the numbers of classes must be a column each, a list, or a struct of one for each"
                    + " class, got "
                    + column.what());
      }
      kinds.put(column.name(), next(column.kind()));
    }
    try {
      JsonColumns columns = JsonColumns.of(entries(table, ignored), kinds, ignored);
      return new Opened(table, source, columns);
    } catch (JsonException e) {
      throw source.at("row 1").refuse(e.getMessage(), e);
    }
  }

  private static Next next(Kind kind) {
    return switch (kind) {
      case VALUE -> Next.NUMBER;
      case LIST -> Next.ARRAY;
      case OBJECT, OTHER -> Next.OBJECT;
    };
  }

  /** Names of the parts of objects, and the elements of the first row's lists where they matter. */
  private static Map<String, List<String>> entries(TableFile table, Set<String> ignored)
      throws IOException {
    Map<String, List<String>> entries = new LinkedHashMap<>();
    List<Integer> lists = new ArrayList<>();
    for (int c = 0; c < table.columns().size(); c++) {
      TableColumn column = table.columns().get(c);
      String name = column.name();
      entries.put(name, column.parts());
      boolean looked = JsonColumns.holdsNumbers(name) || JsonColumns.isOfNames(name);
      if (column.kind() == Kind.LIST && looked && !ignored.contains(name)) {
        lists.add(c);
      }
    }
    if (lists.isEmpty()) {
      return entries;
    }
    try (TableRows rows = table.open(lists)) {
      boolean any = rows.advance();
      for (int k = 0; any && k < lists.size(); k++) {
        RowText.Texts elements = new RowText.Texts();
        rows.read(k, elements);
        entries.put(table.columns().get(lists.get(k)).name(), elements.texts());
      }
    }
    return entries;
  }

  /**
   * What a table calls things, whatever they mean: columns with single values, then classes that a
   * list or an object has, then what is neither.
   *
   * @param file where the table is
   * @param table the table
   * @return names
   * @throws IOException if the first row cannot be read
   */
  public static List<String> names(Path file, TableFile table) throws IOException {
    Set<String> names = new LinkedHashSet<>();
    Set<String> structures = new LinkedHashSet<>();
    Map<String, List<String>> entries = table.rows() == 0 ? Map.of() : entries(table, Set.of());
    for (TableColumn column : table.columns()) {
      if (column.kind() == Kind.VALUE) {
        names.add(column.name());
      } else {
        boolean named = column.kind() == Kind.OBJECT || JsonColumns.isOfNames(column.name());
        names.addAll(named ? entries.getOrDefault(column.name(), List.of()) : List.of());
        structures.add(column.name());
      }
    }
    names.addAll(structures);
    return List.copyOf(names);
  }

  @Override
  public int read() throws IOException {
    byte[] one = new byte[1];
    return read(one, 0, 1) < 0 ? -1 : one[0] & 0xFF;
  }

  @Override
  public int read(byte[] into, int offset, int count) throws IOException {
    if (count == 0) {
      return 0;
    }
    if (at == text.length()) {
      at = 0;
      text.clear();
      while (!ended && text.length() < BATCH) {
        ended = !rows.advance();
        if (!ended) {
          row++;
          line();
        }
      }
      if (text.length() == 0) {
        return -1;
      }
    }
    int length = Math.min(count, text.length() - at);
    System.arraycopy(text.bytes(), at, into, offset, length);
    at += length;
    return length;
  }

  private void line() throws IOException {
    int classes = opened.columns.classes().size();
    for (Step step : opened.steps) {
      if (step.asked() < 0) {
        text.nothing();
      } else if (step.role() == JsonColumns.Role.NAMES) {
        names(step);
      } else {
        int before = text.fields();
        rows.read(step.asked(), text);
        int got = text.fields() - before;
        boolean several =
            step.role() == JsonColumns.Role.PROBABILITIES || step.role() == JsonColumns.Role.LOGITS;
        if (several && got != classes) {
          throw refuse(
              "'"
                  + step.name()
                  + "' must have "
                  + classes
                  + " numbers, as in the first row, got "
                  + (got == 0 ? "null, or none" : String.valueOf(got)));
        }
      }
    }
    if (!text.isFilled()) {
      throw refuse("a row must have values, got null in every column: take it out");
    }
    text.endLine();
  }

  private void names(Step step) throws IOException {
    RowText names = new RowText();
    rows.read(step.asked(), names);
    if (!names.line().equals(opened.classNames)) {
      throw refuse(
          "'"
              + step.name()
              + "' must be the names of the first row in their order, "
              + opened.classNames
              + ", got "
              + (names.line().isEmpty() ? "none" : names.line()));
    }
  }

  private PredictionFileException refuse(String problem) {
    return opened.source.at("row " + row).refuse(problem);
  }

  @Override
  public void close() throws IOException {
    rows.close();
  }
}
