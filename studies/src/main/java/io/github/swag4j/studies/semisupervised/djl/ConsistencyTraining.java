package io.github.swag4j.studies.semisupervised.djl;

import ai.djl.engine.Engine;
import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDList;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.index.NDIndex;
import ai.djl.ndarray.types.DataType;
import ai.djl.ndarray.types.Shape;
import ai.djl.nn.Block;
import ai.djl.nn.Parameter;
import ai.djl.training.GradientCollector;
import ai.djl.training.ParameterStore;
import ai.djl.training.loss.Loss;
import io.github.swag4j.base.SplitMix;
import io.github.swag4j.studies.semisupervised.images.FewLabels;
import io.github.swag4j.studies.semisupervised.images.TwoStreamBatches;
import io.github.swag4j.studies.semisupervised.images.Views;
import io.github.swag4j.swa.AverageRule;
import io.github.swag4j.swa.AveragingPlan;
import io.github.swag4j.swa.WeightAverage;
import io.github.swag4j.swa.djl.EngineDefaults;
import io.github.swag4j.swa.djl.ModelWeights;
import io.github.swag4j.swa.djl.loss.ConsistencyLoss;
import io.github.swag4j.swa.djl.optim.TorchSgd;
import io.github.swag4j.swa.schedule.CosineCycles;
import io.github.swag4j.swa.schedule.RampUp;
import io.github.swag4j.swa.weights.Weights;
import io.github.swag4j.vision.data.ImageSize;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Supplier;

/**
 * Training of a classifier with few labels. Each step has so many images with label and so many
 * without, all in two views: the student sees the first, the teacher the second. The loss is the
 * sum of the labelled images' cross-entropy over the size B of the <em>whole</em> batch, plus the
 * consistency of student and teacher over the whole batch, weighted by a ramp-up that stands still
 * within an epoch.
 *
 * <p>The teacher's outputs are constants. In the Pi model the teacher is the student itself in
 * training mode: other dropout, another view; its pass, which comes first, moves the running
 * statistics of batch norm once more, as in the authors' code. In Mean Teacher it has weights of
 * its own, the exponential average of the student's after every step, begun as a plain mean with
 * the student's first weights.
 *
 * <p>Everything is a pure function of (seed, step), dropout too: a training that was saved goes on
 * bit for bit. Not safe for use by several threads; one training at a time in a process, because
 * the engine collects gradients for one.
 *
 * @see <a href="https://arxiv.org/abs/1610.02242">Laine and Aila 2017, Temporal Ensembling for
 *     Semi-Supervised Learning</a>
 * @see <a href="https://arxiv.org/abs/1703.01780">Tarvainen and Valpola 2017, Mean Teachers Are
 *     Better Role Models</a>
 */
public final class ConsistencyTraining implements AutoCloseable {
  private static final Loss CROSS_ENTROPY = Loss.softmaxCrossEntropyLoss();

  /** Who teaches. */
  public enum Method {
    /** Nobody: cross-entropy of the labelled images alone. */
    SUPERVISED,
    /** The student, seeing another view. */
    PI,
    /** The average of the student's weights. */
    MEAN_TEACHER
  }

  /**
   * How it is trained.
   *
   * @param method who teaches
   * @param rates learning rate by epochs, with fractions
   * @param consistency weight of the consistency loss by whole epochs
   * @param distance how student and teacher are compared
   * @param labelled images with label in a batch
   * @param unlabelled images without label in a batch
   * @param mixed whether supervised training puts those without label into its batches too, where
   *     only batch norm sees them; the others always do
   * @param momentum of SGD, Nesterov's, in (0, 1)
   * @param weightDecay of SGD
   * @param teacherDecay largest decay of Mean Teacher's average, in [0, 1)
   */
  public record Options(
      Method method,
      CosineCycles rates,
      RampUp consistency,
      ConsistencyLoss.Distance distance,
      int labelled,
      int unlabelled,
      boolean mixed,
      double momentum,
      double weightDecay,
      double teacherDecay) {

    /**
     * The settings of the fast-SWA authors where they do not hang on the size of the training: mean
     * squared consistency of weight 100, ramped up over {@code rampUp} epochs, batches of 50 and
     * 50, momentum 0.9, weight decay 1e-4, teacher's decay 0.97.
     *
     * @param method who teaches
     * @param rates learning rate by epochs
     * @param rampUp epochs until consistency has its whole weight
     * @return the options
     */
    public static Options of(Method method, CosineCycles rates, double rampUp) {
      return new Options(
          method,
          rates,
          new RampUp(100, rampUp),
          ConsistencyLoss.Distance.MEAN_SQUARED,
          50,
          50,
          false,
          0.9,
          1e-4,
          0.97);
    }

    /**
     * The same with other batches.
     *
     * @param newLabelled images with label
     * @param newUnlabelled images without
     * @param newMixed whether supervised training has both
     * @return the options
     */
    public Options withBatches(int newLabelled, int newUnlabelled, boolean newMixed) {
      return new Options(
          method,
          rates,
          consistency,
          distance,
          newLabelled,
          newUnlabelled,
          newMixed,
          momentum,
          weightDecay,
          teacherDecay);
    }

    /**
     * The same with another weight of consistency.
     *
     * @param weight from the end of the ramp-up on
     * @return the options
     */
    public Options withConsistency(double weight) {
      return new Options(
          method,
          rates,
          new RampUp(weight, consistency.length()),
          distance,
          labelled,
          unlabelled,
          mixed,
          momentum,
          weightDecay,
          teacherDecay);
    }

    /** {@return whether images without label are in the batches} */
    public boolean hasUnlabelled() {
      return mixed || method != Method.SUPERVISED;
    }
  }

  private final FewLabels images;
  private final BatchPixels pixels;
  private final Options options;
  private final long seed;
  private final TwoStreamBatches batches;
  private final Engine engine;
  private final NDManager manager;
  private final ParameterStore parameters;
  private final Block student;
  private final Block teacher;
  private final ModelWeights studentWeights;
  private final ModelWeights teacherWeights;
  private final List<Parameter> trained = new ArrayList<>();
  private final ConsistencyLoss distance;
  private final TorchSgd sgd;
  private WeightAverage average;
  private long steps;
  private float loss = Float.NaN;

  /**
   * A training that has not begun.
   *
   * @param network makes the network, from images to logits, without values
   * @param images what it is trained on
   * @param views how images are changed
   * @param options how it is trained
   * @param seed decides first weights, batches, views and dropout
   * @throws IllegalArgumentException if a batch cannot be filled
   */
  public ConsistencyTraining(
      Supplier<Block> network, FewLabels images, Views views, Options options, long seed) {
    EngineDefaults.apply();
    this.images = images;
    pixels = new BatchPixels(images, views, options.labelled, seed);
    this.options = options;
    this.seed = seed;
    batches =
        new TwoStreamBatches(
            images.labelled().size(),
            images.unlabelled().size(),
            options.labelled,
            options.unlabelled,
            seed);
    distance = new ConsistencyLoss(options.distance);
    engine = Engine.getEngine("PyTorch");
    manager = engine.newBaseManager();
    parameters = new ParameterStore(manager, false);
    engine.setRandomSeed((int) SplitMix.mix(seed + SplitMix.GAMMA));
    student = initialised(network);
    studentWeights = ModelWeights.of(student);
    for (Parameter parameter : student.getParameters().values()) {
      if (parameter.requiresGradient()) {
        parameter.getArray().setRequiresGradient(true);
        trained.add(parameter);
      }
    }
    sgd =
        TorchSgd.builder()
            .setLearningRateTracker((id, update) -> (float) rate())
            .optMomentum((float) options.momentum)
            .optNesterov(true)
            .optWeightDecays((float) options.weightDecay)
            .build();
    boolean own = options.method == Method.MEAN_TEACHER;
    teacher = own ? initialised(network) : student;
    teacherWeights = own ? ModelWeights.of(teacher) : studentWeights;
    if (own) {
      // Nothing is differentiated through it: no graph, and no memory for gradients.
      teacher.getParameters().values().forEach(p -> p.getArray().setRequiresGradient(false));
    }
    average =
        WeightAverage.of(
            AveragingPlan.steps(), AverageRule.exponential(options.teacherDecay).startingAsMean());
    follow();
  }

  private Block initialised(Supplier<Block> network) {
    ImageSize size = images.labelled().imageSize();
    Block block = network.get();
    block.initialize(
        manager, DataType.FLOAT32, new Shape(1, size.channels(), size.height(), size.width()));
    return block;
  }

  /** The teacher's weights become the average with the student's of now. */
  private void follow() {
    if (options.method == Method.MEAN_TEACHER) {
      average.collect(studentWeights);
      teacherWeights.write(average.average());
    }
  }

  /**
   * Steps in an epoch, which is a pass over the images without label.
   *
   * @return at least 1
   */
  public int stepsPerEpoch() {
    return batches.stepsPerEpoch();
  }

  /** {@return the steps done, from 0} */
  public long steps() {
    return steps;
  }

  /**
   * The learning rate of the next step.
   *
   * @return that of the schedule
   */
  public double rate() {
    return options.rates.rate((double) steps / stepsPerEpoch());
  }

  /**
   * The loss of the last step.
   *
   * @return in nats and what consistency adds; NaN before the first
   */
  public double loss() {
    return loss;
  }

  /**
   * The student's weights, which SGD moves and averages collect.
   *
   * @return live, valid until this is closed
   */
  public ModelWeights student() {
    return studentWeights;
  }

  /**
   * The teacher's weights: the student's own unless it is a Mean Teacher.
   *
   * @return a copy
   */
  public Weights teacher() {
    return teacherWeights.capture();
  }

  /** Whether the engine keeps gradients for a teacher's own network. */
  boolean teacherHasGradients() {
    return teacher != student
        && teacher.getParameters().values().stream().anyMatch(p -> p.getArray().hasGradient());
  }

  /** One step of SGD; a {@link DivergedException} if the loss or a weight is no number after it. */
  public void step() {
    TwoStreamBatches.Batch batch = batches.of(steps);
    int rows = options.labelled + (options.hasUnlabelled() ? options.unlabelled : 0);
    float[] labels = new float[options.labelled];
    for (int i = 0; i < labels.length; i++) {
      labels[i] = images.labelled().label(batch.labelled()[i]);
    }
    try (NDManager own = manager.newSubManager()) {
      NDArray said = null;
      if (options.method != Method.SUPERVISED) {
        said = forward(teacher, pixels.of(own, batch, rows, 1), 1).stopGradient();
      }
      NDArray seen = pixels.of(own, batch, rows, 0);
      NDArray share = own.create((float) options.labelled / rows);
      NDArray weight = own.create((float) options.consistency.weight(batch.epoch()));
      try (GradientCollector collector = engine.newGradientCollector()) {
        NDArray logits = forward(student, seen, 0);
        NDArray known = logits.get(new NDIndex("0:{}", options.labelled));
        NDArray total =
            CROSS_ENTROPY.evaluate(new NDList(own.create(labels)), new NDList(known)).mul(share);
        if (said != null) {
          NDArray apart = distance.evaluate(new NDList(said), new NDList(logits));
          total = total.add(apart.mul(weight));
        }
        loss = total.toFloatArray()[0];
        collector.backward(total);
      }
      for (Parameter parameter : trained) {
        NDArray array = parameter.getArray();
        try (NDArray gradient = array.getGradient()) {
          sgd.update(parameter.getId(), array, gradient);
        }
      }
    }
    steps++;
    DivergedException.requireFinite(loss, studentWeights.capture(), steps);
    follow();
  }

  /** Dropout of a pass is a function of seed, step and view. */
  private NDArray forward(Block block, NDArray inputs, int view) {
    engine.setRandomSeed(
        (int) SplitMix.mix(SplitMix.mix(seed + SplitMix.GAMMA) + 2 * steps + view));
    return block.forward(parameters, new NDList(inputs), true).singletonOrThrow();
  }

  /**
   * Saves where the training stands.
   *
   * @param folder where to, of this training only; files there are replaced
   * @throws IOException if writing fails
   */
  public void save(Path folder) throws IOException {
    SavedTraining.write(folder, seed, steps, student, sgd, average);
  }

  /**
   * Goes on where {@link #save} stopped, in a training that was made with the same arguments.
   *
   * @param folder where it was saved
   * @throws IllegalArgumentException if it is of another seed or network, or of two moments
   * @throws IOException if reading fails
   */
  public void restore(Path folder) throws IOException {
    boolean own = options.method == Method.MEAN_TEACHER;
    SavedTraining saved = SavedTraining.read(folder, seed, own);
    saved.restore(student, sgd);
    steps = saved.steps();
    average = saved.average();
    if (own) {
      teacherWeights.write(average.average());
    }
  }

  @Override
  public void close() {
    manager.close();
  }
}
