package io.github.swag4j.cli;

import static java.util.stream.Collectors.joining;

import com.google.gson.JsonObject;
import com.google.gson.JsonParser;
import io.github.swag4j.calibration.Predictions;
import io.github.swag4j.calibration.TopLabels;
import io.github.swag4j.calibration.binning.BinningConvention;
import io.github.swag4j.calibration.io.FileContents;
import io.github.swag4j.calibration.io.PredictionFiles;
import io.github.swag4j.calibration.io.StreamedSketch;
import io.github.swag4j.calibration.io.TopLabelFiles;
import io.github.swag4j.calibration.io.columns.ColumnRule;
import io.github.swag4j.calibration.io.format.Noted;
import io.github.swag4j.calibration.io.format.PredictionFileException;
import io.github.swag4j.calibration.io.format.PredictionSize;
import io.github.swag4j.calibration.io.format.ReadOptions;
import io.github.swag4j.calibration.io.format.ReadingNote;
import io.github.swag4j.calibration.io.format.TopLabelNames;
import io.github.swag4j.calibration.io.text.FileKind;
import io.github.swag4j.calibration.sketch.CalibrationSketch;
import io.github.swag4j.cli.run.UsageException;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** How files of predictions are read. */
final class ReadingOptions {
  private static final int SHOWN = 12;

  @Option(names = "--logits", description = "The numbers are logits, to be put through a softmax.")
  private boolean logits;

  @Option(
      names = "--renormalise",
      description =
          "Divide rows by their sums instead of refusing those that do not sum to 1 within 1e-4, as"
              + " float16 rows seldom do.")
  private boolean renormalise;

  @Option(names = "--percent", description = "The numbers are percentages, to be divided by 100.")
  private boolean percent;

  @Option(
      names = "--class-columns",
      paramLabel = "NAME",
      description =
          "The columns that are classes, in this order, separated by commas; may be repeated, and a"
              + " name with a comma be quoted (default: those that cannot be anything else, by a"
              + " common stem, by the labels, or because all rows sum to 1 with them; else the file is"
              + " refused). Labels that are indices keep the order of the file's columns.")
  private List<String> classColumns = List.of();

  @Option(
      names = "--ignore-columns",
      paramLabel = "NAME",
      description =
          "Columns to leave out, such as a time stamp; where there are several files it is enough"
              + " that one of them has it.")
  private List<String> ignoredColumns = List.of();

  @Option(
      names = "--label-column",
      paramLabel = "NAME",
      description =
          "The column, or array, of the labels (default: label, labels, target, y, y_true, truth,"
              + " class, obs, actual, label_ids and the like).")
  private String labelColumn = "";

  @Option(
      names = "--positive-class",
      paramLabel = "LABEL",
      description =
          "Of two classes the one whose probability a single column holds, or that label 1 means"
              + " (default: 1, true, yes, or the label that the single column is named after).")
  private String positiveClass = "";

  @Option(
      names = "--ignore-label",
      paramLabel = "LABEL",
      description =
          "Leave out the rows of this label, such as 255 or -100; may be repeated. How many is said.")
  private List<String> ignoredLabels = List.of();

  @Option(
      names = "--labels-are",
      paramLabel = "KIND",
      description =
          "What labels are where classes have numbers for names: index (from 0) or name (default:"
              + " the name of a class column, else an index, refused where they could be both).")
  private ReadOptions.Labels labelsAre = ReadOptions.Labels.AUTO;

  private final Map<Path, ReadingNote> notes = new HashMap<>();
  private final List<String> aside = new ArrayList<>();

  @Spec(Spec.Target.MIXEE)
  private CommandSpec command;

  /** How a table is to be read whose columns are not known yet. */
  ReadOptions options() {
    return options(true, List.of(), true);
  }

  /** How a file is to be read. */
  ReadOptions options(Path file, boolean labelsNeeded) throws IOException {
    boolean table = FileKind.of(file).isText();
    return options(table, table ? FileContents.of(file).names() : List.of(), labelsNeeded);
  }

  private ReadOptions options(boolean table, List<String> names, boolean labelsNeeded) {
    if (logits && renormalise || logits && percent) {
      throw new UsageException(
          "--logits and --" + (percent ? "percent" : "renormalise") + " exclude each other");
    }
    List<String> classes = NameLists.of(classColumns, names);
    List<String> ignored = new ArrayList<>(NameLists.of(ignoredColumns, names));
    if (!Collections.disjoint(classes, ignored)) {
      throw new UsageException("--class-columns and --ignore-columns name the same column");
    }
    aside.stream()
        .filter(name -> !classes.contains(name) && !ignored.contains(name))
        .forEach(ignored::add);
    if (!labelColumn.isEmpty()
        && (classes.contains(labelColumn) || ignored.contains(labelColumn))) {
      throw new UsageException("--label-column names a column that is a class, or ignored");
    }
    if (table && !names.isEmpty()) {
      ignored.retainAll(names);
    }
    boolean unlabelled = table && !labelsNeeded && !names.contains(labelColumn);
    return ReadOptions.defaults()
        .withLogits(logits)
        .withRenormalise(renormalise)
        .withPercent(percent)
        .withLabels(labelsAre)
        .withClassColumns(classes)
        .withIgnoredColumns(table ? ignored : List.of())
        .withLabelColumn(unlabelled ? "" : labelColumn)
        .withPositiveClass(positiveClass)
        .withIgnoredLabels(ignoredLabels)
        .withLabelsNeeded(labelsNeeded);
  }

  /** Columns that the command reads for itself, such as that of {@code --by}: no classes, then. */
  void setAside(String column) {
    if (column != null && !ColumnRule.hasRole(column, labelColumn)) {
      aside.add(column);
    }
  }

  /** Refuses names of columns to ignore that none of a command's files has. */
  void requireIgnoredColumns(List<Path> files) throws IOException {
    Set<String> found = new LinkedHashSet<>();
    if (ignoredColumns.isEmpty() || files.isEmpty()) {
      return;
    }
    List<Path> tables = new ArrayList<>();
    for (Path file : files) {
      if (FileKind.of(file).isText()) {
        tables.add(file);
      }
    }
    if (tables.isEmpty()) {
      throw new UsageException("--ignore-columns goes with tables, got none");
    }
    for (Path file : tables) {
      found.addAll(FileContents.of(file).names());
    }
    for (String name : NameLists.of(ignoredColumns, List.copyOf(found))) {
      if (!found.contains(name)) {
        throw new IOException(
            tables.stream().map(Path::toString).collect(joining(", "))
                + ": "
                + (tables.size() == 1 ? "the header" : "one header")
                + " must have the column '"
                + name
                + "' to ignore it, got "
                + found.stream().limit(SHOWN).collect(joining(", "))
                + (found.size() > SHOWN ? ", ... (" + found.size() + ")" : ""));
      }
    }
  }

  /** Keeps what a file was read as, and says it in one line, with what looks odd below it. */
  <T> T noted(Path file, Noted<T> read) {
    notes.put(file, read.note());
    PrintWriter err = command.commandLine().getErr();
    err.println("swag4j: " + file + ": " + read.note().line());
    for (String warning : read.note().warnings()) {
      err.println("swag4j: warning: " + file + ": " + warning);
    }
    return read.value();
  }

  /** Keeps what stands for the note of a file that was read otherwise. */
  void setNote(Path file, ReadingNote note) {
    notes.put(file, note);
  }

  /** What a file that has been read was read as. */
  ReadingNote note(Path file) {
    return notes.get(file);
  }

  /** The text of a column in each row that was read; refused where one is empty. */
  String[] column(Path file, String name, int rows) throws IOException {
    return ColumnValues.read(file, name, rows, note(file).labels(), ignoredLabels);
  }

  /** Whether rows may be left out. */
  boolean leavesRowsOut() {
    return !ignoredLabels.isEmpty();
  }

  /** The same for standard output and pages. */
  JsonObject noteJson(Path file) {
    return JsonParser.parseString(note(file).toJson()).getAsJsonObject();
  }

  private interface Reading<T> {
    T from(ReadOptions options) throws IOException;
  }

  private <T> T inWordsOfTheProgram(Path file, boolean labelsNeeded, Reading<T> reading)
      throws IOException {
    try {
      return reading.from(options(file, labelsNeeded));
    } catch (PredictionFileException e) {
      throw new IOException(ProgramWords.of(e), e);
    }
  }

  /** How large a file's predictions are. */
  PredictionSize size(Path file, LabelsOptions labels) throws IOException {
    boolean byId = labels.file() != null && !labels.areOfArray(file);
    return inWordsOfTheProgram(
        file,
        true,
        options ->
            byId
                ? PredictionFiles.size(file, labels.byId(labelColumn), options)
                : PredictionFiles.size(file, options));
  }

  /** The sketch of a file's rows, in memory that does not grow with them. */
  CalibrationSketch stream(Path file, LabelsOptions labels, BinningConvention convention)
      throws IOException {
    if (labels.file() == null) {
      return noted(
          file,
          inWordsOfTheProgram(
              file, true, options -> StreamedSketch.noted(file, options, convention)));
    }
    if (!labels.areOfArray(file)) {
      return noted(
          file,
          inWordsOfTheProgram(
              file,
              true,
              options ->
                  StreamedSketch.noted(file, labels.byId(labelColumn), options, convention)));
    }
    boolean plain = positiveClass.isEmpty() && ignoredLabels.isEmpty();
    if (logits || renormalise || percent || !plain) {
      throw new UsageException(
          "--logits, --renormalise, --percent, --positive-class and --ignore-label need a .npy"
              + " file's rows in memory: leave --stream out or save an .npz file");
    }
    return noted(
        file,
        inWordsOfTheProgram(
            file, true, options -> StreamedSketch.noted(file, labels.file(), convention)));
  }

  Predictions read(Path file) throws IOException {
    return read(file, true);
  }

  /** Predictions of a file that needs no labels: those that mean no class are not read. */
  Predictions readLabelledOrNot(Path file) throws IOException {
    return read(file, false);
  }

  /**
   * The same, with labels of another file where they are found there: those of an array belong to
   * the file that is fitted on.
   */
  Predictions readLabelledOrNot(Path file, LabelsOptions labels) throws IOException {
    if (labels.file() == null || !FileKind.of(file).isText()) {
      return readLabelledOrNot(file);
    }
    labels.requireTable(file);
    return noted(
        file,
        inWordsOfTheProgram(
            file,
            false,
            options -> PredictionFiles.readNoted(file, labels.byId(labelColumn), options)));
  }

  /** The same of the only file of predictions, which labels that are named must belong to. */
  Predictions readLoaded(Path file, LabelsOptions labels) throws IOException {
    boolean arrays = labels.file() != null && !FileKind.of(file).isText();
    return arrays ? read(file, labels) : readLabelledOrNot(file, labels);
  }

  /** The same of a file that must have the classes of another. */
  Predictions readLabelledOrNot(Path file, LabelsOptions labels, Path other, Predictions before)
      throws IOException {
    Predictions read = readLabelledOrNot(file, labels);
    SameClasses.require(file, read, other, before);
    return read;
  }

  /** All rows of a file, also those that their labels leave out of what is judged. */
  Noted<Predictions> allRows(Path file) throws IOException {
    return inWordsOfTheProgram(
        file,
        false,
        options -> PredictionFiles.readNoted(file, options.withIgnoredLabels(List.of())));
  }

  private Predictions read(Path file, boolean labelsNeeded) throws IOException {
    return noted(
        file,
        inWordsOfTheProgram(
            file, labelsNeeded, options -> PredictionFiles.readNoted(file, options)));
  }

  /** Predictions of a file, with labels of another if there is one. */
  Predictions read(Path file, LabelsOptions labels) throws IOException {
    if (labels.file() == null) {
      return read(file);
    }
    boolean array = labels.areOfArray(file);
    return noted(
        file,
        inWordsOfTheProgram(
            file,
            true,
            options ->
                array
                    ? PredictionFiles.readNoted(file, labels.file(), options)
                    : PredictionFiles.readNoted(file, labels.byId(labelColumn), options)));
  }

  /** What a table has that holds the class predicted and its confidence alone; else nothing. */
  Optional<TopLabels> readTopLabels(Path file, LabelsOptions labels, TopLabelNames named)
      throws IOException {
    if (!named.isEmpty() && (logits || renormalise || !classColumns.isEmpty())) {
      throw new UsageException(
          "--prediction-column and --confidence-column are of a file without columns for classes:"
              + " leave --logits, --renormalise and --class-columns out");
    }
    boolean byId = labels.file() != null && FileKind.of(file).isText() && !labels.areOfArray(file);
    Optional<Noted<TopLabels>> read =
        inWordsOfTheProgram(
            file,
            true,
            options ->
                TopLabelFiles.read(file, byId ? labels.byId(labelColumn) : null, named, options));
    return read.map(
        found -> {
          ReadingNote note = found.note();
          command
              .commandLine()
              .getErr()
              .println(
                  "swag4j: "
                      + file
                      + ": the class predicted and its confidence alone: "
                      + String.join(", ", note.classColumns()));
          return noted(file, found);
        });
  }
}
