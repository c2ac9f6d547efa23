package io.github.swag4j.spark;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.swag4j.calibration.sketch.CalibrationSketch;
import java.io.File;
import java.io.IOException;
import java.io.OutputStream;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.jar.Attributes;
import java.util.jar.JarOutputStream;
import java.util.jar.Manifest;
import java.util.stream.Stream;
import java.util.zip.ZipEntry;
import org.apache.spark.scheduler.SparkListener;
import org.apache.spark.scheduler.SparkListenerTaskEnd;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.SparkSession;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/**
 * A real standalone cluster: a master and two workers, each a process, on the loopback interface,
 * from the jars of the local repository; one executor is killed in the middle of a job.
 */
class ClusterTest {
  @TempDir private Path folder;
  private final List<Process> daemons = new ArrayList<>();
  private String master;

  @BeforeEach
  void start() throws Exception {
    Path home = Path.of(System.getenv("SPARK_HOME"));
    Files.createDirectories(home.resolve("jars"));
    List<String> classPath =
        List.of(System.getProperty("java.class.path").split(File.pathSeparator, -1));
    pathingJar(home.resolve("jars/everything.jar"), classPath);
    master = startMaster(classPath);
    for (int worker = 0; worker < 2; worker++) {
      daemon(
          classPath,
          "worker-" + worker + ".log",
          "org.apache.spark.deploy.worker.Worker",
          "--host",
          "127.0.0.1",
          "--cores",
          "1",
          "--memory",
          "600m",
          "--work-dir",
          folder.resolve("work-" + worker).toString(),
          "--webui-port",
          "0",
          master);
    }
  }

  @AfterEach
  void stop() throws InterruptedException {
    for (Process daemon : daemons) {
      daemon.descendants().forEach(ProcessHandle::destroyForcibly);
      daemon.destroyForcibly().waitFor();
    }
  }

  /**
   * The worker makes an executor's class path of the jars below SPARK_HOME: one names the others.
   */
  private static void pathingJar(Path jar, List<String> classPath) throws IOException {
    Manifest manifest = new Manifest();
    manifest.getMainAttributes().put(Attributes.Name.MANIFEST_VERSION, "1.0");
    List<String> entries = new ArrayList<>();
    for (String entry : classPath) {
      if (entry.endsWith(".jar") && !entry.contains("surefire")) {
        entries.add(Path.of(entry).toUri().toString());
      }
    }
    manifest.getMainAttributes().put(Attributes.Name.CLASS_PATH, String.join(" ", entries));
    try (OutputStream out = Files.newOutputStream(jar)) {
      new JarOutputStream(out, manifest).close();
    }
  }

  private Process daemon(List<String> classPath, String log, String main, String... words)
      throws IOException {
    List<String> command = new ArrayList<>();
    command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
    command.addAll(List.of("-Xmx256m", "-XX:TieredStopAtLevel=1", "-XX:+UseSerialGC", "-cp"));
    command.addAll(List.of(String.join(File.pathSeparator, classPath), main));
    command.addAll(List.of(words));
    Process process =
        new ProcessBuilder(command)
            .redirectErrorStream(true)
            .redirectOutput(folder.resolve(log).toFile())
            .start();
    daemons.add(process);
    return process;
  }

  private String startMaster(List<String> classPath) throws Exception {
    int port;
    try (ServerSocket socket = new ServerSocket(0)) {
      port = socket.getLocalPort();
    }
    daemon(
        classPath,
        "master.log",
        "org.apache.spark.deploy.master.Master",
        "--host",
        "127.0.0.1",
        "--port",
        "" + port,
        "--webui-port",
        "0");
    return "spark://127.0.0.1:" + port;
  }

  /** Classes that Maven keeps in folders, as a jar that Spark can send. */
  private Path jarOf(String name, Path classes) throws IOException {
    Path jar = folder.resolve(name);
    try (JarOutputStream out = new JarOutputStream(Files.newOutputStream(jar));
        Stream<Path> files = Files.walk(classes)) {
      for (Path file : files.filter(Files::isRegularFile).toList()) {
        out.putNextEntry(new ZipEntry(classes.relativize(file).toString().replace('\\', '/')));
        Files.copy(file, out);
        out.closeEntry();
      }
    }
    return jar;
  }

  private String ownJars() throws IOException {
    List<String> jars = new ArrayList<>();
    for (String entry : System.getProperty("java.class.path").split(File.pathSeparator, -1)) {
      Path path = Path.of(entry);
      if (Files.isDirectory(path)) {
        jars.add(jarOf("own-" + jars.size() + ".jar", path).toString());
      }
    }
    return String.join(",", jars);
  }

  @Test
  @Timeout(value = 3, unit = TimeUnit.MINUTES)
  void anExecutorThatIsKilledChangesNothing() throws Exception {
    SparkSession session =
        SparkSession.builder()
            .master(master)
            .config("spark.jars", ownJars())
            .config("spark.ui.enabled", "false")
            .config("spark.driver.host", "127.0.0.1")
            .config("spark.executor.memory", "512m")
            .config("spark.executor.extraJavaOptions", "-XX:TieredStopAtLevel=1 -XX:+UseSerialGC")
            .config("spark.sql.shuffle.partitions", "2")
            .config("spark.scheduler.minRegisteredResourcesRatio", "1.0")
            .config("spark.scheduler.maxRegisteredResourcesWaitingTime", "60s")
            .getOrCreate();
    try {
      List<Row> table = SparkCalibrationTest.table(2_000, 7);
      Dataset<Row> rows =
          session.createDataFrame(table, SparkCalibrationTest.schema()).repartition(8);
      PredictionColumns columns = PredictionColumns.array("probability", "label");
      byte[] expected = SparkCalibrationTest.onOneMachine(table, false);
      CalibrationSketch first = SparkCalibration.sketch(rows, columns);
      assertThat(first.toBytes()).isEqualTo(expected);
      // Each task of this one waits, so that it is in the middle when an executor is killed.
      Dataset<Row> slow =
          rows.selectExpr(
                  "java_method('io.github.swag4j.spark.Slow', 'down', label) AS waited", "*")
              .filter("waited IS NOT NULL");
      List<ProcessHandle> executors =
          daemons.stream().flatMap(Process::descendants).filter(ProcessHandle::isAlive).toList();
      assertThat(executors).hasSize(2);
      AtomicInteger lost = new AtomicInteger();
      session
          .sparkContext()
          .addSparkListener(
              new SparkListener() {
                @Override
                public void onTaskEnd(SparkListenerTaskEnd end) {
                  if (!end.taskInfo().successful()) {
                    lost.incrementAndGet();
                  }
                }
              });
      Thread killer =
          new Thread(
              () -> {
                try {
                  Thread.sleep(1_500);
                } catch (InterruptedException e) {
                  return;
                }
                executors.get(0).destroyForcibly();
              });
      killer.start();
      CalibrationSketch second = SparkCalibration.sketch(slow, columns);
      killer.join();
      assertThat(executors.get(0).isAlive()).isFalse();
      assertThat(lost).as("tasks lost with it").hasPositiveValue();
      assertThat(second.toBytes()).isEqualTo(expected);
    } finally {
      session.stop();
    }
  }
}
