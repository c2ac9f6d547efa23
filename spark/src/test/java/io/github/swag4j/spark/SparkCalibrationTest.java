package io.github.swag4j.spark;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import io.github.swag4j.calibration.Predictions;
import io.github.swag4j.calibration.binning.BinningConvention;
import io.github.swag4j.calibration.ood.DetectionCurve;
import io.github.swag4j.calibration.sketch.CalibrationSketch;
import io.github.swag4j.calibration.sketch.LabelledRows;
import java.io.IOException;
import java.io.StringWriter;
import java.net.URL;
import java.net.URLClassLoader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.Locale;
import java.util.Random;
import java.util.regex.Pattern;
import javax.tools.JavaCompiler;
import javax.tools.ToolProvider;
import org.apache.spark.ml.linalg.SQLDataTypes;
import org.apache.spark.ml.linalg.Vectors;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.RowFactory;
import org.apache.spark.sql.SparkSession;
import org.apache.spark.sql.types.DataType;
import org.apache.spark.sql.types.DataTypes;
import org.apache.spark.sql.types.StructType;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** All in one session of two threads; what needs other processes is in ClusterTest. */
class SparkCalibrationTest {
  private static final int ROWS = 3_000;
  private static final int CLASSES = 4;
  private static final PredictionColumns COLUMNS = PredictionColumns.array("probability", "label");

  private static SparkSession session;
  private static List<Row> table;

  @BeforeAll
  static void start() {
    session =
        SparkSession.builder()
            .config("spark.serializer", "org.apache.spark.serializer.KryoSerializer")
            .master("local[2]")
            .config("spark.ui.enabled", "false")
            .config("spark.driver.host", "127.0.0.1")
            .config("spark.sql.shuffle.partitions", "3")
            .getOrCreate();
    table = table(ROWS, 5);
  }

  @AfterAll
  static void stop() {
    session.stop();
  }

  /** Rows of probability, label, weight, model, p0 .. p3, score, out. */
  static List<Row> table(int rows, long seed) {
    Random random = new Random(seed);
    List<Row> table = new ArrayList<>();
    for (int row = 0; row < rows; row++) {
      Double[] p = new Double[CLASSES];
      double sum = 0;
      for (int k = 0; k < CLASSES; k++) {
        p[k] = -Math.log(random.nextDouble());
        sum += p[k];
      }
      for (int k = 0; k < CLASSES; k++) {
        p[k] = p[k] / sum;
      }
      boolean out = random.nextInt(3) == 0;
      // Few digits: ties within and between parts.
      double score = Math.round((random.nextGaussian() + (out ? 1 : 0)) * 50) / 50.0;
      table.add(
          RowFactory.create(
              p,
              random.nextInt(CLASSES),
              0.5 + random.nextInt(4),
              "m" + random.nextInt(2),
              p[0],
              p[1],
              p[2],
              p[3],
              score,
              out));
    }
    return table;
  }

  static StructType schema() {
    StructType schema =
        new StructType()
            .add("probability", DataTypes.createArrayType(DataTypes.DoubleType))
            .add("label", DataTypes.IntegerType)
            .add("weight.of row", DataTypes.DoubleType)
            .add("model", DataTypes.StringType);
    for (int k = 0; k < CLASSES; k++) {
      schema = schema.add("p" + k, DataTypes.DoubleType);
    }
    return schema.add("score", DataTypes.DoubleType).add("out", DataTypes.BooleanType);
  }

  private static Dataset<Row> dataset() {
    return session.createDataFrame(table, schema());
  }

  static byte[] onOneMachine(List<Row> rows, boolean weighted) {
    double[] values = new double[rows.size() * CLASSES];
    int[] labels = new int[rows.size()];
    double[] weights = new double[rows.size()];
    for (int r = 0; r < rows.size(); r++) {
      for (int k = 0; k < CLASSES; k++) {
        values[r * CLASSES + k] = rows.get(r).getDouble(4 + k);
      }
      labels[r] = rows.get(r).getInt(1);
      weights[r] = rows.get(r).getDouble(2);
    }
    LabelledRows all = LabelledRows.of(values, labels, CLASSES);
    return CalibrationSketch.of(weighted ? all.weights(weights) : all, BinningConvention.GUO)
        .toBytes();
  }

  private static byte[] sketch(List<Row> rows, DataType probability) {
    StructType schema =
        new StructType().add("probability", probability).add("label", DataTypes.IntegerType);
    return SparkCalibration.sketch(session.createDataFrame(rows, schema), COLUMNS).toBytes();
  }

  /** As Spark ML's models write them, dense and sparse. */
  @Test
  void vectorsHaveTheSketchOfArrays() {
    List<Row> vectors = new ArrayList<>();
    List<Row> arrays = new ArrayList<>();
    for (Row row : table) {
      List<Double> p = List.of((Double[]) row.get(0));
      boolean certain = vectors.size() % 7 == 0;
      int label = row.getInt(1);
      Double[] one = new Double[CLASSES];
      Arrays.setAll(one, k -> certain ? (k == label ? 1.0 : 0.0) : p.get(k));
      double[] dense = Arrays.stream(one).mapToDouble(Double::doubleValue).toArray();
      vectors.add(
          RowFactory.create(
              certain
                  ? Vectors.sparse(CLASSES, new int[] {label}, new double[] {1})
                  : Vectors.dense(dense),
              label));
      arrays.add(RowFactory.create(one, label));
    }
    assertThat(sketch(vectors, SQLDataTypes.VectorType()))
        .isEqualTo(sketch(arrays, DataTypes.createArrayType(DataTypes.DoubleType)));
  }

  @Test
  void theBytesAreThoseOfOneMachineHoweverTheRowsAreCut() {
    byte[] expected = onOneMachine(table, false);
    for (int parts : new int[] {1, 2, 7}) {
      assertThat(SparkCalibration.sketch(dataset().repartition(parts), COLUMNS).toBytes())
          .as(parts + " partitions")
          .isEqualTo(expected);
    }
    PredictionColumns columns = PredictionColumns.classes(List.of("p0", "p1", "p2", "p3"), "label");
    assertThat(SparkCalibration.sketch(dataset(), columns).toBytes()).isEqualTo(expected);
    assertThat(SparkCalibration.sketch(dataset(), columns.withWeights("weight.of row")).toBytes())
        .isEqualTo(onOneMachine(table, true));
  }

  @Test
  void groupsComeFromOnePassAndMergeToTheWhole() {
    Dataset<Row> groups =
        SparkCalibration.sketches(dataset(), COLUMNS, BinningConvention.GUO, "model").cache();
    List<Row> rows = groups.collectAsList();
    assertThat(rows).hasSize(2);
    for (Row group : rows) {
      String model = group.getAs("model");
      List<Row> its = table.stream().filter(row -> row.getString(3).equals(model)).toList();
      assertThat(SparkCalibration.sketchOf(group).toBytes()).isEqualTo(onOneMachine(its, false));
    }
    assertThat(SparkCalibration.merged(groups).toBytes()).isEqualTo(onOneMachine(table, false));
  }

  @Test
  void sqlHasTheSameNumbers() {
    SparkCalibration.register(session);
    dataset().createOrReplaceTempView("predictions");
    Row row =
        session
            .sql(
                "WITH days AS (SELECT model, calibration_sketch(probability, label, 1.0D) AS s"
                    + " FROM predictions GROUP BY model)"
                    + " SELECT calibration_summary(calibration_merge(s)) AS of FROM days")
            .select("of.rows", "of.ece", "of.nll", "of.accuracy")
            .first();
    var expected =
        CalibrationSketch.of(
                Predictions.of(
                    table.stream()
                        .map(
                            r ->
                                new double[] {
                                  r.getDouble(4), r.getDouble(5), r.getDouble(6), r.getDouble(7)
                                })
                        .toArray(double[][]::new),
                    table.stream().mapToInt(r -> r.getInt(1)).toArray()))
            .summary();
    assertThat(row.getLong(0)).isEqualTo(ROWS);
    assertThat(row.getDouble(1)).isEqualTo(expected.ece());
    assertThat(row.getDouble(2)).isEqualTo(expected.nll());
    assertThat(row.getDouble(3)).isEqualTo(expected.accuracy());
  }

  @Test
  void oneColumnIsThePositiveClass() {
    Dataset<Row> binary = dataset().selectExpr("cast(p0 as float) as p", "label div 2 as label");
    List<Row> rows = binary.collectAsList();
    double[] p = rows.stream().mapToDouble(row -> row.getFloat(0)).toArray();
    int[] labels = rows.stream().mapToInt(row -> Math.toIntExact(row.getLong(1))).toArray();
    assertThat(
            SparkCalibration.sketch(
                    binary,
                    PredictionColumns.classes(List.of("p"), "label"),
                    BinningConvention.SKLEARN)
                .toBytes())
        .isEqualTo(
            CalibrationSketch.of(LabelledRows.ofPositive(p, labels), BinningConvention.SKLEARN)
                .toBytes());
  }

  @Test
  void rankMetricsAreThoseOfOneMachineHoweverTheRowsAreCut() {
    DetectionCurve curve =
        DetectionCurve.of(
            table.stream().filter(r -> !r.getBoolean(9)).mapToDouble(r -> r.getDouble(8)).toArray(),
            table.stream().filter(r -> r.getBoolean(9)).mapToDouble(r -> r.getDouble(8)).toArray());
    RankMetrics first = SparkDetection.metrics(dataset(), "score", "out");
    assertThat(first.auroc()).isEqualTo(curve.auroc(), within(1e-15));
    assertThat(first.fpr95()).isEqualTo(curve.fpr95());
    assertThat(first.auprOut()).isEqualTo(curve.auprOut(), within(1e-11));
    assertThat(first.inRows()).isEqualTo(curve.inRows());
    for (int parts : new int[] {1, 5}) {
      session.conf().set("spark.sql.shuffle.partitions", "" + parts);
      assertThat(SparkDetection.metrics(dataset().repartition(parts), "score", "out"))
          .isEqualTo(first);
    }
    session.conf().set("spark.sql.shuffle.partitions", "3");
    List<Row> shuffled = new ArrayList<>(table);
    Collections.shuffle(shuffled, new Random(1));
    assertThat(SparkDetection.metrics(session.createDataFrame(shuffled, schema()), "score", "out"))
        .isEqualTo(first);
  }

  private static void refused(String message, String... columns) {
    Dataset<Row> rows = dataset().selectExpr(columns);
    assertThatThrownBy(() -> SparkCalibration.sketch(rows, COLUMNS))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining(message)
        .message()
        .doesNotContain("Job aborted");
  }

  @Test
  void whatMeansSomethingElseIsRefusedBeforeAJobStarts() {
    refused("there must be a column probability, got p, label", "p0 as p", "label");
    refused(
        "column label must hold class indices as whole numbers from 0, got double",
        "probability",
        "cast(label as double) as label");
    refused(
        "column label must hold class indices as whole numbers from 0, got string",
        "probability",
        "model as label");
    refused("column probability must hold arrays of double or float", "p0 as probability", "label");
    assertThatThrownBy(
            () -> SparkCalibration.sketch(dataset(), COLUMNS, BinningConvention.EQUAL_MASS))
        .hasMessageContaining("a sketch needs bins that do not depend on the rows");
    assertThatThrownBy(() -> SparkCalibration.sketch(dataset().limit(0), COLUMNS))
        .hasMessage("a sketch needs at least 1 row, got 0");
    assertThatThrownBy(() -> SparkDetection.metrics(dataset().filter("out"), "score", "out"))
        .hasMessageContaining("there must be rows of both kinds, got 0 in-distribution");
  }

  @Test
  void noRowIsLeftOut() {
    refused("got a null among", "probability", "if(label = 0, null, label) as label");
    refused("got a null in", "array(p0, null, p2, p3) as probability", "label");
    refused(
        "label must be a whole number between 0 and 3, got 4", "probability", "label + 1 as label");
    refused(
        "probabilities[0] must be in [0, 1], got -",
        "transform(probability, p -> -p) as probability",
        "label");
    refused(
        "each row must have 4 probabilities as the first",
        "if(label = 0, array(p0), probability) as probability",
        "label");
    Dataset<Row> holes =
        dataset().selectExpr("if(label = 0, double('NaN'), score) as score", "out");
    long nans = table.stream().filter(row -> row.getInt(1) == 0).count();
    assertThatThrownBy(() -> SparkDetection.metrics(holes, "score", "out"))
        .hasMessageContaining("got " + nans + " rows that are not");
  }

  /** Spark casts the arguments of a function in SQL: to what it must not cut anything off. */
  @Test
  void aLabelThatIsNotWholeIsRefusedInSqlToo() {
    SparkCalibration.register(session);
    assertThatThrownBy(
            () ->
                session
                    .sql("SELECT calibration_sketch(array(0.5D, 0.5D), 0.7D, 1.0D)")
                    .collectAsList())
        .hasStackTraceContaining("label must be a whole number between 0 and 1, got 0.7");
  }

  @Test
  void aGroupOfNoWeightHasNoSummaryAndFailsNoOther() {
    SparkCalibration.register(session);
    List<Row> groups =
        session
            .sql(
                "SELECT g, calibration_summary(calibration_sketch(array(0.5D, 0.5D), 0, w)) AS s"
                    + " FROM VALUES (1, 0.0D), (2, 1.0D) AS t(g, w) GROUP BY g ORDER BY g")
            .collectAsList();
    assertThat(groups.get(0).isNullAt(1)).isTrue();
    assertThat(groups.get(1).getStruct(1).getLong(0)).isEqualTo(1);
  }

  @Test
  void typesOfDoubtAreNamed() {
    DataType decimal =
        dataset().selectExpr("cast(p0 as decimal(10, 4)) as p").schema().apply("p").dataType();
    assertThat(decimal.simpleString()).isEqualTo("decimal(10,4)");
    Dataset<Row> rows = dataset().selectExpr("cast(p0 as decimal(10, 4)) as p", "label");
    assertThatThrownBy(
            () -> SparkCalibration.sketch(rows, PredictionColumns.classes(List.of("p"), "label")))
        .hasMessage(
            "column p must hold double or float, got decimal(10,4): cast it, if that is what it"
                + " means");
  }

  @Test
  void theProgramOfTheGuideRunsAndWritesTheSketchOfOneMachine(@TempDir Path folder)
      throws Exception {
    compile(Files.writeString(folder.resolve("Cluster.java"), guide().get(0)));
    Path data = folder.resolve("predictions.parquet");
    dataset().drop("weight.of row").write().parquet(data.toString());
    Path sketch = folder.resolve("all.sketch");
    try (URLClassLoader loader = new URLClassLoader(new URL[] {folder.toUri().toURL()})) {
      Object words = new String[] {data.toString(), sketch.toString()};
      loader.loadClass("Cluster").getMethod("main", String[].class).invoke(null, words);
    }
    assertThat(sketch).hasBinaryContent(onOneMachine(table, false));
  }

  @Test
  void theOtherProgramsOfTheGuideCompile(@TempDir Path folder) throws Exception {
    assertThat(guide()).hasSize(3);
    compile(Files.writeString(folder.resolve("Answers.java"), guide().get(1)));
    compile(
        Files.writeString(
            folder.resolve("Chains.java"),
            "import io.github.swag4j.spark.djl.SparkChains;\n"
                + "import java.nio.file.Path;\n"
                + "import java.util.List;\n"
                + "import org.apache.spark.sql.SparkSession;\n"
                + "class Chains { void run(SparkSession session) throws Exception {\n"
                + guide().get(2)
                + "}}\n"));
  }

  /** The Java blocks of the guide's page. */
  private static List<String> guide() throws IOException {
    return Pattern.compile("```java\\R(.*?)```", Pattern.DOTALL)
        .matcher(Files.readString(Path.of("../docs/guide/scale-out.md")))
        .results()
        .map(block -> block.group(1))
        .toList();
  }

  /** Classes land beside the source. */
  private static void compile(Path source) throws IOException {
    StringWriter problems = new StringWriter();
    JavaCompiler compiler = ToolProvider.getSystemJavaCompiler();
    try (var files = compiler.getStandardFileManager(null, Locale.ROOT, StandardCharsets.UTF_8)) {
      List<String> arguments =
          List.of(
              "-d", source.getParent().toString(), "-cp", System.getProperty("java.class.path"));
      boolean compiled =
          compiler
              .getTask(problems, files, null, arguments, null, files.getJavaFileObjects(source))
              .call();
      assertThat(compiled).as(problems.toString()).isTrue();
    }
  }
}
