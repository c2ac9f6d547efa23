package io.github.swag4j.spark;

import java.io.File;
import java.io.IOException;
import java.io.OutputStream;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.jar.Attributes;
import java.util.jar.JarOutputStream;
import java.util.jar.Manifest;
import java.util.stream.Stream;
import java.util.zip.ZipEntry;
import org.apache.spark.sql.SparkSession;

/**
 * A real standalone cluster: a master and workers of one core, each a process, on the loopback
 * interface, from the jars of the local repository.
 */
public final class LocalCluster implements AutoCloseable {
  private static final List<String> CLASS_PATH =
      List.of(System.getProperty("java.class.path").split(File.pathSeparator, -1));

  private final Path folder;
  private final List<Process> daemons = new ArrayList<>();
  private final String master;

  /** Starts one, whose files lie in a folder. */
  public LocalCluster(Path folder, int workers) throws IOException {
    this.folder = folder;
    Path jars = Path.of(System.getenv("SPARK_HOME")).resolve("jars");
    Files.createDirectories(jars);
    pathingJar(jars.resolve("everything.jar"));
    int port;
    try (ServerSocket socket = new ServerSocket(0)) {
      port = socket.getLocalPort();
    }
    master = "spark://127.0.0.1:" + port;
    start("master", "org.apache.spark.deploy.master.Master", "--port", "" + port);
    for (int w = 0; w < workers; w++) {
      String work = folder.resolve("work-" + w).toString();
      start(
          "worker-" + w,
          "org.apache.spark.deploy.worker.Worker",
          List.of("--cores", "1", "--memory", "1g", "--work-dir", work, master)
              .toArray(String[]::new));
    }
  }

  /** A worker makes an executor's class path of the jars below SPARK_HOME: one names the others. */
  private static void pathingJar(Path jar) throws IOException {
    Manifest manifest = new Manifest();
    manifest.getMainAttributes().put(Attributes.Name.MANIFEST_VERSION, "1.0");
    List<String> entries =
        CLASS_PATH.stream()
            .filter(entry -> entry.endsWith(".jar") && !entry.contains("surefire"))
            .map(entry -> Path.of(entry).toUri().toString())
            .toList();
    manifest.getMainAttributes().put(Attributes.Name.CLASS_PATH, String.join(" ", entries));
    try (OutputStream out = Files.newOutputStream(jar)) {
      new JarOutputStream(out, manifest).close();
    }
  }

  private void start(String log, String main, String... words) throws IOException {
    List<String> command = new ArrayList<>();
    command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
    command.addAll(List.of("-Xmx256m", "-XX:TieredStopAtLevel=1", "-XX:+UseSerialGC", "-cp"));
    command.addAll(List.of(String.join(File.pathSeparator, CLASS_PATH), main));
    command.addAll(List.of("--host", "127.0.0.1", "--webui-port", "0"));
    command.addAll(List.of(words));
    daemons.add(
        new ProcessBuilder(command)
            .redirectErrorStream(true)
            .redirectOutput(folder.resolve(log + ".log").toFile())
            .start());
  }

  /** A session whose executors are all there, with the classes of this build. */
  SparkSession session(String javaOptions) throws IOException {
    return SparkSession.builder()
        .master(master)
        .config("spark.jars", ownJars())
        .config("spark.ui.enabled", "false")
        .config("spark.driver.host", "127.0.0.1")
        .config("spark.executor.memory", "600m")
        .config("spark.executor.extraJavaOptions", javaOptions)
        .config("spark.sql.shuffle.partitions", "2")
        .config("spark.scheduler.minRegisteredResourcesRatio", "1.0")
        .config("spark.scheduler.maxRegisteredResourcesWaitingTime", "60s")
        .getOrCreate();
  }

  /** Its address. */
  public String master() {
    return master;
  }

  /** Kills one executor, if there is any yet. */
  public boolean killOne() {
    return daemons.stream()
        .flatMap(Process::descendants)
        .filter(process -> process.info().arguments().isPresent())
        .filter(process -> List.of(process.info().arguments().get()).contains("--executor-id"))
        .findFirst()
        .map(ProcessHandle::destroyForcibly)
        .orElse(false);
  }

  /** Kills the executor of that name. */
  void kill(String executorId) {
    ProcessHandle executor =
        daemons.stream()
            .flatMap(Process::descendants)
            .filter(process -> isOf(process, executorId))
            .findFirst()
            .orElseThrow();
    executor.destroyForcibly();
  }

  private static boolean isOf(ProcessHandle process, String executorId) {
    List<String> words = List.of(process.info().arguments().orElse(new String[0]));
    int at = words.indexOf("--executor-id");
    return at >= 0 && words.get(at + 1).equals(executorId);
  }

  private String ownJars() throws IOException {
    List<String> jars = new ArrayList<>();
    for (String entry : CLASS_PATH) {
      Path path = Path.of(entry);
      if (Files.isDirectory(path)) {
        jars.add(jarOf("own-" + jars.size() + ".jar", path).toString());
      }
    }
    return String.join(",", jars);
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

  @Override
  public void close() {
    for (Process daemon : daemons) {
      daemon.descendants().forEach(ProcessHandle::destroyForcibly);
      daemon.destroyForcibly().onExit().join();
    }
  }
}
