package io.github.swag4j.cli.data;

import com.google.gson.JsonElement;
import com.google.gson.JsonObject;
import com.google.gson.JsonParser;
import io.github.swag4j.calibration.io.table.TableFile;
import io.github.swag4j.calibration.io.table.TableRows;
import io.github.swag4j.calibration.io.table.TableValues;
import io.github.swag4j.calibration.io.text.TableFiles;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.IntStream;

/**
 * What the labels of tables mean: whole numbers from 0 on are class indices, whose names a file of
 * Hugging Face says; others are the names of the classes, which are sorted.
 *
 * @param names of the classes
 * @param indices whether labels are indices of them
 */
record TableLabels(List<String> names, boolean indices) {
  /** The column of labels. */
  static final String COLUMN = "label";

  /** Where Hugging Face's library says what columns are. */
  private static final String HUGGING_FACE = "huggingface";

  /** The greatest index. */
  private static final int MOST = 99_999;

  /** Stands before a number that is none, such as NaN, which is no name either. */
  private static final String NO_INDEX = "\0";

  /** Takes a label. */
  static final class Word implements TableValues {
    private String text;

    /** The label taken last; null for none. */
    String take() {
      String taken = text;
      text = null;
      return taken;
    }

    @Override
    public void number(double value) {
      boolean index = value == Math.rint(value) && value >= 0 && value <= MOST;
      text = index ? Long.toString((long) value) : NO_INDEX + value;
    }

    @Override
    public void whole(long value) {
      text = value >= 0 && value <= MOST ? Long.toString(value) : NO_INDEX + value;
    }

    @Override
    public void digits(String decimal) {
      text = decimal;
    }

    @Override
    public void text(String value) {
      text = value;
    }

    @Override
    public void truth(boolean value) {
      text = Boolean.toString(value);
    }

    @Override
    public void nothing() {
      text = null;
    }
  }

  /** The classes of the labels in some tables, all of which have a column of them. */
  static TableLabels of(List<Path> files) throws IOException {
    Set<String> words = new TreeSet<>();
    List<String> said = List.of();
    for (Path file : files) {
      TableFile table = TableFiles.open(file).orElseThrow();
      int column = table.columns().stream().map(c -> c.name()).toList().indexOf(COLUMN);
      if (column < 0) {
        throw new IOException(
            file + ": must have a column '" + COLUMN + "' as the other files have: add it");
      }
      List<String> these = said(table);
      if (!these.isEmpty() && !said.isEmpty() && !these.equals(said)) {
        throw new IOException(
            file + ": must have the classes of the other files, " + said + ", got " + these);
      }
      said = said.isEmpty() ? these : said;
      try (TableRows rows = table.open(List.of(column))) {
        Word word = new Word();
        for (long row = 1; rows.advance(); row++) {
          rows.read(0, word);
          words.add(require(word.take(), file, row));
        }
      }
    }
    if (!words.stream().allMatch(w -> w.matches("\\d{1,5}"))) {
      return new TableLabels(List.copyOf(words), false);
    }
    int classes = words.stream().mapToInt(Integer::parseInt).max().orElse(-1) + 1;
    return new TableLabels(
        said.size() >= classes
            ? said
            : IntStream.range(0, classes).mapToObj(Integer::toString).toList(),
        true);
  }

  /** A label that can be one. */
  static String require(String word, Path file, long row) throws IOException {
    if (word == null || word.isEmpty() || word.startsWith(NO_INDEX)) {
      throw new IOException(
          file
              + ", row "
              + row
              + ", column '"
              + COLUMN
              + "': must be a class index from 0 to "
              + MOST
              + " or the name of a class, got "
              + (word == null ? "null" : word.isEmpty() ? "nothing" : word.replace(NO_INDEX, ""))
              + ": label the row, or take it out");
    }
    return word;
  }

  /** Names that Hugging Face's library has put into a file; empty if there are none. */
  private static List<String> said(TableFile table) {
    String text = table.properties().get(HUGGING_FACE);
    if (text == null) {
      return List.of();
    }
    List<String> names = new ArrayList<>();
    try {
      JsonElement at = JsonParser.parseString(text);
      for (String key : List.of("info", "features", COLUMN, "names")) {
        at = at instanceof JsonObject object && object.has(key) ? object.get(key) : null;
      }
      if (at != null && at.isJsonArray()) {
        at.getAsJsonArray().forEach(each -> names.add(each.getAsString()));
      }
    } catch (RuntimeException e) {
      return List.of(); // what others have put there need not be what it should
    }
    return Set.copyOf(names).size() == names.size() ? names : List.of();
  }

  /** The index of the class that a label means. */
  int index(String word) {
    return indices ? Integer.parseInt(word) : names.indexOf(word);
  }
}
