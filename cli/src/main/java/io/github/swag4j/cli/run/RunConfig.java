package io.github.swag4j.cli.run;

import com.google.gson.JsonObject;
import io.github.swag4j.cli.data.Datasets;
import io.github.swag4j.swag.SwagPosterior;
import io.github.swag4j.vision.augmentation.Augmentation;
import io.github.swag4j.vision.data.Conversion;
import io.github.swag4j.vision.data.ImageData;
import io.github.swag4j.vision.data.ImageSize;
import io.github.swag4j.vision.data.Normalisation;
import io.github.swag4j.vision.data.RowOrder;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.List;
import java.util.Objects;
import java.util.Optional;

/**
 * Everything a training run is determined by. The defaults are here alone: options, their help and
 * {@code run.json} have them from here.
 *
 * @param data what it learns and is judged by
 * @param model id of the architecture, or the archive of a trained model
 * @param fromTrained whether the model is trained already, and every epoch is averaged
 * @param dropout share of units dropped before each layer but the first, 0 for none
 * @param optimiser how it learns
 * @param averaging what becomes of the weights
 * @param prediction how it predicts
 * @param methods in which ways it predicts; null, as in runs from before there was a choice, for
 *     the defaults
 * @param seed seed of everything random
 * @param threads threads of the engine
 */
public record RunConfig(
    Data data,
    String model,
    @MayBeMissing boolean fromTrained,
    @MayBeMissing double dropout,
    Optimiser optimiser,
    Averaging averaging,
    Prediction prediction,
    Methods methods,
    int seed,
    int threads) {

  /** More than any machine has; the engine makes as many as it is told. */
  public static final int MAX_THREADS = 1024;

  /** The smallest of the architectures. */
  public static final String MODEL = "cnn-small";

  /** Seed of runs that name none. */
  public static final int SEED = 1;

  /** Checks what goes together. */
  public RunConfig {
    Objects.requireNonNull(data, "data");
    Objects.requireNonNull(model, "model");
    Objects.requireNonNull(optimiser, "optimiser");
    Objects.requireNonNull(averaging, "averaging");
    Objects.requireNonNull(prediction, "prediction");
    methods = methods == null ? Methods.defaults() : methods;
    int least = fromTrained ? 2 : 3;
    require(
        optimiser.epochs() >= least,
        "--epochs must be at least " + least + ", got " + optimiser.epochs());
    int last = optimiser.epochs() - 2;
    require(
        fromTrained
            ? averaging.swaStart() == 0
            : averaging.swaStart() >= 1 && averaging.swaStart() <= last,
        "--swa-start must be between 1 and --epochs - 2 = "
            + last
            + ", so that two epochs are averaged at least, got "
            + averaging.swaStart());
    methods.requireEpochs(optimiser.epochs(), averaging.swaStart());
    averaging.scale().requirePossible(methods, data.validationRows());
    require(
        dropout >= 0 && dropout < 1 && !(fromTrained && dropout > 0),
        fromTrained
            ? "--from-trained excludes --dropout: the archive has the dropout it was made with"
            : "--dropout must be in [0, 1), got " + dropout);
    for (Method method : methods.list()) {
      Methods.requirePossible(method, fromTrained, dropout);
    }
    require(
        !fromTrained || data.scaling() != null,
        "--from-trained needs --scaling MEAN,STD, what the model's images were scaled by when it was"
            + " trained: 0,1 for grey levels in [0, 1] as they are");
    require(
        threads >= 1 && threads <= MAX_THREADS,
        "--threads must be between 1 and " + MAX_THREADS + ", got " + threads);
  }

  /** A run with the default methods, without dropout. */
  public RunConfig(
      Data data,
      String model,
      boolean fromTrained,
      Optimiser optimiser,
      Averaging averaging,
      Prediction prediction,
      int seed,
      int threads) {
    this(
        data,
        model,
        fromTrained,
        0,
        optimiser,
        averaging,
        prediction,
        Methods.defaults(),
        seed,
        threads);
  }

  /** The same with another seed. */
  public RunConfig withSeed(int other) {
    return new RunConfig(
        data,
        model,
        fromTrained,
        dropout,
        optimiser,
        averaging,
        prediction,
        methods,
        other,
        threads);
  }

  /**
   * The rows.
   *
   * @param name name or directory of the training data
   * @param directory where its files are, null for the usual places
   * @param ood names or directories of out-of-distribution data
   * @param oodDirectories where their files are, for the first of them
   * @param trainLimit most rows of the training data to use, null for all
   * @param validationRows rows held out of the training data, null for a tenth
   * @param order in which the training rows are taken, before any are left or held out
   * @param scaling mean and standard deviation levels in [0, 1] are scaled by, of all channels or
   *     of each, null for those of the training images
   * @param resize size images are brought to, null for theirs
   * @param channels channels images are brought to, null for theirs
   * @param layout axes of arrays, null if they say so themselves
   * @param augment what is done to training images, null for nothing
   */
  public record Data(
      String name,
      String directory,
      List<String> ood,
      List<String> oodDirectories,
      Integer trainLimit,
      Integer validationRows,
      RowOrder order,
      List<Double> scaling,
      String resize,
      Integer channels,
      String layout,
      List<String> augment) {

    /** Checks the numbers. */
    public Data {
      Objects.requireNonNull(name, "name");
      Objects.requireNonNull(order, "order");
      ood = List.copyOf(ood);
      oodDirectories = List.copyOf(oodDirectories);
      scaling = scaling == null ? null : List.copyOf(scaling);
      ImageWords.requireScaling(scaling);
      augment = augment == null ? List.of() : List.copyOf(augment);
      ImageWords.conversion(resize, channels, layout);
      require(
          trainLimit == null || trainLimit >= 2,
          "--train-limit must be at least 2, got " + trainLimit);
      require(
          validationRows == null || validationRows >= 0,
          "--validation must be at least 0, got " + validationRows);
    }

    /** Images as they are. */
    public Data(
        String name,
        String directory,
        List<String> ood,
        List<String> oodDirectories,
        Integer trainLimit,
        Integer validationRows,
        RowOrder order,
        List<Double> scaling) {
      this(
          name,
          directory,
          ood,
          oodDirectories,
          trainLimit,
          validationRows,
          order,
          scaling,
          null,
          null,
          null,
          null);
    }

    /** What images are brought to. */
    public Conversion conversion() {
      return ImageWords.conversion(resize, channels, layout);
    }

    /** What is done to training images of a size. */
    public Augmentation augmentation(ImageSize size) {
      return ImageWords.augmentation(augment, size);
    }

    /** All rows of data in the usual places, a tenth held out. */
    public static Data of(String name, String... ood) {
      return new Data(name, null, List.of(ood), List.of(), null, null, RowOrder.STRATIFIED, null);
    }

    /** The directory given for the data, if there was one. */
    public Optional<Path> path() {
      return Optional.ofNullable(directory).map(Path::of);
    }

    /** What levels are scaled by. */
    public Normalisation normalisation(ImageData train) {
      return ImageWords.normalisation(scaling, train);
    }

    /** The directories given for out-of-distribution data. */
    public List<Path> oodPaths() {
      return oodDirectories.stream().map(Path::of).toList();
    }
  }

  /**
   * Stochastic gradient descent; rate, momentum, weight decay and batch size of Izmailov et al.
   * 2018 for VGG16.
   *
   * @param epochs epochs in all
   * @param batchSize rows in a batch
   * @param learningRate rate at first
   * @param momentum momentum
   * @param weightDecay L2 penalty
   */
  public record Optimiser(
      int epochs, int batchSize, double learningRate, double momentum, double weightDecay) {

    /** Epochs in all. */
    public static final int EPOCHS = 15;

    /** Rows in a batch. */
    public static final int BATCH_SIZE = 128;

    /** Rate at first. */
    public static final double LEARNING_RATE = 0.05;

    /** Momentum. */
    public static final double MOMENTUM = 0.9;

    /** L2 penalty. */
    public static final double WEIGHT_DECAY = 5e-4;

    /** Checks the numbers. */
    public Optimiser {
      require(batchSize >= 2, "--batch-size must be at least 2, got " + batchSize);
      require(isPositive(learningRate), "--learning-rate must be above 0, got " + learningRate);
      require(momentum >= 0 && momentum < 1, "--momentum must be in [0, 1), got " + momentum);
      require(
          weightDecay >= 0 && weightDecay < 1,
          "--weight-decay must be in [0, 1), got " + weightDecay);
    }

    /** The defaults for so many epochs. */
    public static Optimiser of(int epochs) {
      return new Optimiser(epochs, BATCH_SIZE, LEARNING_RATE, MOMENTUM, WEIGHT_DECAY);
    }
  }

  /**
   * SWA and SWAG; rank and scale of Maddox et al. 2019.
   *
   * @param swaStart epochs before averaging starts, 0 for a trained model
   * @param swaLearningRate rate while averaging
   * @param rank columns of the low-rank covariance
   * @param scale scale of the covariance; null for the paper's
   */
  public record Averaging(int swaStart, double swaLearningRate, int rank, AskedScale scale) {

    /** Rate while averaging. */
    public static final double LEARNING_RATE = 0.01;

    /** Columns of the low-rank covariance. */
    public static final int RANK = 20;

    /** Checks the numbers. */
    public Averaging {
      scale = scale == null ? AskedScale.PAPER : scale;
      require(
          isPositive(swaLearningRate),
          "--swa-learning-rate must be above 0, got " + swaLearningRate);
      require(
          rank == 0 || rank >= 2 && rank <= SwagPosterior.MAX_RANK,
          "--rank must be 0 or between 2 and " + SwagPosterior.MAX_RANK + ", got " + rank);
    }

    /** The defaults from an epoch on. */
    public static Averaging from(int swaStart) {
      return new Averaging(swaStart, LEARNING_RATE, RANK, AskedScale.PAPER);
    }

    /** Two thirds of the epochs, but so that two are averaged at least. */
    public static int defaultStart(int epochs) {
      return Math.max(1, Math.min(2 * epochs / 3, epochs - 2));
    }
  }

  /**
   * Predicting.
   *
   * @param samples posterior samples in a prediction
   * @param batchNormRows training rows batch-norm statistics come from, null for all
   */
  public record Prediction(int samples, Integer batchNormRows) {

    /** Posterior samples in a prediction, as Maddox et al. 2019. */
    public static final int SAMPLES = 30;

    /** Checks the numbers. */
    public Prediction {
      require(samples >= 1, "--samples must be at least 1, got " + samples);
      require(
          batchNormRows == null || batchNormRows >= 2,
          "--batch-norm-rows must be at least 2, got " + batchNormRows);
    }

    /** The training rows that batch-norm statistics are recomputed from. */
    public ImageData batchNormRows(ImageData train) {
      return batchNormRows == null ? train : train.limit(batchNormRows);
    }
  }

  /** A directory as it is found again from another working directory; names stay as they are. */
  public static String absolute(String nameOrDirectory) {
    try {
      Path path = Path.of(nameOrDirectory);
      return Datasets.names().contains(nameOrDirectory) || !Files.isDirectory(path)
          ? nameOrDirectory
          : path.toAbsolutePath().normalize().toString();
    } catch (InvalidPathException e) {
      return nameOrDirectory;
    }
  }

  /**
   * What format 1 of {@code run.json} had side by side, as it is now; its rows were not shuffled.
   */
  static JsonObject ofFormat1(JsonObject flat) {
    JsonObject data = taken(flat, "ood", "oodDirectories", "trainLimit", "validationRows");
    data.add("name", flat.get("data"));
    data.add("directory", flat.get("dataDirectory"));
    data.addProperty("order", RowOrder.AS_FILED.name());
    JsonObject config = taken(flat, "model", "seed", "threads");
    config.add("data", data);
    config.add(
        "optimiser", taken(flat, "epochs", "batchSize", "learningRate", "momentum", "weightDecay"));
    config.add("averaging", taken(flat, "swaStart", "swaLearningRate", "rank", "scale"));
    config.add("prediction", taken(flat, "samples", "batchNormRows"));
    return config;
  }

  private static JsonObject taken(JsonObject from, String... names) {
    JsonObject some = new JsonObject();
    for (String name : names) {
      some.add(name, from.get(name));
    }
    return some;
  }

  private static boolean isPositive(double value) {
    return value > 0 && Double.isFinite(value);
  }

  private static void require(boolean holds, String message) {
    if (!holds) {
      throw new UsageException(message);
    }
  }
}
