package io.github.swag4j.adapters.onnx;

import ai.onnxruntime.OrtEnvironment;
import ai.onnxruntime.OrtException;
import ai.onnxruntime.OrtSession;
import io.github.swag4j.swa.weights.WeightLayout;
import io.github.swag4j.swa.weights.Weights;
import io.github.swag4j.swag.WeightPosterior;
import io.github.swag4j.swag.io.SampleStatistics;
import java.util.HashSet;
import java.util.Set;

/**
 * Makes a session of each sample of a posterior. What does not fit together is refused at first.
 */
final class OnnxSamples {
  private final OnnxModel model;
  private final WeightPosterior posterior;
  private final OnnxOptions options;
  private final WeightPlaces places;
  private final int samples;

  /**
   * Checks model, posterior and options against each other.
   *
   * @throws IllegalArgumentException if the posterior belongs to another model or has fewer samples
   * @throws IllegalStateException if the model has batch norm and its statistics are not known
   */
  OnnxSamples(OnnxModel model, WeightPosterior posterior, OnnxOptions options) {
    this.model = model;
    this.posterior = posterior;
    this.options = options;
    this.samples = options.samplesOf(posterior);
    if (!posterior.isPoint() && samples > posterior.mostSamples()) {
      throw new IllegalArgumentException(
          "samples must be at most the "
              + posterior.mostSamples()
              + " members of the posterior, got "
              + samples);
    }
    requireStatistics();
    SampleStatistics statistics = options.statistics();
    places =
        WeightPlaces.of(
            model,
            posterior.layout(),
            statistics == null ? null : statistics.layout(),
            options.names(),
            options.leftOut());
  }

  private void requireStatistics() {
    SampleStatistics statistics = options.statistics();
    if (statistics != null && statistics.samples().size() < samples) {
      throw new IllegalStateException(
          "batch-norm statistics must be there for "
              + samples
              + " samples, got "
              + statistics.samples().size()
              + ": call samples("
              + statistics.samples().size()
              + "), or write the posterior with those of more samples");
    }
    if (statistics != null && statistics.seed() != options.seed()) {
      throw new IllegalStateException(
          "batch-norm statistics are of samples of seed "
              + statistics.seed()
              + " and do not fit those of another, got "
              + options.seed()
              + ": call seed before batchNormStatistics, or not at all");
    }
    Set<String> brought = new HashSet<>();
    for (WeightLayout.Tensor tensor : posterior.layout().tensors()) {
      brought.add(options.names().apply(tensor.name()));
    }
    Set<String> norms = new HashSet<>(model.graph().means());
    norms.addAll(model.graph().variances());
    boolean any = norms.stream().anyMatch(brought::contains);
    if (any && !posterior.isPoint() && posterior.mostSamples() == Integer.MAX_VALUE) {
      throw new IllegalArgumentException(
          "a posterior must be of weights, got batch-norm statistics in it, whose samples are"
              + " statistics of nothing: collect the parameters alone");
    }
    boolean own = options.modelStatistics() || (any && brought.containsAll(norms));
    if (model.hasBatchNorm() && statistics == null && !own) {
      throw new IllegalStateException(
          model.name()
              + " has batch normalisation, whose statistics belong to other weights, and ONNX"
              + " Runtime cannot recompute them: predict once with DJL and refreshBatchNorm, and"
              + " write the posterior with PosteriorFiles.write(file, posterior, provenance,"
              + " statistics); or say modelStatistics() if those of the model do belong to these"
              + " weights");
    }
    if (model.graph().hiddenNorms() > 0 && !options.modelStatistics()) {
      throw new IllegalStateException(
          model.name()
              + " has batch normalisation inside a function or branch, where its statistics cannot"
              + " be replaced: inline functions with onnx.inliner.inline_local_functions");
    }
  }

  int count() {
    return samples;
  }

  /** A copy of the model's bytes, for {@link #open}. */
  byte[] bytes() {
    return model.graph().bytes().clone();
  }

  /**
   * A session of one sample.
   *
   * @param sample its index
   * @param bytes from {@link #bytes}, written to and free again afterwards
   */
  OrtSession open(int sample, byte[] bytes) throws OrtException {
    SampleStatistics statistics = options.statistics();
    int index = statistics == null ? sample : statistics.first() + sample;
    Weights weights = posterior.sample(options.seed(), index);
    places.write(bytes, weights, statistics == null ? null : statistics.samples().get(sample));
    try (OrtSession.SessionOptions session = new OrtSession.SessionOptions()) {
      options.session().apply(session);
      return OrtEnvironment.getEnvironment().createSession(bytes, session);
    }
  }
}
