package io.github.swag4j.cli.run;

import java.io.IOException;
import java.io.PrintWriter;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.charset.StandardCharsets;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.BasicFileAttributes;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.HashSet;
import java.util.Objects;
import java.util.Set;

/**
 * A directory that one program alone writes into. The operating system holds the lock, so that it
 * ends with its owner, however that ends; the file {@code .swag4j.lock} says who the owner is, and
 * stays.
 */
public final class RunLock implements AutoCloseable {

  /** Name of the file. */
  public static final String NAME = ".swag4j.lock";

  /** One byte far behind what the file says: on Windows others cannot read what is locked. */
  private static final long PLACE = Long.MAX_VALUE - 1;

  private static final int MOST_WORDS = 200;

  /** Folders that this process has locked: to close their file elsewhere in it unlocks them. */
  private static final Set<Path> OURS = new HashSet<>();

  private final Path folder;
  private final FileChannel channel;

  private RunLock(Path folder, FileChannel channel) {
    this.folder = folder;
    this.channel = channel;
  }

  /**
   * Locks a directory, which is there.
   *
   * @param err told where a file system knows no locks
   * @throws IOException if another program writes into it; says which and since when
   */
  public static RunLock of(Path directory, PrintWriter err) throws IOException {
    Path folder = directory.toRealPath();
    synchronized (OURS) {
      if (!OURS.add(folder)) {
        throw refusal(directory, "process " + ProcessHandle.current().pid() + ", this one");
      }
    }
    boolean locked = false;
    try {
      FileChannel channel = locked(directory, folder.resolve(NAME), err);
      locked = true;
      return new RunLock(folder, channel);
    } finally {
      if (!locked) {
        forget(folder);
      }
    }
  }

  /**
   * Checks that no other program writes into a directory now, before anything else is said of it.
   *
   * @throws IOException if one does; says which and since when
   */
  static void requireFree(Path directory) throws IOException {
    Path file = directory.resolve(NAME);
    if (!Files.isRegularFile(file) || !Files.isWritable(file)) {
      return;
    }
    synchronized (OURS) {
      if (OURS.contains(directory.toRealPath())) {
        throw refusal(directory, "process " + ProcessHandle.current().pid() + ", this one");
      }
      try (FileChannel channel = open(file)) {
        if (tryLock(channel) == null) {
          throw refusal(directory, owner(channel));
        }
      } catch (LocksUnknownException e) {
        // Nobody can have locked it then.
        return;
      }
    }
  }

  private static FileChannel locked(Path directory, Path file, PrintWriter err) throws IOException {
    while (true) {
      try {
        Files.createFile(file);
      } catch (FileAlreadyExistsException e) {
        // As after every run before.
        Objects.requireNonNull(e);
      }
      Object before = key(file);
      FileChannel channel = open(file);
      boolean ours = false;
      try {
        if (tryLock(channel) == null) {
          throw refusal(directory, owner(channel));
        }
        // One whose directory was removed meanwhile is nobody's.
        ours = Files.exists(file) && Objects.equals(before, key(file));
        if (ours) {
          sign(channel);
          return channel;
        }
      } catch (LocksUnknownException e) {
        err.println(
            directory
                + ": the file system knows no locks ("
                + e.getMessage()
                + "): see to it that no other program writes there meanwhile");
        ours = true;
        return channel;
      } finally {
        if (!ours) {
          channel.close();
        }
      }
    }
  }

  /** Not a refusal but no answer: some network file systems have no locks. */
  private static final class LocksUnknownException extends IOException {
    private static final long serialVersionUID = 1L;

    LocksUnknownException(IOException cause) {
      super(cause.getMessage(), cause);
    }
  }

  private static FileLock tryLock(FileChannel channel) throws LocksUnknownException {
    try {
      return channel.tryLock(PLACE, 1, false);
    } catch (IOException e) {
      throw new LocksUnknownException(e);
    }
  }

  private static FileChannel open(Path file) throws IOException {
    return FileChannel.open(file, StandardOpenOption.READ, StandardOpenOption.WRITE);
  }

  private static Object key(Path file) throws IOException {
    return Files.readAttributes(file, BasicFileAttributes.class).fileKey();
  }

  private static void sign(FileChannel channel) throws IOException {
    String words =
        "process "
            + ProcessHandle.current().pid()
            + ", since "
            + Instant.now().truncatedTo(ChronoUnit.SECONDS);
    channel.truncate(0);
    channel.write(ByteBuffer.wrap(words.getBytes(StandardCharsets.UTF_8)), 0);
  }

  private static String owner(FileChannel channel) throws IOException {
    ByteBuffer words = ByteBuffer.allocate(MOST_WORDS);
    channel.read(words, 0);
    return new String(words.array(), 0, words.position(), StandardCharsets.UTF_8);
  }

  private static IOException refusal(Path directory, String owner) {
    return new IOException(
        directory
            + ": only one program at a time may write there, and another does ("
            + owner
            + "): wait until it is done, or name another --out");
  }

  private static void forget(Path folder) {
    synchronized (OURS) {
      OURS.remove(folder);
    }
  }

  /** Lets others write; the file stays, as to remove it could remove another's lock. */
  @Override
  public void close() throws IOException {
    channel.close();
    forget(folder);
  }
}
