package io.github.swag4j.calibration.io.csv;

import io.github.swag4j.base.Refusal;
import io.github.swag4j.calibration.PredictionRemedy;
import io.github.swag4j.calibration.io.columns.ColumnHints;
import io.github.swag4j.calibration.io.columns.NameText;
import io.github.swag4j.calibration.io.format.LabelsFile;
import io.github.swag4j.calibration.io.format.PredictionFileException;
import io.github.swag4j.calibration.io.format.ReadOptions;
import io.github.swag4j.calibration.io.internal.Source;
import io.github.swag4j.calibration.io.internal.UsualNames;
import io.github.swag4j.calibration.io.jsonl.JsonColumns;
import io.github.swag4j.calibration.io.jsonl.JsonLines;
import io.github.swag4j.calibration.io.jsonl.TableLines;
import io.github.swag4j.calibration.io.table.TableFile;
import io.github.swag4j.calibration.io.text.TableFiles;
import io.github.swag4j.calibration.io.text.TextSource;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/**
 * The table in a file as records, however the file is packed, encoded and separated: CSV, JSON
 * Lines, a table that is no text, or any of them with the labels of a second file. Safe for use by
 * several threads, each of which opens its own records.
 */
public final class CsvText {
  /** Bytes of a part that is kept in memory because its file cannot be read from amid. */
  private static final int KEPT_PART_BYTES = 1 << 20;

  /** How much larger text is than its packed form, about. */
  private static final int PACKED = 3;

  /** Parts of the files of a folder, which are not counted. */
  private static final int MANY_PARTS = 1000;

  /** Opens text. */
  private interface Opening {
    InputStream open() throws IOException;
  }

  private final Path file;
  private final Opening opening;

  /** Where the text begins in a file whose bytes are the text; -1 in others. */
  private final int start;

  private final CsvDialect dialect;

  /** Of JSON Lines, else null. */
  private final JsonColumns json;

  /** How rows found their labels in a second file, else null. */
  private final Joined joined;

  /**
   * A join with a second file.
   *
   * @param id what this file calls its column of ids
   * @param idAs what the column is called in the joined table
   * @param labelAs what the labels are called there
   * @param label what is to be said instead: the column, the file and the ids
   * @param warnings what is to be said about the labels
   */
  private record Joined(
      String id, String idAs, String labelAs, String label, List<String> warnings) {}

  private CsvText(
      Path file, Opening opening, int start, CsvDialect dialect, JsonColumns json, Joined joined) {
    this.file = file;
    this.opening = opening;
    this.start = start;
    this.dialect = dialect;
    this.json = json;
    this.joined = joined;
  }

  /** Finds out how a table is written, whatever its columns mean. */
  static CsvText of(Path file) throws IOException {
    return of(file, Set.of());
  }

  /** Finds out how a table is written that is read with options. */
  static CsvText of(Path file, ReadOptions options) throws IOException {
    return of(file, Set.copyOf(options.ignoredColumns())).withClasses();
  }

  private CsvText withClasses() throws PredictionFileException {
    if (json != null) {
      JsonLines.requireClasses(json, source().at(dialect.place(1)));
    }
    return this;
  }

  /** The same with columns that are not read. */
  static CsvText of(Path file, Set<String> ignored) throws IOException {
    Optional<TableFile> table = TableFiles.open(file);
    if (table.isPresent()) {
      return rows(file, TableLines.of(file, table.get(), ignored));
    }
    TextSource text = TextSource.of(file);
    if (!text.isJson()) {
      int start = text.isPlain() ? text.start() : -1;
      return new CsvText(file, text::open, start, CsvDialects.of(text), null, null);
    }
    JsonColumns columns = JsonLines.columns(text, ignored);
    return new CsvText(
        file, () -> JsonLines.open(text, columns), -1, CsvDialect.OF_JSON, columns, null);
  }

  /** The rows of a table that is opened otherwise than by its file. */
  static CsvText of(Path file, TableLines.Opened lines) throws PredictionFileException {
    return rows(file, lines).withClasses();
  }

  private static CsvText rows(Path file, TableLines.Opened lines) {
    return new CsvText(file, lines::open, -1, CsvDialect.OF_ROWS, lines.columns(), null);
  }

  /** This table with the labels of a second file beside its rows. */
  CsvText labelled(LabelsFile labelsFile, ReadOptions options) throws IOException {
    List<String> names = names();
    for (String name : names) {
      if (UsualNames.isOneOf(UsualNames.LABELS, name)
          && !options.ignoredColumns().contains(name)
          && !options.classColumns().contains(name)) {
        Refusal both =
            Refusal.of(
                "labels must be in one file, got the column '"
                    + name
                    + "' and those of "
                    + labelsFile.file()
                    + ": ");
        boolean shares = areShares(names.indexOf(name), names.size());
        throw source()
            .refuse(
                both.and(
                    Refusal.of(
                        shares
                            ? "if it is the probability of a class, name it "
                            : "leave the column out ",
                        shares ? PredictionRemedy.CLASS_COLUMNS : PredictionRemedy.IGNORED_COLUMNS,
                        " " + ColumnHints.value(List.of(name)))));
      }
    }
    LabelsById labels = LabelsById.of(labelsFile);
    int id = LabelsById.idColumn(labelsFile, names, source());
    labels.requireFor(this, id, names.size());
    List<String> header = new ArrayList<>(names);
    if (!names.contains(LabelsFile.ID) && !options.ignoredColumns().contains(names.get(id))) {
      header.set(id, LabelsFile.ID);
    }
    header.add(labelName(names));
    Joined found =
        new Joined(
            names.get(id),
            header.get(id),
            labelName(names),
            labels.column() + " of " + labelsFile.file() + " by " + names.get(id),
            labels.warnings());
    CsvDialect made =
        new CsvDialect(
            (byte) ',',
            dialect.decimalComma(),
            dialect.skipped(),
            dialect.linesInQuotes(),
            dialect.unit());
    return new CsvText(
        file, () -> new LabelledText(this, id, header, labels), -1, made, json, found);
  }

  /** Whether a column holds numbers between 0 and 1, not all of them whole: no labels, then. */
  private boolean areShares(int column, int columns) throws IOException {
    boolean some = false;
    try (InputStream in = open()) {
      CsvRecords records = records(in);
      records.advance();
      while (records.advance()) {
        records.requireFields(columns);
        double value = records.number(column);
        if (!(value >= 0 && value <= 1)) {
          return false;
        }
        some |= value != Math.rint(value);
      }
    }
    return some;
  }

  /**
   * Why labels that are not needed are not looked up in a second file: this one has some of its
   * own, or no ids, or none that has a label there. Nothing if they are.
   */
  List<String> unjoined(LabelsFile labelsFile, ReadOptions options) throws IOException {
    List<String> names = names();
    String of = "labels of " + labelsFile.file() + " were not looked up: ";
    for (String name : names) {
      boolean usual =
          options.labelColumn().isEmpty() && UsualNames.isOneOf(UsualNames.LABELS, name);
      if ((usual || name.equals(options.labelColumn()))
          && !options.ignoredColumns().contains(name)
          && !options.classColumns().contains(name)) {
        return List.of(of + "the file has its own, in '" + name + "'");
      }
    }
    int id = NameText.find(names, labelsFile.idColumn());
    if (id < 0) {
      return List.of(of + "the file has no column '" + labelsFile.idColumn() + "' of ids");
    }
    LabelsById labels = LabelsById.of(labelsFile);
    try (InputStream in = open()) {
      CsvRecords records = records(in);
      records.advance();
      while (records.advance()) {
        records.requireFields(names.size());
        if (labels.has(records.text(id))) {
          return List.of();
        }
      }
    }
    return List.of(of + "none of the file's ids is there");
  }

  /** A usual name of labels that no column has. */
  static String labelName(List<String> names) {
    for (String name : UsualNames.LABELS) {
      if (!names.contains(name)) {
        return name;
      }
    }
    return "label of the second file";
  }

  /** Options with what the file says of itself: JSON that names its classes, or holds logits. */
  ReadOptions understood(ReadOptions options) throws PredictionFileException {
    ReadOptions understood = options;
    if (json == null || json.classes().isEmpty()) {
      return understood;
    }
    if (understood.classColumns().isEmpty()) {
      try {
        understood = understood.withClassColumns(json.classes());
      } catch (IllegalArgumentException e) {
        throw source().refuse(e.getMessage() + ": they are classes by the file's objects", e);
      }
    }
    if (areNamedLogits() && !options.logits()) {
      if (options.renormalise()) {
        throw source().refuse("logits are not renormalised, got the field 'logits'");
      }
      understood = understood.withLogits(true);
    }
    return understood;
  }

  /** Whether the file calls its numbers logits, and has no probabilities beside them. */
  boolean areNamedLogits() {
    return json != null && json.areLogits();
  }

  Source source() {
    return new Source(file, "");
  }

  /** UTF-8 text from the header on, or from the line before it. */
  InputStream open() throws IOException {
    return opening.open();
  }

  /** Whether any part of the text can be read by itself. */
  boolean isPlain() {
    return start >= 0;
  }

  /** Where the text begins in its file, if it is plain. */
  int start() {
    return start;
  }

  Path file() {
    return file;
  }

  CsvDialect dialect() {
    return dialect;
  }

  /** What is to be said about how rows found their labels. */
  List<String> warnings() {
    return joined == null ? List.of() : joined.warnings();
  }

  /** Where labels come from, by the column that they are read from. */
  String labelsOf(String column) {
    return joined != null && column.equals(joined.labelAs()) ? joined.label() : column;
  }

  /** Columns by the file's own names. */
  List<String> own(List<String> columns) {
    return columns.stream()
        .map(name -> joined != null && name.equals(joined.idAs()) ? joined.id() : name)
        .toList();
  }

  /** Names of the columns. */
  List<String> names() throws IOException {
    try (InputStream in = open()) {
      return CsvNames.read(records(in), source());
    }
  }

  /** Names of all that a file has, whatever they mean. */
  public static List<String> namesIn(Path file) throws IOException {
    Optional<TableFile> table = TableFiles.open(file);
    if (table.isPresent()) {
      return TableLines.names(file, table.get());
    }
    TextSource text = TextSource.of(file);
    return text.isJson() ? JsonLines.names(text) : of(file).names();
  }

  /** Objects and arrays of JSON that are no columns, or columns without a text. */
  List<String> unread() {
    return json == null ? List.of() : json.unread();
  }

  /** The records from the header on. */
  CsvRecords records(InputStream in) throws IOException {
    CsvRecords records = new CsvRecords(in, file, dialect);
    records.skip(dialect.skipped());
    return records;
  }

  /** The records of a part. */
  CsvRecords records(InputStream in, CsvParts.Part part) {
    return new CsvRecords(in, file, part.line(), dialect);
  }

  /** The parts of this table, to be read as they are cut. */
  CsvParts parts() throws IOException {
    return new CsvParts(this, isPlain() ? CsvParts.PART_BYTES : KEPT_PART_BYTES, true);
  }

  /** The parts of this table, to be counted. */
  CsvParts borders() throws IOException {
    return new CsvParts(this, isPlain() ? CsvParts.PART_BYTES : KEPT_PART_BYTES, false);
  }

  /** How many parts there are, about. */
  long estimatedParts() throws IOException {
    if (Files.isDirectory(file)) {
      return MANY_PARTS;
    }
    long size = Files.size(file);
    return isPlain() ? size / CsvParts.PART_BYTES : PACKED * size / KEPT_PART_BYTES;
  }
}
