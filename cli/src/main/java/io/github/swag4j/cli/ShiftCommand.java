package io.github.swag4j.cli;

import io.github.swag4j.cli.data.Datasets;
import io.github.swag4j.cli.page.ShiftNumbers;
import io.github.swag4j.cli.run.Experiment;
import io.github.swag4j.cli.run.LaplaceStore;
import io.github.swag4j.cli.run.Method;
import io.github.swag4j.cli.run.MethodPosteriors;
import io.github.swag4j.cli.run.Results;
import io.github.swag4j.cli.run.RunConfig;
import io.github.swag4j.cli.run.RunDescription;
import io.github.swag4j.cli.run.RunDirectory;
import io.github.swag4j.cli.run.RunImages;
import io.github.swag4j.cli.run.StoredStatistics;
import io.github.swag4j.cli.run.TorchEngine;
import io.github.swag4j.cli.run.UsageException;
import io.github.swag4j.swag.WeightPosterior;
import io.github.swag4j.vision.corruption.Corruption;
import io.github.swag4j.vision.data.ImageData;
import io.github.swag4j.vision.data.Split;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** How accuracy and calibration of a run's methods fall as its test images are made worse. */
@Command(
    name = "shift",
    mixinStandardHelpOptions = true,
    versionProvider = Version.class,
    sortOptions = false,
    description = {
      "Predict the test images of a finished run made worse, and judge the predictions.",
      "",
      "Corruptions are noise, blur, light, fog, pixelation and the loss of JPEG, each at five"
          + " strengths, after the idea of Hendrycks and Dietterich 2019 (CIFAR-10-C) with formulas"
          + " of our own: numbers are not those of their files. Written are RUN/shift/shift.csv, a"
          + " row for each method, corruption and strength, and strength 0 of the images as they"
          + " are, and shift.svg, accuracy, NLL and ECE against strength; shown are means over the"
          + " corruptions."
    },
    footer = {
      "",
      "Examples",
      "  swag4j shift run",
      "  swag4j shift run --corruption gaussian-noise,jpeg --method sgd,swag",
      "  swag4j shift run --rows 1000 --json",
      "  swag4j chart shift run/shift/shift.csv -o shift.pdf"
    })
final class ShiftCommand implements Callable<Integer> {
  @Spec private CommandSpec spec;

  @Parameters(paramLabel = "RUN", description = "Directory of a finished run.")
  private Path path;

  @Option(
      names = "--corruption",
      paramLabel = "NAME",
      split = ",",
      description =
          "all, or any of gaussian-noise, shot-noise, impulse-noise, speckle-noise, gaussian-blur,"
              + " defocus-blur, motion-blur, brightness, darkness, contrast, fog, pixelate, jpeg,"
              + " with commas between (default: all).")
  private List<String> corruptions = List.of("all");

  @Option(
      names = "--method",
      paramLabel = "M",
      split = ",",
      description = "Methods of the run, with commas between (default: all it has).")
  private List<String> methods = List.of();

  @Option(
      names = "--rows",
      paramLabel = "N",
      description =
          "Only N of the test images, the classes in proportion, drawn by the run's seed (default:"
              + " all).")
  private Integer rows;

  @Option(
      names = "--data-dir",
      paramLabel = "DIR",
      description = "Where the run's data are, if they have moved.")
  private Path dataDir;

  @Option(names = "--out", paramLabel = "DIR", description = "Where to write (default: RUN/shift).")
  private Path out;

  @Option(names = "--json", description = "Print the numbers as one JSON object.")
  private boolean json;

  @Override
  public Integer call() throws Exception {
    List<Corruption> wanted = corruptions();
    if (rows != null && rows < 1) {
      throw new UsageException("--rows must be at least 1, got " + rows);
    }
    RunDirectory run = RunDirectory.open(path);
    RunDescription description = RunDescription.read(run);
    RunConfig config = description.config();
    List<Method> asked = methods.isEmpty() ? config.methods().list() : Method.named(methods);
    ImageData test = test(description);
    MethodPosteriors.requireTrained(run, config, asked);
    PrintWriter err = spec.commandLine().getErr();
    TorchEngine.start(config.threads(), err);
    ShiftNumbers numbers;
    try (Experiment experiment = new Experiment(config, description.input(), run.model())) {
      numbers = judged(experiment, run, description, test, asked, wanted);
    }
    Path folder = out == null ? run.path().resolve("shift") : out;
    Files.createDirectories(folder);
    Path file = folder.resolve("shift.csv");
    numbers.write(file);
    Path chart = folder.resolve("shift.svg");
    numbers.chart(description.modelName() + " on " + test.name() + " made worse").write(chart);
    PrintWriter to = spec.commandLine().getOut();
    if (json) {
      to.println(numbers.json(test.name()));
    } else {
      to.println(
          "Means over "
              + (wanted.size() == 1 ? wanted.get(0).id() : wanted.size() + " corruptions")
              + " of "
              + test
              + ", by strength (0: as they are).");
      to.println();
      to.print(numbers.byStrength().toText());
      to.println();
      to.println("Every corruption: " + file.toAbsolutePath().normalize());
      to.println("Chart: " + chart.toAbsolutePath().normalize());
    }
    return 0;
  }

  private List<Corruption> corruptions() {
    if (corruptions.equals(List.of("all"))) {
      return List.of(Corruption.values());
    }
    List<Corruption> found = new ArrayList<>();
    for (String name : corruptions) {
      Corruption corruption =
          Corruption.named(name)
              .orElseThrow(
                  () ->
                      new UsageException(
                          "--corruption must be all or some of "
                              + String.join(", ", Corruption.ids())
                              + ", got "
                              + name));
      if (!found.contains(corruption)) {
        found.add(corruption);
      }
    }
    return found;
  }

  private ImageData test(RunDescription description) throws IOException {
    RunConfig.Data data = description.config().data();
    ImageData test =
        Datasets.ofThisMachine()
            .load(
                data.name(),
                Split.TEST,
                dataDir == null ? data.path() : Optional.of(dataDir),
                data.conversion());
    description.data().get("test").requireSame(test, "test");
    RunImages.requireLabels(test);
    if (!test.isLevels() || test.imageSize().isFeatures()) {
      throw new IOException(
          "data set "
              + test.name()
              + " must be images of levels from 0 to 255 to be made worse, got "
              + (test.isLevels() ? test.imageSize() : "floats")
              + ": train on uint8 images");
    }
    return rows == null ? test : RunImages.some(test, rows, description.config().seed());
  }

  private ShiftNumbers judged(
      Experiment experiment,
      RunDirectory run,
      RunDescription description,
      ImageData test,
      List<Method> asked,
      List<Corruption> wanted)
      throws IOException {
    RunConfig config = description.config();
    MethodPosteriors weights =
        MethodPosteriors.read(run, description, asked, experiment.weights().layout());
    int samples = config.prediction().samples();
    StoredStatistics statistics = new StoredStatistics(run, experiment.statistics().layout());
    statistics.read(weights, asked, samples, config.methods().members());
    LaplaceStore stored = new LaplaceStore(run, description);
    for (Method method : asked) {
      if (!statistics.have(List.of(method)) || method.isLaplace() && !stored.has(method)) {
        throw new UsageException(
            "--method "
                + method.id()
                + " was not predicted with when the run was made, so that what it needs is not"
                + " stored: train a run with --method "
                + method.id());
      }
    }
    Map<Method, WeightPosterior> posteriors =
        weights.of(asked, (method, sgd) -> stored.read(method, experiment.weights().layout()));
    ShiftNumbers numbers = new ShiftNumbers();
    add(
        numbers,
        predicted(experiment, posteriors, samples, statistics, Map.of(test.name(), test)),
        ShiftNumbers.NONE,
        Map.of(test.name(), 0));
    for (Corruption corruption : wanted) {
      // Five sets at a time: all of them would be many times the test images.
      Map<String, ImageData> worse = new LinkedHashMap<>();
      Map<String, Integer> strengths = new LinkedHashMap<>();
      for (int strength = 1; strength <= Corruption.STRENGTHS; strength++) {
        ImageData made = corruption.apply(test, strength, config.seed());
        worse.put(made.name(), made);
        strengths.put(made.name(), strength);
      }
      add(
          numbers,
          predicted(experiment, posteriors, samples, statistics, worse),
          corruption.id(),
          strengths);
    }
    return numbers;
  }

  private Results predicted(
      Experiment experiment,
      Map<Method, WeightPosterior> posteriors,
      int samples,
      StoredStatistics statistics,
      Map<String, ImageData> sets)
      throws IOException {
    return experiment.predict(
        posteriors,
        samples,
        statistics,
        sets.keySet().iterator().next(),
        sets,
        Map.of(),
        new LinkedHashMap<>(),
        spec.commandLine().getErr());
  }

  private static void add(
      ShiftNumbers numbers, Results results, String corruption, Map<String, Integer> strengths) {
    for (Method method : results.methods()) {
      strengths.forEach(
          (set, strength) ->
              numbers.add(method.title(), corruption, strength, results.of(method).get(set)));
    }
  }
}
