package io.github.swag4j.studies.transfer;

import io.github.swag4j.calibration.Predictions;
import io.github.swag4j.calibration.scores.ProperScores;
import io.github.swag4j.swa.djl.ModelWeights;
import io.github.swag4j.swa.djl.NotFiniteException;
import io.github.swag4j.swa.weights.Weights;
import io.github.swag4j.swag.SwagPosterior;
import io.github.swag4j.swag.WeightPosterior;
import io.github.swag4j.swag.djl.BayesianPredictor;
import io.github.swag4j.swag.djl.BayesianPredictor.Labelled;
import io.github.swag4j.swag.djl.Workers;
import io.github.swag4j.vision.ImageBatches;
import io.github.swag4j.vision.data.ImageData;
import io.github.swag4j.vision.data.Normalisation;
import java.io.IOException;
import java.util.Collections;
import java.util.List;

/**
 * Predicts with weights and posteriors. All have batch-norm statistics of their own, recomputed on
 * the training rows, so that what differs is the weights.
 */
final class Judge {

  /** Rows in a batch when predicting. */
  private static final int ROWS = 250;

  /**
   * What a choice is made by.
   *
   * @param accuracy on held-out rows
   * @param nll on held-out rows, in nats
   */
  record Score(double accuracy, double nll) {

    /** Worse than any other: no number came out. */
    static final Score DIVERGED = new Score(0, Double.MAX_VALUE);

    /** What a training scores; {@link #DIVERGED} where its rate is too high for it. */
    static Score unlessDiverged(Scored training) throws IOException {
      try {
        return training.score();
      } catch (NotFiniteException e) {
        return DIVERGED;
      }
    }

    boolean diverged() {
      return nll == Double.MAX_VALUE;
    }
  }

  /** A training and its score. */
  @FunctionalInterface
  interface Scored {
    Score score() throws IOException;
  }

  private final Labelled validation;
  private final Labelled test;
  private final ImageBatches training;
  private final int seed;
  private final int threads;

  /**
   * Who judges networks that were trained on some rows.
   *
   * @param training these rows, as they were trained on
   * @param normalisation what their levels were scaled by
   * @param seed of posterior samples
   * @param threads of the engine
   */
  Judge(
      TransferImages images,
      ImageBatches training,
      Normalisation normalisation,
      int seed,
      int threads) {
    this.validation = labelled(images.validation(), normalisation);
    this.test = labelled(images.test(), normalisation);
    this.training = training;
    this.seed = seed;
    this.threads = threads;
  }

  private static Labelled labelled(ImageData images, Normalisation normalisation) {
    return new Labelled(new ImageBatches(images, normalisation, ROWS), images.labels());
  }

  /** What weights score on the held-out rows; the network has them afterwards. */
  Score score(Learner learner, Weights weights) throws IOException {
    learner.become(weights, training);
    Predictions predicted =
        BayesianPredictor.of(learner.block(), WeightPosterior.point(weights))
            .modelStatistics()
            .predict(validation.inputs(), validation.labels());
    ProperScores scores = ProperScores.of(predicted);
    return new Score(scores.accuracy(), scores.nll());
  }

  /** Judges weights; the network has them afterwards. */
  Judged weights(Learner learner, Weights weights) throws IOException {
    learner.become(weights, training);
    return asItIs(learner);
  }

  /** Judges the network with the weights and statistics that it has. */
  Judged asItIs(Learner learner) throws IOException {
    return judged(
        BayesianPredictor.of(learner.block(), WeightPosterior.point(learner.weights().capture()))
            .modelStatistics());
  }

  /** Judges a posterior that varies all weights. */
  Judged posterior(Learner learner, SwagPosterior posterior, int samples) throws IOException {
    return judged(
        BayesianPredictor.of(learner.block(), posterior)
            .samples(samples)
            .refreshBatchNorm(training));
  }

  /**
   * Judges a posterior that varies the last layer only: what goes into it is that of the mean in
   * all samples, and so are the batch-norm statistics.
   */
  Judged lastLayer(Learner learner, SwagPosterior posterior, int samples) throws IOException {
    learner.become(posterior.mean(), training);
    Weights statistics = ModelWeights.statistics(learner.block()).capture();
    return judged(
        BayesianPredictor.of(learner.block(), posterior)
            .samples(samples)
            .batchNormStatistics(Collections.nCopies(samples, statistics)));
  }

  private Judged judged(BayesianPredictor predictor) throws IOException {
    List<Predictions> predicted =
        predictor
            .seed(seed)
            .workers(Workers.atMost(threads))
            .predictAll(List.of(validation, test))
            .predictions();
    return Judged.of(predicted.get(0), predicted.get(1));
  }
}
