package io.github.swag4j.cli.study;

import com.google.gson.JsonObject;
import io.github.swag4j.base.AtomicFile;
import io.github.swag4j.cli.comparison.Shifts;
import io.github.swag4j.cli.run.NewDirectory;
import io.github.swag4j.cli.run.RunDescription;
import io.github.swag4j.cli.run.RunDirectory;
import io.github.swag4j.cli.run.RunLock;
import io.github.swag4j.cli.run.UsageException;
import java.io.IOException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Stream;

/**
 * The files of a study: {@code study.yaml} as it was given, {@code runs/} with the run of each job,
 * {@code jobs/} with what each was asked for and what it said, and the page with its tables.
 *
 * @param path the directory
 */
public record StudyDirectory(Path path) {
  private static final String FINGERPRINT = "fingerprint";
  private static final String SETTINGS = "settings";

  /** How far a job is. */
  public enum State {
    /** Finished under the same options. */
    DONE("done"),
    /** Begun under the same options. */
    BEGUN("begun"),
    /** Not begun. */
    NEW("to do"),
    /** Begun or finished under others. */
    CHANGED("changed");

    private final String words;

    State(String words) {
      this.words = words;
    }

    /** In a table. */
    public String words() {
      return words;
    }
  }

  private Path jobs() {
    return path.resolve("jobs");
  }

  private Path study() {
    return path.resolve("study.yaml");
  }

  /** The run of a job. */
  public RunDirectory run(Job job) {
    return new RunDirectory(path.resolve("runs").resolve(job.name()));
  }

  /** What a job said. */
  public Path log(Job job) {
    return jobs().resolve(job.name() + ".log");
  }

  private Path asked(Job job) {
    return jobs().resolve(job.name() + ".json");
  }

  /**
   * Makes the directory, or checks that it is that of a study.
   *
   * @param file the study file, a copy of which is kept
   */
  public void open(Path file) throws IOException {
    requireStudy();
    NewDirectory.make(path);
    Files.createDirectories(jobs()); // by which it is known again, before the file
    byte[] text = Files.readAllBytes(file);
    AtomicFile.write(study(), out -> out.write(text));
  }

  /**
   * Refuses a directory that has files of something else in it: a file that is called study.yaml,
   * too, where there are no jobs beside it, as it may be anybody's.
   */
  public void requireStudy() throws IOException {
    boolean own = Files.isDirectory(jobs()) && (Files.exists(study()) || isEmpty(jobs()));
    if (!Files.isDirectory(path) || own) {
      return;
    }
    try (DirectoryStream<Path> files = Files.newDirectoryStream(path)) {
      for (Path other : files) {
        if (!String.valueOf(other.getFileName()).equals(RunLock.NAME)) {
          throw new IOException(
              path
                  + ": must be new, empty or that of a study, it has "
                  + other.getFileName()
                  + ": name another --out");
        }
      }
    }
  }

  /** How far a job is. */
  public State state(Job job) throws IOException {
    if (!Files.exists(asked(job))) {
      return State.NEW;
    }
    JsonObject asked = RunDirectory.readJson(asked(job)).getAsJsonObject();
    if (!asked.get(FINGERPRINT).getAsString().equals(job.fingerprint())) {
      return State.CHANGED;
    }
    RunDirectory run = run(job);
    if (!isTrained(job)) {
      return State.BEGUN;
    }
    try {
      RunDescription.read(run).requireSameConfig(job.config());
      return isShifted(job) ? State.DONE : State.BEGUN;
    } catch (UsageException e) {
      return State.CHANGED; // somebody has trained there by hand
    }
  }

  /** Whether its training is done. */
  boolean isTrained(Job job) throws IOException {
    return run(job).isRun() && !run(job).isTraining();
  }

  /** Whether it was judged under its corruptions, and under no others. */
  boolean isShifted(Job job) throws IOException {
    return job.shifts().isEmpty()
        || Shifts.of(run(job)).corruptions().equals(Set.copyOf(job.shifts()));
  }

  /** What a job was begun with that is another now, such as "epochs 30, now 20". */
  public String changes(Job job) throws IOException {
    JsonObject was = RunDirectory.readJson(asked(job)).getAsJsonObject().getAsJsonObject(SETTINGS);
    Map<String, String> now = job.settings();
    Set<String> keys = new LinkedHashSet<>(was.keySet());
    keys.addAll(now.keySet());
    Map<String, String> changes = new LinkedHashMap<>();
    for (String key : keys) {
      String before = was.has(key) ? was.get(key).getAsString() : "default";
      String after = now.getOrDefault(key, "default");
      if (!before.equals(after)) {
        changes.put(key, before + ", now " + after);
      }
    }
    return changes.isEmpty()
        ? "the run in its directory is of other options"
        : String.join(
            "; ", changes.entrySet().stream().map(e -> e.getKey() + " " + e.getValue()).toList());
  }

  /** Keeps what a job is asked for. */
  void begin(Job job) throws IOException {
    Files.createDirectories(asked(job).getParent());
    Files.createDirectories(run(job).path().getParent());
    JsonObject asked = new JsonObject();
    asked.addProperty("format", 1);
    asked.addProperty(FINGERPRINT, job.fingerprint());
    JsonObject settings = new JsonObject();
    job.settings().forEach(settings::addProperty);
    asked.add(SETTINGS, settings);
    RunDirectory.writeJson(asked(job), asked);
  }

  /** Removes the run of a job that was made under other options. */
  public void forget(Job job) throws IOException {
    run(job).clear();
    run(job).clearTraining();
    deleteEmptyFolders(run(job).path());
    Files.deleteIfExists(asked(job));
  }

  private static boolean isEmpty(Path folder) throws IOException {
    try (Stream<Path> files = Files.list(folder)) {
      return files.findAny().isEmpty();
    }
  }

  /** What somebody else has put there stays, and the job is refused. */
  private static void deleteEmptyFolders(Path folder) throws IOException {
    if (!Files.isDirectory(folder)) {
      return;
    }
    List<Path> folders;
    try (Stream<Path> walk = Files.walk(folder)) {
      folders = walk.filter(Files::isDirectory).sorted(Comparator.reverseOrder()).toList();
    }
    for (Path each : folders) {
      if (isEmpty(each)) {
        Files.delete(each);
      }
    }
  }
}
