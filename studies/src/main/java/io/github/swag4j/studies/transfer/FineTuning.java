package io.github.swag4j.studies.transfer;

import io.github.swag4j.studies.transfer.Learner.Steps;
import io.github.swag4j.studies.transfer.Learner.Stretch;
import io.github.swag4j.swa.AveragingPlan;
import io.github.swag4j.swa.WeightAverage;
import io.github.swag4j.swa.schedule.LearningRateSchedule;
import io.github.swag4j.swa.state.TrainingState;
import io.github.swag4j.swa.weights.Weights;
import io.github.swag4j.swag.SwagCollector;
import io.github.swag4j.swag.SwagPosterior;
import io.github.swag4j.vision.ImageBatches;
import java.io.IOException;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.IntConsumer;

/**
 * Trains a network on the rows of the target: half of the epochs at a constant rate, and from there
 * in two ways, with a rate that falls to a hundredth (SGD), and with a constant one, weights being
 * averaged (SWA and SWAG).
 */
final class FineTuning {

  /**
   * How it is done.
   *
   * @param epochs of each way
   * @param rate learning rate of the first half
   * @param averagedRate constant rate while weights are averaged
   * @param collections weights that are collected in an epoch
   * @param steps how steps are made
   */
  record Settings(int epochs, double rate, double averagedRate, int collections, Steps steps) {

    int start() {
      return epochs / 2;
    }
  }

  /**
   * How posteriors predict.
   *
   * @param rank columns of the low-rank part
   * @param scale factor of the covariance
   * @param samples in an average of predictions
   */
  record Sampling(int rank, double scale, int samples) {}

  /**
   * Test numbers of each way.
   *
   * @param sgd of the last weights of SGD
   * @param swa of the average
   * @param swag of SWAG on all layers
   * @param lastLayer of SWAG on the last layer, the others at the mean
   * @param collected weights in the average
   */
  record Found(Judged sgd, Judged swa, Judged swag, Judged lastLayer, long collected) {

    /** By the names that tables have. */
    Map<String, Judged> byName() {
      Map<String, Judged> named = new LinkedHashMap<>();
      named.put("SGD", sgd);
      named.put("SWA", swa);
      named.put("SWAG", swag);
      named.put("SWAG, last layer", lastLayer);
      return named;
    }
  }

  private final Learner learner;
  private final ImageBatches rows;
  private final Judge judge;
  private final Settings settings;

  /**
   * A training to come.
   *
   * @param learner the network, which begins as it is
   * @param rows what it is trained on
   * @param judge of that training
   */
  FineTuning(Learner learner, ImageBatches rows, Judge judge, Settings settings) {
    this.learner = learner;
    this.rows = rows;
    this.judge = judge;
    this.settings = settings;
  }

  /** Plain SGD from the network as it is; the last weights. */
  Weights plain(IntConsumer finished) {
    learner.train(
        rows, settings.steps(), new Stretch(falling(), 0, settings.epochs()), null, finished);
    return learner.weights().capture();
  }

  private LearningRateSchedule falling() {
    return SourceNetwork.falling(settings.rate(), settings.epochs());
  }

  /** What the average scores on held-out rows at each of some rates of averaging. */
  Map<String, Judge.Score> averages(List<Double> rates, IntConsumer finished) throws IOException {
    TrainingState half = firstHalf(finished);
    Map<String, Judge.Score> scores = new LinkedHashMap<>();
    for (double rate : rates) {
      WeightAverage average = WeightAverage.uniform(plan());
      scores.put(
          Double.toString(rate),
          Judge.Score.unlessDiverged(
              () -> {
                learner.train(rows, settings.steps(), averaged(rate), half, finished, average);
                return judge.score(learner, average.average());
              }));
    }
    return scores;
  }

  /** All ways. */
  Found run(Sampling sampling, IntConsumer finished) throws IOException {
    TrainingState half = firstHalf(finished);
    WeightAverage average = WeightAverage.uniform(plan());
    SwagCollector moments =
        new SwagCollector(plan(), SwagPosterior.Options.defaults().withRank(sampling.rank()));
    learner.train(
        rows,
        settings.steps(),
        averaged(settings.averagedRate()),
        half,
        finished,
        average,
        moments);
    learner.train(
        rows,
        settings.steps(),
        new Stretch(falling(), settings.start(), settings.epochs()),
        half,
        finished);
    Judged sgd = judge.weights(learner, learner.weights().capture());
    Judged swa = judge.weights(learner, average.average());
    SwagPosterior posterior = moments.posterior().withScale(sampling.scale());
    return new Found(
        sgd,
        swa,
        judge.posterior(learner, posterior, sampling.samples()),
        judge.lastLayer(learner, posterior.withStochastic(learner.head()), sampling.samples()),
        average.count());
  }

  private TrainingState firstHalf(IntConsumer finished) {
    return learner.train(
        rows, settings.steps(), new Stretch(falling(), 0, settings.start()), null, finished);
  }

  private Stretch averaged(double rate) {
    return new Stretch(LearningRateSchedule.constant(rate), settings.start(), settings.epochs());
  }

  /** Several times an epoch: there are few of them. */
  private AveragingPlan plan() {
    return AveragingPlan.steps()
        .from((long) settings.start() * rows.count())
        .every(Math.max(1, rows.count() / settings.collections()));
  }
}
