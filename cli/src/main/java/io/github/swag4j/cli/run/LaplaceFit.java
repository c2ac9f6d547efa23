package io.github.swag4j.cli.run;

import ai.djl.Model;
import io.github.swag4j.cli.data.ImageDataset;
import io.github.swag4j.swa.weights.Weights;
import io.github.swag4j.swag.djl.laplace.KroneckerLaplace;
import io.github.swag4j.swag.djl.laplace.LastLayerLaplace;
import io.github.swag4j.swag.laplace.Fisher;
import io.github.swag4j.swag.laplace.LaplacePosterior;
import java.io.IOException;
import java.io.PrintWriter;
import java.util.Locale;

/**
 * Laplace posteriors of a run: the curvature of the training rows at the weights of plain SGD, a
 * prior precision that maximises the marginal likelihood.
 */
public final class LaplaceFit {
  private final Experiment experiment;
  private final RunConfig config;
  private final ImageDataset train;
  private final Weights statistics;
  private final PrintWriter err;

  /**
   * Fits to come.
   *
   * @param train the rows the network was trained on
   * @param statistics batch-norm statistics of its weights
   */
  public LaplaceFit(
      Experiment experiment,
      RunConfig config,
      ImageDataset train,
      Weights statistics,
      PrintWriter err) {
    this.experiment = experiment;
    this.config = config;
    this.train = train;
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
    LaplacePosterior posterior = withPrior(method, fitted);
    err.printf(
        Locale.ROOT,
        "%s: prior precision %.4g, log marginal likelihood %.1f.%n",
        method.title(),
        posterior.priorPrecisions()[0],
        posterior.logMarginalLikelihood());
    return posterior;
  }

  private LaplacePosterior withPrior(Method method, LaplacePosterior fitted) {
    try {
      return fitted.optimisePriorPrecision();
    } catch (IllegalStateException e) {
      // The prior that the penalty of SGD is: decay times rows, as the loss is a mean.
      double decay = Math.max(config.optimiser().weightDecay() * train.size(), 1e-3);
      err.printf(
          Locale.ROOT,
          "%s: prior precision %.4g, that of --weight-decay, as the marginal likelihood has no"
              + " maximum (%s).%n",
          method.title(),
          decay,
          e.getMessage());
      return fitted.withPriorPrecision(decay);
    }
  }
}
