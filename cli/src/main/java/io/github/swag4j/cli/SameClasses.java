package io.github.swag4j.cli;

import io.github.swag4j.calibration.Predictions;
import io.github.swag4j.calibration.io.columns.NameText;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/** Refuses files that do not have the classes of another, or of a map, in the same order. */
final class SameClasses {
  private SameClasses() {}

  /** Refuses files whose columns are named for other classes, or for the same in another order. */
  static void require(Path file, Predictions read, Path other, Predictions before)
      throws IOException {
    Optional<List<String>> names =
        before.hasClassNames() ? Optional.of(before.classNames()) : Optional.empty();
    require(file, read, other, before.classes(), names);
  }

  /** Refuses a file whose classes are not those of another file, or of a map. */
  static void require(
      Path file, Predictions read, Path other, int classes, Optional<List<String>> names)
      throws IOException {
    if (read.classes() != classes) {
      throw new IOException(
          file + ": must have " + classes + " classes as " + other + ", got " + read.classes());
    }
    if (names.isPresent() && read.hasClassNames() && !read.classNames().equals(names.get())) {
      throw new IOException(
          file
              + ": must have the classes of "
              + other
              + " in their order, "
              + names.get()
              + ", got "
              + read.classNames()
              + remedy(read, names.get()));
    }
  }

  /** An order helps where the classes are the same. */
  private static String remedy(Predictions read, List<String> names) {
    return !read.isBinary() && Set.copyOf(names).equals(Set.copyOf(read.classNames()))
        ? ": name them in that order with --class-columns " + value(names)
        : ": if they are the same classes, call them alike in both files";
  }

  private static String value(List<String> names) {
    return NameText.quoted(String.join(",", names.stream().map(NameLists::field).toList()));
  }
}
