package io.github.swag4j.studies.semisupervised;

import ai.djl.nn.Block;
import io.github.swag4j.calibration.Predictions;
import io.github.swag4j.calibration.error.CalibrationError;
import io.github.swag4j.calibration.scores.ProperScores;
import io.github.swag4j.cli.run.RunImages;
import io.github.swag4j.studies.semisupervised.djl.ConsistencyTraining;
import io.github.swag4j.studies.semisupervised.djl.ConsistencyTraining.Method;
import io.github.swag4j.studies.semisupervised.djl.DivergedException;
import io.github.swag4j.studies.semisupervised.djl.JudgedWeights;
import io.github.swag4j.studies.semisupervised.djl.SmallNetwork;
import io.github.swag4j.studies.semisupervised.images.FewLabels;
import io.github.swag4j.studies.semisupervised.images.Views;
import io.github.swag4j.swa.AveragingPlan;
import io.github.swag4j.swa.WeightAverage;
import io.github.swag4j.swa.djl.NotFiniteException;
import io.github.swag4j.swa.schedule.CosineCycles;
import io.github.swag4j.swa.weights.WeightSource;
import io.github.swag4j.swa.weights.Weights;
import io.github.swag4j.vision.data.ImageData;
import java.io.IOException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import java.util.function.Supplier;

/**
 * One training, from which SWA and fast-SWA both collect: no average acts in it, so all results of
 * a method and seed are of the same iterates.
 */
final class FewLabelsTask {
  /** Version of what the code finds. */
  static final int VERSION = 3;

  static final String SGD = "SGD";
  static final String TEACHER = "teacher";
  static final String SWA = "SWA";
  static final String FAST_SWA = "fast-SWA";

  /** All that is judged of a training, the teacher where it has one. */
  static final List<String> JUDGED = List.of(SGD, TEACHER, SWA, FAST_SWA);

  /**
   * How long and how often.
   *
   * @param epochs in all
   * @param collections of fast-SWA in a cycle
   * @param curveRows rows that curves are judged by, the classes in proportion
   * @param refreshed images that batch norm is refreshed on, at most
   */
  record Plan(int epochs, int collections, int curveRows, int refreshed) {}

  /**
   * What weights predict.
   *
   * @param error share of wrong classes, in [0, 1]
   * @param nll in nats
   * @param ece expected calibration error of 15 equal bins
   */
  record Measured(double error, double nll, double ece) {
    static Measured of(Predictions predictions) {
      ProperScores scores = ProperScores.of(predictions);
      return new Measured(
          1 - scores.accuracy(), scores.nll(), CalibrationError.of(predictions).ece());
    }
  }

  /**
   * What a training found.
   *
   * @param diverged whether it came to what is no number: then nothing else is known
   * @param last what each predicts at the end, on all rows it is judged by
   * @param curves error of each after epochs, on some rows; those of averages begin later and end
   *     with the last epoch as all do
   */
  record Found(boolean diverged, Map<String, Measured> last, Map<String, List<Double>> curves) {
    static final Found DIVERGED = new Found(true, Map.of(), Map.of());

    /** Error of weights at the end, NaN of what diverged. */
    double error(String weights) {
      return diverged ? Double.NaN : last.get(weights).error();
    }

    /** Those that came to an end. */
    static List<Found> finite(List<Found> seeds) {
      return seeds.stream().filter(found -> !found.diverged()).toList();
    }
  }

  private final FewLabels images;
  private final Views views;
  private final ConsistencyTraining.Options options;
  private final Plan plan;

  FewLabelsTask(FewLabels images, Views views, ConsistencyTraining.Options options, Plan plan) {
    this.images = images;
    this.views = views;
    this.options = options;
    this.plan = plan;
  }

  /** Trains and judges; says after each epoch what it is doing. */
  Found run(ImageData judged, long seed, Consumer<String> said) throws IOException {
    try {
      return finite(judged, seed, said);
    } catch (DivergedException | NotFiniteException e) {
      said.accept("diverged");
      return Found.DIVERGED;
    }
  }

  private Found finite(ImageData judged, long seed, Consumer<String> said) throws IOException {
    int classes = images.labelled().classes();
    Supplier<Block> network = () -> SmallNetwork.of(classes);
    ImageData few = RunImages.some(judged, plan.curveRows(), 0);
    try (ConsistencyTraining training =
            new ConsistencyTraining(network, images, views, options, seed);
        JudgedWeights judge =
            new JudgedWeights(network, images, views, plan.refreshed(), options.hasUnlabelled())) {
      int steps = training.stepsPerEpoch();
      Map<String, WeightAverage> averages = averages(steps);
      Map<String, List<Double>> curves = new LinkedHashMap<>();
      collect(averages, training);
      for (int epoch = 1; epoch <= plan.epochs(); epoch++) {
        for (int s = 0; s < steps; s++) {
          training.step();
          collect(averages, training);
        }
        for (Map.Entry<String, WeightSource> each : judged(training, averages).entrySet()) {
          double error = Measured.of(judge.predict(each.getValue(), few)).error();
          curves.computeIfAbsent(each.getKey(), name -> new ArrayList<>()).add(error);
        }
        said.accept("epoch " + epoch + " of " + plan.epochs());
      }
      Map<String, Measured> last = new LinkedHashMap<>();
      for (Map.Entry<String, WeightSource> each : judged(training, averages).entrySet()) {
        last.put(each.getKey(), Measured.of(judge.predict(each.getValue(), judged)));
      }
      return new Found(false, last, curves);
    }
  }

  private Map<String, WeightAverage> averages(int steps) {
    CosineCycles rates = options.rates().stretched(steps);
    long every = Math.round(rates.cycle() / plan.collections());
    Map<String, WeightAverage> out = new LinkedHashMap<>();
    out.put(SWA, WeightAverage.uniform(rates.swaPlan(AveragingPlan.Unit.STEP)));
    out.put(FAST_SWA, WeightAverage.uniform(rates.fastSwaPlan(AveragingPlan.Unit.STEP, every)));
    return out;
  }

  private static void collect(Map<String, WeightAverage> averages, ConsistencyTraining training) {
    for (WeightAverage average : averages.values()) {
      if (average.plan().collectsAfter(training.steps())) {
        average.collect(training.student());
      }
    }
  }

  private Map<String, WeightSource> judged(
      ConsistencyTraining training, Map<String, WeightAverage> averages) {
    Map<String, WeightSource> out = new LinkedHashMap<>();
    Weights student = training.student().capture();
    out.put(SGD, student);
    if (options.method() == Method.MEAN_TEACHER) {
      out.put(TEACHER, training.teacher());
    }
    averages.forEach(
        (name, average) -> {
          if (average.count() > 0) {
            out.put(name, average.average());
          }
        });
    return out;
  }
}
