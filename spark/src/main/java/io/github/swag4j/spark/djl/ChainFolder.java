package io.github.swag4j.spark.djl;

import io.github.swag4j.base.AtomicFile;
import io.github.swag4j.swa.djl.EngineThreads;
import io.github.swag4j.swag.io.PosteriorFiles;
import java.io.IOException;
import java.io.Serializable;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.Comparator;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.locks.Lock;
import java.util.concurrent.locks.ReentrantLock;
import java.util.stream.Stream;
import org.apache.spark.TaskContext;

/**
 * A chain's place in the shared folder: its settings, its posterior once that is whole, and until
 * then the folder of the attempt that works now, which the next one renames to its own.
 */
final class ChainFolder implements Serializable {
  private static final long serialVersionUID = 1;
  private static final String WORK = "attempt-";
  private static final Lock ONE_AT_A_TIME = new ReentrantLock();

  private final String folder;
  private final String settings;
  private final long seed;

  ChainFolder(Path shared, String settings, long seed) {
    this.folder = shared.resolve("chain-" + seed).toString();
    this.settings = settings;
    this.seed = seed;
  }

  private Path folder() {
    return Path.of(folder);
  }

  private Path settingsFile() {
    return folder().resolve("settings.txt");
  }

  Path posterior() {
    return folder().resolve(Chain.POSTERIOR);
  }

  /**
   * Writes down the settings, if there are none yet.
   *
   * @throws IllegalArgumentException if there are others
   */
  void requireSettings() throws IOException {
    Files.createDirectories(folder());
    if (!Files.exists(settingsFile())) {
      AtomicFile.write(settingsFile(), out -> out.write(settings.getBytes(StandardCharsets.UTF_8)));
    }
    String written = Files.readString(settingsFile());
    if (!written.equals(settings)) {
      throw new IllegalArgumentException(
          folder
              + " must be of a chain with the same settings, \""
              + settings
              + "\", got \""
              + written
              + "\": name another folder, or remove this one");
    }
  }

  /** Whether the posterior is there; a damaged one is an error, not trained over. */
  boolean isDone() throws IOException {
    if (!Files.exists(posterior())) {
      return false;
    }
    PosteriorFiles.open(posterior()).verify();
    return true;
  }

  /** In a task: trains where an earlier attempt has ended, and lands the posterior. */
  void train(Chain chain) throws Exception {
    if (isDone()) {
      return;
    }
    Path work =
        takeOver(folder().resolve(WORK + TaskContext.get().taskAttemptId() + "-" + token()));
    // The engine has one graph of gradients and one generator a process.
    ONE_AT_A_TIME.lockInterruptibly();
    try {
      EngineThreads.Kept kept = EngineThreads.keep();
      try {
        EngineThreads.one();
        chain.train(seed, work);
      } finally {
        kept.close();
      }
    } finally {
      ONE_AT_A_TIME.unlock();
    }
    Path written = work.resolve(Chain.POSTERIOR);
    if (!Files.exists(written)) {
      throw new IllegalStateException(
          "chain " + seed + " must write " + written + ", got no such file");
    }
    PosteriorFiles.open(written).verify();
    // An attempt that was given up and lives on may be the second to be done: the first counts.
    if (!isDone()) {
      Files.move(written, posterior(), StandardCopyOption.ATOMIC_MOVE);
    }
    delete(work);
  }

  /** Attempts are numbered anew by each job. */
  private static String token() {
    return Long.toString(System.nanoTime(), Character.MAX_RADIX);
  }

  private Path takeOver(Path mine) throws IOException {
    for (Path earlier : attempts()) {
      try {
        return Files.move(earlier, mine, StandardCopyOption.ATOMIC_MOVE);
      } catch (NoSuchFileException gone) {
        // Another attempt was faster: what it left behind is tried next.
        Objects.requireNonNull(gone);
      }
    }
    return Files.createDirectory(mine);
  }

  private List<Path> attempts() throws IOException {
    try (Stream<Path> inside = Files.list(folder())) {
      return inside
          .filter(path -> path.getFileName().toString().startsWith(WORK))
          .sorted()
          .toList();
    }
  }

  private static void delete(Path work) throws IOException {
    List<Path> all;
    try (Stream<Path> inside = Files.walk(work)) {
      all = inside.sorted(Comparator.reverseOrder()).toList();
    }
    for (Path path : all) {
      Files.deleteIfExists(path);
    }
  }
}
