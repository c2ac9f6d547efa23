package io.github.swag4j.cli;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/** Copies of a run, for tests that change it. */
public final class RunCopy {
  private RunCopy() {}

  /** Copies all files of a run into a new directory, which is returned. */
  public static Path of(Path run, Path to) throws IOException {
    try (var files = Files.walk(run)) {
      for (Path file : files.toList()) {
        Path target = to.resolve(run.relativize(file).toString());
        if (Files.isDirectory(file)) {
          Files.createDirectories(target);
        } else {
          Files.copy(file, target);
        }
      }
    }
    return to;
  }
}
