package io.github.swag4j.spark.djl;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import ai.djl.Device;
import ai.djl.Model;
import ai.djl.ndarray.types.DataType;
import ai.djl.ndarray.types.Shape;
import ai.djl.nn.SequentialBlock;
import ai.djl.nn.core.Linear;
import io.github.swag4j.calibration.Predictions;
import io.github.swag4j.calibration.sketch.CalibrationSketch;
import io.github.swag4j.spark.PredictionColumns;
import io.github.swag4j.spark.SparkCalibration;
import io.github.swag4j.swa.djl.InputBatches;
import io.github.swag4j.swag.djl.BayesianPredictor;
import io.github.swag4j.swag.djl.BayesianPredictor.Output;
import io.github.swag4j.swag.io.PosteriorFiles;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.ObjectInputStream;
import java.io.ObjectOutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.Arrays;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.RowFactory;
import org.apache.spark.sql.SparkSession;
import org.apache.spark.sql.functions;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class SparkBayesianPredictorTest {
  /** Whole batches on one machine; in partitions they are not. */
  private static final int ROWS = 320;

  private static final float[] INPUTS = SmallNetwork.inputs(ROWS, 2);

  @TempDir private static Path folder;
  private static SparkSession session;
  private static Dataset<Row> rows;
  private static Path normed;
  private static Path plain;

  @BeforeAll
  static void start() throws IOException {
    session =
        SparkSession.builder()
            .master("local[2]")
            .config("spark.ui.enabled", "false")
            .config("spark.driver.host", "127.0.0.1")
            // Which knows neither records nor lambdas.
            .config("spark.serializer", "org.apache.spark.serializer.KryoSerializer")
            .getOrCreate();
    rows = session.createDataFrame(SmallNetwork.rows(INPUTS), SmallNetwork.schema());
    normed = SmallNetwork.posterior(folder.resolve("normed.safetensors"), true);
    plain = SmallNetwork.posterior(folder.resolve("plain.safetensors"), false);
  }

  @AfterAll
  static void stop() {
    session.stop();
  }

  private static SparkBayesianPredictor predictor(Path posterior, boolean batchNorm) {
    return SparkBayesianPredictor.of(SmallNetwork.source(batchNorm), posterior)
        .samples(SmallNetwork.SAMPLES)
        .seed(SmallNetwork.SEED)
        .batchRows(32);
  }

  /** One machine, without Spark. */
  private static Predictions onOneMachine(Path file, boolean batchNorm) throws IOException {
    return SmallNetwork.predicted(file, batchNorm, INPUTS);
  }

  @Test
  void anyPartitionsGiveTheBitsOfOneMachine() throws IOException {
    for (boolean batchNorm : new boolean[] {true, false}) {
      Path file = batchNorm ? normed : plain;
      Predictions expected = onOneMachine(file, batchNorm);
      for (int partitions : new int[] {1, 3, 7}) {
        Dataset<Row> answered =
            predictor(file, batchNorm)
                .predict(rows.repartition(partitions), "x", SmallNetwork.SHAPE);
        SmallNetwork.assertSameBits(answered.collectAsList(), expected);
      }
    }
  }

  @Test
  void aPartitionOfManyPiecesLosesAndDoublesNoRow() throws IOException {
    int rowsOfAPiece = 64;
    Dataset<Row> answered =
        predictor(normed, true)
            .pieces(rowsOfAPiece * SmallNetwork.SIZE)
            .predict(rows.repartition(2), "x", SmallNetwork.SHAPE);
    SmallNetwork.assertSameBits(answered.collectAsList(), onOneMachine(normed, true));
  }

  @Test
  void aSentPosteriorLeavesNoFileBehind() throws IOException {
    Path temporary = Path.of(System.getProperty("java.io.tmpdir"));
    Set<Path> before = copies(temporary);
    predictor(normed, true).predict(rows, "x", SmallNetwork.SHAPE).count();
    assertThat(copies(temporary)).isEqualTo(before);
  }

  private static Set<Path> copies(Path folder) throws IOException {
    try (Stream<Path> files = Files.list(folder)) {
      return files
          .filter(file -> file.getFileName().toString().matches("swag4j-.*\\.safetensors"))
          .collect(Collectors.toSet());
    }
  }

  @Test
  void aPosteriorOnSharedStorageGivesTheSame() throws IOException {
    Dataset<Row> answered =
        predictor(normed, true).onSharedStorage().predict(rows, "x", SmallNetwork.SHAPE);
    SmallNetwork.assertSameBits(answered.collectAsList(), onOneMachine(normed, true));
  }

  @Test
  void answersGoStraightIntoASketch() throws IOException {
    Dataset<Row> answered = predictor(plain, false).predict(rows, "x", SmallNetwork.SHAPE);
    CalibrationSketch sketch =
        SparkCalibration.sketch(answered, PredictionColumns.array("probability", "label"));
    assertThat(sketch.rows()).isEqualTo(ROWS);
    assertThat(answered.columns())
        .containsExactly(
            "row",
            "label",
            "x",
            "probability",
            "entropy",
            "expected_entropy",
            "mutual_information");
  }

  @Test
  void answersOfDoublesAreThoseOfTheirFloats() throws IOException {
    Dataset<Row> doubles = rows.withColumn("x", functions.col("x").cast("array<double>"));
    Dataset<Row> answered = predictor(plain, false).predict(doubles, "x", SmallNetwork.SHAPE);
    SmallNetwork.assertSameBits(answered.collectAsList(), onOneMachine(plain, false));
  }

  @Test
  void anExecutorRefusesAFileThatIsNotTheDrivers() throws Exception {
    Path file = Files.copy(normed, folder.resolve("changed.safetensors"));
    SharedPlan.Settings settings =
        new SharedPlan.Settings(SmallNetwork.SAMPLES, SmallNetwork.SEED, Output.LOGITS, false);
    SharedPlan driver = SharedPlan.of(SmallNetwork.source(true), file, true, settings);
    SharedPlan executor = sent(driver);
    Files.copy(plain, file, StandardCopyOption.REPLACE_EXISTING);
    try (Model model = executor.model().open()) {
      assertThatThrownBy(() -> executor.predictor(model.getBlock()))
          .isInstanceOf(IOException.class)
          .hasMessageContaining("must be the file that the driver read, SHA-256");
    }
  }

  private static SharedPlan sent(SharedPlan plan) throws Exception {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    try (ObjectOutputStream out = new ObjectOutputStream(bytes)) {
      out.writeObject(plan);
    }
    try (ObjectInputStream in =
        new ObjectInputStream(new ByteArrayInputStream(bytes.toByteArray()))) {
      return (SharedPlan) in.readObject();
    }
  }

  @Test
  void rowsThatTheNetworkCannotTakeFailTheJob() throws IOException {
    Float[] five = {1f, 2f, 3f, 4f, 5f};
    Float[] notANumber = new Float[SmallNetwork.SIZE];
    Arrays.fill(notANumber, 1f);
    notANumber[71] = Float.NaN;
    assertFails(five, "column x must hold 72 numbers for shape [2, 6, 6], got 5");
    assertFails(null, "column x must hold 72 numbers for shape [2, 6, 6], got null");
    assertFails(notANumber, "column x must hold finite float numbers, got NaN");
    notANumber[71] = null;
    assertFails(notANumber, "column x must hold finite float numbers, got null");
  }

  private static void assertFails(Float[] x, String message) throws IOException {
    Dataset<Row> one =
        session.createDataFrame(List.of(RowFactory.create(0, 0, x)), SmallNetwork.schema());
    Dataset<Row> answered = predictor(plain, false).predict(one, "x", SmallNetwork.SHAPE);
    assertThatThrownBy(answered::collectAsList).hasStackTraceContaining(message);
  }

  @Test
  void whatDoesNotFitTogetherIsRefusedBeforeAJob() {
    assertThatThrownBy(() -> predictor(normed, false).predict(rows, "x", SmallNetwork.SHAPE))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("the weights belong to another model");
    Path unnormed = folder.resolve("without-statistics.safetensors");
    assertThatThrownBy(
            () -> {
              PosteriorFiles.write(unnormed, PosteriorFiles.read(normed));
              predictor(unnormed, true).predict(rows, "x", SmallNetwork.SHAPE);
            })
        .isInstanceOf(IllegalStateException.class)
        .hasMessageContaining(
            "must have batch-norm statistics of samples 0 to 3 of seed 7, got none");
    assertThatThrownBy(() -> predictor(normed, true).seed(8).predict(rows, "x", SmallNetwork.SHAPE))
        .isInstanceOf(IllegalStateException.class)
        .hasMessageContaining("samples 0 to 3 of seed 8, got 4 from 0 of seed 7");
    assertThatThrownBy(
            () -> predictor(normed, true).samples(5).predict(rows, "x", SmallNetwork.SHAPE))
        .isInstanceOf(IllegalStateException.class)
        .hasMessageContaining("samples 0 to 4 of seed 7, got 4 from 0 of seed 7");
    assertThatThrownBy(
            () ->
                predictor(plain, false)
                    .predict(rows.withColumn("Entropy", functions.lit(1)), "x", 2, 6, 6))
        .hasMessageContaining("must not have a column entropy yet");
    assertThatThrownBy(() -> predictor(plain, false).predict(rows, "y", 2, 6, 6))
        .hasMessage("there must be one column y, got row, label, x");
    assertThatThrownBy(() -> predictor(plain, false).predict(rows, "label", 2, 6, 6))
        .hasMessageContaining("column label must hold arrays of float or double, got int");
    assertThatThrownBy(() -> predictor(plain, false).predict(rows, "x", 2, 0))
        .hasMessageContaining("must have sizes from 1");
    assertThatThrownBy(() -> predictor(plain, false).predict(rows, "x"))
        .hasMessageContaining("must have one size or more, got none");
    assertThatThrownBy(() -> predictor(plain, false).predict(rows, "x", 72))
        .hasMessageContaining("could not run a batch of FLOAT32 (32, 72)");
    assertThatThrownBy(() -> predictor(plain, false).batchRows(128).predict(rows, "x", 3, 224, 224))
        .hasMessageContaining("got 128 rows of shape [3, 224, 224]: call batchRows(111) or fewer");
    Dataset<Row> twice = rows.selectExpr("*", "x as x");
    assertThatThrownBy(() -> predictor(plain, false).predict(twice, "x", 2, 6, 6))
        .hasMessage("there must be one column x, got row, label, x, x");
    assertThatThrownBy(() -> predictor(plain, false).samples(0))
        .hasMessage("samples must be at least 1, got 0");
  }

  /** Where a sum's length is no multiple of 4, its order may depend on the place in a batch. */
  @Test
  void oneRowAtATimeTheBitsDoNotDependOnTheNetworkEither() throws IOException {
    Path file = folder.resolve("linear.safetensors");
    ModelSource linear =
        () -> {
          Model model = Model.newInstance("linear", Device.cpu(), "PyTorch");
          model.setBlock(
              new SequentialBlock()
                  .add(Linear.builder().setUnits(54).build())
                  .add(Linear.builder().setUnits(2).build()));
          model
              .getBlock()
              .initialize(model.getNDManager(), DataType.FLOAT32, new Shape(1, SmallNetwork.SIZE));
          return model;
        };
    Predictions expected;
    try (Model model = linear.open()) {
      PosteriorFiles.write(file, SmallNetwork.around(model.getBlock()));
      InputBatches single =
          new InputShape("x", new long[] {SmallNetwork.SIZE}, 1, InputShape.PIECE)
              .batches(INPUTS, ROWS);
      expected =
          BayesianPredictor.of(model, PosteriorFiles.read(file)).samples(2).predict(single, null);
    }
    SparkBayesianPredictor predictor = SparkBayesianPredictor.of(linear, file).samples(2);
    Dataset<Row> answered =
        predictor.batchRows(1).predict(rows.repartition(3), "x", SmallNetwork.SIZE);
    SmallNetwork.assertSameBits(answered.collectAsList(), expected);
    for (Row answer :
        predictor
            .modelStatistics()
            .predict(rows.repartition(5), "x", SmallNetwork.SIZE)
            .collectAsList()) {
      List<Double> p = answer.getList(answer.fieldIndex("probability"));
      assertThat(p.get(1)).isCloseTo(expected.probability(answer.getInt(0), 1), within(1e-5));
    }
  }
}
