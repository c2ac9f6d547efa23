package io.github.swag4j.spark;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.File;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.regex.Pattern;
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
  void aSketchOfTheClusterHasTheBytesOfOneMachine() throws Exception {
    for (String table : List.of("spark", "spark-partitioned", "spark-list", "spark-vector")) {
      Path here = shared.resolve(table + "-here.sketch");
      Path there = shared.resolve(table + "-there.sketch");
      String file = TABLES.resolve(table).toString();
      String one = said("evaluate", file, "--save-sketch", here.toString(), "--stream");
      String other = said(onCluster("evaluate", file, "--save-sketch", there.toString()));
      assertThat(one).startsWith("0: ");
      assertThat(other).startsWith("0: ");
      assertThat(Files.readAllBytes(there)).as(table).isEqualTo(Files.readAllBytes(here));
      assertThat(numbers(other)).isEqualTo(numbers(one));
    }
  }

  /** What was said, without what else was written and how it was read. */
  private static List<String> numbers(String said) {
    return said.lines().filter(line -> line.matches("(swag4j: .*: classes|\\S+ +\\d).*")).toList();
  }

  @Test
  void aTableWhoseColumnsCannotBeToldIsRefusedWithTheOptionThatTellsThem() throws Exception {
    String said =
        said(onCluster("evaluate", TABLES.resolve("spark").toString(), "--label-column", "site"));
    assertThat(said).startsWith("1: ").contains("swag4j: ").contains("spark.log");
  }
}
