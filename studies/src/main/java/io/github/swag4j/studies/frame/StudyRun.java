package io.github.swag4j.studies.frame;

import com.google.gson.JsonElement;
import com.google.gson.JsonObject;
import io.github.swag4j.base.Sha256;
import io.github.swag4j.cli.run.NewDirectory;
import io.github.swag4j.cli.run.Progress;
import io.github.swag4j.cli.run.RunDirectory;
import io.github.swag4j.cli.run.RunLock;
import io.github.swag4j.cli.run.Versions;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.UncheckedIOException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.Callable;

/**
 * The directory of a study, one process's until closed.
 *
 * <p>A study is cut into parts, such as one training of one seed. What a part found is a JSON file
 * {@code parts/ID.json}, written whole or not at all, with the settings that decide it and the
 * fingerprint of both. A part that is there is not done again, so an interrupted command goes on
 * where it was by being called again, and more seeds add parts to those there are. A part of other
 * settings is refused, never mixed in.
 */
public final class StudyRun implements AutoCloseable {
  private static final String STUDY_FILE = "study.json";
  private static final String ID = "[a-z0-9][a-z0-9.-]*";

  /** What study.json says. */
  private record Study(String study, String program) {}

  private final Path path;
  private final String study;
  private final boolean overwrite;
  private final PrintWriter err;
  private final RunLock lock;

  private StudyRun(Path path, String study, boolean overwrite, PrintWriter err, RunLock lock) {
    this.path = path;
    this.study = study;
    this.overwrite = overwrite;
    this.err = err;
    this.lock = lock;
  }

  /**
   * Opens a directory, a new one or that of the same study.
   *
   * @param path where
   * @param study name of the study
   * @param overwrite whether parts of other settings are done again rather than refused
   * @param err where notes and progress go
   * @return the directory, locked
   * @throws IOException if it cannot be made, holds anything but this study, or is written to by
   *     another program
   */
  public static StudyRun open(Path path, String study, boolean overwrite, PrintWriter err)
      throws IOException {
    if (Files.exists(path) && !Files.isDirectory(path)) {
      throw new IOException(path + ": must be a directory, got a file: name another --out");
    }
    NewDirectory.make(path);
    RunLock lock = RunLock.of(path, err);
    boolean opened = false;
    try {
      requireOwn(path, study);
      opened = true;
      return new StudyRun(path, study, overwrite, err, lock);
    } finally {
      if (!opened) {
        lock.close();
      }
    }
  }

  private static void requireOwn(Path path, String study) throws IOException {
    Path file = path.resolve(STUDY_FILE);
    if (Files.isRegularFile(file)) {
      Study there = RunDirectory.readJson(file, Study.class);
      if (!study.equals(there.study())) {
        throw new IOException(
            path
                + ": must be a directory of the study "
                + study
                + ", it is one of "
                + there.study()
                + ": name another --out");
      }
      return;
    }
    try (DirectoryStream<Path> files = Files.newDirectoryStream(path)) {
      for (Path each : files) {
        if (!each.getFileName().toString().startsWith(".")) {
          throw new IOException(
              path
                  + ": must be empty, new, or a directory of the study "
                  + study
                  + ": name another");
        }
      }
    }
    RunDirectory.writeJson(file, new Study(study, "swag4j " + Versions.program()));
  }

  /**
   * What a part of the study found: read if it is there, else worked out and written.
   *
   * @param <T> a record of what JSON can hold; NaN is written as null and read as NaN
   * @param id name of the part: lower-case letters, digits, hyphens and dots
   * @param settings everything that decides what the part finds: seed, sizes, rates, hashes of the
   *     data, and a version that is counted up when its code changes what it finds
   * @param type the record's class
   * @param work finds it
   * @return what was found
   * @throws IOException if the part there is of other settings (without overwriting) or cannot be
   *     read or written
   * @throws IllegalArgumentException if the id is none
   */
  public <T> T part(String id, Map<String, ?> settings, Class<T> type, Callable<T> work)
      throws IOException {
    Path file = partFile(id);
    JsonElement wanted = RunDirectory.toJson(new TreeMap<>(settings));
    if (Files.isRegularFile(file)) {
      JsonObject there = stored(file);
      String difference = StudySettings.difference(there.get("settings"), wanted);
      if (difference.isEmpty()) {
        return StudySettings.read(file, there.get("found"), type);
      }
      if (!overwrite) {
        throw new IOException(
            file
                + ": was made with other settings ("
                + difference
                + "): name another --out, or say --overwrite to do it again");
      }
    }
    T found = call(work);
    JsonObject whole = new JsonObject();
    JsonElement json = RunDirectory.toJson(found);
    whole.addProperty("fingerprint", fingerprint(id, wanted, json));
    whole.add("settings", wanted);
    whole.add("found", json);
    RunDirectory.writeJson(file, whole);
    return found;
  }

  private JsonObject stored(Path file) throws IOException {
    JsonElement there = RunDirectory.readJson(file);
    String id = file.getFileName().toString().replaceFirst("\\.json$", "");
    if (there instanceof JsonObject object
        && object.has("settings")
        && object.has("found")
        && object.has("fingerprint")
        && object
            .get("fingerprint")
            .getAsString()
            .equals(fingerprint(id, object.get("settings"), object.get("found")))) {
      return object;
    }
    throw new IOException(
        file + ": is not as the study wrote it: remove it, and the part is done again");
  }

  private static <T> T call(Callable<T> work) throws IOException {
    try {
      return work.call();
    } catch (IOException | RuntimeException e) {
      throw e;
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IOException("interrupted: call the command again to go on", e);
    } catch (Exception e) {
      throw new IOException(e.getMessage(), e);
    }
  }

  /**
   * Whether a part is there, whatever its settings.
   *
   * @param id name of the part
   * @return true if it was finished
   */
  public boolean has(String id) {
    return Files.isRegularFile(partFile(id));
  }

  private Path partFile(String id) {
    if (!id.matches(ID)) {
      throw new IllegalArgumentException(
          "a part's name must be of lower-case letters, digits, - and ., got " + id);
    }
    return path.resolve("parts").resolve(id + ".json");
  }

  /**
   * A bar on standard error for work of this study.
   *
   * @param task one word
   * @param total units of work
   * @return the bar
   */
  public Progress progress(String task, long total) {
    return new Progress(err, task, total);
  }

  /**
   * The directory.
   *
   * @return as the user named it
   */
  public Path path() {
    return path;
  }

  /**
   * Name of the study.
   *
   * @return as it was opened with
   */
  public String study() {
    return study;
  }

  /** Lets other programs write here. */
  @Override
  public void close() {
    try {
      lock.close();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** SHA-256 of study, part, settings and what was found. */
  private String fingerprint(String id, JsonElement settings, JsonElement found) {
    return Sha256.of(study + "\n" + id + "\n" + settings + "\n" + found);
  }
}
