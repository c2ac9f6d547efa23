package io.github.swag4j.cli;

import io.github.swag4j.cli.run.UsageException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.stream.Collectors;

/**
 * The files that a command is to write, looked at before any work: none may be there already,
 * unless that was allowed, and none may be one that the command reads, or writes besides.
 */
final class NewFiles {
  private final boolean overwrite;
  private final Map<Path, String> taken = new HashMap<>();
  private final Map<Path, String> writing = new HashMap<>();

  /**
   * Begins with what is read.
   *
   * @param read files that must stay as they are; null for none
   * @param overwrite whether files that are there may be replaced
   */
  NewFiles(List<Path> read, boolean overwrite) throws IOException {
    this.overwrite = overwrite;
    for (Path file : read) {
      if (file != null) {
        taken.put(real(file), "a file that is read");
      }
    }
  }

  /**
   * Adds a file that is to be written.
   *
   * @param option what names it
   * @param file null for none
   */
  NewFiles with(String option, Path file) throws IOException {
    if (file == null) {
      return this;
    }
    for (Path folder : taken.keySet()) {
      // A file of a table that is read, or one more of it; anything else may lie there.
      if (isTable(file) && Files.isDirectory(folder) && real(file).startsWith(folder)) {
        throw new UsageException(
            option + " must name a file outside of " + folder + ", which is read, got " + file);
      }
    }
    // Some systems take names that differ in capitals alone for one file.
    Path key = Path.of(real(file).toString().toLowerCase(Locale.ROOT));
    String other = taken.get(real(file));
    other = other == null ? writing.putIfAbsent(key, "that of " + option) : other;
    if (other != null) {
      throw new UsageException(option + " must name a file of its own, got " + other + ": " + file);
    }
    if (Files.exists(file) && !overwrite) {
      throw new IOException(file + ": exists: name another file, or say --overwrite");
    }
    return this;
  }

  private static boolean isTable(Path file) {
    return String.valueOf(file.getFileName()).toLowerCase(Locale.ROOT).endsWith(".parquet");
  }

  /** The line that says what was written, or nothing; null stands for no file. */
  static String written(Path... files) {
    String names =
        Arrays.stream(files)
            .filter(Objects::nonNull)
            .map(Path::toString)
            .collect(Collectors.joining(", "));
    return names.isEmpty() ? "" : "Written: " + names + System.lineSeparator();
  }

  private static Path real(Path file) throws IOException {
    return Files.exists(file) ? file.toRealPath() : file.toAbsolutePath().normalize();
  }
}
