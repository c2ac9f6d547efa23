package io.github.swag4j.cli.run;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.List;
import java.util.stream.Stream;

/** Finished runs below a directory. */
public final class RunDirectories {
  private static final int DEEPEST = 4;

  private RunDirectories() {}

  /**
   * The run in a directory, or the finished runs below it, in the order of their names; numbers in
   * these count as numbers.
   *
   * @throws IOException if there is none
   */
  public static List<RunDirectory> below(Path directory) throws IOException {
    List<RunDirectory> runs = found(directory);
    return runs.isEmpty()
        ? List.of(RunDirectory.open(directory)) // says what is missing
        : runs;
  }

  /** The same, or nothing if there is none. */
  public static List<RunDirectory> found(Path directory) throws IOException {
    if (new RunDirectory(directory).isRun()) {
      return List.of(new RunDirectory(directory));
    }
    try (Stream<Path> walk = Files.walk(directory, DEEPEST)) {
      return walk.filter(Files::isDirectory)
          .filter(path -> new RunDirectory(path).isRun())
          .sorted(Comparator.comparing(path -> padded(path.toString())))
          .map(RunDirectory::new)
          .toList();
    }
  }

  private static String padded(String name) {
    return name.replaceAll("(\\d+)", "0000000000$1").replaceAll("0+(\\d{10})", "$1");
  }
}
