package io.github.swag4j.reports.gallery;

import io.github.swag4j.calibration.Interval;
import io.github.swag4j.calibration.Predictions;
import io.github.swag4j.calibration.comparison.Bootstrap;
import io.github.swag4j.calibration.comparison.Metric;
import io.github.swag4j.calibration.comparison.MetricInterval;
import io.github.swag4j.calibration.comparison.PairedComparison;
import io.github.swag4j.calibration.conformal.ConformalClassifier;
import io.github.swag4j.calibration.conformal.ConformalScore;
import io.github.swag4j.calibration.ood.DetectionCurve;
import io.github.swag4j.calibration.ood.OodScore;
import io.github.swag4j.calibration.posterior.SampleConvergence;
import io.github.swag4j.calibration.posterior.SampleMean;
import io.github.swag4j.calibration.recalibration.TemperatureScaling;
import io.github.swag4j.calibration.reliability.OverconfidenceCurve;
import io.github.swag4j.calibration.reliability.ReliabilityDiagram;
import io.github.swag4j.calibration.scores.ProperScores;
import io.github.swag4j.calibration.selection.ScaleSearch;
import io.github.swag4j.calibration.selective.RiskCoverageCurve;
import io.github.swag4j.reports.Chart;
import io.github.swag4j.reports.comparison.DifferenceChart;
import io.github.swag4j.reports.comparison.MethodChart;
import io.github.swag4j.reports.comparison.ShiftChart;
import io.github.swag4j.reports.detection.PrecisionRecallChart;
import io.github.swag4j.reports.detection.RocChart;
import io.github.swag4j.reports.detection.ScoreDistributionChart;
import io.github.swag4j.reports.detection.ScoreHistogramChart;
import io.github.swag4j.reports.monitoring.WindowChart;
import io.github.swag4j.reports.posterior.SampleCountChart;
import io.github.swag4j.reports.posterior.ScaleChart;
import io.github.swag4j.reports.posterior.SignalToNoiseChart;
import io.github.swag4j.reports.posterior.SpectrumChart;
import io.github.swag4j.reports.reliability.ClasswiseReliabilityChart;
import io.github.swag4j.reports.reliability.OverconfidenceChart;
import io.github.swag4j.reports.reliability.ReliabilityChart;
import io.github.swag4j.reports.reliability.ReliabilityComparisonChart;
import io.github.swag4j.reports.reliability.TemperatureChart;
import io.github.swag4j.reports.selection.AccuracyByUncertaintyChart;
import io.github.swag4j.reports.selection.ConformalChart;
import io.github.swag4j.reports.selection.RiskCoverageChart;
import io.github.swag4j.reports.selection.UncertaintyPartsChart;
import io.github.swag4j.reports.training.ScheduleChart;
import io.github.swag4j.reports.training.TrainingChart;
import java.io.IOException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.function.Function;
import java.util.stream.IntStream;

/** Every chart once, of made-up numbers that are always the same. */
final class Gallery {

  /** A chart of the gallery and what it is for. */
  record Picture(String file, Chart chart, String sentence) {}

  private final Map<String, Predictions> known = GalleryData.methods();
  private final Map<String, Predictions> unknown = GalleryData.unknown();
  private final List<Picture> pictures = new ArrayList<>();

  private Gallery() throws IOException {
    reliability();
    detection();
    selection();
    comparison();
    shift();
    posterior();
    training();
    pictures.addAll(GallerySurfaces.pictures());
  }

  static List<Picture> pictures() throws IOException {
    return new Gallery().pictures;
  }

  private void add(String file, Chart chart, String sentence) {
    pictures.add(new Picture(file, chart, sentence));
  }

  private void reliability() {
    Predictions sgd = known.get("SGD");
    add(
        "reliability",
        ReliabilityChart.of("SGD, test set", ReliabilityDiagram.of(sgd)).withCorpCurve(),
        "Is a confidence of 90 % right nine times in ten? With the band of calibrated models and the"
            + " CORP curve, which needs no bins.");
    add(
        "reliability-methods",
        ReliabilityComparisonChart.of("Three methods, test set", of(ReliabilityDiagram::of)),
        "The same of several methods.");
    add(
        "reliability-classes",
        ClasswiseReliabilityChart.of("SGD by class, test set", sgd),
        "The same class by class; of many classes the worst twelve.");
    add(
        "overconfidence",
        OverconfidenceChart.of("Three methods, test set", of(OverconfidenceCurve::of)),
        "The reliability curve of the SWAG paper: confidence minus accuracy on a stretched axis.");
    add(
        "temperature",
        TemperatureChart.of("SGD, validation set", sgd, TemperatureScaling.fit(sgd)),
        "What a temperature would mend, and how surely it is known.");
  }

  private void detection() {
    add(
        "score-histogram",
        ScoreHistogramChart.of(
            "SWAG, entropy: known against unknown",
            OodScore.entropy(),
            known.get("SWAG"),
            unknown.get("SWAG")),
        "How far a score sets known and unknown rows apart, with both thresholds of FPR95.");
    Map<String, double[]> entropies = new LinkedHashMap<>();
    unknown.forEach((name, p) -> entropies.put(name, OodScore.entropy().score(p)));
    add(
        "score-distribution",
        ScoreDistributionChart.of("Entropy of unknown rows", "Entropy (nats)", entropies),
        "How much of a score unknown rows have, method by method.");
    Map<String, DetectionCurve> curves = new LinkedHashMap<>();
    known.forEach(
        (name, p) -> curves.put(name, DetectionCurve.of(OodScore.entropy(), p, unknown.get(name))));
    add(
        "roc",
        RocChart.of("Unknown rows found by entropy", curves),
        "Unknown rows found against known rows called out, with AUROC and both points of FPR95.");
    add(
        "precision-recall",
        PrecisionRecallChart.of("Unknown rows found by entropy", curves),
        "The same as precision against recall.");
  }

  private void selection() {
    add(
        "risk-coverage",
        RiskCoverageChart.of("Three methods, test set", of(RiskCoverageCurve::of)),
        "The error rate that is left when the least confident rows are left out.");
    add(
        "accuracy-by-uncertainty",
        AccuracyByUncertaintyChart.of("Three methods, test set", OodScore.entropy(), known),
        "Accuracy of each tenth of the rows in the order of their uncertainty.");
    add(
        "uncertainty-parts",
        UncertaintyPartsChart.of("SWAG, test set", known.get("SWAG")),
        "What more data would not mend (aleatoric) against what it would (epistemic).");
    ConformalClassifier sets =
        ConformalClassifier.fit(
            rows(known.get("SWAG"), 0, 400),
            ConformalClassifier.Options.of(0.1, ConformalScore.aps()));
    add(
        "conformal",
        ConformalChart.of(
            "SWAG, APS sets at 90 %", sets.predict(rows(known.get("SWAG"), 400, 1000)), 0.9),
        "How large conformal sets are, and whether sets of each size keep the promise.");
  }

  private void comparison() {
    Bootstrap.Options options = Bootstrap.Options.defaults().withReplicates(200).withSeed(3);
    Map<String, MethodChart.Measured> methods = new LinkedHashMap<>();
    List<DifferenceChart.Row> differences = new ArrayList<>();
    Random seeds = new Random(8);
    known.forEach(
        (name, p) -> {
          MetricInterval nll = Bootstrap.of(Metric.nll(), p, options);
          double pValue = Double.NaN;
          if (!name.equals("SGD")) {
            PairedComparison against =
                PairedComparison.of(Metric.nll(), name, p, "SGD", known.get("SGD"), options);
            pValue = against.pValue();
            differences.add(
                new DifferenceChart.Row(
                    name + ", NLL",
                    against.difference(),
                    new Interval(against.lower(), against.upper()),
                    true));
          }
          List<Double> single =
              IntStream.range(0, 5)
                  .mapToObj(seed -> nll.estimate() + 0.012 * seeds.nextGaussian())
                  .toList();
          methods.put(
              name,
              new MethodChart.Measured(
                  nll.estimate(), new Interval(nll.lower(), nll.upper()), pValue, single));
        });
    add(
        "methods",
        MethodChart.of(
            "Three methods, test set",
            "Negative log-likelihood (nats)",
            "95 % interval over rows",
            methods),
        "A metric of several methods with intervals, seeds and significance.");
    add(
        "differences",
        DifferenceChart.of("Against SGD, test set", "SGD", differences),
        "Paired differences to one method, better to the right.");
  }

  private void shift() {
    List<ShiftChart.Point> points = new ArrayList<>();
    Random random = new Random(9);
    for (int method = 0; method < 3; method++) {
      double honesty = 1 - 0.3 * method;
      for (int strength = 0; strength <= 5; strength++) {
        for (int corruption = 0; corruption < (strength == 0 ? 1 : 6); corruption++) {
          double worse = strength * (0.03 + 0.012 * corruption + 0.01 * random.nextDouble());
          points.add(
              new ShiftChart.Point(
                  List.of("SGD", "SWA", "SWAG").get(method),
                  "corruption " + corruption,
                  strength,
                  0.91 + 0.005 * method - worse,
                  0.35 - 0.02 * method + (2 + 3 * honesty) * worse,
                  0.05 * honesty + 0.6 * honesty * worse));
        }
      }
    }
    add(
        "shift",
        ShiftChart.of("Test set made worse", points),
        "Accuracy and honesty as data move away from those trained on.");
  }

  private void posterior() throws IOException {
    Map<String, SampleConvergence> curves = new LinkedHashMap<>();
    curves.put(
        "SWAG",
        SampleConvergence.of(
            known.get("SWAG"), SampleMean.PROBABILITIES, "NLL", p -> ProperScores.of(p).nll()));
    add(
        "sample-count",
        SampleCountChart.of("SWAG, test set", "Negative log-likelihood (nats)", curves),
        "How many posterior samples are enough.");
    add(
        "scale",
        ScaleChart.of("SWAG, validation set", ScaleSearch.run(grid(), Gallery::scaled)),
        "How the scale of a posterior was chosen.");
    Map<String, double[]> spectra = new LinkedHashMap<>();
    spectra.put("SWAG", IntStream.range(0, 20).mapToDouble(i -> 3 * Math.pow(0.72, i)).toArray());
    spectra.put("multi-SWAG", IntStream.range(0, 20).mapToDouble(i -> 2.0 / (1 + i)).toArray());
    add(
        "spectrum",
        SpectrumChart.of("Deviations of 20 epochs", spectra),
        "Along how many directions the collected weights really differ.");
    add(
        "signal-to-noise",
        SignalToNoiseChart.of("SWAG, cnn", layers()),
        "Which layers' weights the posterior knows.");
  }

  private void training() {
    List<TrainingChart.Epoch> epochs = new ArrayList<>();
    Random random = new Random(4);
    for (int e = 0; e < 30; e++) {
      double rate = rate(e);
      epochs.add(
          new TrainingChart.Epoch(
              0.25 + 1.8 * Math.exp(-e / 4.0) + 0.02 * random.nextDouble(),
              0.91 - 0.35 * Math.exp(-e / 3.0) + 0.01 * random.nextDouble(),
              rate));
    }
    add(
        "training",
        TrainingChart.of("cnn, SWA from epoch 15", epochs).averagingAfter(15),
        "Loss, accuracy and learning rate of a run, the averaged epochs shaded.");
    add(
        "schedule",
        ScheduleChart.of("SWA, 30 epochs", "Epoch", 30, Gallery::rate)
            .averagingAfter(15)
            .collectedAt(IntStream.rangeClosed(16, 30).asDoubleStream().toArray()),
        "A learning-rate schedule with the moments at which weights are collected.");
    List<WindowChart.Window> windows = new ArrayList<>();
    for (int w = 0; w < 8; w++) {
      double accuracy = w < 5 ? 0.91 : 0.84;
      windows.add(
          new WindowChart.Window(
              "week " + (w + 1),
              400,
              new WindowChart.Measured(accuracy, new Interval(accuracy - 0.03, accuracy + 0.025)),
              new WindowChart.Measured(0.92, Interval.UNKNOWN),
              new WindowChart.Measured(w < 5 ? 0.29 : 0.52, Interval.UNKNOWN)));
    }
    add(
        "windows",
        WindowChart.of("Served predictions by week", 0.95, windows).changedBefore(5),
        "Accuracy, confidence and loss over time, with a change marked.");
  }

  private static double rate(double epoch) {
    return epoch < 10 ? 0.05 : epoch < 15 ? 0.05 - 0.008 * (epoch - 10) : 0.01;
  }

  private static List<SignalToNoiseChart.Layer> layers() {
    Random random = new Random(6);
    List<SignalToNoiseChart.Layer> layers = new ArrayList<>();
    List<String> names =
        List.of("conv1.weight", "conv2.weight", "conv3.weight", "fc1.weight", "fc2.weight");
    for (int l = 0; l < names.size(); l++) {
      float[] mean = new float[500];
      float[] deviation = new float[500];
      for (int i = 0; i < mean.length; i++) {
        mean[i] = (float) random.nextGaussian();
        deviation[i] = (float) (0.05 * (l + 1) * (l + 1) * (0.5 + random.nextDouble()));
      }
      layers.add(SignalToNoiseChart.Layer.of(names.get(l), mean, deviation));
    }
    return layers;
  }

  private static ScaleSearch.Options grid() {
    return ScaleSearch.Options.defaults().withGrid(0, 0.125, 0.25, 0.5, 1, 2);
  }

  private static Predictions scaled(double scale) {
    Random random = new Random(5);
    double[][] logits = new double[600][3];
    int[] labels = new int[600];
    for (int r = 0; r < labels.length; r++) {
      labels[r] = random.nextInt(3);
      for (int k = 0; k < 3; k++) {
        double right = (k == labels[r] ? 1.2 : 0) + random.nextGaussian();
        logits[r][k] = 2 * (right + 1.5 * (Math.sqrt(scale) - 0.7) * random.nextGaussian());
      }
    }
    return Predictions.ofLogits(logits, labels);
  }

  private static Predictions rows(Predictions p, int from, int to) {
    return p.select(IntStream.range(from, to).toArray());
  }

  private <T> Map<String, T> of(Function<Predictions, T> make) {
    Map<String, T> result = new LinkedHashMap<>();
    known.forEach((name, p) -> result.put(name, make.apply(p)));
    return result;
  }
}
