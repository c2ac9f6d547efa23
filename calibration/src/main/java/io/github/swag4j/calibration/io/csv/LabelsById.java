package io.github.swag4j.calibration.io.csv;

import io.github.swag4j.base.Refusal;
import io.github.swag4j.calibration.PredictionRemedy;
import io.github.swag4j.calibration.io.columns.NameText;
import io.github.swag4j.calibration.io.format.LabelsFile;
import io.github.swag4j.calibration.io.format.PredictionFileException;
import io.github.swag4j.calibration.io.internal.Source;
import io.github.swag4j.calibration.io.internal.UsualNames;
import java.io.IOException;
import java.io.InputStream;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/** Labels of a second file by their ids, and whether the ids of a table find them. */
final class LabelsById {
  private static final int EXAMPLES = 3;

  private final Map<String, String> labels = new HashMap<>();
  private final LabelsFile file;
  private String column = "";
  private long unused;
  private final List<String> unusedExamples = new ArrayList<>();

  private LabelsById(LabelsFile file) {
    this.file = file;
  }

  /** Reads the labels. */
  static LabelsById of(LabelsFile file) throws IOException {
    CsvText text = CsvText.of(file.file());
    List<String> names = text.names();
    int id = idColumn(file, names, text.source());
    int label = labelColumn(names, id, file.labelColumn(), text.source());
    LabelsById found = new LabelsById(file);
    found.column = names.get(label);
    Map<String, Long> lines = new HashMap<>();
    try (InputStream in = text.open()) {
      CsvRecords records = text.records(in);
      records.advance();
      while (records.advance()) {
        records.requireFields(names.size());
        String key = records.text(id);
        Long before = lines.put(key, records.line());
        if (before != null) {
          throw records.refuse(
              id, "each id must stand once, got '" + key + "' on line " + before + ", too");
        }
        found.labels.put(key, records.verbatim(label));
      }
    }
    return found;
  }

  /** The column of ids in either file. */
  static int idColumn(LabelsFile file, List<String> names, Source source)
      throws PredictionFileException {
    int id = NameText.find(names, file.idColumn());
    if (id < 0) {
      throw source.refuse(
          Refusal.of(
              "to be joined with its labels, the file must have the column '"
                  + file.idColumn()
                  + "' of ids, got "
                  + UsualNames.shown(names)
                  + ": name the column that both files have ",
              PredictionRemedy.ID_COLUMN));
    }
    return id;
  }

  private static int labelColumn(List<String> names, int id, String named, Source source)
      throws PredictionFileException {
    if (!named.isEmpty()) {
      int column = NameText.find(names, named);
      if (column >= 0) {
        return column;
      }
      throw source.refuse(
          "the file must have the column '"
              + named
              + "' of labels, got "
              + UsualNames.shown(names));
    }
    List<Integer> usual = new ArrayList<>();
    for (int c = 0; c < names.size(); c++) {
      if (c != id && UsualNames.isOneOf(UsualNames.LABELS, names.get(c))) {
        usual.add(c);
      }
    }
    if (usual.size() == 1) {
      return usual.get(0);
    }
    if (usual.isEmpty() && names.size() == 2) {
      return 1 - id;
    }
    throw source.refuse(
        Refusal.of(
            "one column must hold the labels, got "
                + UsualNames.shown(names)
                + ": call it '"
                + UsualNames.LABELS.get(0)
                + "', or name it ",
            PredictionRemedy.LABEL_COLUMN));
  }

  /** What the file calls its column of labels. */
  String column() {
    return column;
  }

  /** Whether there is a label of an id. */
  boolean has(String id) {
    return labels.containsKey(id);
  }

  /** The label of an id that is there. */
  String of(String id) {
    return labels.get(id);
  }

  /**
   * Looks through the ids of a table: each must have a label, and stand once.
   *
   * @param id its column of ids
   */
  void requireFor(CsvText table, int id, int columns) throws IOException {
    Map<String, Long> lines = new HashMap<>();
    long missing = 0;
    List<String> examples = new ArrayList<>();
    long rows = 0;
    try (InputStream in = table.open()) {
      CsvRecords records = table.records(in);
      records.advance();
      for (; records.advance(); rows++) {
        records.requireFields(columns);
        String key = records.text(id);
        Long before = lines.put(key, records.line());
        if (before != null) {
          throw records.refuse(
              id,
              "to be joined with its label, each id must stand once, got '"
                  + key
                  + "' on line "
                  + before
                  + ", too");
        }
        if (!labels.containsKey(key)) {
          missing++;
          if (examples.size() < EXAMPLES) {
            examples.add("'" + key + "' (line " + records.line() + ")");
          }
        }
      }
    }
    if (missing > 0) {
      throw table
          .source()
          .refuse(
              String.format(
                  Locale.ROOT,
                  "every row must find its label in %s, got none for %,d of %,d ids, such as %s%s",
                  file.file(),
                  missing,
                  rows,
                  String.join(", ", examples),
                  missing == rows && !labels.isEmpty()
                      ? "; the labels' ids are such as '" + labels.keySet().iterator().next() + "'"
                      : ""));
    }
    countUnused(lines);
  }

  private void countUnused(Map<String, Long> lines) {
    unused = (long) labels.size() - lines.size();
    if (unused > 0) {
      labels.keySet().stream()
          .filter(key -> !lines.containsKey(key))
          .sorted()
          .limit(EXAMPLES)
          .forEach(unusedExamples::add);
    }
  }

  /** What was left out, in a sentence, or nothing. */
  List<String> warnings() {
    return unused == 0
        ? List.of()
        : List.of(
            String.format(
                Locale.ROOT,
                "%,d of %,d labels of %s have no row here and were left out, such as those of %s",
                unused,
                labels.size(),
                file.file(),
                String.join(", ", unusedExamples)));
  }
}
