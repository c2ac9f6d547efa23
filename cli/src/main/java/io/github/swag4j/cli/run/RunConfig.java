package io.github.swag4j.cli.run;

import io.github.swag4j.cli.TrainCommand;
import io.github.swag4j.cli.UsageException;
import io.github.swag4j.cli.data.Datasets;
import io.github.swag4j.cli.data.ImageDataset;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;

/**
 * Everything a training run is determined by. Defaults are those of the literature: see {@link
 * TrainCommand}.
 *
 * @param data name or directory of the training data
 * @param dataDirectory where its files are, null for the usual places
 * @param ood names or directories of out-of-distribution data
 * @param oodDirectories where their files are, for the first of them
 * @param model id of the architecture
 * @param epochs epochs in all
 * @param swaStart epochs before averaging starts
 * @param batchSize rows in a batch
 * @param learningRate rate at first
 * @param swaLearningRate rate while averaging
 * @param momentum momentum of SGD
 * @param weightDecay L2 penalty
 * @param rank columns of the low-rank covariance
 * @param samples posterior samples in a prediction
 * @param scale scale of the covariance, null for the paper's
 * @param trainLimit most rows of the training data to use, null for all
 * @param validationRows rows held out of the training data, null for a tenth
 * @param batchNormRows training rows batch-norm statistics come from, null for all
 * @param seed seed of everything random
 * @param threads threads of the engine
 */
public record RunConfig(
    String data,
    String dataDirectory,
    List<String> ood,
    List<String> oodDirectories,
    String model,
    int epochs,
    int swaStart,
    int batchSize,
    double learningRate,
    double swaLearningRate,
    double momentum,
    double weightDecay,
    int rank,
    int samples,
    Double scale,
    Integer trainLimit,
    Integer validationRows,
    Integer batchNormRows,
    int seed,
    int threads) {

  /** Checks the numbers. */
  public RunConfig {
    ood = List.copyOf(ood);
    oodDirectories = List.copyOf(oodDirectories);
    require(epochs >= 3, "--epochs must be at least 3, got " + epochs);
    require(
        swaStart >= 1 && swaStart <= epochs - 2,
        "--swa-start must be between 1 and --epochs - 2 = "
            + (epochs - 2)
            + ", so that two epochs are averaged at least, got "
            + swaStart);
    require(batchSize >= 2, "--batch-size must be at least 2, got " + batchSize);
    require(isPositive(learningRate), "--learning-rate must be above 0, got " + learningRate);
    require(
        isPositive(swaLearningRate), "--swa-learning-rate must be above 0, got " + swaLearningRate);
    require(momentum >= 0 && momentum < 1, "--momentum must be in [0, 1), got " + momentum);
    require(
        weightDecay >= 0 && weightDecay < 1,
        "--weight-decay must be in [0, 1), got " + weightDecay);
    require(
        rank == 0 || rank >= 2 && rank <= 512,
        "--rank must be 0 or between 2 and 512, got " + rank);
    require(samples >= 1, "--samples must be at least 1, got " + samples);
    require(
        scale == null || scale >= 0 && Double.isFinite(scale),
        "--scale must be at least 0, got " + scale);
    require(
        trainLimit == null || trainLimit >= 2,
        "--train-limit must be at least 2, got " + trainLimit);
    require(
        validationRows == null || validationRows >= 0,
        "--validation must be at least 0, got " + validationRows);
    require(
        batchNormRows == null || batchNormRows >= 2,
        "--batch-norm-rows must be at least 2, got " + batchNormRows);
    require(threads >= 1, "--threads must be at least 1, got " + threads);
  }

  /** The directory given for the data, if there was one. */
  public Optional<Path> dataPath() {
    return Optional.ofNullable(dataDirectory).map(Path::of);
  }

  /** The directories given for out-of-distribution data. */
  public List<Path> oodPaths() {
    return oodDirectories.stream().map(Path::of).toList();
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

  /** The training rows that batch-norm statistics are recomputed from. */
  public ImageDataset batchNormRows(ImageDataset train) {
    return batchNormRows == null ? train : train.limit(batchNormRows);
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
