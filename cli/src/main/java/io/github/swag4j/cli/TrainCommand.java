package io.github.swag4j.cli;

import io.github.swag4j.cli.config.ConfigValue.Place;
import io.github.swag4j.cli.page.SeedResults;
import io.github.swag4j.cli.run.AskedScale;
import io.github.swag4j.cli.run.ModelArchitecture;
import io.github.swag4j.cli.run.Results;
import io.github.swag4j.cli.run.RunConfig;
import io.github.swag4j.cli.run.RunDirectory;
import io.github.swag4j.cli.run.UsageException;
import io.github.swag4j.vision.data.RowOrder;
import java.io.PrintWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.stream.IntStream;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** Training and everything after it, on the user's data. */
@Command(
    name = "train",
    mixinStandardHelpOptions = true,
    versionProvider = Version.class,
    sortOptions = false,
    description = {
      "Train a network with SGD, SWA, SWAG and what they are compared with, predict, judge and"
          + " report.",
      "",
      "The learning rate stays at --learning-rate to half of --swa-start, falls linearly to"
          + " --swa-learning-rate at nine tenths of it, and stays there; the weights after each"
          + " epoch past --swa-start are averaged. Plain SGD trains as many epochs from the same"
          + " start. Rates, momentum, weight decay and batch size are those of Izmailov et al."
          + " 2018 for VGG16, rank, samples and scale those of Maddox et al. 2019."
    },
    footer = {
      "",
      "Examples",
      "  swag4j train --data fashion-mnist --out run",
      "  swag4j train --data fashion-mnist --ood mnist --ood-dir mnist --out run --epochs 30",
      "  swag4j train --data my-images --model trained.pt --from-trained --scaling 0,1 --epochs 5"
          + " --out run",
      "  swag4j train --data my-images --data-dir /data --model mlp --out run",
      "  swag4j train --data cifar-10-batches-bin --model preresnet20 --augment flip,crop --out run",
      "  swag4j train --data photos --resize 32x32 --model vgg16-bn --out run",
      "  swag4j train --data fashion-mnist --method sgd,swag,multiswag,ensemble --members 5 --out run",
      "  swag4j train --data fashion-mnist --method sgd,dropout,laplace --dropout 0.1 --out run",
      "  swag4j train --data fashion-mnist --scale auto --out run",
      "  swag4j train --data fashion-mnist --method sgd,swa,swag --seeds 1,2,3 --out three-runs",
      "  swag4j train --data fashion-mnist --out run --resume"
    })
final class TrainCommand implements Callable<Integer> {
  @Spec private CommandSpec spec;

  @Option(
      names = "--data",
      required = true,
      paramLabel = "NAME|PATH",
      description =
          "quickstart, fashion-mnist, mnist, or data of one's own: a directory of IDX files (plain or"
              + " gzip), CIFAR binary files, a folder of PNG or JPEG files for each class (in train"
              + " and test, or undivided), train.csv and test.csv of features, an NPZ file of x and"
              + " y, or a CSV or Parquet file with a column label. Which it is, the files themselves"
              + " say.")
  private String data;

  @Option(
      names = "--out",
      required = true,
      paramLabel = "DIR",
      description = "Directory of the run.")
  private Path out;

  @Option(
      names = "--model",
      paramLabel = "NAME",
      defaultValue = RunConfig.MODEL,
      description =
          "cnn-small (16-32-64 channels), cnn (32-64-128), mlp (256-128 units), vgg16, vgg16-bn,"
              + " preresnet20, preresnet56, preresnet110, preresnet164 or wideresnet28x10 (default:"
              + " ${DEFAULT-VALUE}); with --from-trained a TorchScript archive.")
  private String model;

  @Option(
      names = "--from-trained",
      description =
          "Go on from the trained model in --model, with the constant rate --swa-learning-rate, and"
              + " average the weights after every epoch. The model must take [rows, channels, height, width]"
              + " and give logits; sgd is then the model as it was, and the averaged one is saved as"
              + " model.pt. The methods ensemble, multiswag and kfac-laplace cannot be had so.")
  private boolean fromTrained;

  @Option(
      names = "--scaling",
      paramLabel = "MEAN,STD",
      split = ",",
      description =
          "What levels in [0, 1] are scaled by; for colours also three means and three deviations"
              + " (default: those of each channel of the training images). A trained model needs what"
              + " it was trained with: 0,1 for none.")
  private List<Double> scaling;

  @Option(
      names = "--augment",
      paramLabel = "WHAT",
      split = ",",
      description =
          "flip (mirror half of the training images), crop (out of the image with a border of 0, which"
              + " is black of levels, of an eighth of its side), or flip,crop as the articles for CIFAR"
              + " (default: neither).")
  private List<String> augment = List.of();

  @Option(
      names = "--epochs",
      paramLabel = "N",
      defaultValue = "" + RunConfig.Optimiser.EPOCHS,
      description =
          "Epochs of each training, at least 3 (default: ${DEFAULT-VALUE}). Plain SGD and fge train"
              + " those past --swa-start once more, and each further network trains all of them: what"
              + " that comes to is said at the beginning.")
  private int epochs;

  @Option(
      names = "--swa-start",
      paramLabel = "N",
      description =
          "Epochs before averaging starts, at most --epochs - 2 (default: two thirds of"
              + " --epochs).")
  private Integer swaStart;

  @Option(
      names = "--batch-size",
      paramLabel = "N",
      defaultValue = "" + RunConfig.Optimiser.BATCH_SIZE,
      description = "Rows in a training batch (default: ${DEFAULT-VALUE}).")
  private int batchSize;

  @Option(
      names = "--learning-rate",
      paramLabel = "X",
      defaultValue = "" + RunConfig.Optimiser.LEARNING_RATE,
      description = "Learning rate at first (default: ${DEFAULT-VALUE}).")
  private double learningRate;

  @Option(
      names = "--swa-learning-rate",
      paramLabel = "X",
      defaultValue = "" + RunConfig.Averaging.LEARNING_RATE,
      description = "Learning rate while averaging (default: ${DEFAULT-VALUE}).")
  private double swaLearningRate;

  @Option(
      names = "--momentum",
      paramLabel = "X",
      defaultValue = "" + RunConfig.Optimiser.MOMENTUM,
      description = "Momentum of SGD (default: ${DEFAULT-VALUE}).")
  private double momentum;

  @Option(
      names = "--weight-decay",
      paramLabel = "X",
      defaultValue = "" + RunConfig.Optimiser.WEIGHT_DECAY,
      description = "L2 penalty (default: ${DEFAULT-VALUE}).")
  private double weightDecay;

  @Option(
      names = "--rank",
      paramLabel = "K",
      defaultValue = "" + RunConfig.Averaging.RANK,
      description =
          "Columns of the low-rank covariance, 0 for none, else 2 to 512 (default: ${DEFAULT-VALUE}).")
  private int rank;

  @Option(
      names = "--samples",
      paramLabel = "S",
      defaultValue = "" + RunConfig.Prediction.SAMPLES,
      description =
          "Posterior samples in a prediction; its time grows with them (default:"
              + " ${DEFAULT-VALUE}).")
  private int samples;

  @Option(
      names = "--scale",
      paramLabel = "X|auto",
      description =
          "Scale of the covariance (default: 0.5 with a low-rank part, 1 without; 0 is SWA). auto:"
              + " of up to 11 between 0 and 2 the one at which the held-out rows have the least NLL"
              + " after temperature. Each takes a prediction of these rows by all samples, and their"
              + " batch-norm statistics; scale.json has what came of it.")
  private String scale;

  @Option(
      names = "--train-limit",
      paramLabel = "N",
      description =
          "Use only N training rows, drawn with the classes in proportion (default: all).")
  private Integer trainLimit;

  @Option(
      names = "--validation",
      paramLabel = "N",
      description =
          "Training rows that are held out and never trained on, drawn with the classes in"
              + " proportion (default: a tenth).")
  private Integer validation;

  @Option(
      names = "--batch-norm-rows",
      paramLabel = "N",
      description =
          "Training rows that batch-norm statistics are recomputed from, for every posterior sample"
              + " (default: all).")
  private Integer batchNormRows;

  @Mixin private MethodOptions methods;

  @Option(
      names = "--seeds",
      paramLabel = "N",
      split = ",",
      splitSynopsisLabel = ",",
      description =
          "A run for each of these seeds, in its own directory --out/seed-N, and tables and a page"
              + " with mean, standard deviation and paired tests in --out.")
  private List<Integer> seeds = List.of();

  @Mixin private RunOptions reproducing;

  @Mixin private ImageOptions images;

  @Mixin private CheckpointOptions checkpoints;

  @Mixin private TemperatureOptions temperature;

  @Mixin private OutputOptions output;

  @Override
  public Integer call() throws Exception {
    RunConfig config = config();
    List<String> words = ((Main) spec.root().userObject()).words();
    TrainedRuns runs =
        new TrainedRuns(
            checkpoints.plan(),
            CheckpointOptions.resuming(words),
            temperature.wanted(),
            output,
            spec.commandLine().getErr());
    PrintWriter to = spec.commandLine().getOut();
    if (seeds.isEmpty()) {
      Results results = runs.one(config, out);
      output.print(to, results, new RunDirectory(out));
    } else {
      SeedResults.of(runs.all(config, seeds(), out)).write(to, out, output.json());
    }
    output.report(to, new RunDirectory(out));
    return 0;
  }

  private List<Integer> seeds() {
    if (spec.commandLine().getParseResult().hasMatchedOption("--seed")) {
      throw new UsageException("--seeds excludes --seed");
    }
    if (seeds.size() < 2 || seeds.stream().distinct().count() < seeds.size()) {
      throw new UsageException(
          "--seeds must be two different seeds at least, with commas between, got "
              + seeds
              + ": one is --seed");
    }
    return seeds;
  }

  /**
   * What options come to, without a call.
   *
   * @param places where they are from
   */
  static RunConfig config(List<String> words, Map<String, Place> places) {
    TrainCommand train = new TrainCommand();
    ConfiguredCall call = new ConfiguredCall(words.toArray(String[]::new), places);
    List<String> all = new ArrayList<>(words);
    all.add("--out=none");
    try {
      new CommandLine(train).parseArgs(all.toArray(String[]::new));
      return train.config();
    } catch (CommandLine.ParameterException | UsageException e) {
      throw new UsageException(e.getMessage() + call.origin(e.getMessage()));
    }
  }

  private RunConfig config() {
    Path dataDir = images.dataDir();
    List<String> ood = images.ood() == null ? List.of() : images.ood();
    List<Path> oodDir = images.oodDir();
    if (fromTrained) {
      requireForTrained();
    } else {
      ModelArchitecture.named(model);
    }
    RunConfig.Data rows =
        new RunConfig.Data(
            dataDir == null ? RunConfig.absolute(data) : data,
            dataDir == null ? null : dataDir.toAbsolutePath().normalize().toString(),
            IntStream.range(0, ood.size())
                .mapToObj(i -> i < oodDir.size() ? ood.get(i) : RunConfig.absolute(ood.get(i)))
                .toList(),
            oodDir.stream().map(d -> d.toAbsolutePath().normalize().toString()).toList(),
            trainLimit,
            validation,
            RowOrder.STRATIFIED,
            scaling,
            images.resize(),
            images.channels(),
            images.layout(),
            augment);
    int start = swaStart != null ? swaStart : RunConfig.Averaging.defaultStart(epochs);
    return new RunConfig(
        rows,
        fromTrained ? Path.of(model).toAbsolutePath().normalize().toString() : model,
        fromTrained,
        methods.dropout(),
        new RunConfig.Optimiser(
            epochs, batchSize, fromTrained ? swaLearningRate : learningRate, momentum, weightDecay),
        new RunConfig.Averaging(
            fromTrained ? 0 : start, swaLearningRate, rank, AskedScale.named(scale)),
        new RunConfig.Prediction(samples, batchNormRows),
        methods.methods(),
        reproducing.seed(),
        reproducing.threads());
  }

  private void requireForTrained() {
    for (String option : List.of("--learning-rate", "--swa-start")) {
      if (spec.commandLine().getParseResult().hasMatchedOption(option)) {
        throw new UsageException(
            "--from-trained excludes "
                + option
                + ": the rate is --swa-learning-rate in every epoch, and every epoch is averaged");
      }
    }
    if (!Files.isRegularFile(Path.of(model))) {
      throw new UsageException(
          "--from-trained needs a TorchScript archive as --model, got " + model);
    }
  }
}
