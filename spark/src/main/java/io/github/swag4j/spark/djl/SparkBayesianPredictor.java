package io.github.swag4j.spark.djl;

import ai.djl.Model;
import io.github.swag4j.swag.djl.BayesianPredictor;
import io.github.swag4j.swag.djl.BayesianPredictor.Output;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Collections;
import java.util.List;
import java.util.Random;
import org.apache.spark.api.java.JavaSparkContext;
import org.apache.spark.broadcast.Broadcast;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Encoders;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.types.ArrayType;
import org.apache.spark.sql.types.DataType;
import org.apache.spark.sql.types.DataTypes;
import org.apache.spark.sql.types.DoubleType;
import org.apache.spark.sql.types.FloatType;
import org.apache.spark.sql.types.StructField;
import org.apache.spark.sql.types.StructType;

/**
 * Bayesian model average over the rows of a Dataset: p(y | x) = 1/S sum_s softmax(f(x; w_s)), as
 * {@link io.github.swag4j.swag.djl.BayesianPredictor} has it, with w_1, ..., w_S the samples of a
 * posterior file.
 *
 * <p>Rows are spread, samples are not: each task predicts the rows of its partition under all
 * samples, on one thread of the engine, in batches of one size. Spread by samples, means would be
 * added in another order and the last bits be others.
 *
 * <p>On processors of one kind, other partitions, repeated tasks and lost executors give the same
 * bits where the engine's products do not depend on a row's place in its batch. Measured with
 * PyTorch 2.7.1: they do not for linear layers whose inputs are a multiple of 4; for others (54 to
 * 10, 50 to 2) the last digits of float do. With {@code batchRows(1)} there is no other place, at
 * the price of time.
 *
 * <p>A network with batch normalisation needs the statistics of each sample inside the posterior's
 * file ({@code PosteriorFiles.write} with {@code SampleStatistics}, from {@code
 * BayesianPredictor.Result}), computed once where the training data are.
 *
 * <p>A predictor is a value: each method gives a new one and leaves this one as it was.
 *
 * <p>Memory: an executor holds a posterior that was sent with the job as Spark's blocks, as bytes
 * and as a mapped file without a name, three times its size; one on shared storage as the mapped
 * file alone. A task holds its network, two samples or 128 MiB of them, and the rows of 2^20 inputs
 * or of one batch, 24 bytes for each input. For each such piece of its partition it draws the
 * samples again.
 *
 * @see <a href="https://arxiv.org/abs/1902.02476">Maddox et al. 2019, section 3.3, eq. 4</a>
 */
public final class SparkBayesianPredictor {
  /** Column of {@code array<double>}: mean class probabilities. */
  public static final String PROBABILITY = "probability";

  /** Column of {@code double}: entropy of the mean probabilities, in nats. */
  public static final String ENTROPY = "entropy";

  /** Column of {@code double}: mean of the samples' entropies, in nats. */
  public static final String EXPECTED_ENTROPY = "expected_entropy";

  /** Column of {@code double}: entropy minus expected entropy, in nats, at least 0. */
  public static final String MUTUAL_INFORMATION = "mutual_information";

  private static final List<String> ADDED =
      List.of(PROBABILITY, ENTROPY, EXPECTED_ENTROPY, MUTUAL_INFORMATION);

  private final ModelSource model;
  private final Path posterior;
  private final boolean shared;
  private final SharedPlan.Settings settings;
  private final int batch;
  private final int piece;

  private SparkBayesianPredictor(
      ModelSource model,
      Path posterior,
      boolean shared,
      SharedPlan.Settings settings,
      int batch,
      int piece) {
    this.model = model;
    this.posterior = posterior;
    this.shared = shared;
    this.settings = settings;
    this.batch = batch;
    this.piece = piece;
  }

  /**
   * A predictor with 30 samples of seed 0, taking the network's outputs for logits, in batches of
   * 128 rows.
   *
   * @param model gives each task its network
   * @param posterior file of a posterior over its weights, of up to 2 GiB, sent with the job
   * @return the predictor
   */
  public static SparkBayesianPredictor of(ModelSource model, Path posterior) {
    return new SparkBayesianPredictor(
        model,
        posterior,
        false,
        new SharedPlan.Settings(30, 0, Output.LOGITS, false),
        128,
        InputShape.PIECE);
  }

  private SparkBayesianPredictor with(SharedPlan.Settings changed) {
    return new SparkBayesianPredictor(model, posterior, shared, changed, batch, piece);
  }

  /**
   * Lets each executor map the posterior's file where it lies, on storage that all see under the
   * same path. One that finds other bytes than the driver (SHA-256) fails its tasks.
   *
   * @return the predictor
   */
  public SparkBayesianPredictor onSharedStorage() {
    return new SparkBayesianPredictor(model, posterior, true, settings, batch, piece);
  }

  /**
   * Sets the number of samples.
   *
   * @param count samples, at least 1
   * @return the predictor
   * @throws IllegalArgumentException if count is below 1
   */
  public SparkBayesianPredictor samples(int count) {
    if (count < 1) {
      throw new IllegalArgumentException("samples must be at least 1, got " + count);
    }
    return with(
        new SharedPlan.Settings(
            count, settings.seed(), settings.output(), settings.modelStatistics()));
  }

  /**
   * Sets the seed of the samples.
   *
   * @param seed the seed
   * @return the predictor
   */
  public SparkBayesianPredictor seed(long seed) {
    return with(
        new SharedPlan.Settings(
            settings.samples(), seed, settings.output(), settings.modelStatistics()));
  }

  /**
   * Says what the network gives.
   *
   * @param what logits of classes (the default), probabilities, or one output for two classes
   * @return the predictor
   */
  public SparkBayesianPredictor output(Output what) {
    return with(
        new SharedPlan.Settings(
            settings.samples(), settings.seed(), what, settings.modelStatistics()));
  }

  /**
   * Uses the batch-norm statistics that the network has when it is opened, for every sample. Right
   * for posteriors around the weights that the statistics belong to.
   *
   * @return the predictor
   */
  public SparkBayesianPredictor modelStatistics() {
    return with(
        new SharedPlan.Settings(settings.samples(), settings.seed(), settings.output(), true));
  }

  /**
   * Sets how many rows the network gets at once. Every batch has that size, the last of a partition
   * is filled up, so that the engine computes each row alike.
   *
   * @param rows at least 1; with 1 a row's bits depend on nothing but the row
   * @return the predictor
   * @throws IllegalArgumentException if rows is below 1
   */
  public SparkBayesianPredictor batchRows(int rows) {
    if (rows < 1) {
      throw new IllegalArgumentException("batch rows must be at least 1, got " + rows);
    }
    return new SparkBayesianPredictor(model, posterior, shared, settings, rows, piece);
  }

  /** With fewer inputs predicted together, for tests. */
  SparkBayesianPredictor pieces(int numbers) {
    return new SparkBayesianPredictor(model, posterior, shared, settings, batch, numbers);
  }

  /**
   * Adds the columns {@value #PROBABILITY}, {@value #ENTROPY}, {@value #EXPECTED_ENTROPY} and
   * {@value #MUTUAL_INFORMATION}. Nothing runs before the result is asked for; the network is
   * opened on the driver once, so that what does not fit together is refused here.
   *
   * @param rows the rows
   * @param inputs name of a column of {@code array<float>} or {@code array<double>}, each the
   *     network's input of that row in C order; doubles are rounded to float
   * @param shape shape of one row's input, without the batch: {@code 1, 28, 28}
   * @return the rows in their partitions, with four columns more
   * @throws IllegalArgumentException if a column is not there, of another type, or there already,
   *     the shape is none or not the network's, or the posterior is of another network; a task, if
   *     a row's input is null, has another length or a number that is not finite
   * @throws IllegalStateException if the network has batch normalisation, and the file no
   *     statistics of these samples
   * @throws IOException if the posterior's file or the model cannot be read
   */
  public Dataset<Row> predict(Dataset<Row> rows, String inputs, long... shape) throws IOException {
    StructType schema = rows.schema();
    int column = column(schema, inputs);
    InputShape input = InputShape.of(inputs, shape, batch, piece);
    SharedPlan plan = SharedPlan.of(model, posterior, shared, settings);
    try (Model once = plan.model().open()) {
      // What a task would refuse of posterior, network, shape and statistics.
      tryOut(plan.predictor(once.getBlock()).samples(1), input);
    }
    Broadcast<SharedPlan> sent =
        JavaSparkContext.fromSparkContext(rows.sparkSession().sparkContext()).broadcast(plan);
    return rows.mapPartitions(
        new PartitionPrediction(sent, column, input), Encoders.row(answered(schema)));
  }

  private static void tryOut(BayesianPredictor predictor, InputShape input) throws IOException {
    Random random = new Random(1);
    float[] row = new float[input.size()];
    for (int i = 0; i < row.length; i++) {
      row[i] = (float) random.nextGaussian();
    }
    predictor.predict(input.batches(row, 1), null);
  }

  private static StructType answered(StructType schema) {
    DataType numbers = DataTypes.createArrayType(DataTypes.DoubleType, false);
    StructType all = schema.add(DataTypes.createStructField(PROBABILITY, numbers, false));
    for (String name : ADDED.subList(1, ADDED.size())) {
      all = all.add(DataTypes.createStructField(name, DataTypes.DoubleType, false));
    }
    return all;
  }

  private static int column(StructType schema, String inputs) {
    List<String> names = List.of(schema.fieldNames());
    for (String added : ADDED) {
      if (names.stream().anyMatch(added::equalsIgnoreCase)) {
        throw new IllegalArgumentException(
            "rows must not have a column " + added + " yet: drop or rename it");
      }
    }
    if (Collections.frequency(names, inputs) != 1) {
      throw new IllegalArgumentException(
          "there must be one column " + inputs + ", got " + String.join(", ", names));
    }
    int column = schema.fieldIndex(inputs);
    StructField field = schema.fields()[column];
    boolean right =
        field.dataType() instanceof ArrayType array
            && (array.elementType() instanceof FloatType
                || array.elementType() instanceof DoubleType);
    if (!right) {
      throw new IllegalArgumentException(
          "column "
              + inputs
              + " must hold arrays of float or double, got "
              + field.dataType().simpleString()
              + (field.dataType().typeName().equals("vector")
                  ? ": make it one with vector_to_array(column, \"float32\")"
                  : ": cast it, if that is what it means"));
    }
    return column;
  }
}
