package io.github.swag4j.studies.transfer;

import ai.djl.engine.Engine;
import io.github.swag4j.cli.Version;
import io.github.swag4j.cli.run.TorchEngine;
import io.github.swag4j.cli.run.UsageException;
import io.github.swag4j.studies.frame.StudyOptions;
import io.github.swag4j.studies.frame.StudyRun;
import io.github.swag4j.vision.networks.Network;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** Fine-tuning with SGD, SWA and SWAG, and SWA from a trained network. */
@Command(
    name = "transfer",
    mixinStandardHelpOptions = true,
    versionProvider = Version.class,
    sortOptions = false,
    description = {
      "Train a network on one image set, fine-tune it on another with SGD, SWA and SWAG.",
      "",
      "Two tables: the network of --source fine-tuned on few and many images of --target, with SGD,"
          + " SWA, SWAG on all layers and SWAG on the last layer, beside a network from scratch;"
          + " and the same network trained on for a few epochs on --source itself, with SWA at a"
          + " constant rate, with SGD at the low rate that it ended with, and with SGD from SWA's"
          + " rate, falling.",
      "",
      "All learning rates of these trainings are chosen by the NLL of held-out training rows, under"
          + " the first seed; test rows are for the tables."
    },
    footer = {
      "",
      "Examples",
      "  swag4j transfer --source mnist --target fashion-mnist --out transfer",
      "  swag4j transfer --source mnist --only-more-epochs --out more-epochs"
    })
final class TransferCommand implements Callable<Integer> {
  private static final int SEEDS = 3;

  @Spec private CommandSpec spec;
  @Mixin private StudyOptions options;

  @Option(
      names = "--source",
      paramLabel = "NAME|DIR",
      required = true,
      description = "Images that the network is trained on first.")
  private String source;

  @Option(
      names = "--source-dir",
      paramLabel = "DIR",
      description = "Where the files of --source are (default: the usual places).")
  private Path sourceDir;

  @Option(
      names = "--target",
      paramLabel = "NAME|DIR",
      description =
          "Images that it is fine-tuned on, of the same size; none with --only-more-epochs.")
  private String target;

  @Option(
      names = "--target-dir",
      paramLabel = "DIR",
      description = "Where the files of --target are (default: the usual places).")
  private Path targetDir;

  @Option(
      names = "--model",
      paramLabel = "NAME",
      defaultValue = "cnn-small",
      description = "Network (default: ${DEFAULT-VALUE}).")
  private String model;

  @Option(
      names = "--head",
      defaultValue = "NEW",
      description =
          "Last layer of the fine-tuned network: ${COMPLETION-CANDIDATES} (default:"
              + " ${DEFAULT-VALUE}).")
  private Learner.Head head;

  @Option(
      names = "--source-rows",
      paramLabel = "N",
      defaultValue = "5000",
      description = "Training rows of --source (default: ${DEFAULT-VALUE}).")
  private int sourceRows;

  @Option(
      names = "--rows",
      paramLabel = "N",
      split = ",",
      defaultValue = "200,2000",
      description = "Training rows of --target, few and many (default: ${DEFAULT-VALUE}).")
  private List<Integer> rows;

  @Option(
      names = "--validation",
      paramLabel = "N",
      defaultValue = "1000",
      description =
          "Training rows of each set to choose rates and fit temperatures by (default:"
              + " ${DEFAULT-VALUE}).")
  private int validation;

  @Option(
      names = "--test",
      paramLabel = "N",
      defaultValue = "2000",
      description = "Test rows of each set, the classes in proportion (default: ${DEFAULT-VALUE}).")
  private int test;

  @Option(
      names = "--source-epochs",
      paramLabel = "N",
      defaultValue = "10",
      description = "Epochs on --source (default: ${DEFAULT-VALUE}).")
  private int sourceEpochs;

  @Option(
      names = "--source-rate",
      paramLabel = "RATE",
      defaultValue = "0.05",
      description = "First learning rate on --source (default: ${DEFAULT-VALUE}).")
  private double sourceRate;

  @Option(
      names = "--epochs",
      paramLabel = "N",
      defaultValue = "20",
      description = "Epochs on --target, averaged in the second half (default: ${DEFAULT-VALUE}).")
  private int epochs;

  @Option(
      names = "--more-epochs",
      paramLabel = "N",
      split = ",",
      defaultValue = "1,2,3,5",
      description =
          "Epochs after which the network that is trained on is looked at (default:"
              + " ${DEFAULT-VALUE}).")
  private List<Integer> moreEpochs;

  @Option(
      names = "--only-more-epochs",
      description =
          "Leave out fine-tuning: what more epochs on --source give, and in how many seconds.")
  private boolean onlyMoreEpochs;

  @Option(
      names = "--rates",
      paramLabel = "RATE",
      split = ",",
      defaultValue = "0.003,0.01,0.03,0.1",
      description = "Learning rates to choose from (default: ${DEFAULT-VALUE}).")
  private List<Double> rates;

  @Option(
      names = "--batch",
      paramLabel = "N",
      defaultValue = "32",
      description = "Rows of a step (default: ${DEFAULT-VALUE}).")
  private int batch;

  @Option(
      names = "--collections",
      paramLabel = "N",
      defaultValue = "4",
      description =
          "Weights that are averaged in an epoch, more where its steps cannot be so divided"
              + " (default: ${DEFAULT-VALUE}).")
  private int collections;

  @Option(
      names = "--samples",
      paramLabel = "N",
      defaultValue = "20",
      description = "Samples of SWAG (default: ${DEFAULT-VALUE}).")
  private int samples;

  @Option(
      names = "--scale",
      paramLabel = "FACTOR",
      defaultValue = "0.5",
      description = "Factor of SWAG's covariance (default: ${DEFAULT-VALUE}, the paper's).")
  private double scale;

  @Option(
      names = "--threads",
      paramLabel = "N",
      defaultValue = "1",
      description = "Threads of the engine (default: ${DEFAULT-VALUE}).")
  private int threads;

  @Override
  public Integer call() throws IOException {
    Network network = network();
    check();
    List<Integer> seeds = options.seeds(SEEDS);
    PrintWriter err = spec.commandLine().getErr();
    TransferImages from = TransferImages.load(source, sourceDir, validation, test);
    requireSize(network, from);
    from.draw(sourceRows, seeds.get(0));
    TransferImages to = onlyMoreEpochs ? null : target(from, seeds.get(0));
    TransferPlan plan = plan(network);
    try (StudyRun run = options.open("transfer", err)) {
      Engine engine = TorchEngine.start(threads, err);
      TransferStudy.Found found = new TransferStudy(run, engine, plan, from, to, seeds).run();
      new TransferPage(plan, from, to, seeds, found).write(run, spec, options.json());
    }
    return 0;
  }

  private TransferImages target(TransferImages from, int seed) throws IOException {
    TransferImages to = TransferImages.load(target, targetDir, validation, test);
    from.requireTransfersTo(to);
    requireHead(from, to);
    for (int count : rows) {
      to.draw(count, seed);
    }
    return to;
  }

  private Network network() {
    return Network.named(model)
        .orElseThrow(
            () ->
                new UsageException(
                    "--model must be one of "
                        + String.join(", ", Network.ids())
                        + ", got "
                        + model));
  }

  private TransferPlan plan(Network network) {
    Learner.Steps steps = new Learner.Steps(batch, 0.9, 5e-4);
    return new TransferPlan(
        network,
        head,
        new SourceNetwork.Settings(sourceRows, sourceEpochs, sourceRate, steps),
        onlyMoreEpochs ? List.of() : rows,
        epochs,
        rates,
        collections,
        new FineTuning.Sampling(20, scale, samples),
        new MoreEpochs.Settings(moreEpochs, collections, steps),
        threads);
  }

  private void check() {
    if (onlyMoreEpochs != (target == null)) {
      throw new UsageException(
          onlyMoreEpochs
              ? "--only-more-epochs fine-tunes on nothing, got --target "
                  + target
                  + ": leave one of them out"
              : "--target must be named, it was not: name images to fine-tune on, or say"
                  + " --only-more-epochs");
    }
    if (onlyMoreEpochs && targetDir != null) {
      throw new UsageException(
          "--only-more-epochs fine-tunes on nothing, got --target-dir "
              + targetDir
              + ": leave one of them out");
    }
    if (sourceEpochs < 1 || epochs < 2 || batch < 2 || collections < 1) {
      throw new UsageException(
          "--source-epochs and --collections must be at least 1, --epochs and --batch at least 2,"
              + " got "
              + List.of(sourceEpochs, collections, epochs, batch));
    }
    if (samples < 1 || threads < 1 || !(scale >= 0 && Double.isFinite(scale))) {
      throw new UsageException(
          "--samples and --threads must be at least 1 and --scale at least 0, got "
              + List.of(samples, threads, scale));
    }
    boolean positive = rates.stream().allMatch(rate -> rate > 0 && Double.isFinite(rate));
    if (!positive || !(sourceRate > 0 && Double.isFinite(sourceRate)) || repeats(rates)) {
      throw new UsageException(
          "--rates and --source-rate must be above 0 and --rates differ, got "
              + rates
              + " and "
              + sourceRate);
    }
    if (repeats(rows)) {
      throw new UsageException("--rows must be numbers that differ, got " + rows);
    }
    for (int i = 0; i < moreEpochs.size(); i++) {
      if (moreEpochs.get(i) <= (i == 0 ? 0 : moreEpochs.get(i - 1))) {
        throw new UsageException(
            "--more-epochs must be at least 1 and ascending, got " + moreEpochs);
      }
    }
  }

  private static boolean repeats(List<?> values) {
    return values.stream().distinct().count() < values.size();
  }

  private static void requireSize(Network network, TransferImages images) {
    try {
      network.requireImageSize(images.pool().height(), images.pool().width());
    } catch (IllegalArgumentException e) {
      throw new UsageException(
          e.getMessage().replace(": resize them, or use mlp", "")
              + ": name another --model, such as mlp");
    }
  }

  private void requireHead(TransferImages from, TransferImages to) {
    if (head == Learner.Head.KEEP && from.pool().classes() != to.pool().classes()) {
      throw new UsageException(
          "--head keep needs as many classes in --target as in --source, got "
              + to.pool().classes()
              + " and "
              + from.pool().classes()
              + ": give --head new");
    }
  }
}
