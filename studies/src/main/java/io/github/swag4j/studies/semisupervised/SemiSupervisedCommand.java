package io.github.swag4j.studies.semisupervised;

import io.github.swag4j.cli.Version;
import io.github.swag4j.cli.data.Datasets;
import io.github.swag4j.cli.run.Progress;
import io.github.swag4j.cli.run.RunImages;
import io.github.swag4j.cli.run.TorchEngine;
import io.github.swag4j.cli.run.UsageException;
import io.github.swag4j.studies.frame.ImageParts;
import io.github.swag4j.studies.frame.StudyOptions;
import io.github.swag4j.studies.frame.StudyRun;
import io.github.swag4j.studies.semisupervised.FewLabelsTask.Found;
import io.github.swag4j.studies.semisupervised.SemiSupervisedSettings.Choice;
import io.github.swag4j.studies.semisupervised.images.FewLabels;
import io.github.swag4j.studies.semisupervised.images.Views;
import io.github.swag4j.vision.data.Conversion;
import io.github.swag4j.vision.data.ImageData;
import io.github.swag4j.vision.data.Normalisation;
import io.github.swag4j.vision.data.Split;
import java.io.IOException;
import java.io.PrintWriter;
import java.math.BigDecimal;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.EnumMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** Few labels and many images. */
@Command(
    name = "semi-supervised",
    mixinStandardHelpOptions = true,
    versionProvider = Version.class,
    sortOptions = false,
    description = {
      "Train with few labels: on them alone, by the Pi model and by Mean Teacher, each with SGD,"
          + " SWA and fast-SWA; and, as a control, on mixed batches without consistency.",
      "",
      "SWA collects weights once a cycle of the learning rate, fast-SWA several times, both from"
          + " one training. Of --peaks, --half-waves and --consistency each method has those with"
          + " the least error of SGD, SWA and fast-SWA together on labels held out for that, with"
          + " the first seed and the middle one of --labels; what diverges is said and not chosen."
          + " The page names choices at an end of what was tried: give wider lists then."
    },
    footer = {
      "",
      "Examples",
      "  swag4j semi-supervised --out few-labels",
      "  swag4j semi-supervised --data mnist --labels 100 --seeds 5 --out few-digits"
    })
final class SemiSupervisedCommand implements Callable<Integer> {
  private static final int SEEDS = 3;
  private static final String FASHION = "fashion-mnist";

  @Spec private CommandSpec spec;
  @Mixin private StudyOptions options;

  @Option(
      names = "--data",
      paramLabel = "NAME|DIR",
      defaultValue = FASHION,
      description = "Images (default: ${DEFAULT-VALUE}).")
  private String data;

  @Option(
      names = "--data-dir",
      paramLabel = "DIR",
      description = "Where the files of --data are (default: the usual places).")
  private Path dataDir;

  @Option(
      names = "--labels",
      paramLabel = "N",
      split = ",",
      defaultValue = "100,500,1000",
      description =
          "How many images keep their label, as many of each class (default: ${DEFAULT-VALUE}).")
  private int[] labels;

  @Option(
      names = "--validation",
      paramLabel = "N",
      description =
          "Labels to choose the learning rate by (default: as many as the middle one of --labels).")
  private Integer validation;

  @Mixin private SemiSupervisedSettings settings;

  @Option(
      names = "--translate",
      paramLabel = "PIXELS",
      defaultValue = "2",
      description = "Largest move of an image, its border mirrored (default: ${DEFAULT-VALUE}).")
  private int translate;

  @Option(
      names = "--flip",
      negatable = true,
      description =
          "Turn half of the images left to right (default: of fashion-mnist and quickstart only;"
              + " digits must not be).")
  private Boolean flip;

  @Option(
      names = "--noise",
      paramLabel = "SD",
      defaultValue = "0.15",
      description = "Noise of images of variance 1 (default: ${DEFAULT-VALUE}).")
  private double noise;

  @Option(
      names = "--test-rows",
      paramLabel = "N",
      description = "Test images, the classes in proportion (default: all).")
  private Integer testRows;

  @Option(
      names = "--curve-rows",
      paramLabel = "N",
      defaultValue = "2000",
      description =
          "Test images that are judged after each epoch, the classes in proportion (default:"
              + " ${DEFAULT-VALUE}).")
  private int curveRows;

  @Option(
      names = "--refreshed",
      paramLabel = "N",
      defaultValue = "1000",
      description = "Images that batch norm is refreshed on (default: ${DEFAULT-VALUE}).")
  private int refreshed;

  @Option(
      names = "--threads",
      paramLabel = "N",
      defaultValue = "1",
      description = "Threads of the engine (default: ${DEFAULT-VALUE}).")
  private int threads;

  @Override
  public Integer call() throws IOException {
    check();
    settings.check();
    List<Integer> seeds = options.seeds(SEEDS);
    PrintWriter err = spec.commandLine().getErr();
    Datasets datasets = Datasets.ofThisMachine();
    Optional<Path> place = Optional.ofNullable(dataDir);
    ImageData train = datasets.load(data, Split.TRAIN, place, Conversion.NONE);
    ImageData all = datasets.load(data, Split.TEST, place, Conversion.NONE);
    ImageParts.requireFit(train, all);
    ImageData test = testRows == null ? all : RunImages.some(all, testRows, 0);
    requireLabels(train, seeds.get(0));
    try (StudyRun run = options.open("semi-supervised", err)) {
      TorchEngine.start(threads, err);
      Work work = new Work(run, train, test, seeds);
      Map<Way, Map<Choice, Found>> tried = work.tried();
      Map<Way, Choice> chosen = new EnumMap<>(Way.class);
      tried.forEach((way, of) -> chosen.put(way, best(way, of)));
      Map<Integer, Map<Way, List<Found>>> found = new LinkedHashMap<>();
      for (int count : labels) {
        found.put(count, work.found(count, chosen));
      }
      work.progress.show(work.total, "done");
      new SemiSupervisedPage(train.name(), settings, how(train, test), seeds, chosen, tried, found)
          .write(run, spec, options.json());
    }
    return 0;
  }

  private void check() {
    if (labels.length < 1 || threads < 1 || curveRows < 1 || refreshed < 2) {
      throw new UsageException(
          "--labels must name at least one number, --threads and --curve-rows must be at least 1"
              + " and --refreshed at least 2");
    }
    if (validation != null && validation < 1) {
      throw new UsageException("--validation must be at least 1, got " + validation);
    }
    if (translate < 0 || !(noise >= 0) || testRows != null && testRows < 1) {
      throw new UsageException(
          "--translate and --noise must be at least 0 and --test-rows at least 1");
    }
    labels = Arrays.stream(labels).distinct().toArray();
  }

  /** Finds out before anything is trained. */
  private void requireLabels(ImageData train, long seed) {
    try {
      for (int count : labels) {
        FewLabels.draw(train, count, settings.unlabelled(), 0, seed);
      }
      FewLabels.draw(train, middle(), settings.unlabelled(), validation(), seed);
    } catch (IllegalArgumentException e) {
      throw new UsageException(e.getMessage());
    }
  }

  private int middle() {
    int[] sorted = labels.clone();
    Arrays.sort(sorted);
    return sorted[sorted.length / 2];
  }

  private int validation() {
    return validation == null ? middle() : validation;
  }

  private boolean flips() {
    return flip == null ? data.equals(FASHION) || data.equals(Datasets.QUICKSTART) : flip;
  }

  /** The least error of all three together: none of them is favoured. */
  static Choice best(Way way, Map<Choice, Found> tried) {
    return tried.entrySet().stream()
        .filter(each -> !each.getValue().diverged())
        .min((a, b) -> Double.compare(error(a.getValue()), error(b.getValue())))
        .orElseThrow(
            () ->
                new UsageException(
                    "--peaks must have a rate at which training does not diverge, "
                        + way.title()
                        + " does at every one: name lower rates"))
        .getKey();
  }

  /** Mean of the three; NaN of what diverged. */
  static double error(Found found) {
    double sum = 0;
    for (String name : List.of(FewLabelsTask.SGD, FewLabelsTask.SWA, FewLabelsTask.FAST_SWA)) {
      sum += found.error(name);
    }
    return sum / 3;
  }

  private Map<String, String> how(ImageData train, ImageData test) {
    Map<String, String> how = new LinkedHashMap<>();
    how.put("data", train.name());
    how.put("images", settings.unlabelled() + " without label, " + test.size() + " test images");
    how.put(
        "views",
        "moved by up to "
            + translate
            + " pixels, "
            + (flips() ? "half of them turned" : "not turned")
            + ", noise "
            + noise);
    how.put(
        "judged",
        "batch norm of all weights refreshed on up to "
            + refreshed
            + " images, with and without label in their natural share (labels alone: with"
            + " label only); curves on "
            + curveRows
            + " test images");
    how.put("validation", validation() + " labels, of " + middle() + " to train on");
    return how;
  }

  private final class Work {
    private final StudyRun run;
    private final ImageData train;
    private final ImageData test;
    private final List<Integer> seeds;
    private final String hashes;
    private final Progress progress;
    private final Normalisation normalisation;
    private final int total;
    private int done;

    Work(StudyRun run, ImageData train, ImageData test, List<Integer> seeds) {
      this.run = run;
      this.train = train;
      this.test = test;
      this.seeds = seeds;
      hashes = train.sha256() + " " + test.sha256();
      normalisation = Normalisation.of(train);
      int trainings = Way.values().length * labels.length * seeds.size();
      for (Way way : Way.values()) {
        trainings += settings.tries(way);
      }
      total = trainings;
      progress = run.progress("semi-supervised", total);
    }

    Map<Way, Map<Choice, Found>> tried() throws IOException {
      Map<Way, Map<Choice, Found>> tried = new EnumMap<>(Way.class);
      for (Way way : Way.values()) {
        Map<Choice, Found> of = new LinkedHashMap<>();
        tryAll(way, settings.rates(way), of);
        tryAll(way, settings.weights(way, best(way, of)), of);
        tried.put(way, of);
      }
      return tried;
    }

    private void tryAll(Way way, List<Choice> choices, Map<Choice, Found> tried)
        throws IOException {
      int seed = seeds.get(0);
      FewLabels images = FewLabels.draw(train, middle(), settings.unlabelled(), validation(), seed);
      for (Choice choice : choices) {
        String id =
            way.word()
                + "-peak-"
                + plain(choice.peak())
                + "-wave-"
                + plain(choice.wave())
                + "-weight-"
                + plain(choice.consistency());
        tried.put(choice, part(id, way, choice, images, images.validation(), seed));
      }
    }

    Map<Way, List<Found>> found(int count, Map<Way, Choice> chosen) throws IOException {
      Map<Way, List<Found>> found = new EnumMap<>(Way.class);
      for (int seed : seeds) {
        FewLabels images = FewLabels.draw(train, count, settings.unlabelled(), 0, seed);
        for (Way way : Way.values()) {
          String id = "labels-" + count + "-" + way.word() + "-seed-" + seed;
          found
              .computeIfAbsent(way, w -> new ArrayList<>())
              .add(part(id, way, chosen.get(way), images, test, seed));
        }
      }
      return found;
    }

    private Found part(
        String id, Way way, Choice choice, FewLabels images, ImageData judged, int seed)
        throws IOException {
      int before = done++;
      Views views = new Views(translate, flips(), noise, normalisation);
      FewLabelsTask.Plan plan =
          new FewLabelsTask.Plan(settings.epochs(), settings.collections(), curveRows, refreshed);
      Map<String, Object> described = settings.described(way, choice);
      described.put("data", hashes);
      described.put("labels", images.labelled().size());
      described.put("validation", images.validation().size());
      described.put("views", views.toString());
      described.put("curve-rows", curveRows);
      described.put("refreshed", refreshed);
      described.put("threads", threads);
      described.put("seed", seed);
      return run.part(
          id,
          described,
          Found.class,
          () ->
              new FewLabelsTask(images, views, settings.options(way, choice), plan)
                  .run(judged, seed, said -> progress.show(before, id + ", " + said)));
    }
  }

  /** Digits alone: 0.00075, not 7.5E-4, which is no name of a part. */
  private static String plain(double number) {
    return new BigDecimal(Double.toString(number)).toPlainString();
  }
}
