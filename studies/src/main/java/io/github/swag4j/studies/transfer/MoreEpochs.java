package io.github.swag4j.studies.transfer;

import io.github.swag4j.studies.transfer.Learner.Steps;
import io.github.swag4j.studies.transfer.Learner.Stretch;
import io.github.swag4j.swa.AveragingPlan;
import io.github.swag4j.swa.WeightAverage;
import io.github.swag4j.swa.WeightCollector;
import io.github.swag4j.swa.schedule.LearningRateSchedule;
import io.github.swag4j.swa.state.TrainingState;
import io.github.swag4j.swa.weights.Weights;
import io.github.swag4j.vision.ImageBatches;
import java.io.IOException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.IntConsumer;

/**
 * A trained network trained on for a few epochs on its own rows: at a constant rate, weights being
 * averaged (SWA), with SGD at the low rate that its training ended with, or, as a control that
 * tells averaging from the rate, with SGD from the rate of averaging, falling as in a training of
 * so many epochs.
 */
final class MoreEpochs {
  private static final WeightCollector[] NONE = {};

  /**
   * How it is done.
   *
   * @param epochs after which it is looked at, ascending
   * @param collections weights that are collected in an epoch
   * @param steps how steps are made
   */
  record Settings(List<Integer> epochs, int collections, Steps steps) {

    int last() {
      return epochs.get(epochs.size() - 1);
    }
  }

  /**
   * One way, after each number of epochs.
   *
   * @param judged test numbers
   * @param seconds of training until then; SWA's with one pass that gives the average batch-norm
   *     statistics
   */
  record Course(List<Judged> judged, List<Double> seconds) {}

  /**
   * All ways.
   *
   * @param before the trained network, its statistics recomputed as those of all others
   * @param swa SWA
   * @param sgd SGD at the low rate
   * @param falling SGD from the rate of averaging, a training of its own for each number of epochs
   */
  record Found(Judged before, Course swa, Course sgd, Course falling) {}

  private final Learner learner;
  private final Weights trained;
  private final ImageBatches rows;
  private final Judge judge;
  private final Settings settings;

  /**
   * Trainings to come.
   *
   * @param trained weights and statistics they begin with
   * @param rows what it was trained on, and is again
   * @param judge of that training
   */
  MoreEpochs(Learner learner, Weights trained, ImageBatches rows, Judge judge, Settings settings) {
    this.learner = learner;
    this.trained = trained;
    this.rows = rows;
    this.judge = judge;
    this.settings = settings;
  }

  /** What the average of all epochs scores on held-out rows at each of some rates. */
  Map<String, Judge.Score> averages(List<Double> rates, IntConsumer finished) throws IOException {
    Map<String, Judge.Score> scores = new LinkedHashMap<>();
    for (double rate : rates) {
      WeightAverage average = WeightAverage.uniform(plan());
      learner.begin(trained, Learner.Head.KEEP);
      scores.put(
          Double.toString(rate),
          Judge.Score.unlessDiverged(
              () -> {
                learner.train(
                    rows,
                    settings.steps(),
                    stretch(rate, 0, settings.last()),
                    null,
                    finished,
                    average);
                return judge.score(learner, average.average());
              }));
    }
    return scores;
  }

  /** All ways, at a rate of averaging and a low rate. */
  Found run(double averagedRate, double lowRate, IntConsumer finished) throws IOException {
    learner.begin(trained, Learner.Head.KEEP);
    Judged before = judge.weights(learner, learner.weights().capture());
    Course swa = course(averagedRate, true, finished);
    Course sgd = course(lowRate, false, finished);
    return new Found(before, swa, sgd, falling(averagedRate, finished));
  }

  private Course falling(double rate, IntConsumer finished) throws IOException {
    List<Judged> judged = new ArrayList<>();
    List<Double> seconds = new ArrayList<>();
    for (int epochs : settings.epochs()) {
      learner.begin(trained, Learner.Head.KEEP);
      long began = System.nanoTime();
      Stretch stretch = new Stretch(SourceNetwork.falling(rate, epochs), 0, epochs);
      learner.train(rows, settings.steps(), stretch, null, finished);
      seconds.add((System.nanoTime() - began) / 1e9);
      judged.add(judge.weights(learner, learner.weights().capture()));
    }
    return new Course(judged, seconds);
  }

  private Course course(double rate, boolean averaged, IntConsumer finished) throws IOException {
    WeightAverage average = WeightAverage.uniform(plan());
    WeightCollector[] collectors = averaged ? new WeightCollector[] {average} : NONE;
    List<Judged> judged = new ArrayList<>();
    List<Double> seconds = new ArrayList<>();
    learner.begin(trained, Learner.Head.KEEP);
    TrainingState state = null;
    double trainedFor = 0;
    int done = 0;
    for (int epochs : settings.epochs()) {
      long began = System.nanoTime();
      Stretch stretch = stretch(rate, done, epochs);
      state = learner.train(rows, settings.steps(), stretch, state, finished, collectors);
      trainedFor += (System.nanoTime() - began) / 1e9;
      done = epochs;
      Weights weights = averaged ? average.average() : learner.weights().capture();
      began = System.nanoTime();
      learner.become(weights, rows);
      double refreshed = (System.nanoTime() - began) / 1e9;
      judged.add(judge.asItIs(learner));
      seconds.add(averaged ? trainedFor + refreshed : trainedFor);
    }
    return new Course(judged, seconds);
  }

  private static Stretch stretch(double rate, int first, int end) {
    return new Stretch(LearningRateSchedule.constant(rate), first, end);
  }

  private AveragingPlan plan() {
    return AveragingPlan.steps().every(Math.max(1, rows.count() / settings.collections()));
  }
}
