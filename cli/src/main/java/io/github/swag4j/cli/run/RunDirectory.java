package io.github.swag4j.cli.run;

import com.google.gson.Gson;
import com.google.gson.GsonBuilder;
import com.google.gson.JsonElement;
import com.google.gson.JsonParser;
import com.google.gson.TypeAdapter;
import com.google.gson.stream.JsonReader;
import com.google.gson.stream.JsonToken;
import com.google.gson.stream.JsonWriter;
import io.github.swag4j.base.AtomicFile;
import io.github.swag4j.base.json.JsonException;
import io.github.swag4j.base.json.JsonSource;
import io.github.swag4j.swag.io.PosteriorFiles;
import io.github.swag4j.swag.io.SampleStatistics;
import java.io.IOException;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.nio.file.DirectoryNotEmptyException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.List;
import java.util.function.Supplier;

/**
 * The files of a run.
 *
 * @param path the directory
 */
public record RunDirectory(Path path) {
  private static final Gson GSON =
      new GsonBuilder()
          .setPrettyPrinting()
          .serializeNulls()
          .disableHtmlEscaping()
          .registerTypeAdapter(double.class, new NanAsNull(Double.NaN))
          // Gson asks for this one when it writes the value of a double.
          .registerTypeAdapter(Double.class, new NanAsNull(null))
          .create();

  /** JSON knows no NaN. */
  private static final class NanAsNull extends TypeAdapter<Double> {
    private final Double ofNull;

    NanAsNull(Double ofNull) {
      this.ofNull = ofNull;
    }

    @Override
    public void write(JsonWriter out, Double value) throws IOException {
      if (value == null || value.isNaN()) {
        out.nullValue();
      } else {
        out.value(value);
      }
    }

    @Override
    public Double read(JsonReader in) throws IOException {
      if (in.peek() == JsonToken.NULL) {
        in.nextNull();
        return ofNull;
      }
      return in.nextDouble();
    }
  }

  private static boolean isEmpty(Path path) throws IOException {
    try (DirectoryStream<Path> files = Files.newDirectoryStream(path)) {
      for (Path file : files) {
        if (!file.getFileName().toString().equals(RunLock.NAME)) {
          return false;
        }
      }
    }
    return true;
  }

  /** Makes the directory; one that is not empty must be meant to be overwritten. */
  public static RunDirectory create(Path path, boolean overwrite) throws IOException {
    requireNew(path, overwrite);
    NewDirectory.make(path);
    return new RunDirectory(path);
  }

  /** Refuses what {@link #create} would refuse, before any work; makes nothing. */
  public static void requireNew(Path path, boolean overwrite) throws IOException {
    if (Files.exists(path) && !Files.isDirectory(path)) {
      throw new IOException(path + ": must be a directory, got a file: name another --out");
    }
    RunLock.requireFree(path);
    if (!overwrite && new RunDirectory(path).isTraining()) {
      throw new IOException(
          path + ": has a run that was interrupted: go on with --resume, or say --overwrite");
    }
    if (Files.isDirectory(path) && !overwrite && !isEmpty(path)) {
      throw new IOException(
          path + ": must be empty or new: name another directory, or say --overwrite");
    }
  }

  /**
   * The directory of a run to go on with: one that was interrupted or is finished, or a new one.
   *
   * @throws IOException if there are files in it that are of no run
   */
  public static RunDirectory resumed(Path path) throws IOException {
    RunDirectory run = new RunDirectory(path);
    if (!Files.isDirectory(path) || run.isRun() || Files.isDirectory(run.training().path())) {
      return create(path, true);
    }
    if (!isEmpty(path)) {
      throw new IOException(
          path
              + ": must be the directory of a run that was interrupted, it has no checkpoints of"
              + " one: leave out --resume, with --overwrite or another directory");
    }
    return run;
  }

  /** Takes back {@link #create} where nothing came of it. */
  public void deleteIfEmpty() throws IOException {
    if (!isEmpty(path)) {
      return;
    }
    Files.deleteIfExists(path.resolve(RunLock.NAME));
    try {
      Files.delete(path);
    } catch (DirectoryNotEmptyException e) {
      // Windows keeps a file's name until it is closed everywhere.
      return;
    }
  }

  /** Whether the directory holds a finished run. */
  public boolean isRun() {
    return Files.isRegularFile(config());
  }

  /**
   * Removes what an earlier run left here, run.json first: without it the directory is no finished
   * run. Files that no run writes stay, and so does everything if there was no run.
   */
  public void clear() throws IOException {
    new RunRemains(this).clear();
  }

  /** Whether a training was begun here and not finished. */
  public boolean isTraining() throws IOException {
    return training().hasCheckpoints();
  }

  /**
   * Checks that a run can save itself here.
   *
   * @throws IOException if the folder for it holds what somebody else made
   */
  public void requireOwnTraining() throws IOException {
    training().requireOwn();
  }

  /** Removes what a training in progress has saved to be resumed from. */
  public void clearTraining() throws IOException {
    training().clear();
  }

  /** Takes over what the training has left: snapshots, as a run in the making has them. */
  public void keepSnapshots() throws IOException {
    Path from = training().snapshots();
    if (!Files.isDirectory(from)) {
      return;
    }
    Files.createDirectories(snapshots());
    try (DirectoryStream<Path> files = Files.newDirectoryStream(from)) {
      for (Path file : files) {
        // Those that are there are of the same run, whose end was interrupted.
        Files.copy(
            file,
            snapshots().resolve(file.getFileName().toString()),
            StandardCopyOption.REPLACE_EXISTING);
      }
    }
  }

  /** Writes the weights of all networks. */
  public void write(List<TrainedMember> members, RunDescription description) throws IOException {
    int epochs = description.config().optimiser().epochs();
    for (int m = 0; m < members.size(); m++) {
      int member = m + 1;
      member(member)
          .write(members.get(m), epochs, method -> RunProvenance.of(description, member, method));
    }
  }

  /**
   * Writes the first network's posterior again, with the batch-norm statistics of its samples: with
   * them it predicts where the training data are not.
   */
  public void write(TrainedMember first, RunDescription description, SampleStatistics statistics)
      throws IOException {
    PosteriorFiles.write(
        posterior(), first.posterior(), RunProvenance.of(description, 1, Method.SWAG), statistics);
  }

  /** A finished run. */
  public static RunDirectory open(Path path) throws IOException {
    RunDirectory run = new RunDirectory(path);
    if (!run.isRun() && run.isTraining()) {
      throw new IOException(
          path
              + ": must be a finished run, it was interrupted: go on with '"
              + LauncherName.get()
              + " train --resume'");
    }
    if (!run.isRun() && Files.isDirectory(path)) {
      try (DirectoryStream<Path> seeds = Files.newDirectoryStream(path, "seed-*")) {
        for (Path seed : seeds) {
          throw new IOException(
              path + ": must be the directory of one run, it has one for each seed: name " + seed);
        }
      }
    }
    if (!run.isRun()) {
      throw new IOException(
          path
              + ": must be the directory of a finished run, it has no run.json: make one with '"
              + LauncherName.get()
              + " train'");
    }
    return run;
  }

  public Path config() {
    return path.resolve("run.json");
  }

  /** The options that make the run again, for {@code --config}. */
  public Path options() {
    return path.resolve("config.yaml");
  }

  /** Which rows of the training data were trained on and which held out. */
  public Path split() {
    return path.resolve("split.json");
  }

  public Path history() {
    return path.resolve("history.json");
  }

  /** How the held-out rows chose the scale of the posteriors, if they did. */
  public Path scale() {
    return path.resolve("scale.json");
  }

  public Path checkpoint(String name) {
    return path.resolve("checkpoints").resolve(name + ".safetensors");
  }

  /** The averaged model, if the run began with a trained one. */
  public Path model() {
    return path.resolve("model.pt");
  }

  /** Where a training in progress saves what it can be resumed from. */
  TrainingFolder training() {
    return new TrainingFolder(path.resolve("training"));
  }

  /** The posterior of a method that is fitted after training. */
  public Path laplace(Method method) {
    return checkpoint(method.id());
  }

  /** Where a network's weights are; the first one's beside the run's other files. */
  MemberFiles member(int member) {
    return member == 1
        ? new MemberFiles(checkpoint("sgd"), checkpoint("swa"), posterior())
        : MemberFiles.in(path.resolve(RunRemains.MEMBERS).resolve(Integer.toString(member)));
  }

  /** The snapshots of the training with a cyclic rate. */
  public Path snapshots() {
    return path.resolve(RunRemains.SNAPSHOTS);
  }

  public Path posterior() {
    return path.resolve("posterior.safetensors");
  }

  public Path predictions(String method, String dataset) {
    return path.resolve("predictions").resolve(method + "-" + dataset + ".npz");
  }

  public Path metrics() {
    return path.resolve("metrics.json");
  }

  public Path figure(String name) {
    return path.resolve("figures").resolve(name + ".svg");
  }

  public Path report() {
    return path.resolve("report.html");
  }

  /** A file that is UTF-8 from end to end. */
  public static String text(Path file) throws IOException {
    try {
      return Files.readString(file);
    } catch (CharacterCodingException e) {
      throw new IOException(file + ": must be UTF-8 text, it has bytes that are none", e);
    }
  }

  public static void writeJson(Path file, Object value) throws IOException {
    byte[] bytes = (GSON.toJson(value) + "\n").getBytes(StandardCharsets.UTF_8);
    AtomicFile.write(file, out -> out.write(bytes));
  }

  public static <T> T readJson(Path file, Class<T> type) throws IOException {
    String text = strict(file);
    return from(file, () -> fields(JsonParser.parseString(text), type));
  }

  private static <T> T fields(JsonElement json, Class<T> type) {
    JsonFields.require(json, type, "");
    return GSON.fromJson(json, type);
  }

  /** What JSON read from a file means. */
  public static <T> T fromJson(Path file, JsonElement json, Class<T> type) throws IOException {
    return from(file, () -> fields(json, type));
  }

  private static <T> T from(Path file, Supplier<T> reading) throws IOException {
    try {
      T value = reading.get();
      if (value == null) {
        throw new IOException(file + ": must be JSON, got an empty file");
      }
      return value;
    } catch (RuntimeException e) {
      // Gson wraps what a record's own checks throw.
      Throwable cause = e;
      while (cause.getCause() != null) {
        cause = cause.getCause();
      }
      throw new IOException(
          file + ": must be as this version of the program writes it: " + cause.getMessage(), e);
    }
  }

  public static JsonElement toJson(Object value) {
    return GSON.toJsonTree(value);
  }

  public static JsonElement readJson(Path file) throws IOException {
    return JsonParser.parseString(strict(file));
  }

  /** The text of a file, which is one JSON object; Gson itself takes names given twice and more. */
  private static String strict(Path file) throws IOException {
    String text = text(file);
    try {
      JsonSource.check(text);
    } catch (JsonException e) {
      throw new IOException(
          file + ": must be as this version of the program writes it: " + e.getMessage(), e);
    }
    return text;
  }
}
