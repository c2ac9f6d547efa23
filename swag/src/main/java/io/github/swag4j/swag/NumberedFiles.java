package io.github.swag4j.swag;

import io.github.swag4j.swa.io.WeightFormatException;
import java.io.IOException;
import java.math.BigInteger;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;

/** Files whose names differ in one whole number, in its order. */
final class NumberedFiles {
  private static final Pattern NUMBER = Pattern.compile("[0-9]+");
  private static final String REMEDY =
      ": narrow the pattern, or give the files in their order to CheckpointSeries.of";

  private NumberedFiles() {}

  /** A file and the numbers in its name. */
  private record Numbered(Path file, List<BigInteger> numbers) {

    static Numbered of(Path file) {
      return new Numbered(
          file,
          NUMBER
              .matcher(name(file))
              .results()
              .map(MatchResult::group)
              .map(BigInteger::new)
              .toList());
    }
  }

  static List<Path> list(Path folder, String glob) throws IOException {
    List<Numbered> found = new ArrayList<>();
    TreeMap<String, String> patterns = new TreeMap<>();
    try (DirectoryStream<Path> files = Files.newDirectoryStream(folder, glob)) {
      for (Path file : files) {
        if (Files.isRegularFile(file)) {
          found.add(Numbered.of(file));
          patterns.putIfAbsent(NUMBER.matcher(name(file)).replaceAll("#"), name(file));
        }
      }
    }
    if (found.isEmpty()) {
      throw new WeightFormatException(folder, "has no files of names like " + glob);
    }
    if (patterns.size() > 1) {
      throw new WeightFormatException(
          folder,
          "must have checkpoints whose names differ in a number only, got "
              + patterns.values()
              + REMEDY);
    }
    if (found.size() > 1) {
      int at = place(folder, found);
      found.sort(Comparator.comparing(f -> f.numbers.get(at)));
      for (int i = 1; i < found.size(); i++) {
        if (found.get(i).numbers.equals(found.get(i - 1).numbers)) {
          throw new WeightFormatException(
              folder,
              "must have one checkpoint of a number, got "
                  + name(found.get(i - 1).file)
                  + " and "
                  + name(found.get(i).file)
                  + REMEDY);
        }
      }
    }
    return found.stream().map(Numbered::file).toList();
  }

  /** Which of the numbers differs. */
  private static int place(Path folder, List<Numbered> found) throws WeightFormatException {
    TreeSet<Integer> places = new TreeSet<>();
    Numbered first = found.get(0);
    Numbered other = first;
    for (Numbered each : found) {
      for (int i = 0; i < first.numbers.size(); i++) {
        if (!each.numbers.get(i).equals(first.numbers.get(i)) && places.add(i)) {
          other = each;
        }
      }
    }
    if (places.size() > 1) {
      throw new WeightFormatException(
          folder,
          "must have checkpoints whose names differ in one number, got "
              + name(first.file)
              + " and "
              + name(other.file)
              + REMEDY);
    }
    return places.isEmpty() ? 0 : places.first();
  }

  private static String name(Path file) {
    return file.getFileName().toString();
  }
}
