package io.github.swag4j.cli.run;

import ai.djl.Model;
import io.github.swag4j.swa.weights.Weights;
import io.github.swag4j.swag.djl.BayesianPredictor;
import io.github.swag4j.swag.djl.laplace.KroneckerLaplace;
import io.github.swag4j.swag.djl.laplace.LastLayerLaplace;
import io.github.swag4j.swag.laplace.Fisher;
import io.github.swag4j.swag.laplace.LaplacePosterior;
import io.github.swag4j.swag.laplace.PriorPrecisionSearch;
import io.github.swag4j.swag.laplace.PriorPrecisionSearch.Trial;
import io.github.swag4j.vision.ImageBatches;
import io.github.swag4j.vision.data.ImageData;
import java.io.IOException;
import java.io.PrintWriter;
import java.util.Collections;
import java.util.Locale;

/**
 * Laplace posteriors of a run: the curvature of the training rows at the weights of plain SGD. The
 * prior precision of the last layer maximises the marginal likelihood; that over all layers has the
 * smallest negative log likelihood of the held-out rows, predicted with samples as the run
 * predicts, because weights sampled under the precision of the marginal likelihood can predict at
 * chance.
 */
public final class LaplaceFit {
  private static final double LEAST = 0.1;
  private static final double MOST = 1e6;
  private static final int POINTS = 15;

  private final Experiment experiment;
  private final RunConfig config;
  private final ImageData train;
  private final ImageData heldOut;
  private final Weights statistics;
  private final PrintWriter err;

  /**
   * Fits to come.
   *
   * @param images the rows the network was trained on, and those held out
   * @param statistics batch-norm statistics of its weights
   */
  public LaplaceFit(
      Experiment experiment,
      RunConfig config,
      RunImages images,
      Weights statistics,
      PrintWriter err) {
    this.experiment = experiment;
    this.config = config;
    this.train = images.train();
    this.heldOut = images.validation();
    this.statistics = statistics;
    this.err = err;
  }

  /** Fits one of the methods; the model has the weights and statistics afterwards. */
  public LaplacePosterior fit(Method method, Weights sgd) throws IOException {
    experiment.weights().write(sgd);
    experiment.statistics().write(statistics);
    Model model = experiment.model();
    ImageBatches rows = experiment.batches(train, config.optimiser().batchSize());
    LaplacePosterior fitted =
        method == Method.LAPLACE
            ? LastLayerLaplace.of(model).fit(rows, train.labels())
            : KroneckerLaplace.of(model)
                .fisher(Fisher.SAMPLED)
                .seed(config.seed())
                .fit(rows, train.labels());
    return method == Method.KFAC_LAPLACE && heldOut.size() > 0
        ? byHeldOutRows(method, fitted)
        : byEvidence(method, fitted);
  }

  private LaplacePosterior byHeldOutRows(Method method, LaplacePosterior fitted)
      throws IOException {
    int samples = config.prediction().samples();
    ImageBatches rows = experiment.batches(heldOut, Experiment.BATCH_SIZE);
    PriorPrecisionSearch.Result found =
        PriorPrecisionSearch.of(
                posterior ->
                    BayesianPredictor.of(experiment.model(), posterior)
                        .samples(samples)
                        .seed(config.seed())
                        .workers(Experiment.workers())
                        .batchNormStatistics(Collections.nCopies(samples, statistics))
                        .predict(rows, heldOut.labels()))
            .grid(LEAST, MOST, POINTS)
            .refinements(0)
            .search(fitted);
    double nll = found.trials().stream().mapToDouble(Trial::nll).min().orElseThrow();
    err.printf(
        Locale.ROOT,
        "%s: prior precision %.4g, of %d from %.1f to %.0f the one with the smallest NLL of the %d"
            + " held-out rows, %.4f.%n",
        method.title(),
        found.posterior().priorPrecisions()[0],
        POINTS,
        LEAST,
        MOST,
        heldOut.size(),
        nll);
    return found.posterior();
  }

  private LaplacePosterior byEvidence(Method method, LaplacePosterior fitted) {
    String caution =
        method == Method.KFAC_LAPLACE
            ? "; without held-out rows the prior is from the evidence, and samples may predict at"
                + " chance: hold rows out with --validation"
            : "";
    try {
      LaplacePosterior posterior = fitted.optimisePriorPrecision();
      err.printf(
          Locale.ROOT,
          "%s: prior precision %.4g, log marginal likelihood %.1f%s.%n",
          method.title(),
          posterior.priorPrecisions()[0],
          posterior.logMarginalLikelihood(),
          caution);
      return posterior;
    } catch (IllegalStateException e) {
      // The prior that the penalty of SGD is: decay times rows, as the loss is a mean.
      double decay = Math.max(config.optimiser().weightDecay() * train.size(), 1e-3);
      err.printf(
          Locale.ROOT,
          "%s: prior precision %.4g, that of --weight-decay, as the marginal likelihood has no"
              + " maximum (%s)%s.%n",
          method.title(),
          decay,
          e.getMessage(),
          caution);
      return fitted.withPriorPrecision(decay);
    }
  }
}
