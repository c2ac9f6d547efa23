package io.github.swag4j.parquet;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.stream.Stream;

/** The files that other programs wrote. */
final class Fixtures {
  private static final Path FOLDER =
      Path.of("src", "test", "resources", "io", "github", "swag4j", "parquet");

  private Fixtures() {}

  static Path file(String name) {
    return FOLDER.resolve(name);
  }

  /** A folder of files, to which more can be added. */
  static Path copy(String name, Path to) throws IOException {
    Path from = file(name);
    try (Stream<Path> files = Files.walk(from)) {
      for (Path each : files.toList()) {
        Files.copy(each, to.resolve(from.relativize(each).toString()));
      }
    }
    return to;
  }
}
