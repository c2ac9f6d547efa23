package io.github.swag4j.adapters.onnx;

import io.github.swag4j.swag.WeightPosterior;
import io.github.swag4j.swag.djl.BayesianPredictor.Output;
import io.github.swag4j.swag.io.SampleStatistics;
import java.util.List;
import java.util.function.Predicate;
import java.util.function.UnaryOperator;

/**
 * How a model of ONNX Runtime predicts with samples.
 *
 * @param samples how many, {@link #UNSAID} for all members of an ensemble or as many as there are
 *     statistics, else 30
 * @param seed of the samples
 * @param output what the model gives
 * @param asSaid whether numbers that look otherwise are logits all the same
 * @param outputName the model's output, null for its only one
 * @param classNames of the classes, empty for none
 * @param statistics of batch norm, null for none
 * @param modelStatistics whether the model's own stay
 * @param names the name in the model of a posterior's tensor
 * @param leftOut initializers that stay as they are
 * @param session what else sessions are made with
 */
record OnnxOptions(
    int samples,
    long seed,
    Output output,
    boolean asSaid,
    String outputName,
    List<String> classNames,
    SampleStatistics statistics,
    boolean modelStatistics,
    UnaryOperator<String> names,
    Predicate<String> leftOut,
    OnnxBayesianPredictor.SessionSettings session) {
  static final int UNSAID = -1;
  private static final int SAMPLES = 30;

  static OnnxOptions defaults() {
    return new OnnxOptions(
        UNSAID,
        0,
        Output.LOGITS,
        false,
        null,
        List.of(),
        null,
        false,
        UnaryOperator.identity(),
        name -> false,
        options -> {});
  }

  OnnxOptions withSamples(int count) {
    if (count < 1) {
      throw new IllegalArgumentException("samples must be at least 1, got " + count);
    }
    return new OnnxOptions(
        count,
        seed,
        output,
        asSaid,
        outputName,
        classNames,
        statistics,
        modelStatistics,
        names,
        leftOut,
        session);
  }

  OnnxOptions withSeed(long newSeed) {
    return new OnnxOptions(
        samples,
        newSeed,
        output,
        asSaid,
        outputName,
        classNames,
        statistics,
        modelStatistics,
        names,
        leftOut,
        session);
  }

  OnnxOptions withOutput(Output what, boolean said) {
    return new OnnxOptions(
        samples,
        seed,
        what,
        said,
        outputName,
        classNames,
        statistics,
        modelStatistics,
        names,
        leftOut,
        session);
  }

  OnnxOptions withOutputName(String name) {
    return new OnnxOptions(
        samples,
        seed,
        output,
        asSaid,
        name,
        classNames,
        statistics,
        modelStatistics,
        names,
        leftOut,
        session);
  }

  OnnxOptions withClassNames(List<String> newNames) {
    return new OnnxOptions(
        samples,
        seed,
        output,
        asSaid,
        outputName,
        List.copyOf(newNames),
        statistics,
        modelStatistics,
        names,
        leftOut,
        session);
  }

  OnnxOptions withStatistics(SampleStatistics ofSamples, boolean own) {
    return new OnnxOptions(
        samples,
        seed,
        output,
        asSaid,
        outputName,
        classNames,
        ofSamples,
        own,
        names,
        leftOut,
        session);
  }

  OnnxOptions withNames(UnaryOperator<String> inModel) {
    return new OnnxOptions(
        samples,
        seed,
        output,
        asSaid,
        outputName,
        classNames,
        statistics,
        modelStatistics,
        inModel,
        leftOut,
        session);
  }

  OnnxOptions withLeftOut(Predicate<String> which) {
    return new OnnxOptions(
        samples,
        seed,
        output,
        asSaid,
        outputName,
        classNames,
        statistics,
        modelStatistics,
        names,
        which,
        session);
  }

  OnnxOptions withSession(OnnxBayesianPredictor.SessionSettings settings) {
    return new OnnxOptions(
        samples,
        seed,
        output,
        asSaid,
        outputName,
        classNames,
        statistics,
        modelStatistics,
        names,
        leftOut,
        settings);
  }

  /** Samples that a posterior predicts with. */
  int samplesOf(WeightPosterior posterior) {
    if (posterior.isPoint()) {
      return 1;
    }
    if (samples != UNSAID) {
      return samples;
    }
    if (statistics != null) {
      return statistics.samples().size();
    }
    return posterior.mostSamples() == Integer.MAX_VALUE ? SAMPLES : posterior.mostSamples();
  }
}
