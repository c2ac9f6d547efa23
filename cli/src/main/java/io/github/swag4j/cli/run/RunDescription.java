package io.github.swag4j.cli.run;

import ai.djl.ndarray.types.Shape;
import com.google.gson.JsonArray;
import com.google.gson.JsonObject;
import com.google.gson.JsonPrimitive;
import io.github.swag4j.base.Sha256;
import io.github.swag4j.vision.data.ImageData;
import io.github.swag4j.vision.data.ImageSize;
import io.github.swag4j.vision.data.Normalisation;
import io.github.swag4j.vision.data.Split;
import io.github.swag4j.vision.data.UndividedSplit;
import java.io.IOException;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/**
 * What {@code run.json} says: enough to build the model again and to know its data again.
 *
 * @param format version of the file
 * @param versions program and engine versions
 * @param config what the run was asked for
 * @param input height, width, classes and scaling of the images
 * @param data rows and content hash of each data set, by the part it played
 * @param layout hash of the weights' layout
 * @param weights number of weights
 * @param chosenScale scale that the held-out rows chose; null where they were not asked, and while
 *     training
 */
public record RunDescription(
    int format,
    Map<String, String> versions,
    RunConfig config,
    Input input,
    Map<String, DataFingerprint> data,
    String layout,
    long weights,
    Double chosenScale) {

  private static final int FORMAT = 2;

  /** The archive a run went on from, among what it was made with. */
  private static final String MODEL = "model";

  /** Settings side by side, and rows that were not shuffled before the split. */
  private static final int FLAT_FORMAT = 1;

  /** What is read first. */
  private record Format(int format) {}

  /** Checks the scale. */
  public RunDescription {
    if (chosenScale != null && !(chosenScale >= 0 && Double.isFinite(chosenScale))) {
      throw new IllegalArgumentException("chosenScale must be at least 0, got " + chosenScale);
    }
  }

  /**
   * What the model takes.
   *
   * @param height pixels
   * @param width pixels
   * @param classNames names in order
   * @param normalisation scaling of levels
   * @param channels of the images; 0, as in runs from before there were colours, for one
   * @param scale of their values; null in runs of before it was written
   * @param featureNames names of features in order; empty for images and where nobody named them
   */
  public record Input(
      int height,
      int width,
      List<String> classNames,
      Normalisation normalisation,
      @MayBeMissing int channels,
      ValueScale scale,
      List<String> featureNames) {

    /** Takes what is missing in runs of before as unknown. */
    public Input {
      featureNames = featureNames == null ? List.of() : List.copyOf(featureNames);
    }

    /** Of images as those trained on. */
    public static Input of(ImageData images, Normalisation normalisation) {
      ImageSize size = images.imageSize();
      return new Input(
          size.height(),
          size.width(),
          images.classNames(),
          normalisation,
          size.channels(),
          ValueScale.of(images),
          images.featureNames());
    }

    /** Whether other input is the same, as far as runs of before say. */
    boolean isOf(Input other) {
      return other.equals(
          new Input(
              height,
              width,
              classNames,
              normalisation,
              channels,
              scale == null ? other.scale : scale,
              scale == null ? other.featureNames : featureNames));
    }

    /** Size of the images. */
    public ImageSize imageSize() {
      return new ImageSize(Math.max(1, channels), height, width);
    }

    /** Shape of a batch of them. */
    Shape shape(int rows) {
      return new Shape(rows, Math.max(1, channels), height, width);
    }
  }

  /**
   * A data set known again.
   *
   * @param name its name
   * @param rows how many
   * @param sha256 hash of its content
   */
  public record DataFingerprint(String name, int rows, String sha256) {
    public static DataFingerprint of(ImageData images) {
      return new DataFingerprint(images.name(), images.size(), images.sha256());
    }

    public void requireSame(ImageData images, String part) throws IOException {
      DataFingerprint got = of(images);
      if (!got.sha256.equals(sha256)) {
        throw new IOException(
            part
                + " data must be the "
                + rows
                + " rows of "
                + name
                + " the run was made with"
                + " (sha256 "
                + sha256.substring(0, 12)
                + "), got "
                + got.rows
                + " rows (sha256 "
                + got.sha256.substring(0, 12)
                + ")");
      }
    }
  }

  /**
   * Of data that nobody divided, what played a part in the run: all rows, or those of its test
   * part.
   *
   * @param part its name
   * @param all every row
   * @return one of both; all rows if it is neither
   */
  public ImageData asStored(String part, ImageData all) {
    DataFingerprint stored = data.get(part);
    if (stored == null
        || !all.hasLabels()
        || UndividedSplit.rowsOfTest(all.size()) != stored.rows) {
      return all;
    }
    ImageData some = UndividedSplit.part(all, Split.TEST);
    return some.sha256().equals(stored.sha256) ? some : all;
  }

  /** Describes a run by what it was made with. */
  public static RunDescription of(
      RunConfig config, Input input, Map<String, ImageData> data, String layout, long weights)
      throws IOException {
    Map<String, String> versions = new LinkedHashMap<>();
    versions.put("swag4j", Versions.program());
    versions.put("djl", Versions.djl());
    versions.put("pytorch", Versions.pytorch());
    versions.put("java", Versions.java());
    versions.put("platform", Versions.platform());
    Map<String, DataFingerprint> fingerprints = new TreeMap<>();
    data.forEach((part, images) -> fingerprints.put(part, DataFingerprint.of(images)));
    if (config.fromTrained()) {
      Path archive = Path.of(config.model());
      fingerprints.put(
          MODEL, new DataFingerprint(String.valueOf(archive.getFileName()), 1, Sha256.of(archive)));
    }
    return new RunDescription(FORMAT, versions, config, input, fingerprints, layout, weights, null);
  }

  /** The same run with the scale that its held-out rows chose. */
  public RunDescription withChosenScale(double scale) {
    return new RunDescription(format, versions, config, input, data, layout, weights, scale);
  }

  /**
   * The scale of a finished run's posteriors; null for the paper's.
   *
   * @param run where it was read
   * @throws IOException if it was to be chosen, and what was chosen is missing
   */
  Double posteriorScale(RunDirectory run) throws IOException {
    AskedScale asked = config.averaging().scale();
    if (asked.auto() && chosenScale == null) {
      throw new IOException(
          run.config()
              + ": chosenScale must be there, the run was made with --scale auto: put the run's own"
              + " file back, or train again");
    }
    return asked.auto() ? chosenScale : asked.number();
  }

  /**
   * Checks that a run goes on from the archive it was begun with: its code, which no layout tells.
   *
   * @throws IOException if it is another
   */
  public void requireSameArchive(RunDescription now) throws IOException {
    DataFingerprint was = data.get(MODEL);
    DataFingerprint is = now.data.get(MODEL);
    if (was != null && is != null && !was.sha256.equals(is.sha256)) {
      throw new IOException(
          now.config.model()
              + ": must be the archive the run was begun with (sha256 "
              + was.sha256.substring(0, 12)
              + "), got another (sha256 "
              + is.sha256.substring(0, 12)
              + "): put it back, or begin again with --overwrite instead of --resume");
    }
  }

  /** What the model is called. */
  public String modelName() {
    Path file = config.fromTrained() ? Path.of(config.model()).getFileName() : null;
    return file == null ? config.model() : file.toString();
  }

  /** Whether images are those that played a part in the run. */
  public boolean isOwn(String part, ImageData images) {
    return DataFingerprint.of(images).equals(data.get(part));
  }

  /**
   * Checks that a run is gone on with under the options it was begun with.
   *
   * @throws UsageException if one differs; says which
   */
  public void requireSameConfig(RunConfig now) {
    ConfigDifference.requireNone(config, now);
  }

  /** The same run judged by these images. */
  public RunDescription judgedBy(ImageData test, Map<String, ImageData> ood) {
    Map<String, DataFingerprint> judged = new TreeMap<>(data);
    judged.keySet().removeIf(part -> part.equals("test") || part.startsWith("ood/"));
    judged.put("test", DataFingerprint.of(test));
    ood.forEach((name, images) -> judged.put("ood/" + name, DataFingerprint.of(images)));
    return new RunDescription(
        format, versions, config, input, judged, layout, weights, chosenScale);
  }

  /** Runs from before there were colours have one number where there is a list of channels now. */
  private static void listNumbers(JsonObject json, String name) {
    if (json.get("input") instanceof JsonObject input
        && input.get("normalisation") instanceof JsonObject numbers
        && numbers.get(name) instanceof JsonPrimitive one) {
      JsonArray list = new JsonArray();
      list.add(one);
      numbers.add(name, list);
    }
  }

  public static RunDescription read(RunDirectory run) throws IOException {
    JsonObject json = RunDirectory.readJson(run.config(), JsonObject.class);
    int format = RunDirectory.fromJson(run.config(), json, Format.class).format();
    if (format != FORMAT && format != FLAT_FORMAT) {
      throw new IOException(
          run.config()
              + ": format must be "
              + FLAT_FORMAT
              + " or "
              + FORMAT
              + ", got "
              + format
              + ": the run was made by another version of swag4j");
    }
    if (format == FLAT_FORMAT && json.get("config") instanceof JsonObject flat) {
      json.add("config", RunConfig.ofFormat1(flat));
    }
    listNumbers(json, "mean");
    listNumbers(json, "standardDeviation");
    RunDescription read = RunDirectory.fromJson(run.config(), json, RunDescription.class);
    if (read.config == null || read.input == null || read.data == null || read.layout == null) {
      throw new IOException(run.config() + ": config, input, data or layout is missing");
    }
    return read;
  }
}
