package io.github.swag4j.adapters.onnx;

import ai.onnxruntime.OnnxTensor;
import ai.onnxruntime.OrtException;
import ai.onnxruntime.OrtSession;
import io.github.swag4j.calibration.Predictions;
import io.github.swag4j.swag.WeightPosterior;
import io.github.swag4j.swag.djl.BayesianPredictor.Output;
import io.github.swag4j.swag.io.PosteriorFile;
import io.github.swag4j.swag.io.PosteriorFiles;
import io.github.swag4j.swag.io.SampleStatistics;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Predicate;
import java.util.function.UnaryOperator;

/**
 * Bayesian model average over ONNX Runtime: p(y | x) = 1/S sum_s softmax(f(x; w_s)), with the mean
 * of the samples' entropies beside it, as {@link io.github.swag4j.swag.djl.BayesianPredictor} gives
 * it, without libtorch.
 *
 * <p>Each sample is a session of its own, of the model's file with the sample's weights in place of
 * its initializers of the same names; the runtime then optimises as it does any model. The tensors
 * of the posterior must be the model's initializers, all of them, by name and shape.
 *
 * <p><b>Batch norm.</b> Its statistics belong to one weight vector and cannot be recomputed here:
 * they come with the posterior ({@link SampleStatistics}, stored in its file), or a model that has
 * them is refused. An export that folds batch norm into its neighbours is refused by the names that
 * are then missing. One thing cannot be seen: a batch norm without weights of its own, folded by
 * the export into a layer that has a bias, where no statistics are given.
 *
 * <p>A predictor is a value: each method gives a new one and leaves this one as it was.
 *
 * <pre>{@code
 * Predictions predictions =
 *     OnnxBayesianPredictor.open(Path.of("model.onnx"), Path.of("posterior.safetensors"))
 *         .predict(OnnxInputs.rows("x", rows), labels);
 * }</pre>
 *
 * @see <a href="https://arxiv.org/abs/1902.02476">Maddox et al. 2019, section 3.3, eq. 4</a>
 */
public final class OnnxBayesianPredictor {

  /** What else sessions are made with: threads, execution providers. */
  @FunctionalInterface
  public interface SessionSettings {
    /**
     * Sets options of a session.
     *
     * @param options those of one sample's session
     * @throws OrtException if the runtime refuses them
     */
    void apply(OrtSession.SessionOptions options) throws OrtException;
  }

  private final OnnxModel model;
  private final WeightPosterior posterior;
  private final OnnxOptions options;

  private OnnxBayesianPredictor(OnnxModel model, WeightPosterior posterior, OnnxOptions options) {
    this.model = model;
    this.posterior = posterior;
    this.options = options;
  }

  /**
   * A predictor with 30 samples of seed 0, or all members of an ensemble, taking the model's output
   * for logits.
   *
   * @param model the model
   * @param posterior where its weights are drawn from
   * @return the predictor
   */
  public static OnnxBayesianPredictor of(OnnxModel model, WeightPosterior posterior) {
    return new OnnxBayesianPredictor(model, posterior, OnnxOptions.defaults());
  }

  /**
   * A predictor of two files; of batch-norm statistics in the posterior's, seed and number of
   * samples are taken too.
   *
   * @param model an ONNX file with its weights inside
   * @param posterior a posterior file, every value of which is checked once
   * @return the predictor
   * @throws IllegalArgumentException as {@link OnnxModel#read}
   * @throws IOException if a file cannot be read or the posterior is damaged
   */
  public static OnnxBayesianPredictor open(Path model, Path posterior) throws IOException {
    PosteriorFile file = PosteriorFiles.open(posterior).verify();
    OnnxBayesianPredictor predictor = of(OnnxModel.read(model), file.posterior());
    Optional<SampleStatistics> statistics = file.statistics();
    return statistics.map(predictor::batchNormStatistics).orElse(predictor);
  }

  private OnnxBayesianPredictor with(OnnxOptions changed) {
    return new OnnxBayesianPredictor(model, posterior, changed);
  }

  /**
   * Sets the number of samples; a point posterior needs and uses one.
   *
   * @param count at least 1
   * @return a predictor with it
   * @throws IllegalArgumentException if there are none
   */
  public OnnxBayesianPredictor samples(int count) {
    return with(options.withSamples(count));
  }

  /**
   * Sets the seed of the samples.
   *
   * @param newSeed the seed
   * @return a predictor with it
   */
  public OnnxBayesianPredictor seed(long newSeed) {
    return with(options.withSeed(newSeed));
  }

  /**
   * Says what the model gives.
   *
   * @param what its last layer's kind
   * @return a predictor with it
   */
  public OnnxBayesianPredictor output(Output what) {
    return with(options.withOutput(what, false));
  }

  /**
   * Says what the model gives, where numbers that look otherwise are that all the same.
   *
   * @param what its last layer's kind
   * @return a predictor with it
   */
  public OnnxBayesianPredictor outputAsSaid(Output what) {
    return with(options.withOutput(what, true));
  }

  /**
   * Says which of several outputs is meant.
   *
   * @param name of the model's output
   * @return a predictor with it
   */
  public OnnxBayesianPredictor outputName(String name) {
    return with(options.withOutputName(name));
  }

  /**
   * Names the classes.
   *
   * @param names one a class, in the order of the model's columns
   * @return a predictor with them
   */
  public OnnxBayesianPredictor classNames(List<String> names) {
    return with(options.withClassNames(names));
  }

  /**
   * Uses batch-norm statistics that were computed elsewhere for samples of this posterior, and
   * their seed.
   *
   * @param statistics running means and variances of each sample, by the names of the model's
   *     initializers
   * @return a predictor with them
   */
  public OnnxBayesianPredictor batchNormStatistics(SampleStatistics statistics) {
    return with(options.withStatistics(statistics, false).withSeed(statistics.seed()));
  }

  /**
   * Leaves the batch-norm statistics that the model has, for every sample. Right for posteriors of
   * layers behind the last batch norm, and for the weights that they were computed for.
   *
   * @return a predictor with them
   */
  public OnnxBayesianPredictor modelStatistics() {
    return with(options.withStatistics(null, true));
  }

  /**
   * Translates names.
   *
   * @param inModel name of the initializer for the name of a tensor of the posterior
   * @return a predictor with it
   */
  public OnnxBayesianPredictor names(UnaryOperator<String> inModel) {
    return with(options.withNames(inModel));
  }

  /**
   * Says which initializers stay as they are although the posterior does not bring them: constants,
   * or layers that were not averaged.
   *
   * @param initializers true for their names
   * @return a predictor with it
   */
  public OnnxBayesianPredictor leavingOut(Predicate<String> initializers) {
    return with(options.withLeftOut(initializers));
  }

  /**
   * Sets threads or execution providers.
   *
   * @param settings applied to the options of each session
   * @return a predictor with them
   */
  public OnnxBayesianPredictor session(SessionSettings settings) {
    return with(options.withSession(settings));
  }

  /**
   * Predicts rows, one sample after the other: one session at a time in memory.
   *
   * @param inputs the rows, in the same order at every pass
   * @param labels {@code [rows]} class indices, or null if unknown
   * @return mean probabilities and expected entropies
   * @throws IllegalArgumentException if the posterior belongs to another model, outputs are not
   *     what was said, or labels do not fit them
   * @throws IllegalStateException if the model has batch norm and its statistics are not known
   * @throws OrtException if the runtime refuses the model or an input
   */
  public Predictions predict(OnnxInputs inputs, int[] labels) throws OrtException {
    OnnxSamples samples = new OnnxSamples(model, posterior, options);
    SampleMean mean = new SampleMean(options);
    byte[] bytes = samples.bytes();
    for (int s = 0; s < samples.count(); s++) {
      OnnxOutputs outputs = new OnnxOutputs(options);
      try (OrtSession session = samples.open(s, bytes)) {
        mean.begin(s);
        inputs.forEach(
            batch -> {
              try (OrtSession.Result result = session.run(batch)) {
                mean.add(outputs.decode(result, rows(batch), true));
              }
            });
        outputs.end();
        mean.end();
      }
    }
    return mean.predictions(labels);
  }

  /** The most of all inputs: one beside them may hold for the whole batch, such as a scale. */
  static long rows(Map<String, OnnxTensor> batch) {
    return batch.values().stream()
        .map(tensor -> tensor.getInfo().getShape())
        .mapToLong(shape -> shape.length == 0 ? 0 : shape[0])
        .max()
        .orElse(0);
  }

  /**
   * Makes the session of each sample once and keeps them for answers row by row.
   *
   * @return to be closed
   * @throws IllegalArgumentException if the posterior belongs to another model
   * @throws IllegalStateException if the model has batch norm and its statistics are not known
   * @throws OrtException if the runtime refuses the model
   */
  public OnnxServingPredictor serve() throws OrtException {
    return OnnxServingPredictor.open(new OnnxSamples(model, posterior, options), options);
  }
}
