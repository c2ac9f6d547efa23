package io.github.swag4j.cli.cluster;

import io.github.swag4j.cli.run.Interruption;
import java.io.BufferedReader;
import java.io.File;
import java.io.IOException;
import java.io.Writer;
import java.lang.ProcessBuilder.Redirect;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Properties;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import java.util.stream.Stream;

/**
 * A request to a process of Spark's driver: properties go in, files come out, in a folder that is
 * there until it is closed.
 */
public final class SparkCall implements AutoCloseable {
  private static final String PROGRAM = "io.github.swag4j.spark.program.ClusterProgram";
  private static final String SUBMIT = "org.apache.spark.deploy.SparkSubmit";

  /** What Spark says when no executor takes its tasks. */
  private static final String WAITS = "Initial job has not accepted any resources";

  /** How long the driver may tidy up. */
  private static final int SECONDS = 15;

  private static final String MEMORY = "spark.driver.memory=";

  /** What Spark's own launcher opens on Java 17 and newer; see the page of decisions. */
  private static final List<String> OPENS =
      List.of(
          "java.lang",
          "java.lang.invoke",
          "java.lang.reflect",
          "java.io",
          "java.net",
          "java.nio",
          "java.util",
          "java.util.concurrent",
          "java.util.concurrent.atomic",
          "jdk.internal.ref",
          "sun.nio.ch",
          "sun.nio.cs",
          "sun.security.action",
          "sun.util.calendar");

  private final SparkHome home;
  private final String master;
  private final List<String> settings;
  private final Path folder;
  private final ProgramJars jars;
  private final Properties request = new Properties();
  private final List<Path> sent = new ArrayList<>();
  private final List<Path> files = new ArrayList<>();
  private boolean failed;

  private SparkCall(SparkHome home, String master, List<String> settings, Path folder)
      throws IOException {
    this.home = home;
    this.master = master;
    this.settings = new ArrayList<>(settings);
    this.folder = folder;
    jars = ProgramJars.ofThisProcess(folder);
  }

  /**
   * A request to be made.
   *
   * @param settings of Spark, {@code name=value} each
   */
  public static SparkCall to(SparkHome home, String master, List<String> settings)
      throws IOException {
    return new SparkCall(home, master, settings, Files.createTempDirectory("swag4j-spark-"));
  }

  /** The folder of the request, and of what comes of it. */
  public Path folder() {
    return folder;
  }

  /** The jars of this program. */
  public ProgramJars jars() {
    return jars;
  }

  /** Says something of the request. */
  public SparkCall with(String key, Object value) {
    request.setProperty(key, String.valueOf(value));
    return this;
  }

  /** Says a list. */
  public SparkCall withAll(String key, List<?> values) {
    for (int n = 0; n < values.size(); n++) {
      with(key + "." + n, values.get(n));
    }
    return this;
  }

  /** Sets something of Spark's, whatever was said before. */
  public SparkCall setting(String setting) {
    settings.add(setting);
    return this;
  }

  /** Sets something of Spark's that was not set before. */
  public SparkCall settingUnlessSaid(String name, String value) {
    boolean said = settings.stream().anyMatch(each -> each.startsWith(name + "="));
    return said ? this : setting(name + "=" + value);
  }

  /** Sets something of Spark's that is words with blanks between: these, and those said before. */
  public SparkCall settingWith(String name, String words) {
    String said =
        settings.stream()
            .filter(each -> each.startsWith(name + "="))
            .map(each -> each.substring(name.length() + 1) + " ")
            .reduce("", (first, second) -> second);
    settings.removeIf(each -> each.startsWith(name + "="));
    return setting(name + "=" + said + words);
  }

  /** Sends jars, to be on the class paths of driver and executors. */
  public SparkCall sending(List<Path> more) {
    sent.addAll(more);
    return this;
  }

  /** Sends files, to be in the folders of executors. */
  public SparkCall sendingFiles(List<Path> more) {
    files.addAll(more);
    return this;
  }

  /**
   * Runs it.
   *
   * @param lines takes each line that the process says to be passed on
   * @throws IOException if it fails; says why, and where Spark's log is
   */
  public void run(Consumer<String> lines) throws IOException {
    Path properties = folder.resolve("request.properties");
    try (Writer out = Files.newBufferedWriter(properties)) {
      request.store(out, null);
    }
    Path log = folder.resolve("spark.log");
    ProcessBuilder builder = new ProcessBuilder(command(properties));
    builder.environment().put("SWAG4J_ENDS_WITH_STDIN", "1");
    builder.environment().put("SPARK_HOME", home.path().toString());
    builder.environment().put("SPARK_SCALA_VERSION", "2.13");
    builder.redirectError(Redirect.to(log.toFile()));
    Process process = builder.start();
    failed = true;
    Interruption interruption = Interruption.doing(() -> end(process));
    Thread watch = watch(log, lines);
    try (BufferedReader said = process.inputReader(StandardCharsets.UTF_8)) {
      for (String line = said.readLine(); line != null; line = said.readLine()) {
        if (line.startsWith("swag4j: ")) {
          lines.accept(line.substring("swag4j: ".length()));
        }
      }
      int code = process.waitFor();
      if (code != 0) {
        throw new IOException(why(code, log));
      }
      failed = false;
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IOException("interrupted while Spark was at work: repeat the command", e);
    } finally {
      watch.interrupt();
      process.destroy();
      interruption.close();
    }
  }

  /** If the program is ended: its driver, which tidies up, and then the folder. */
  private void end(Process process) {
    try {
      process.getOutputStream().close();
      if (!process.waitFor(SECONDS, TimeUnit.SECONDS)) {
        process.destroyForcibly();
      }
      failed = false;
      close();
    } catch (IOException e) {
      process.destroyForcibly();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  /** Says once what would else look like nothing: that the cluster gives no executor. */
  private static Thread watch(Path log, Consumer<String> lines) {
    Thread watch =
        new Thread(
            () -> {
              try {
                while (!Files.readString(log, StandardCharsets.ISO_8859_1).contains(WAITS)) {
                  Thread.sleep(2000);
                }
                lines.accept(
                    "swag4j: warning: Spark waits for executors: see that workers are there, with the cores"
                        + " and the memory that are asked for (its log is "
                        + log
                        + ")");
              } catch (IOException e) {
                return; // the log is gone: the work is over
              } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
              }
            },
            "Spark's log");
    watch.setDaemon(true);
    watch.start();
    return watch;
  }

  private String why(int code, Path log) throws IOException {
    Path failure = folder.resolve("failure.txt");
    String said =
        Files.exists(failure)
            ? Files.readString(failure)
            : "Spark's driver ended with code " + code + lastLine(log);
    return said + " (what Spark said is in " + log + ")";
  }

  private static String lastLine(Path log) throws IOException {
    List<String> lines =
        new String(Files.readAllBytes(log), StandardCharsets.UTF_8)
            .lines()
            .filter(line -> line.contains("Exception") || line.startsWith("Error"))
            .toList();
    return lines.isEmpty() ? "" : ": " + lines.get(0).strip();
  }

  private List<String> command(Path properties) throws IOException {
    List<String> command = new ArrayList<>();
    command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
    command.add("-XX:+IgnoreUnrecognizedVMOptions");
    // Spark's own launcher does so: its driver is this process.
    settings.stream()
        .filter(each -> each.startsWith(MEMORY))
        .forEach(each -> command.add("-Xmx" + each.substring(MEMORY.length())));
    for (String name : OPENS) {
      command.add("--add-opens=java.base/" + name + "=ALL-UNNAMED");
    }
    command.add("--add-modules=jdk.incubator.vector");
    command.add("--enable-native-access=ALL-UNNAMED");
    command.add("--sun-misc-unsafe-memory-access=allow");
    command.add("-Djdk.reflect.useDirectMethodHandle=false");
    command.add("-Dio.netty.tryReflectionSetAccessible=true");
    command.add("-cp");
    command.add(
        home.path().resolve("conf")
            + File.separator
            + File.pathSeparator
            + home.path().resolve("jars")
            + File.separator
            + "*");
    command.add(SUBMIT);
    command.addAll(List.of("--master", master, "--class", PROGRAM, "--name", "swag4j"));
    command.addAll(List.of("--deploy-mode", "client"));
    for (String setting : settings) {
      command.addAll(List.of("--conf", setting));
    }
    list(command, "--jars", sent);
    list(command, "--files", files);
    command.add(jars.spark().toString());
    command.add(properties.toString());
    return command;
  }

  private static void list(List<String> command, String option, List<Path> paths) {
    if (!paths.isEmpty()) {
      command.add(option);
      command.add(String.join(",", paths.stream().map(path -> path.toUri().toString()).toList()));
    }
  }

  /** Removes the folder; after a failure the log stays. */
  @Override
  public void close() throws IOException {
    if (!Files.exists(folder)) {
      return;
    }
    List<Path> all;
    try (Stream<Path> walk = Files.walk(folder)) {
      all = walk.sorted(Comparator.reverseOrder()).toList();
    }
    for (Path each : all) {
      boolean kept = each.equals(folder) || each.equals(folder.resolve("spark.log"));
      if (!failed || !kept) {
        Files.delete(each);
      }
    }
  }
}
