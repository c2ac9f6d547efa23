package io.github.swag4j.cli.run;

import java.io.IOException;
import java.nio.file.AccessDeniedException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;

/** Makes the directory that a command writes into. */
public final class NewDirectory {
  private NewDirectory() {}

  /**
   * Makes a directory and those above it, where they are not there.
   *
   * @throws IOException if that cannot be; says why and what to name instead
   */
  public static void make(Path directory) throws IOException {
    try {
      Files.createDirectories(directory);
    } catch (FileSystemException e) {
      throw new IOException(
          directory + ": directory cannot be made, " + reason(e) + ": name another --out", e);
    }
  }

  private static String reason(FileSystemException e) {
    if (e instanceof AccessDeniedException) {
      return "permission denied at " + e.getFile();
    }
    if (e instanceof FileAlreadyExistsException) {
      return e.getFile() + " is a file";
    }
    if (e instanceof NoSuchFileException) {
      return "the file system takes none there";
    }
    return e.getReason() == null ? e.toString() : e.getReason();
  }
}
