package io.github.swag4j.spark.program;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import io.github.swag4j.calibration.Predictions;
import io.github.swag4j.calibration.io.PredictionFiles;
import io.github.swag4j.calibration.io.format.PredictionFileException;
import io.github.swag4j.spark.LocalCluster;
import java.io.File;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.concurrent.TimeUnit;
import java.util.regex.Pattern;
import org.apache.hadoop.conf.Configuration;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.RowFactory;
import org.apache.spark.sql.SparkSession;
import org.apache.spark.sql.types.DataTypes;
import org.apache.spark.sql.types.StructType;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The program itself, in a process without Spark, with {@code --master} of a real cluster. */
class ProgramOnClusterTest {
  private static final Path TABLES =
      Path.of("..", "parquet", "src", "test", "resources", "io", "github", "swag4j", "parquet");

  /** What Spark brings, which the program must do without. */
  private static final Pattern OF_SPARK =
      Pattern.compile(
          "[/\\\\](org[/\\\\]apache[/\\\\](spark|hadoop|hive|arrow|ivy|zookeeper|curator|avro|orc|logging|xbean)"
              + "|org[/\\\\](scala-lang|json4s|eclipse|glassfish|codehaus|apache[/\\\\]datasketches)"
              + "|io[/\\\\](netty|dropwizard)|com[/\\\\](fasterxml|twitter|esotericsoftware|github[/\\\\]luben)"
              + "|jakarta|javax)[/\\\\]");

  private static final int SIDE = 8;
  private static final int PIXELS = SIDE * SIDE;

  @TempDir private static Path shared;

  private static LocalCluster cluster;
  private static Path home;

  @BeforeAll
  static void start() throws IOException {
    cluster = new LocalCluster(Files.createDirectories(shared.resolve("cluster")), 2);
    home = shared.resolve("spark");
    Files.createDirectories(home.resolve("jars"));
    for (String entry : classPath()) {
      if (entry.endsWith(".jar") && !entry.contains("surefire")) {
        Path jar = Path.of(entry);
        boolean ours = jar.toString().matches(".*(swag4j|picocli|djl|pytorch).*");
        if (!ours) {
          Files.createSymbolicLink(home.resolve("jars").resolve(jar.getFileName()), jar);
        }
      }
    }
  }

  @AfterAll
  static void stop() {
    cluster.close();
  }

  private static List<String> classPath() {
    return List.of(System.getProperty("java.class.path").split(File.pathSeparator, -1));
  }

  private static Process program(Path log, String... words) throws IOException {
    List<String> path =
        classPath().stream()
            .filter(entry -> !OF_SPARK.matcher(entry).find())
            .filter(entry -> !entry.endsWith("test-classes"))
            .toList();
    List<String> command = new ArrayList<>();
    command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
    command.addAll(List.of("-XX:TieredStopAtLevel=1", "-XX:+UseSerialGC"));
    command.addAll(List.of("-Dai.djl.offline=true", "-cp", String.join(File.pathSeparator, path)));
    command.add("io.github.swag4j.cli.Main");
    command.addAll(List.of(words));
    ProcessBuilder builder = new ProcessBuilder(command).redirectErrorStream(true);
    builder.environment().remove("SPARK_HOME");
    return builder.redirectOutput(log.toFile()).start();
  }

  private static String said(String... words) throws Exception {
    Path log = Files.createTempFile(shared, "said", ".txt");
    Process process = program(log, words);
    assertThat(process.waitFor(240, TimeUnit.SECONDS)).isTrue();
    return process.exitValue() + ": " + Files.readString(log);
  }

  private static String[] onCluster(String... words) {
    List<String> all = new ArrayList<>(Arrays.asList(words));
    all.addAll(List.of("--master", cluster.master(), "--spark-home", home.toString()));
    all.addAll(List.of("--spark-conf", "spark.driver.host=127.0.0.1"));
    all.addAll(List.of("--spark-conf", "spark.ui.enabled=false"));
    all.addAll(List.of("--spark-conf", "spark.executor.memory=600m"));
    return all.toArray(String[]::new);
  }

  /** Names for labels, weights, a text beside, folders that are a column; lists; vectors. */
  @Test
  void sketchesOfTheClusterHaveTheNumbersAndBytesOfOneMachine() throws Exception {
    List<String> words = new ArrayList<>(List.of("evaluate"));
    for (String table : List.of("spark", "spark-partitioned", "spark-list", "spark-vector")) {
      words.add(TABLES.resolve(table).toString());
    }
    words.add("--json");
    String cluster = said(onCluster(words.toArray(String[]::new)));
    words.add("--stream");
    assertThat(lines(cluster, "[{].*")).hasSize(4);
    assertThat(lines(cluster, "[{].*"))
        .isEqualTo(lines(said(words.toArray(String[]::new)), "[{].*"));
    Path here = shared.resolve("here.sketch");
    Path there = shared.resolve("there.sketch");
    String table = TABLES.resolve("spark").toString();
    said("evaluate", table, "--save-sketch", here.toString(), "--stream");
    said(onCluster("evaluate", table, "--save-sketch", there.toString()));
    assertThat(there).hasSameBinaryContentAs(here);
  }

  private static List<String> lines(String said, String pattern) {
    return said.lines().filter(line -> line.matches(pattern)).toList();
  }

  @Test
  void whatDoesNotFitIsRefusedInWordsOfTheProgram() throws Exception {
    String table = TABLES.resolve("spark").toString();
    assertThat(said(onCluster("evaluate", table, "--label-column", "site")))
        .startsWith("1: ")
        .contains("swag4j: ", "site", "spark.log")
        .doesNotContain("SparkException");
  }

  /** Spark reads these without a word: deleted rows, half a table, a part of one. */
  @Test
  void foldersThatOneMachineRefusesAreRefused() throws Exception {
    String table = TABLES.resolve("spark").toString();
    Path odd = Files.createDirectories(shared.resolve("an odd one"));
    for (File file : new File(table).listFiles()) {
      Files.copy(file.toPath(), odd.resolve(file.getName()));
    }
    for (String name : List.of("_delta_log", "_temporary", "monday")) {
      Path folder = Files.createDirectory(odd.resolve(name));
      assertThatThrownBy(() -> TableFiles.requireWhole(new Configuration(), "file://" + odd))
          .isInstanceOf(PredictionFileException.class)
          .hasMessageContaining(name);
      Files.delete(folder);
    }
    assertThat(said(onCluster("evaluate", odd.toString()))).startsWith("0: ");
  }

  /** An executor is killed while it trains; then one of the posteriors predicts the test images. */
  @Test
  void aStudyHasTheResultsOfOneMachineAndItsPosteriorPredictsATable() throws Exception {
    Path images = Files.createDirectories(shared.resolve("images"));
    byte[] pixels = images(images, "train", 120);
    byte[] tests = images(images, "t10k", 40);
    assertThat(pixels.length).isGreaterThan(tests.length);
    Path file = shared.resolve("study.yaml");
    String options = ", model: mlp, epochs: 60, rank: 2, samples: 3}\n";
    Files.writeString(
        file, "options: {data: " + images + options + "methods: [[sgd, swag]]\nseeds: [1, 2]\n");
    Path there = shared.resolve("there");
    Path here = shared.resolve("here");
    Path log = shared.resolve("study.txt");
    Process study = program(log, onCluster("study", file.toString(), "--out", there.toString()));
    Path first = there.resolve("jobs/train-all/sgd-swag/seed-1.log");
    while (study.isAlive() && !(Files.exists(first) && Files.size(first) > 0)) {
      Thread.sleep(20);
    }
    assertThat(cluster.killOne()).isTrue();
    assertThat(study.waitFor(240, TimeUnit.SECONDS)).isTrue();
    assertThat(study.exitValue()).as(Files.readString(log)).isZero();
    assertThat(said("study", file.toString(), "--out", here.toString())).startsWith("0: ");
    String run = "runs/train-all/sgd-swag/seed-";
    for (int seed = 1; seed <= 2; seed++) {
      Path one = here.resolve(run + seed);
      Path other = there.resolve(run + seed);
      for (String each : List.of("posterior.safetensors", "metrics.json")) {
        assertThat(other.resolve(each)).hasSameBinaryContentAs(one.resolve(each));
      }
    }
    assertThat(there.resolve("report.html")).exists();
    predicted(here.resolve(run + 1), tests, "images", "my answers [1] 100%20é");
  }

  /** Its statistics go with the posterior: executors have no training data. */
  @Test
  void aPosteriorWithBatchNormPredictsATable() throws Exception {
    Path images = Files.createDirectories(shared.resolve("others"));
    assertThat(images(images, "train", 120)).hasSize(120 * PIXELS);
    byte[] tests = images(images, "t10k", 40);
    String run = shared.resolve("with batch norm").toString();
    String data = "--data=" + images;
    String network = "--model=cnn-small";
    assertThat(
            said(
                "train",
                data,
                network,
                "--epochs=4",
                "--rank=2",
                "--samples=3",
                "--threads=1",
                "--out=" + run))
        .startsWith("0: ");
    predicted(Path.of(run), tests, "others", "answers");
  }

  private static void predicted(Path run, byte[] pixels, String data, String name)
      throws Exception {
    Path table = shared.resolve("a table of " + data);
    Path out = shared.resolve(name);
    SparkSession session =
        SparkSession.builder()
            .master("local[1]")
            .config("spark.ui.enabled", "false")
            .config("spark.driver.host", "127.0.0.1")
            .getOrCreate();
    try {
      List<Row> rows = new ArrayList<>();
      for (int i = 0; i < pixels.length / PIXELS; i++) {
        Integer[] image = new Integer[PIXELS];
        for (int p = 0; p < PIXELS; p++) {
          image[p] = pixels[i * PIXELS + p] & 0xFF;
        }
        rows.add(RowFactory.create(i, image));
      }
      StructType schema =
          new StructType()
              .add("n", DataTypes.IntegerType)
              .add("image", DataTypes.createArrayType(DataTypes.IntegerType));
      session.createDataFrame(rows, schema).repartition(2).write().parquet(table.toString());
      String said =
          said(
              onCluster(
                  "predict", run.toString(), "--method=swag", "--data=" + table, "--out=" + out));
      assertThat(said).startsWith("0: ");
      Predictions expected = PredictionFiles.read(run.resolve("predictions/swag-" + data + ".npz"));
      List<Row> answers =
          session
              .read()
              .option("__globPaths__", "false")
              .parquet(out.toString())
              .orderBy("n")
              .collectAsList();
      assertThat(answers).hasSize(expected.rows());
      for (int r = 0; r < expected.rows(); r++) {
        List<Double> row = answers.get(r).getList(answers.get(r).fieldIndex("probability"));
        for (int k = 0; k < expected.classes(); k++) {
          assertThat(row.get(k)).isCloseTo(expected.probability(r, k), within(1e-6));
        }
      }
    } finally {
      session.stop();
    }
  }

  /** Images of two classes, brighter on one side, as files of MNIST's format. */
  private static byte[] images(Path folder, String part, int count) throws IOException {
    Random random = new Random(count);
    byte[] pixels = new byte[count * PIXELS];
    byte[] labels = new byte[count];
    for (int i = 0; i < count; i++) {
      labels[i] = (byte) (i % 2);
      for (int p = 0; p < PIXELS; p++) {
        int bright = p % SIDE < SIDE / 2 == (labels[i] == 0) ? 60 : 0;
        pixels[i * PIXELS + p] = (byte) (random.nextInt(190) + bright);
      }
    }
    ByteBuffer header = ByteBuffer.allocate(16).putInt(0x803).putInt(count).putInt(SIDE);
    write(folder.resolve(part + "-images-idx3-ubyte"), header.putInt(SIDE).array(), pixels);
    write(
        folder.resolve(part + "-labels-idx1-ubyte"),
        ByteBuffer.allocate(8).putInt(0x801).putInt(count).array(),
        labels);
    return pixels;
  }

  private static void write(Path file, byte[] header, byte[] values) throws IOException {
    try (OutputStream out = Files.newOutputStream(file)) {
      out.write(header);
      out.write(values);
    }
  }
}
