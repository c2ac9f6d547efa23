package io.github.swag4j.swa.io;

import io.github.swag4j.base.AtomicFile;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import java.util.zip.CRC32C;

/**
 * The last checkpoints of a training run, each a folder {@code checkpoint-NUMBER} of whatever files
 * it takes to go on: a {@link StateFiles state}, saved averages, settings.
 *
 * <p>A checkpoint is there as a whole or not at all: it is written under a hidden name, with a list
 * of its files, their lengths and checksums, and renamed when all of it is on the disk. One that is
 * damaged later is passed over for the one before, and {@link Found#damaged} says so. One process
 * at a time may write to a folder.
 */
public final class Checkpoints {
  private static final Pattern NAME = Pattern.compile("checkpoint-(\\d{1,18})");
  private static final String HIDDEN = ".checkpoint-";

  /** The list of checksums in every checkpoint, by which it is known. */
  public static final String CHECKSUMS = "files.crc32c";

  /** Writes the files of a checkpoint. */
  @FunctionalInterface
  public interface Content {
    /**
     * Writes them.
     *
     * @param folder where to: an empty folder, no folders in it
     * @throws IOException if writing fails; there is no checkpoint then
     */
    void writeTo(Path folder) throws IOException;
  }

  /**
   * A checkpoint that can be gone on from.
   *
   * @param number its number
   * @param folder where its files are
   * @param damaged newer ones that cannot, and why; empty as a rule
   */
  public record Found(long number, Path folder, List<String> damaged) {}

  private final Path folder;
  private final int kept;

  private Checkpoints(Path folder, int kept) {
    this.folder = folder;
    this.kept = kept;
  }

  /**
   * The checkpoints of a run.
   *
   * @param folder where they are, made when needed
   * @param kept how many to keep, at least 2, so that there is one to fall back to
   * @return the checkpoints
   * @throws IllegalArgumentException if kept is below 2
   */
  public static Checkpoints in(Path folder, int kept) {
    if (kept < 2) {
      throw new IllegalArgumentException(
          "kept must be at least 2, one to fall back to, got " + kept);
    }
    return new Checkpoints(folder.toAbsolutePath(), kept);
  }

  /**
   * Saves a checkpoint, then removes the oldest beyond those kept, and damaged ones of later
   * numbers, which were passed over.
   *
   * @param number epochs or steps finished, at least 0; one of the same number is replaced
   * @param content writes its files
   * @throws IllegalStateException if one of a later number is whole: the folder is another run's,
   *     and what is saved would be taken for the oldest
   * @throws IOException if writing fails; the checkpoints there were stay
   */
  public void save(long number, Content content) throws IOException {
    if (number < 0) {
      throw new IllegalArgumentException("number must be at least 0, got " + number);
    }
    Files.createDirectories(folder);
    removeHidden();
    List<Path> later = newestFirst().stream().filter(each -> number(each) > number).toList();
    for (Path each : later) {
      if (fault(each) == null) {
        throw new IllegalStateException(
            "checkpoints must be saved in the order of training, got "
                + number
                + " and there is "
                + each
                + ": go on from newest(), or save another run in another folder");
      }
    }
    Path hidden = Files.createDirectory(folder.resolve(HIDDEN + number + ".part"));
    try {
      content.writeTo(hidden);
      writeList(hidden);
      Path target = folder.resolve(String.format(Locale.ROOT, "checkpoint-%09d", number));
      if (Files.exists(target)) {
        Files.move(target, folder.resolve(HIDDEN + number + ".old"));
      }
      Files.move(hidden, target, StandardCopyOption.ATOMIC_MOVE);
      AtomicFile.syncFolder(folder);
    } finally {
      removeHidden();
    }
    List<Path> all = new ArrayList<>(newestFirst());
    all.removeAll(later);
    List<Path> useless = new ArrayList<>(later);
    useless.addAll(all.subList(Math.min(kept, all.size()), all.size()));
    for (Path old : useless) {
      // Hidden first: a crash must not leave half of a checkpoint under its name.
      Files.move(old, folder.resolve(HIDDEN + old.getFileName()));
    }
    removeHidden();
  }

  /**
   * The newest checkpoint that is whole.
   *
   * @return the checkpoint, with those passed over; empty if there never was one
   * @throws IOException if the folder cannot be read, or there are checkpoints and none is whole
   */
  public Optional<Found> newest() throws IOException {
    List<String> damaged = new ArrayList<>();
    for (Path each : newestFirst()) {
      String fault = fault(each);
      if (fault == null) {
        return Optional.of(new Found(number(each), each, List.copyOf(damaged)));
      }
      damaged.add(each + ": " + fault);
    }
    if (!damaged.isEmpty()) {
      throw new IOException(
          folder
              + ": at least one checkpoint must be whole, got "
              + String.join("; ", damaged)
              + ": begin again in another folder");
    }
    return Optional.empty();
  }

  private List<Path> newestFirst() throws IOException {
    if (!Files.isDirectory(folder)) {
      return List.of();
    }
    try (Stream<Path> entries = Files.list(folder)) {
      return entries
          .filter(e -> NAME.matcher(e.getFileName().toString()).matches() && Files.isDirectory(e))
          .sorted(Comparator.comparingLong(Checkpoints::number).reversed())
          .toList();
    }
  }

  private static long number(Path checkpoint) {
    Matcher name = NAME.matcher(checkpoint.getFileName().toString());
    if (!name.matches()) {
      throw new IllegalArgumentException("a checkpoint is called checkpoint-NUMBER: " + checkpoint);
    }
    return Long.parseLong(name.group(1));
  }

  private static void writeList(Path checkpoint) throws IOException {
    String list = list(checkpoint);
    if (list.isEmpty()) {
      throw new IllegalArgumentException("a checkpoint must have at least 1 file, got 0");
    }
    byte[] bytes = list.getBytes(StandardCharsets.UTF_8);
    AtomicFile.write(checkpoint.resolve(CHECKSUMS), out -> out.write(bytes));
  }

  /** What is wrong with a checkpoint; null if nothing. */
  private static String fault(Path checkpoint) {
    try {
      Path file = checkpoint.resolve(CHECKSUMS);
      if (!Files.exists(file)) {
        return "its list of files is missing";
      }
      List<String> expected = Files.readAllLines(file, StandardCharsets.UTF_8);
      List<String> found = list(checkpoint).lines().toList();
      for (String line : expected) {
        if (!found.contains(line)) {
          return "a file must be as listed (" + line + "), got other bytes or none";
        }
      }
      return expected.size() == found.size() ? null : "it has files that are not listed";
    } catch (IOException | UncheckedIOException e) {
      return "it cannot be read: " + e.getMessage();
    }
  }

  /** A line for each file: checksum, length, name. */
  private static String list(Path checkpoint) throws IOException {
    StringBuilder out = new StringBuilder();
    for (Path file : entries(checkpoint)) {
      if (!file.getFileName().toString().equals(CHECKSUMS)) {
        out.append(
            String.format(
                Locale.ROOT, "%08x %d %s%n", checksum(file), Files.size(file), file.getFileName()));
      }
    }
    return out.toString().replace("\r\n", "\n");
  }

  private static long checksum(Path file) throws IOException {
    CRC32C crc = new CRC32C();
    byte[] chunk = new byte[1 << 16];
    try (InputStream in = Files.newInputStream(file)) {
      for (int read = in.read(chunk); read >= 0; read = in.read(chunk)) {
        crc.update(chunk, 0, read);
      }
    }
    return crc.getValue();
  }

  private static List<Path> entries(Path of) throws IOException {
    try (Stream<Path> entries = Files.list(of)) {
      return entries.sorted().toList();
    }
  }

  private void removeHidden() throws IOException {
    for (Path each : entries(folder)) {
      if (each.getFileName().toString().startsWith(HIDDEN)) {
        for (Path file : entries(each)) {
          Files.delete(file);
        }
        Files.delete(each);
      }
    }
  }
}
