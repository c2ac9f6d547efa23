package io.github.swag4j.calibration.internal;

import java.io.BufferedOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.channels.Channels;
import java.nio.channels.FileChannel;
import java.nio.file.AtomicMoveNotSupportedException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.util.UUID;

/**
 * Writes a file so that others see the old one or the whole new one, never a part: a temporary name
 * in the same folder, synced to the disk, then renamed. Several threads may write the same file;
 * one of them comes last.
 */
public final class AtomicFile {

  /** Writes the bytes of a file. */
  @FunctionalInterface
  public interface Content {

    /**
     * Writes everything.
     *
     * @param out buffered; flushed and closed by the caller
     * @throws IOException if writing fails; the file stays as it was
     */
    void writeTo(OutputStream out) throws IOException;
  }

  private AtomicFile() {}

  /**
   * Writes a file, replacing one that is there.
   *
   * @param file where to; missing folders are made
   * @param content what to write
   * @throws IOException if a folder cannot be made or writing fails; nothing is left behind then
   */
  public static void write(Path file, Content content) throws IOException {
    Path target = file.toAbsolutePath();
    makeFolder(target);
    // Not Files.createTempFile, whose files only their owner may read.
    Path temporary =
        target.resolveSibling("." + target.getFileName() + "." + UUID.randomUUID() + ".tmp");
    try {
      try (FileChannel channel =
          FileChannel.open(temporary, StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE)) {
        OutputStream out = new BufferedOutputStream(Channels.newOutputStream(channel), 1 << 16);
        content.writeTo(out);
        out.flush();
        channel.force(true);
      }
      move(temporary, target);
    } finally {
      Files.deleteIfExists(temporary);
    }
  }

  private static void makeFolder(Path target) throws IOException {
    Path folder = target.getParent();
    // Java 17's createDirectories refuses a symbolic link to a folder.
    if (folder == null || Files.isDirectory(folder)) {
      return;
    }
    try {
      Files.createDirectories(folder);
    } catch (FileAlreadyExistsException e) {
      throw new IOException(
          target
              + ": its folder must be a folder, got a file "
              + e.getFile()
              + ": choose another place",
          e);
    }
  }

  private static void move(Path from, Path to) throws IOException {
    try {
      Files.move(from, to, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
    } catch (AtomicMoveNotSupportedException e) {
      Files.move(from, to, StandardCopyOption.REPLACE_EXISTING);
    }
  }
}
