package io.github.swag4j.calibration.io;

import java.io.IOException;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Set;

/** First line of a CSV file of predictions: which column is what. */
final class CsvHeader {
  static final List<String> LABELS = List.of("label", "labels", "target", "targets", "y");
  static final String EXPECTED_ENTROPY = "expected_entropy";
  static final String WEIGHT = "weight";
  static final String GROUP = "group";
  static final String ID = "id";

  /** What the column of a class's logit is called before the class's name. */
  static final String LOGIT = "logit_";

  private final List<String> names;
  private final List<String> ignored;
  private final int[] classColumns;
  private final int[] logitColumns;
  private int label = -1;

  private CsvHeader(List<String> names, PredictionFiles.Options options, Source source)
      throws PredictionFileException {
    this.names = names;
    ignored = options.ignoredColumns();
    for (String name : ignored) {
      if (!names.contains(name)) {
        throw source.refuse(
            "the header must have the column '" + name + "' to ignore it, got " + names);
      }
    }
    for (String name : LABELS) {
      int column = column(name);
      if (column >= 0 && label >= 0) {
        throw source.refuse(
            "one column must hold the labels, got '" + names.get(label) + "' and '" + name + "'");
      }
      label = column >= 0 ? column : label;
    }
    for (String name : names) {
      if (!LABELS.contains(name)
          && LABELS.contains(name.toLowerCase(Locale.ROOT))
          && !ignored.contains(name)) {
        throw source.refuse(
            "the labels' column must be called '"
                + name.toLowerCase(Locale.ROOT)
                + "', got '"
                + name
                + "': rename it, also if it is a class");
      }
    }
    List<Integer> classes = new ArrayList<>();
    if (options.classColumns().isEmpty()) {
      for (int c = 0; c < names.size(); c++) {
        String name = names.get(c);
        if (!isReserved(name) && !isLogit(name, names) && !ignored.contains(name)) {
          classes.add(c);
        }
      }
    } else {
      for (String name : options.classColumns()) {
        if (!names.contains(name)) {
          throw source.refuse("the header must have a class column '" + name + "', got " + names);
        }
        classes.add(names.indexOf(name));
      }
    }
    classColumns = classes.stream().mapToInt(Integer::intValue).toArray();
    logitColumns = logitColumns(options, source);
  }

  /** The columns of the classes' logits, in the order of the classes: for each of them or none. */
  private int[] logitColumns(PredictionFiles.Options options, Source source)
      throws PredictionFileException {
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
      throw source.refuse("logits must have one column per class, got one column");
    }
    return columns;
  }

  /** Whether a column is called the logit of another that can be a class. */
  static boolean isLogit(String name, List<String> names) {
    String of = name.startsWith(LOGIT) ? name.substring(LOGIT.length()) : "";
    return names.contains(of) && !isReserved(of);
  }

  static CsvHeader read(CsvRecords records, Source source, PredictionFiles.Options options)
      throws IOException {
    if (!records.advance()) {
      throw source.refuse(
          "a file of predictions must start with a header of one column per class, got an empty"
              + " file");
    }
    Source place = source.at("line " + records.line());
    List<String> names = new ArrayList<>();
    Set<String> seen = new HashSet<>();
    for (int c = 0; c < records.fields(); c++) {
      String name = records.text(c).strip();
      if (name.isEmpty()) {
        throw records.refuse(c, "a column must have a name, got none");
      }
      if (name.matches("[-+]?\\d*\\.\\d+([eE][-+]?\\d+)?")) {
        throw place.refuse(
            "the first line must name the columns, got the number " + name + ": add a header");
      }
      if (!seen.add(name)) {
        throw records.refuse(c, "column names must be unique, got '" + name + "' twice");
      }
      names.add(name);
    }
    checkSeparator(names, place);
    CsvHeader header = new CsvHeader(names, options, place);
    header.check(options, place);
    return header;
  }

  private static void checkSeparator(List<String> names, Source place)
      throws PredictionFileException {
    if (names.size() == 1 && (names.get(0).contains(";") || names.get(0).contains("\t"))) {
      throw place.refuse("columns must be separated by commas, got '" + names.get(0) + "'");
    }
  }

  private void check(PredictionFiles.Options options, Source place) throws PredictionFileException {
    if (classColumns.length == 0) {
      throw place.refuse("the header must have a column per class, got only " + names);
    }
    if (options.logits() && classColumns.length == 1) {
      throw place.refuse("logits must have one column per class, got one column");
    }
    boolean auto = options.labels() == PredictionFiles.Labels.AUTO && label >= 0;
    for (int k = 0; auto && k < classColumns.length && classColumns.length > 1; k++) {
      String name = names.get(classColumns[k]);
      if (name.matches("\\d{1,9}")
          && Integer.parseInt(name) < classColumns.length
          && !name.equals("" + k)) {
        throw place.refuse(
            "label "
                + name
                + " could be the class named so or the class of that index: say which with"
                + " Options.withLabels");
      }
    }
  }

  static boolean isReserved(String name) {
    return LABELS.contains(name) || List.of(EXPECTED_ENTROPY, WEIGHT, GROUP, ID).contains(name);
  }

  /** Index of a column that is read, or -1. */
  private int column(String name) {
    return ignored.contains(name) ? -1 : names.indexOf(name);
  }

  int columns() {
    return names.size();
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
    for (int k = 0; k < classColumns.length; k++) {
      if (!names.get(classColumns[k]).equals(Integer.toString(k))) {
        return false;
      }
    }
    return true;
  }

  int label() {
    return label;
  }

  int expectedEntropy() {
    return column(EXPECTED_ENTROPY);
  }

  int weight() {
    return column(WEIGHT);
  }

  int group() {
    return column(GROUP);
  }

  int id() {
    return column(ID);
  }
}
