package io.github.swag4j.cli.run;

import io.github.swag4j.swa.io.Checkpoints;
import java.io.IOException;
import java.nio.file.DirectoryNotEmptyException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;

/**
 * What a training in progress keeps: checkpoints, the networks that are trained already, and
 * snapshots. Files of others in it stay.
 *
 * @param path the folder
 */
record TrainingFolder(Path path) {
  private static final String MEMBER = "member-";
  private static final String SNAPSHOTS = "snapshots";

  /** Where a network that is trained lies until the run is finished. */
  MemberFiles member(int member) {
    return MemberFiles.in(path.resolve(MEMBER + member));
  }

  /** Where snapshots are collected. */
  Path snapshots() {
    return path.resolve(SNAPSHOTS);
  }

  /** Whether there is something to go on from. */
  boolean hasCheckpoints() throws IOException {
    if (!Files.isDirectory(path)) {
      return false;
    }
    try (DirectoryStream<Path> files = Files.newDirectoryStream(path)) {
      for (Path file : files) {
        if (isCheckpoint(file)) {
          return true;
        }
      }
    }
    return false;
  }

  /** Others call their folders checkpoint-N too; ours have a list of checksums. */
  private static boolean isCheckpoint(Path folder) {
    String name = folder.getFileName().toString();
    return name.startsWith(".checkpoint-") && Files.isDirectory(folder)
        || name.startsWith("checkpoint-") && Files.exists(folder.resolve(Checkpoints.CHECKSUMS));
  }

  /** A folder with nothing in it but weights, under a name of ours. */
  private static boolean isWeights(Path folder) throws IOException {
    String name = folder.getFileName().toString();
    if (!Files.isDirectory(folder) || !name.equals(SNAPSHOTS) && !name.matches(MEMBER + "\\d+")) {
      return false;
    }
    try (DirectoryStream<Path> files = Files.newDirectoryStream(folder)) {
      for (Path file : files) {
        if (!file.getFileName().toString().contains(".safetensors")) {
          return false;
        }
      }
    }
    return true;
  }

  /**
   * Checks that a run can save itself here.
   *
   * @throws IOException if the folder holds what somebody else made
   */
  void requireOwn() throws IOException {
    if (!Files.isDirectory(path)) {
      return;
    }
    try (DirectoryStream<Path> files = Files.newDirectoryStream(path)) {
      for (Path file : files) {
        if (!isCheckpoint(file)
            && !isWeights(file)
            && !file.getFileName().toString().startsWith(".")) {
          throw new IOException(
              file
                  + ": is of no run of swag4j, and training/ is where a run saves itself: name"
                  + " another --out");
        }
      }
    }
  }

  /**
   * Removes it. Renamed first: interrupted in the middle, there must not be a training of which
   * half is gone.
   */
  void clear() throws IOException {
    Path old = path.resolveSibling(".training.old");
    remove(old);
    if (Files.isDirectory(path) && Files.isDirectory(old)) {
      remove(path);
      return;
    }
    if (Files.isDirectory(path)) {
      Files.move(path, old, StandardCopyOption.ATOMIC_MOVE);
      remove(old);
    }
    if (Files.isDirectory(old)) {
      // Somebody else's files lie there: they go back to where they were.
      Files.move(old, path, StandardCopyOption.ATOMIC_MOVE);
    }
  }

  /** A checkpoint that has lost its checksums first would be taken for another program's. */
  private static Path hidden(Path entry) throws IOException {
    String name = entry.getFileName().toString();
    return name.startsWith("checkpoint-")
        ? Files.move(entry, entry.resolveSibling("." + name + ".old"))
        : entry;
  }

  private static void remove(Path old) throws IOException {
    if (!Files.isDirectory(old)) {
      return;
    }
    try (DirectoryStream<Path> entries = Files.newDirectoryStream(old)) {
      for (Path entry : entries) {
        if (isCheckpoint(entry) || isWeights(entry)) {
          Path ours = hidden(entry);
          RunRemains.deleteFiles(ours, "*");
          Files.delete(ours);
        }
      }
    }
    try {
      Files.delete(old);
    } catch (DirectoryNotEmptyException e) {
      // Not all of it is ours; a finished run does not fail for that.
      return;
    }
  }
}
