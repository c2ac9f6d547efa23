package io.github.swag4j.vision.data;

import java.io.BufferedReader;
import java.io.FileNotFoundException;
import java.io.IOException;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

/**
 * Reader of CSV files of features: a header, a column {@code label}, numbers in all others.
 *
 * <p>One file, of which a share is the test split (see {@link UndividedSplit}), or a directory with
 * {@code train.csv} and {@code test.csv}, which must have the same columns. Labels that are whole
 * numbers from 0 on are class indices; others are the names of the classes, which are sorted. A
 * file without a column {@code label} has rows without labels, all for testing. Separated by
 * commas; fields may be in double quotes.
 */
public final class FeatureTables {
  private static final String LABEL = "label";
  private static final String TRAIN = "train.csv";
  private static final String TEST = "test.csv";

  /** A file's rows; labels are words, null without a column of them. */
  private record Rows(List<String> columns, List<float[]> features, List<String> labels) {}

  private FeatureTables() {}

  /**
   * Whether a directory has the two files.
   *
   * @param folder a directory
   * @return whether one of them is there
   */
  public static boolean holds(Path folder) {
    return Files.isRegularFile(folder.resolve(TRAIN)) || Files.isRegularFile(folder.resolve(TEST));
  }

  /**
   * Reads a split.
   *
   * @param name what to call the data set
   * @param place a CSV file, or a directory of the two
   * @param split which part
   * @return its rows
   * @throws IOException if a file is missing or not what it must be; names the line
   */
  public static ImageData read(String name, Path place, Split split) throws IOException {
    if (!Files.isDirectory(place)) {
      Rows rows = rows(place);
      ImageData all = set(name, rows, classNames(List.of(rows)));
      return rows.labels == null ? all : UndividedSplit.part(all, split);
    }
    Path file = place.resolve(split == Split.TRAIN ? TRAIN : TEST);
    if (!Files.isRegularFile(file)) {
      throw new FileNotFoundException(
          place + " must hold " + TRAIN + " and " + TEST + ", found no " + file.getFileName());
    }
    Rows rows = rows(file);
    List<Rows> both = new ArrayList<>(List.of(rows));
    Path other = place.resolve(split == Split.TRAIN ? TEST : TRAIN);
    if (Files.isRegularFile(other)) {
      Rows beside = rows(other);
      if (!beside.columns.equals(rows.columns)) {
        throw new IOException(
            other
                + ", line 1: columns must be those of "
                + file
                + ", "
                + rows.columns
                + ", got "
                + beside.columns);
      }
      both.add(beside);
    }
    return set(name, rows, classNames(both));
  }

  private static List<String> classNames(List<Rows> all) {
    Set<String> words = new HashSet<>();
    for (Rows rows : all) {
      if (rows.labels != null) {
        words.addAll(rows.labels);
      }
    }
    if (words.stream().allMatch(w -> w.matches("\\d{1,5}"))) {
      int classes = words.stream().mapToInt(Integer::parseInt).max().orElse(-1) + 1;
      return IntStream.range(0, classes).mapToObj(Integer::toString).toList();
    }
    return List.copyOf(new TreeSet<>(words));
  }

  private static ImageData set(String name, Rows rows, List<String> classNames) {
    int width = rows.columns.size() - (rows.labels == null ? 0 : 1);
    float[] values = new float[Math.multiplyExact(rows.features.size(), width)];
    for (int r = 0; r < rows.features.size(); r++) {
      System.arraycopy(rows.features.get(r), 0, values, r * width, width);
    }
    int[] labels = null;
    if (rows.labels != null) {
      Map<String, Integer> index =
          IntStream.range(0, classNames.size())
              .boxed()
              .collect(Collectors.toMap(classNames::get, i -> i));
      labels =
          rows.labels.stream()
              .mapToInt(
                  l -> index.containsKey(l) ? index.get(l) : index.get("" + Integer.parseInt(l)))
              .toArray();
    }
    List<String> features = rows.columns.stream().filter(c -> !isLabel(c, rows)).toList();
    return ImageData.taking(
            name,
            values,
            labels,
            ImageSize.features(width),
            labels == null ? List.of() : classNames)
        .withFeatureNames(features);
  }

  private static boolean isLabel(String column, Rows rows) {
    return rows.labels != null && column.equals(LABEL);
  }

  private static Rows rows(Path file) throws IOException {
    try (BufferedReader in = Files.newBufferedReader(file, StandardCharsets.UTF_8)) {
      String first = in.readLine();
      if (first == null) {
        throw new IOException(file + ", line 1: a header is missing, the file is empty");
      }
      List<String> columns = fields(first.startsWith("\ufeff") ? first.substring(1) : first);
      int label = columns.indexOf(LABEL);
      int width = columns.size() - (label < 0 ? 0 : 1);
      if (width < 1 || new HashSet<>(columns).size() < columns.size()) {
        throw new IOException(
            file
                + ", line 1: the header must name different columns, at least one beside "
                + LABEL
                + ", got "
                + columns);
      }
      List<float[]> features = new ArrayList<>();
      List<String> labels = label < 0 ? null : new ArrayList<>();
      String text;
      for (int line = 2; (text = in.readLine()) != null; line++) {
        if (text.isBlank()) {
          continue;
        }
        List<String> fields = fields(text);
        if (fields.size() != columns.size()) {
          throw new IOException(
              file
                  + ", line "
                  + line
                  + ": must have "
                  + columns.size()
                  + " fields as the header, got "
                  + fields.size());
        }
        float[] row = new float[width];
        int at = 0;
        for (int c = 0; c < columns.size(); c++) {
          if (c != label) {
            row[at++] = number(fields.get(c), file, line, columns.get(c));
          }
        }
        features.add(row);
        if (labels != null) {
          labels.add(requireLabel(fields.get(label), file, line));
        }
      }
      if (features.isEmpty()) {
        throw new IOException(file + ", line 2: there must be rows, found none");
      }
      return new Rows(columns, features, labels);
    } catch (CharacterCodingException e) {
      throw new IOException(file + ": must be text in UTF-8: save it so", e);
    }
  }

  private static String requireLabel(String field, Path file, int line) throws IOException {
    if (field.isEmpty()) {
      throw new IOException(
          file
              + ", line "
              + line
              + ", column "
              + LABEL
              + ": must not be empty: label the row, or"
              + " take it out");
    }
    return field;
  }

  private static float number(String field, Path file, int line, String column) throws IOException {
    float value;
    try {
      value = Float.parseFloat(field);
    } catch (NumberFormatException e) {
      value = Float.NaN;
    }
    if (!Float.isFinite(value) || field.matches(".*[fFdDxX].*")) {
      throw new IOException(
          file
              + ", line "
              + line
              + ", column "
              + column
              + ": must be a finite number, got "
              + (field.isEmpty() ? "nothing" : field)
              + ": fill it, or take the column out; words are features only as numbers");
    }
    return value;
  }

  private static List<String> fields(String line) {
    if (line.indexOf('"') < 0) {
      return Arrays.stream(line.split(",", -1)).map(String::strip).toList();
    }
    List<String> fields = new ArrayList<>();
    StringBuilder field = new StringBuilder();
    boolean quoted = false;
    for (int i = 0; i < line.length(); i++) {
      char c = line.charAt(i);
      if (c == '"' && quoted && i + 1 < line.length() && line.charAt(i + 1) == '"') {
        field.append('"');
        i++;
      } else if (c == '"') {
        quoted = !quoted;
      } else if (c == ',' && !quoted) {
        fields.add(field.toString().strip());
        field.setLength(0);
      } else {
        field.append(c);
      }
    }
    fields.add(field.toString().strip());
    return fields;
  }
}
