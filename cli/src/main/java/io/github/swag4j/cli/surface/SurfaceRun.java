package io.github.swag4j.cli.surface;

import io.github.swag4j.cli.data.Datasets;
import io.github.swag4j.cli.run.Experiment;
import io.github.swag4j.cli.run.Progress;
import io.github.swag4j.cli.run.RunConfig;
import io.github.swag4j.cli.run.RunDescription;
import io.github.swag4j.cli.run.RunDirectory;
import io.github.swag4j.cli.run.RunImages;
import io.github.swag4j.swa.djl.InputBatches;
import io.github.swag4j.swa.weights.Weights;
import io.github.swag4j.swag.djl.surface.LabelledInputs;
import io.github.swag4j.swag.djl.surface.SurfaceEvaluation;
import io.github.swag4j.swag.djl.surface.SurfacePoint;
import io.github.swag4j.swag.djl.surface.WeightPoints;
import io.github.swag4j.vision.data.Conversion;
import io.github.swag4j.vision.data.ImageData;
import io.github.swag4j.vision.data.Split;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.ByteBuffer;
import java.nio.FloatBuffer;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** A finished run opened for surfaces: its network, weights and rows. */
public final class SurfaceRun implements AutoCloseable {
  private static final int BATCH = 250;

  private final RunDirectory run;
  private final RunDescription description;
  private final SurfaceSettings settings;
  private final Experiment experiment;
  private final ImageData train;
  private final ImageData test;
  private final int trainRows;
  private final PrintWriter err;

  private SurfaceRun(
      RunDirectory run,
      RunDescription description,
      SurfaceSettings settings,
      RunImages images,
      PrintWriter err)
      throws IOException {
    this.run = run;
    this.description = description;
    this.settings = settings;
    this.trainRows = images.train().size();
    this.train = settings.rows() == null ? images.train() : images.train().limit(settings.rows());
    this.test =
        settings.testRows() == null
            ? images.test()
            : RunImages.some(images.test(), settings.testRows(), description.config().seed());
    this.err = err;
    this.experiment = new Experiment(description.config(), description.input(), run.model());
  }

  /**
   * Opens a run; the engine must have been started.
   *
   * @param dataDir where the run's data are if they have moved, null if not
   * @param err told of progress
   * @throws IOException if files of the run or its data are missing, or others
   */
  public static SurfaceRun open(
      RunDirectory run,
      RunDescription description,
      SurfaceSettings settings,
      Path dataDir,
      PrintWriter err)
      throws IOException {
    RunConfig config = description.config();
    Optional<Path> directory = dataDir == null ? config.data().path() : Optional.of(dataDir);
    Datasets datasets = Datasets.ofThisMachine();
    String name = config.data().name();
    Conversion conversion = config.data().conversion();
    ImageData all = datasets.load(name, Split.TRAIN, directory, conversion);
    ImageData test = datasets.load(name, Split.TEST, directory, conversion);
    RunImages images = RunImages.split(all, test, config);
    description.data().get("train").requireSame(images.train(), "training");
    description.data().get("test").requireSame(test, "test");
    return new SurfaceRun(run, description, settings, images, err);
  }

  RunDirectory directory() {
    return run;
  }

  RunDescription description() {
    return description;
  }

  SurfaceSettings settings() {
    return settings;
  }

  RunWeights weights() {
    return new RunWeights(run, description, experiment.weights().layout());
  }

  /** Training rows of the run in all. */
  int trainRows() {
    return trainRows;
  }

  /** What charts are titled with. */
  String title() {
    return description.modelName() + " on " + test.name();
  }

  /** What the rows are, for people. */
  String rowsInWords() {
    return train.size() + " training and " + test.size() + " test rows";
  }

  /**
   * Evaluates points, goes on with those that a file has, and shows progress.
   *
   * @param own facts of the surface beside those of the run
   */
  List<SurfacePoint> evaluate(
      SurfaceFiles files, Map<String, String> own, int count, WeightPoints points)
      throws IOException {
    RunConfig config = description.config();
    InputBatches inputs = experiment.batches(train, BATCH);
    InputBatches tested = experiment.batches(test, BATCH);
    InputBatches batchNorm =
        experiment.batches(
            config.prediction().batchNormRows(train), config.optimiser().batchSize());
    Progress progress = new Progress(err, "surface", count);
    return SurfaceEvaluation.of(
            experiment.model().getBlock(),
            new LabelledInputs(inputs, train.labels()),
            new LabelledInputs(tested, test.labels()))
        .refreshBatchNorm(batchNorm)
        .workers(settings.workers())
        .onPoint(done -> progress.show(done, files.name() + " " + done + "/" + count + " points"))
        .checkpoint(files.points(), facts(own))
        .evaluate(count, points);
  }

  /** What the points of a surface are determined by. */
  Map<String, String> facts(Map<String, String> own) throws IOException {
    Map<String, String> facts = new LinkedHashMap<>(own);
    facts.put("train", train.size() + " rows " + train.sha256());
    facts.put("test", test.size() + " rows " + test.sha256());
    facts.put(
        "batch-norm",
        description.config().prediction().batchNormRows(train).size()
            + " rows in batches of "
            + description.config().optimiser().batchSize());
    facts.put("layout", description.layout());
    return facts;
  }

  /** A fingerprint of weight vectors, in their order. */
  static String fingerprint(List<Weights> vectors) {
    MessageDigest digest;
    try {
      digest = MessageDigest.getInstance("SHA-256");
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("every Java platform has SHA-256", e);
    }
    for (Weights weights : vectors) {
      for (int t = 0; t < weights.layout().tensors().size(); t++) {
        FloatBuffer values = weights.values(t);
        ByteBuffer bytes = ByteBuffer.allocate(values.limit() * Float.BYTES);
        bytes.asFloatBuffer().put(values);
        digest.update(bytes);
      }
    }
    return HexFormat.of().formatHex(digest.digest());
  }

  @Override
  public void close() {
    experiment.close();
  }
}
