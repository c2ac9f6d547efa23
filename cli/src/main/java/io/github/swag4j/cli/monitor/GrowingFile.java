package io.github.swag4j.cli.monitor;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/**
 * Records of a file that another program appends to. A file that is rotated (renamed, a new one
 * under its name) is read to its end, then the new one from its start; one that is cut off and
 * filled anew is read from its start. Only whole records are taken: half a line stays until it is
 * whole.
 */
final class GrowingFile implements RecordSource {
  private static final int BLOCK = 1 << 20;

  private final Path file;
  private final byte[] bytes = new byte[BLOCK];
  private final List<String> events = new ArrayList<>();
  private FileChannel channel;
  private Object key;
  private long offset;
  private byte[] head;
  private RecordSplitter splitter;
  private boolean idle;

  /**
   * Opens the file, which must be there.
   *
   * @param from where to go on
   */
  GrowingFile(Path file, FilePosition from) throws IOException {
    this.file = file;
    open();
    byte[] now = head(from.head().length);
    if (from.offset() <= channel.size() && Arrays.equals(now, from.head())) {
      offset = from.offset();
      head = from.head();
      splitter = new RecordSplitter(from.line(), from.offset() == 0);
    } else {
      events.add(
          file
              + " is another file than before the restart: it is read from its start; what was not"
              + " yet read of the other is lost");
      restart();
    }
  }

  private void open() throws IOException {
    if (Files.isDirectory(file)) {
      throw new IOException(file + ": must be a file, got a folder");
    }
    channel = FileChannel.open(file, StandardOpenOption.READ);
    key = Files.readAttributes(file, BasicFileAttributes.class).fileKey();
  }

  private void restart() {
    offset = 0;
    head = new byte[0];
    splitter = new RecordSplitter(1, true);
  }

  private byte[] head(int length) throws IOException {
    ByteBuffer first = ByteBuffer.allocate(length);
    while (first.hasRemaining()) {
      if (channel.read(first, first.position()) < 0) {
        break;
      }
    }
    return Arrays.copyOf(first.array(), first.position());
  }

  @Override
  public List<TextRecord> poll() throws IOException {
    List<TextRecord> records = new ArrayList<>();
    if (channel.size() < offset || !Arrays.equals(head(head.length), head)) {
      events.add(file + " was cut off and is read from its start");
      restart();
    }
    int got = channel.read(ByteBuffer.wrap(bytes), offset);
    boolean rotated = got <= 0 && isRotated();
    if (rotated) {
      // Its writer may have added lines before it went on with the new one.
      got = channel.read(ByteBuffer.wrap(bytes), offset);
    }
    idle = false;
    if (got > 0) {
      keepHead(got);
      offset += got;
      splitter.add(bytes, got, records);
    } else if (rotated) {
      splitter.end(records); // its writer has left it as it is
      channel.close();
      open();
      restart();
      events.add(file + " was rotated: the new file is read from its start");
    } else {
      idle = true;
    }
    return records;
  }

  private void keepHead(int got) {
    if (head.length == offset && head.length < FilePosition.HEAD) {
      int more = Math.min(got, FilePosition.HEAD - head.length);
      byte[] longer = Arrays.copyOf(head, head.length + more);
      System.arraycopy(bytes, 0, longer, head.length, more);
      head = longer;
    }
  }

  /**
   * Whether the name is another file's by now, and lines have gone to that; between rename and
   * creation it is nobody's.
   */
  private boolean isRotated() throws IOException {
    try {
      BasicFileAttributes now = Files.readAttributes(file, BasicFileAttributes.class);
      boolean other = key != null && now.fileKey() != null && !now.fileKey().equals(key);
      return other && now.size() > 0;
    } catch (NoSuchFileException e) {
      return false;
    }
  }

  /** How far whole records have been taken. */
  FilePosition position() {
    long read = offset - splitter.waiting();
    return new FilePosition(
        read, splitter.nextLine(), Arrays.copyOf(head, (int) Math.min(head.length, read)));
  }

  /** Bytes of half a record at the end. */
  int waiting() {
    return splitter.waiting();
  }

  @Override
  public boolean idle() {
    return idle;
  }

  @Override
  public boolean ended() {
    return false;
  }

  @Override
  public List<TextRecord> rest() {
    List<TextRecord> records = new ArrayList<>();
    splitter.end(records);
    return records;
  }

  @Override
  public List<String> events() {
    List<String> told = List.copyOf(events);
    events.clear();
    return told;
  }

  @Override
  public void close() throws IOException {
    channel.close();
  }
}
