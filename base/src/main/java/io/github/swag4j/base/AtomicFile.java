package io.github.swag4j.base;

import java.io.BufferedOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.channels.Channels;
import java.nio.channels.FileChannel;
import java.nio.file.AtomicMoveNotSupportedException;
import java.nio.file.DirectoryStream;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.time.Instant;
import java.util.Optional;
import java.util.UUID;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Writes a file so that others see the old one or the whole new one, never a part: a temporary name
 * in the same folder, synced to the disk, then renamed, and the folder synced too, so that the new
 * name survives a power cut. Several threads may write the same file; one of them comes last.
 *
 * <p>A process that is killed while it writes leaves its temporary file behind. Its name holds the
 * process's number, so the next write of the same file removes it once that process is gone. A
 * folder shared by several machines must not have one file written by two of them at a time: a
 * process of another machine is taken for gone.
 */
public final class AtomicFile {
  private static final Pattern PROCESS = Pattern.compile("\\.(\\d+)\\.[0-9a-f-]{36}\\.part");

  /** Writes the bytes of a file to a stream. */
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

  /** Writes the bytes of a file to a channel. */
  @FunctionalInterface
  public interface ChannelContent {

    /**
     * Writes everything.
     *
     * @param channel open at position 0; closed by the caller
     * @throws IOException if writing fails; the file stays as it was
     */
    void writeTo(FileChannel channel) throws IOException;
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
    writeChannel(
        file,
        channel -> {
          OutputStream out = new BufferedOutputStream(Channels.newOutputStream(channel), 1 << 16);
          content.writeTo(out);
          out.flush();
        });
  }

  /**
   * Writes a file through its channel, replacing one that is there.
   *
   * @param file where to; missing folders are made
   * @param content what to write
   * @throws IOException if a folder cannot be made or writing fails; nothing is left behind then
   */
  public static void writeChannel(Path file, ChannelContent content) throws IOException {
    Path target = file.toAbsolutePath();
    makeFolder(target);
    removePartsOfDeadProcesses(target);
    // Not Files.createTempFile, whose files only their owner may read.
    Path temporary =
        target.resolveSibling(
            prefix(target) + ProcessHandle.current().pid() + "." + UUID.randomUUID() + ".part");
    try {
      try (FileChannel channel =
          FileChannel.open(temporary, StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE)) {
        content.writeTo(channel);
        channel.force(true);
      } catch (IOException e) {
        throw named(file, e);
      }
      move(temporary, target);
    } finally {
      Files.deleteIfExists(temporary);
    }
    syncFolder(target.getParent());
  }

  /** A full disk is four words of the system's without a name. */
  private static IOException named(Path file, IOException e) {
    boolean system =
        e.getClass() == IOException.class
            && (e.getMessage() == null || e.getMessage().indexOf(':') < 0);
    return system ? new IOException(file + ": could not be written: " + e.getMessage(), e) : e;
  }

  private static String prefix(Path target) {
    return "." + target.getFileName() + ".";
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

  private static void removePartsOfDeadProcesses(Path target) throws IOException {
    String prefix = prefix(target);
    DirectoryStream.Filter<Path> parts =
        part -> {
          String name = part.getFileName().toString();
          return name.startsWith(prefix) && name.endsWith(".part");
        };
    try (DirectoryStream<Path> found = Files.newDirectoryStream(target.getParent(), parts)) {
      for (Path part : found) {
        if (isOfDeadProcess(part, part.getFileName().toString().substring(prefix.length() - 1))) {
          Files.deleteIfExists(part);
        }
      }
    }
  }

  private static boolean isOfDeadProcess(Path part, String ending) throws IOException {
    Matcher name = PROCESS.matcher(ending);
    if (!name.matches()) {
      return false;
    }
    Instant written;
    try {
      written = Files.getLastModifiedTime(part).toInstant();
    } catch (NoSuchFileException e) {
      return false; // its writer has just renamed it
    }
    Optional<ProcessHandle> process = ProcessHandle.of(Long.parseLong(name.group(1)));
    // A number is given again: a process that began after the last write is another one.
    return process.isEmpty()
        || process
            .get()
            .info()
            .startInstant()
            .filter(start -> start.isAfter(written.plusSeconds(1)))
            .isPresent();
  }

  /**
   * Waits until the names in a folder are on the disk, so that one that was moved there stays after
   * a power cut. Systems that cannot open a folder (Windows) keep the order of names themselves.
   *
   * @param folder the folder
   * @throws IOException if the disk fails
   */
  public static void syncFolder(Path folder) throws IOException {
    FileChannel channel;
    try {
      channel = FileChannel.open(folder, StandardOpenOption.READ);
    } catch (IOException e) {
      return;
    }
    try (channel) {
      channel.force(true);
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
