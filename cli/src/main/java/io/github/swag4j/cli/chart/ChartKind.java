package io.github.swag4j.cli.chart;

import io.github.swag4j.calibration.Predictions;
import io.github.swag4j.calibration.ood.DetectionCurve;
import io.github.swag4j.calibration.posterior.SampleConvergence;
import io.github.swag4j.calibration.posterior.SampleMean;
import io.github.swag4j.calibration.recalibration.TemperatureScaling;
import io.github.swag4j.calibration.reliability.OverconfidenceCurve;
import io.github.swag4j.calibration.reliability.ReliabilityDiagram;
import io.github.swag4j.calibration.selective.SelectivePrediction;
import io.github.swag4j.reports.Chart;
import io.github.swag4j.reports.detection.PrecisionRecallChart;
import io.github.swag4j.reports.detection.RocChart;
import io.github.swag4j.reports.detection.ScoreDistributionChart;
import io.github.swag4j.reports.detection.ScoreHistogramChart;
import io.github.swag4j.reports.posterior.SampleCountChart;
import io.github.swag4j.reports.reliability.ClasswiseReliabilityChart;
import io.github.swag4j.reports.reliability.OverconfidenceChart;
import io.github.swag4j.reports.reliability.ReliabilityChart;
import io.github.swag4j.reports.reliability.ReliabilityComparisonChart;
import io.github.swag4j.reports.reliability.TemperatureChart;
import io.github.swag4j.reports.selection.AccuracyByUncertaintyChart;
import io.github.swag4j.reports.selection.RiskCoverageChart;
import io.github.swag4j.reports.selection.UncertaintyPartsChart;
import java.io.IOException;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.function.BiFunction;

/** The kinds of charts that the program draws of files. */
public enum ChartKind {
  RELIABILITY(Needs.ONE, "reliability diagram; --corp adds the curve without bins") {
    @Override
    public Chart of(ChartInput in) {
      ReliabilityChart chart =
          ReliabilityChart.of(in.title(), ReliabilityDiagram.of(in.only(), in.bins()));
      return in.corp() ? chart.withCorpCurve() : chart;
    }
  },
  RELIABILITY_METHODS(Needs.SEVERAL, "reliability of several files on shared axes") {
    @Override
    public Chart of(ChartInput in) {
      return ReliabilityComparisonChart.of(
          in.title(), each(in, (name, p) -> ReliabilityDiagram.of(p, in.bins())));
    }
  },
  RELIABILITY_CLASSES(Needs.ONE, "reliability class by class, the worst 12 of many") {
    @Override
    public Chart of(ChartInput in) {
      return ClasswiseReliabilityChart.of(in.title(), in.only(), in.bins());
    }
  },
  OVERCONFIDENCE(Needs.SEVERAL, "confidence minus accuracy as the SWAG paper draws it") {
    @Override
    public Chart of(ChartInput in) {
      return OverconfidenceChart.of(in.title(), each(in, (name, p) -> OverconfidenceCurve.of(p)));
    }
  },
  TEMPERATURE(Needs.ONE, "NLL and ECE against temperature, optimum and interval") {
    @Override
    public Chart of(ChartInput in) {
      TemperatureScaling fit = TemperatureScaling.fit(in.fitting().orElse(in.only()));
      return TemperatureChart.of(in.title(), in.only(), fit, in.bins());
    }
  },
  RISK_COVERAGE(Needs.SEVERAL, "error rate of rows answered, with oracle and random") {
    @Override
    public Chart of(ChartInput in) {
      return RiskCoverageChart.of(
          in.title(), each(in, (name, p) -> SelectivePrediction.of(p, in.score()).curve()));
    }
  },
  DECILES(Needs.SEVERAL, "accuracy of each tenth of the rows in order of --score") {
    @Override
    public Chart of(ChartInput in) {
      return AccuracyByUncertaintyChart.of(in.title(), in.score(), in.methods());
    }
  },
  UNCERTAINTY(Needs.ONE, "aleatoric against epistemic; needs expected_entropy") {
    @Override
    public Chart of(ChartInput in) {
      return UncertaintyPartsChart.of(in.title(), in.only());
    }
  },
  CONFORMAL(Needs.FITTED, "set sizes and coverage, fitted on --fit, with --alpha") {
    @Override
    public Chart of(ChartInput in) {
      return FittedCharts.conformal(in);
    }
  },
  SAMPLES(Needs.SEVERAL, "--metric against the number of samples; needs samples") {
    @Override
    public Chart of(ChartInput in) throws IOException {
      for (Map.Entry<String, Predictions> file : in.methods().entrySet()) {
        if (file.getValue().samples() < 2) {
          throw new IOException(
              file.getKey()
                  + ": must have two posterior samples or more, got "
                  + file.getValue().samples()
                  + ": 'predict --keep-samples' keeps a run's, 'samples' is their array in .npz");
        }
      }
      return SampleCountChart.of(
          in.title(),
          in.metricTitle(),
          each(
              in,
              (name, p) ->
                  SampleConvergence.of(
                      p, SampleMean.PROBABILITIES, in.metric().name(), in.metric()::of)));
    }
  },
  METHODS(Needs.SEVERAL, "--metric of several files with intervals and p-values") {
    @Override
    public Chart of(ChartInput in) {
      return FittedCharts.methods(in);
    }
  },
  DIFFERENCES(Needs.TWO, "paired differences of --metric to the first file") {
    @Override
    public Chart of(ChartInput in) {
      return FittedCharts.differences(in);
    }
  },
  SCORES(Needs.UNKNOWN, "--score of known and unknown rows, with thresholds") {
    @Override
    public Chart of(ChartInput in) {
      return ScoreHistogramChart.of(
          in.title(), in.score(), in.only(), in.unknown().values().iterator().next());
    }
  },
  DISTRIBUTIONS(Needs.SEVERAL, "distribution functions of --score, one line a file") {
    @Override
    public Chart of(ChartInput in) {
      return ScoreDistributionChart.of(
          in.title(), in.score().name(), each(in, (name, p) -> in.score().score(p)));
    }
  },
  ROC(Needs.UNKNOWN, "unknown rows found against known called out, by --score") {
    @Override
    public Chart of(ChartInput in) {
      return RocChart.of(in.title(), curves(in));
    }
  },
  PRECISION_RECALL(Needs.UNKNOWN, "precision against recall of unknown rows, by --score") {
    @Override
    public Chart of(ChartInput in) {
      return PrecisionRecallChart.of(in.title(), curves(in));
    }
  },
  SPECTRUM(Needs.POSTERIORS, "spectrum of the deviations of posteriors") {
    @Override
    public Chart of(ChartInput in) throws IOException {
      return PosteriorCharts.spectrum(in.title(), in.others());
    }
  },
  SIGNAL_TO_NOISE(Needs.POSTERIORS, "signal to noise of a posterior, layer by layer") {
    @Override
    public Chart of(ChartInput in) throws IOException {
      return PosteriorCharts.signalToNoise(in.title(), in.other());
    }
  },
  TRAINING(Needs.RUN, "loss, accuracy and rate of a run by epoch; --course") {
    @Override
    public Chart of(ChartInput in) throws IOException {
      return RunCharts.training(in.title(), in.other(), in.course());
    }
  },
  SCHEDULE(Needs.RUN, "learning rate of a run, collections marked; --course") {
    @Override
    public Chart of(ChartInput in) throws IOException {
      return RunCharts.schedule(in.title(), in.other(), in.course());
    }
  },
  SCALE(Needs.PART, "NLL by scale of the posterior, of run/scale.json") {
    @Override
    public Chart of(ChartInput in) throws IOException {
      return RunCharts.scale(in.title(), in.other());
    }
  },
  SHIFT(Needs.PART, "accuracy, NLL and ECE by strength, of run/shift/shift.csv") {
    @Override
    public Chart of(ChartInput in) throws IOException {
      return RunCharts.shift(in.title(), in.other());
    }
  };

  /** What files a kind takes. */
  public enum Needs {
    /** One file of labelled predictions. */
    ONE,
    /** One file or more. */
    SEVERAL,
    /** Two files or more. */
    TWO,
    /** One file, and another to fit on. */
    FITTED,
    /** Files of known rows, and as many or one of unknown rows. */
    UNKNOWN,
    /** Posterior files. */
    POSTERIORS,
    /** The directory of one finished run. */
    RUN,
    /** A file that a command has written into a run, or the run it is in. */
    PART;

    /** Whether a kind reads its files itself: they are no predictions. */
    public boolean isOther() {
      return this == POSTERIORS || this == RUN || this == PART;
    }
  }

  private final Needs needs;
  private final String words;

  ChartKind(Needs needs, String words) {
    this.needs = needs;
    this.words = words;
  }

  /** Draws the kind, of what it needs. */
  public abstract Chart of(ChartInput input) throws IOException;

  /** What files it takes. */
  public Needs needs() {
    return needs;
  }

  /** Whether it is of one file alone. */
  public boolean ofOneFile() {
    return needs == Needs.ONE
        || needs == Needs.FITTED
        || needs == Needs.RUN
        || needs == Needs.PART
        || this == SCORES
        || this == SIGNAL_TO_NOISE;
  }

  /** Whether it says itself what it is of, unless it is given a title. */
  public boolean hasOwnTitle() {
    return needs == Needs.RUN || this == SCALE;
  }

  /** Whether rows need no labels. */
  public boolean withoutLabels() {
    return needs == Needs.UNKNOWN || this == DISTRIBUTIONS || this == UNCERTAINTY;
  }

  /** What it shows, in a line of 57 letters at most: the help breaks longer ones. */
  public String words() {
    return words;
  }

  /** What is typed for it. */
  public String word() {
    return name().toLowerCase(Locale.ROOT).replace('_', '-');
  }

  /** The kind that a word means, if one does. */
  public static Optional<ChartKind> named(String word) {
    return Arrays.stream(values()).filter(kind -> kind.word().equals(word)).findFirst();
  }

  /** All words. */
  public static List<String> allWords() {
    return Arrays.stream(values()).map(ChartKind::word).toList();
  }

  private static <T> Map<String, T> each(ChartInput in, BiFunction<String, Predictions, T> make) {
    Map<String, T> made = new LinkedHashMap<>();
    in.methods().forEach((name, p) -> made.put(name, make.apply(name, p)));
    return made;
  }

  /** One curve a file of known rows, each with the unknown rows of its place or of the one file. */
  private static Map<String, DetectionCurve> curves(ChartInput in) {
    var unknown = List.copyOf(in.unknown().values());
    Map<String, DetectionCurve> curves = new LinkedHashMap<>();
    in.methods()
        .forEach(
            (name, p) ->
                curves.put(
                    name,
                    DetectionCurve.of(
                        in.score(), p, unknown.get(Math.min(curves.size(), unknown.size() - 1)))));
    return curves;
  }
}
