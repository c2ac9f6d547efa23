package io.github.swag4j.calibration.io.csv;

import io.github.swag4j.base.Refusal;
import io.github.swag4j.calibration.PredictionRemedy;
import io.github.swag4j.calibration.io.format.PredictionFileException;
import io.github.swag4j.calibration.io.format.ReadOptions;
import io.github.swag4j.calibration.io.internal.Source;
import io.github.swag4j.calibration.io.internal.UsualNames;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;

/** First line of a CSV file of predictions: which column is what. */
final class CsvHeader {
  static final String EXPECTED_ENTROPY = "expected_entropy";
  static final String WEIGHT = "weight";
  static final String GROUP = "group";
  static final String ID = "id";

  private static final String SIGMOID =
      "save the probability of the positive class, 1 / (1 + exp(-logit)), instead";

  /** What the column of a class's logit is called before the class's name. */
  static final String LOGIT = "logit_";

  private final List<String> names;
  private final List<String> ignored;
  private final List<String> namedClasses;
  private final int[] classColumns;
  private final int[] logitColumns;
  private final int[] rowNameColumns;
  private final int label;
  private final int weight;

  private CsvHeader(List<String> names, ReadOptions options, Source source)
      throws PredictionFileException {
    this.names = names;
    ignored = options.ignoredColumns();
    namedClasses = options.classColumns();
    for (String name : ignored) {
      if (!names.contains(name)) {
        throw source.refuse(
            "the header must have the column '"
                + name
                + "' to ignore it, got "
                + UsualNames.shown(names));
      }
    }
    label = one(UsualNames.LABELS, "the labels", source);
    weight = one(UsualNames.WEIGHTS, "the weights of the rows", source);
    List<Integer> classes = new ArrayList<>();
    List<Integer> rowNames = new ArrayList<>();
    if (namedClasses.isEmpty()) {
      for (int c = 0; c < names.size(); c++) {
        String name = names.get(c);
        if (CsvNames.isMissing(name) && !ignored.contains(name)) {
          checkRowNames(c, source);
          rowNames.add(c);
        } else if (!isReserved(name) && !isLogit(name, names) && !ignored.contains(name)) {
          classes.add(c);
        }
      }
    } else {
      for (String name : namedClasses) {
        if (!names.contains(name)) {
          throw source.refuse(
              "the header must have a class column '" + name + "', got " + UsualNames.shown(names));
        }
        classes.add(names.indexOf(name));
      }
    }
    classColumns = classes.stream().mapToInt(Integer::intValue).toArray();
    rowNameColumns = rowNames.stream().mapToInt(Integer::intValue).toArray();
    logitColumns = logitColumns(options, source);
  }

  /** Refuses a column without a name that does not stand where the names of the rows do. */
  private void checkRowNames(int column, Source source) throws PredictionFileException {
    if (column >= CsvNames.leading(names)) {
      throw source.refuse(
          Refusal.of(
              "a column must have a name of its own, got '"
                  + names.get(column)
                  + "': name it, or leave it out ",
              PredictionRemedy.IGNORED_COLUMNS));
    }
  }

  /** Index of the one column with any of some names that is no class, or -1. */
  private int one(List<String> usual, String what, Source source) throws PredictionFileException {
    int found = -1;
    for (int c = 0; c < names.size(); c++) {
      if (!UsualNames.isOneOf(usual, names.get(c)) || column(names.get(c)) < 0) {
        continue;
      }
      if (found >= 0) {
        throw source.refuse(
            Refusal.of(
                "one column must hold "
                    + what
                    + ", got '"
                    + names.get(found)
                    + "' and '"
                    + names.get(c)
                    + "': leave one out ",
                PredictionRemedy.IGNORED_COLUMNS,
                " or, if it is a class, name the classes ",
                PredictionRemedy.CLASS_COLUMNS));
      }
      found = c;
    }
    return found;
  }

  /** The columns of the classes' logits, in the order of the classes: for each of them or none. */
  private int[] logitColumns(ReadOptions options, Source source) throws PredictionFileException {
    int[] columns = new int[classColumns.length];
    int found = 0;
    int missing = -1;
    for (int k = 0; k < columns.length; k++) {
      columns[k] = column(LOGIT + names.get(classColumns[k]));
      found += columns[k] >= 0 ? 1 : 0;
      missing = columns[k] < 0 ? k : missing;
    }
    if (found == 0) {
      return new int[0];
    }
    if (missing >= 0) {
      throw source.refuse(
          "logits must have a column for each class, got none named '"
              + LOGIT
              + names.get(classColumns[missing])
              + "'");
    }
    if (options.logits() || options.renormalise()) {
      throw source.refuse(
          (options.logits() ? "read as logits" : "renormalised")
              + ", the file must hold one column for each class, got probabilities and columns '"
              + LOGIT
              + "...' of their logits");
    }
    if (columns.length == 1) {
      throw source.refuse("logits must have one column per class, got one column: " + SIGMOID);
    }
    return columns;
  }

  /** Whether a column is called the logit of another that can be a class. */
  static boolean isLogit(String name, List<String> names) {
    String of = name.startsWith(LOGIT) ? name.substring(LOGIT.length()) : "";
    return !CsvNames.isMissing(of) && names.contains(of) && !isReserved(of);
  }

  static CsvHeader read(CsvRecords records, Source source, ReadOptions options) throws IOException {
    List<String> names = CsvNames.read(records, source);
    Source place = source.at("line " + records.line());
    CsvHeader header = new CsvHeader(names, options, place);
    header.check(options, place);
    return header;
  }

  private void check(ReadOptions options, Source place) throws PredictionFileException {
    if (classColumns.length == 0) {
      throw place.refuse(
          "the header must have a column per class, got only " + UsualNames.shown(names));
    }
    if (options.logits() && classColumns.length == 1) {
      throw place.refuse("logits must have one column per class, got one column: " + SIGMOID);
    }
    boolean auto = options.labels() == ReadOptions.Labels.AUTO && label >= 0;
    for (int k = 0; auto && k < classColumns.length && classColumns.length > 1; k++) {
      String name = names.get(classColumns[k]);
      if (name.matches("\\d{1,9}")
          && Integer.parseInt(name) < classColumns.length
          && !name.equals("" + k)) {
        throw place.refuse(
            Refusal.of(
                "label " + name + " could be the class named so or the class of that index: ",
                PredictionRemedy.SAY_LABELS));
      }
    }
  }

  static boolean isReserved(String name) {
    return UsualNames.isOneOf(UsualNames.LABELS, name)
        || UsualNames.isOneOf(UsualNames.WEIGHTS, name)
        || List.of(EXPECTED_ENTROPY, GROUP, ID).contains(name);
  }

  /** Index of a column that is read and was not named as a class, or -1. */
  private int column(String name) {
    return ignored.contains(name) || namedClasses.contains(name) ? -1 : names.indexOf(name);
  }

  int columns() {
    return names.size();
  }

  List<String> names() {
    return names;
  }

  /** Columns without a name at the start, which must hold names or numbers of rows. */
  int[] rowNameColumns() {
    return rowNameColumns.clone();
  }

  String name(int column) {
    return names.get(column);
  }

  int[] classColumns() {
    return classColumns.clone();
  }

  /** Columns of the logits, in the order of the classes; empty if there are none. */
  int[] logitColumns() {
    return logitColumns.clone();
  }

  List<String> classNames() {
    List<String> out = new ArrayList<>();
    for (int column : classColumns) {
      out.add(names.get(column));
    }
    return out;
  }

  /** Whether the class columns are called 0, 1, 2, ... in this order: no names, then. */
  boolean namesAreIndices() {
    return UsualNames.areIndices(classNames());
  }

  int label() {
    return label;
  }

  int expectedEntropy() {
    return column(EXPECTED_ENTROPY);
  }

  int weight() {
    return weight;
  }

  int group() {
    return column(GROUP);
  }

  int id() {
    return column(ID);
  }
}
