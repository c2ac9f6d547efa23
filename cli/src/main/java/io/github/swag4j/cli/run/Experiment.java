package io.github.swag4j.cli.run;

import ai.djl.Model;
import ai.djl.engine.Engine;
import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDList;
import ai.djl.ndarray.types.DataType;
import ai.djl.ndarray.types.Shape;
import ai.djl.nn.Block;
import ai.djl.training.tracker.Tracker;
import io.github.swag4j.swa.djl.BatchNormRefresh;
import io.github.swag4j.swa.djl.InferencePass;
import io.github.swag4j.swa.djl.ModelWeights;
import io.github.swag4j.swa.djl.optim.TorchSgd;
import io.github.swag4j.swa.state.TrainingState;
import io.github.swag4j.swa.weights.Weights;
import io.github.swag4j.swag.WeightPosterior;
import io.github.swag4j.swag.djl.BayesianPredictor;
import io.github.swag4j.swag.djl.BayesianPredictor.Labelled;
import io.github.swag4j.swag.djl.Workers;
import io.github.swag4j.swag.djl.laplace.KroneckerLaplace;
import io.github.swag4j.swag.djl.laplace.LastLayerLaplace;
import io.github.swag4j.vision.ImageBatches;
import io.github.swag4j.vision.data.ImageData;
import io.github.swag4j.vision.networks.Network;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.function.IntConsumer;
import java.util.stream.IntStream;

/** A model of a run, and what predicting with it takes. */
public final class Experiment implements AutoCloseable {

  /** Rows in a batch when predicting; the results do not depend on it but for rounding. */
  static final int BATCH_SIZE = 250;

  private final RunDescription.Input input;
  private final RunConfig config;
  private final Model model;

  /**
   * A run's model.
   *
   * @param archive where it is if the run began with a trained one
   * @throws IOException if that cannot be read or does not fit the images, or classes have the same
   *     name
   */
  public Experiment(RunConfig config, RunDescription.Input input, Path archive) throws IOException {
    requireClasses(input.classNames());
    this.config = config;
    this.input = input;
    this.model = config.fromTrained() ? TrainedArchive.load(archive, input) : untrained();
  }

  /** What nobody could predict with later is refused before any training. */
  private static void requireClasses(List<String> names) throws IOException {
    if (names.size() < 2 || new HashSet<>(names).size() < names.size()) {
      throw new IOException(
          "images must be of two classes or more, each of another name, got "
              + names
              + ": mend classes.txt of the data set");
    }
  }

  /** Indices are what classes are called that nobody named. */
  private static boolean isNamed(List<String> names) {
    return !names.equals(IntStream.range(0, names.size()).mapToObj(Integer::toString).toList());
  }

  private Model untrained() {
    Network network = ModelArchitecture.named(config.model());
    ModelArchitecture.requireImageSize(network, input.height(), input.width());
    Model made = Model.newInstance(config.model(), "PyTorch");
    Block block = network.block(input.classNames().size(), config.dropout());
    made.setBlock(block);
    block.initialize(made.getNDManager(), DataType.FLOAT32, input.shape(1));
    return made;
  }

  /** The model, whose weights change as it trains and predicts. */
  public Model model() {
    return model;
  }

  /** What an untrained model of this architecture begins with under a seed. */
  TrainingState initial(int seed) {
    Engine.getEngine("PyTorch").setRandomSeed(seed);
    try (Model fresh = untrained()) {
      return Training.live(
          fresh.getBlock(), TorchSgd.builder().setLearningRateTracker(Tracker.fixed(0)).build());
    }
  }

  public ModelWeights weights() {
    return ModelWeights.of(model.getBlock());
  }

  public ModelWeights statistics() {
    return ModelWeights.statistics(model.getBlock());
  }

  /**
   * Checks before any training that methods can do something with a model of this kind.
   *
   * @throws IOException if its last layer is not to be seen, say, or it has no dropout
   */
  public void requirePossible(List<Method> methods) throws IOException {
    for (Method method : methods) {
      try {
        if (method == Method.LAPLACE) {
          LastLayerLaplace.of(model);
        } else if (method == Method.KFAC_LAPLACE) {
          KroneckerLaplace.of(model);
        } else if (method == Method.DROPOUT) {
          requireDropout();
        }
      } catch (IllegalArgumentException | IllegalStateException e) {
        throw new IOException(
            "--method "
                + method.id()
                + " cannot be had with "
                + config.model()
                + ": "
                + e.getMessage(),
            e);
      }
    }
  }

  private void requireDropout() {
    Shape images = input.shape(4);
    try (InferencePass pass = InferencePass.withDropout(model.getBlock())) {
      NDArray noise = pass.manager().randomNormal(images);
      pass.run(new NDList(noise));
    }
  }

  /** Batch-norm statistics that belong to weights, which the model has afterwards. */
  public Weights statisticsOf(Weights weights, ImageBatches training) throws IOException {
    weights().write(weights);
    BatchNormRefresh refresh = BatchNormRefresh.of(model.getBlock());
    if (refresh.isNeeded()) {
      refresh.refresh(training);
    }
    return statistics().capture();
  }

  public ImageBatches batches(ImageData images, int batchSize) throws IOException {
    RunImages.requireSize(images, input.imageSize());
    return new ImageBatches(images, input.normalisation(), batchSize);
  }

  /**
   * As many samples at a time as the engine was given threads, each on one: the same bits for any
   * number of them, but for a method of one sample.
   */
  static Workers workers() {
    return Workers.atMost(TorchEngine.threads());
  }

  /** Where a method's batch-norm statistics come from. */
  public interface Statistics {
    BayesianPredictor on(Method method, int samples, BayesianPredictor predictor)
        throws IOException;
  }

  /** Predicts labelled and unlabelled sets with every method. */
  public Results predict(
      Map<Method, WeightPosterior> posteriors,
      int samples,
      Statistics statistics,
      String testSet,
      Map<String, ImageData> labelled,
      Map<String, ImageData> ood,
      Map<String, List<Weights>> used,
      PrintWriter err)
      throws IOException {
    List<Labelled> sets = new ArrayList<>();
    List<String> names = new ArrayList<>();
    for (Map.Entry<String, ImageData> e : labelled.entrySet()) {
      names.add(e.getKey());
      sets.add(new Labelled(batches(e.getValue(), BATCH_SIZE), e.getValue().labels()));
    }
    for (Map.Entry<String, ImageData> e : ood.entrySet()) {
      names.add(e.getKey());
      sets.add(new Labelled(batches(e.getValue(), BATCH_SIZE), null));
    }
    int members = config.methods().members();
    int total =
        posteriors.entrySet().stream()
            .mapToInt(e -> e.getKey().samples(e.getValue(), samples, members))
            .sum();
    Progress progress = new Progress(err, "predict", total);
    int[] done = new int[1];
    Results results = new Results(testSet);
    for (Map.Entry<Method, WeightPosterior> e : posteriors.entrySet()) {
      Method method = e.getKey();
      int count = method.samples(e.getValue(), samples, members);
      BayesianPredictor predictor =
          predictor(
              method,
              e.getValue(),
              count,
              s -> progress.show(++done[0], method.title() + " sample " + s + "/" + count));
      BayesianPredictor.Result result = statistics.on(method, count, predictor).predictAll(sets);
      used.put(method.id(), result.statistics());
      results.samples(method, count);
      for (int d = 0; d < sets.size(); d++) {
        results.put(method, names.get(d), result.predictions().get(d));
        if (names.get(d).equals(testSet)) {
          results.curve(method, result.curves().get(d));
        }
      }
    }
    return results;
  }

  /** How the run predicts with a method, but for the batch-norm statistics. */
  BayesianPredictor predictor(
      Method method, WeightPosterior posterior, int samples, IntConsumer onSample) {
    BayesianPredictor predictor =
        BayesianPredictor.of(model, posterior)
            .samples(MethodPosteriors.drawn(posterior, samples))
            .seed(config.seed())
            .onSample(onSample)
            .workers(workers());
    if (isNamed(input.classNames())) {
      predictor = predictor.classNames(input.classNames());
    }
    return method == Method.DROPOUT ? predictor.monteCarloDropout() : predictor;
  }

  @Override
  public void close() {
    model.close();
  }
}
