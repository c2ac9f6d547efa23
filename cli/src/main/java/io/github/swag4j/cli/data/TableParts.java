package io.github.swag4j.cli.data;

import io.github.swag4j.calibration.io.text.TableFiles;
import io.github.swag4j.vision.data.Split;
import java.io.FileNotFoundException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;

/**
 * Which Parquet files hold the splits of a data set: those whose names begin with {@code train} and
 * {@code test}, as Hugging Face's {@code train-00000-of-00001.parquet}, or folders of these names;
 * else all of them hold a set that is not divided.
 *
 * @param place a file or folder
 * @param divided whether names say which split a file is of
 */
record TableParts(Path place, boolean divided) {

  /** Whether a place holds such files. */
  static boolean holds(Path place) throws IOException {
    return TableFiles.isTable(place) || isDivided(place);
  }

  static TableParts of(Path place) throws IOException {
    boolean divided = isDivided(place);
    if (!divided && Files.isDirectory(place)) {
      requireNoSplit(place);
    }
    return new TableParts(place, divided);
  }

  /** Test rows must not be trained on because their file is called another way. */
  private static void requireNoSplit(Path folder) throws IOException {
    try (Stream<Path> all = Files.list(folder)) {
      for (Path each : all.sorted().toList()) {
        if (name(each)
            .matches("(?i)([^_.].*[^a-z])?(train|test|valid|validation|val|dev|eval)([^a-z].*)?")) {
          throw new IOException(
              each
                  + ": files of a split must have names that begin with train or test, such as"
                  + " test.parquet and test-00000-of-00002.parquet: rename the files, or give one of"
                  + " them if it holds data that is not divided");
        }
      }
    }
  }

  private static boolean isDivided(Path place) throws IOException {
    for (Split split : Split.values()) {
      if (Files.isDirectory(place) && !named(place, split).isEmpty()) {
        return true;
      }
    }
    return false;
  }

  private static String word(Split split) {
    return split == Split.TRAIN ? "train" : "test";
  }

  /** Tables in a folder that are called as a split, by name. */
  private static List<Path> named(Path folder, Split split) throws IOException {
    List<Path> entries;
    try (Stream<Path> all = Files.list(folder)) {
      entries =
          all.filter(each -> name(each).matches(word(split) + "([-._].*)?"))
              .sorted((a, b) -> name(a).compareTo(name(b)))
              .toList();
    }
    List<Path> tables = new ArrayList<>();
    for (Path each : entries) {
      if (TableFiles.isTable(each)) {
        tables.add(each);
      }
    }
    return tables;
  }

  private static String name(Path path) {
    return String.valueOf(path.getFileName());
  }

  /** The tables of a split; of what is not divided those of both. */
  List<Path> of(Split split) throws IOException {
    if (!divided) {
      return List.of(place);
    }
    List<Path> files = named(place, split);
    if (files.isEmpty()) {
      throw new FileNotFoundException(
          place
              + " must hold Parquet files called train and test, found none that begins with "
              + word(split));
    }
    return files;
  }

  /** The tables of both splits. */
  List<Path> all() throws IOException {
    return divided
        ? Stream.concat(named(place, Split.TRAIN).stream(), named(place, Split.TEST).stream())
            .toList()
        : List.of(place);
  }
}
