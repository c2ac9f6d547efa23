package io.github.swag4j.calibration.io.csv;

import io.github.swag4j.base.Refusal;
import io.github.swag4j.calibration.PredictionRemedy;
import io.github.swag4j.calibration.TopLabels;
import io.github.swag4j.calibration.io.columns.NameText;
import io.github.swag4j.calibration.io.columns.TopLabelColumns;
import io.github.swag4j.calibration.io.format.LabelsFile;
import io.github.swag4j.calibration.io.format.Noted;
import io.github.swag4j.calibration.io.format.PredictionFileException;
import io.github.swag4j.calibration.io.format.ReadOptions;
import io.github.swag4j.calibration.io.format.ReadingNote;
import io.github.swag4j.calibration.io.format.ReadingNote.LabelKind;
import io.github.swag4j.calibration.io.format.TopLabelNames;
import io.github.swag4j.calibration.io.internal.LeftOut;
import io.github.swag4j.calibration.io.internal.UsualNames;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;

/**
 * Rows of a table that has the class predicted and its confidence, and nothing of other classes.
 */
public final class CsvTopLabels {
  private final CsvText text;
  private final List<String> names;
  private final TopLabelColumns columns;
  private final ReadOptions options;
  private final Set<String> leaving = new HashSet<>();

  private double[] confidences = new double[1024];
  private boolean[] correct = new boolean[1024];
  private double[] weights = new double[1024];
  private int count;
  private long leftOut;
  private double highest;

  /** The first row whose confidence is no probability. */
  private String outside = "";

  private String outsideAt = "";

  /** Whether a confidence below one half was met, and so no more likely than the other of two. */
  private boolean below;

  private final Set<String> predicted = new TreeSet<>();
  private final Set<String> labelled = new TreeSet<>();

  private CsvTopLabels(
      CsvText text, List<String> names, TopLabelColumns columns, ReadOptions options) {
    this.text = text;
    this.names = names;
    this.columns = columns;
    this.options = options;
    options.ignoredLabels().forEach(label -> leaving.add(word(label)));
  }

  /**
   * Reads a table if it is of this kind.
   *
   * @param labels a second file with the labels, or null
   * @param named the columns that an option names
   * @return the rows; empty if nothing says that there is no column for each class
   */
  public static Optional<Noted<TopLabels>> read(
      Path file, LabelsFile labels, TopLabelNames named, ReadOptions options) throws IOException {
    CsvText text = CsvText.of(file, Set.copyOf(options.ignoredColumns()));
    ReadOptions how = options;
    Optional<TopLabelColumns> found = columns(text, named, options);
    if (found.isEmpty()) {
      return Optional.empty();
    }
    if (labels != null) {
      String column = labels.labelColumn().isEmpty() ? options.labelColumn() : labels.labelColumn();
      String made = CsvText.labelName(text.names());
      List<String> ignored = new ArrayList<>(options.ignoredColumns());
      if (!named.isEmpty()) {
        ignored.add(named.prediction()); // it may be called as labels are
      }
      text =
          text.labelled(
              new LabelsFile(labels.file(), labels.idColumn(), column),
              options.withIgnoredColumns(ignored));
      how = options.withLabelColumn(made);
      found = columns(text, named, how);
    }
    TopLabelColumns columns = found.orElseThrow();
    List<String> names = text.names();
    if (columns.label() < 0) {
      throw text.source().refuse(UsualNames.labelsMissing("columns", names));
    }
    return Optional.of(new CsvTopLabels(text, names, columns, how).read(named));
  }

  private static Optional<TopLabelColumns> columns(
      CsvText text, TopLabelNames named, ReadOptions options) throws IOException {
    List<String> names = text.names();
    boolean later = !options.labelColumn().isEmpty() && !names.contains(options.labelColumn());
    return TopLabelColumns.of(
        new CsvTable(text, names),
        named,
        later ? options.withLabelColumn("") : options,
        text.source());
  }

  private Noted<TopLabels> read(TopLabelNames named) throws IOException {
    try (InputStream in = text.open()) {
      CsvRecords records = text.records(in);
      records.advance();
      while (records.advance()) {
        records.requireFields(names.size());
        row(records);
      }
    }
    CsvPredictions.requireRow(count + leftOut, text.source());
    if (count == 0) {
      throw text.source().refuse(LeftOut.all(options));
    }
    requireProbabilities();
    requireSameWords();
    requireConfidences(named);
    TopLabels rows;
    try {
      rows =
          TopLabels.of(
              Arrays.copyOf(confidences, count),
              Arrays.copyOf(correct, count),
              columns.weight() < 0 ? null : Arrays.copyOf(weights, count));
    } catch (IllegalArgumentException e) {
      throw text.source().refuse(e.getMessage(), e);
    }
    return new Noted<>(rows, note(rows));
  }

  private void row(CsvRecords records) throws PredictionFileException {
    String label = word(records.text(columns.label()));
    if (leaving.contains(label)) {
      leftOut++;
      return;
    }
    String prediction = word(records.text(columns.prediction()));
    requireWord(records, columns.label(), label, "label");
    requireWord(records, columns.prediction(), prediction, "class predicted");
    if (count == confidences.length) {
      confidences = Arrays.copyOf(confidences, 2 * count);
      correct = Arrays.copyOf(correct, 2 * count);
      weights = Arrays.copyOf(weights, 2 * count);
    }
    double number = number(records);
    double confidence = options.percent() ? number / 100 : number;
    if (!(confidence >= 0 && confidence <= 1) && outside.isEmpty()) {
      outside = "a confidence must be in [0, 1], got " + confidence;
      outsideAt = records.place() + ", column " + (columns.confidence() + 1);
    }
    highest = number < 0 ? Double.POSITIVE_INFINITY : Math.max(highest, number);
    below |= confidence < 0.5;
    confidences[count] = confidence;
    correct[count] = prediction.equals(label);
    if (columns.weight() >= 0) {
      weights[count] = records.number(columns.weight());
      if (!(weights[count] >= 0)) {
        throw records.refuse(
            columns.weight(),
            "a weight must be a number of at least 0, got '"
                + records.text(columns.weight())
                + "'");
      }
    }
    predicted.add(prediction);
    labelled.add(label);
    count++;
  }

  /** The number of a confidence as it stands there; one with a percent sign is a percentage. */
  private double number(CsvRecords records) throws PredictionFileException {
    double number = records.number(columns.confidence());
    if (!Double.isNaN(number)) {
      return number;
    }
    number = UnusualNumbers.of(records, columns.confidence());
    Refusal rule =
        Refusal.of(
            "a confidence must be a number, got '" + records.text(columns.confidence()) + "'");
    if (Double.isNaN(number)) {
      throw records.refuse(columns.confidence(), rule);
    }
    if (Double.isFinite(number) && !options.percent()) {
      throw records.refuse(
          columns.confidence(),
          rule.and(Refusal.of(": it is a percentage, ", PredictionRemedy.PERCENT)));
    }
    return number;
  }

  private static String word(String text) {
    return NameText.canonical(NameText.of(text));
  }

  private static void requireWord(CsvRecords records, int column, String word, String what)
      throws PredictionFileException {
    if (!word.isEmpty() && !word.equalsIgnoreCase("nan")) {
      return;
    }
    Refusal rule = Refusal.of("a " + what + " must be the name of a class, got '" + word + "'");
    boolean leave = what.equals("label") && !word.isEmpty();
    throw records.refuse(
        column,
        leave
            ? rule.and(
                Refusal.of(": leave such rows out ", PredictionRemedy.IGNORE_LABEL, " " + word))
            : rule);
  }

  private void requireProbabilities() throws PredictionFileException {
    if (!outside.isEmpty()) {
      boolean percent = !options.percent() && highest <= 100;
      Refusal remedy = Refusal.of(": if these are percentages, ", PredictionRemedy.PERCENT);
      throw text.source()
          .at(outsideAt)
          .refuse(percent ? Refusal.of(outside).and(remedy) : Refusal.of(outside));
    }
    if (options.percent() && highest <= 1) {
      throw text.source()
          .refuse(
              "of percentages one must be above 1, got none above "
                  + highest
                  + ": these are shares of 1, read them without dividing by 100");
    }
  }

  /** Refuses labels and predictions that do not call classes alike: all would be wrong. */
  private void requireSameWords() throws PredictionFileException {
    Map<String, String> byLetters = new HashMap<>();
    Set<String> all = new TreeSet<>(predicted);
    all.addAll(labelled);
    for (String word : all) {
      String other = byLetters.put(word.toLowerCase(Locale.ROOT), word);
      if (other != null) {
        throw text.source()
            .refuse(
                "labels and predictions must call a class by one name, got '"
                    + other
                    + "' and '"
                    + word
                    + "': write them alike");
      }
    }
    if (labelled.stream().noneMatch(predicted::contains)) {
      throw text.source()
          .refuse(
              "labels and predictions must call classes by the same names, got the labels "
                  + UsualNames.shown(List.copyOf(labelled))
                  + " and the predictions "
                  + UsualNames.shown(List.copyOf(predicted))
                  + ": write them alike");
    }
  }

  /** Of two classes the one predicted has at least one half; else it may be that of one class. */
  private void requireConfidences(TopLabelNames named) throws PredictionFileException {
    Set<String> all = new HashSet<>(predicted);
    all.addAll(labelled);
    if (named.isEmpty() && below && all.size() <= 2) {
      String prediction = names.get(columns.prediction());
      String confidence = names.get(columns.confidence());
      throw text.source()
          .refuse(
              Refusal.of(
                  "'"
                      + confidence
                      + "' must be the probability of the class predicted, at least 0.5 of two"
                      + " classes, got less: if there are more classes, or it is so all the same, ",
                  PredictionRemedy.PREDICTION_COLUMN,
                  " " + NameText.quoted(prediction) + " ",
                  PredictionRemedy.CONFIDENCE_COLUMN,
                  " " + NameText.quoted(confidence)));
    }
  }

  private ReadingNote note(TopLabels rows) {
    Set<String> all = new TreeSet<>(predicted);
    all.addAll(labelled);
    List<String> warnings = new ArrayList<>(text.warnings());
    if (leftOut > 0) {
      warnings.add(LeftOut.said(leftOut, options));
    }
    Set<String> never = new TreeSet<>(labelled);
    never.removeAll(predicted);
    if (!never.isEmpty()) {
      warnings.add(
          "never predicted, or called otherwise there: the labels "
              + UsualNames.shown(List.copyOf(never)));
    }
    double accuracy = rows.forecasts().eventRate();
    if (rows.rows() > 1 && all.size() > 1 && accuracy < 1.0 / all.size()) {
      warnings.add(
          String.format(
              Locale.ROOT,
              "accuracy %.4f is below chance, 1 / %d: labels may count from 1 and predictions from"
                  + " 0, or the other way round",
              accuracy,
              all.size()));
    }
    boolean constant = rows.rows() > 1;
    for (int r = 1; r < rows.rows() && constant; r++) {
      constant = rows.confidence(r) == rows.confidence(0);
    }
    if (constant) {
      warnings.add("the confidence is " + rows.confidence(0) + " in every row");
    }
    return new ReadingNote(
        List.copyOf(all),
        List.of(names.get(columns.prediction()), names.get(columns.confidence())),
        text.labelsOf(names.get(columns.label())),
        LabelKind.NAMES,
        columns.weight() < 0 ? "" : names.get(columns.weight()),
        text.own(columns.ignored()),
        warnings);
  }
}
