package io.github.swag4j.spark.program;

import io.github.swag4j.base.AtomicFile;
import io.github.swag4j.base.Refusal;
import io.github.swag4j.calibration.io.format.Noted;
import io.github.swag4j.calibration.sketch.CalibrationSketch;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.concurrent.atomic.AtomicReference;
import org.apache.spark.sql.SparkSession;

/**
 * What the program {@code swag4j} runs in Spark's driver for its option {@code --master}: a process
 * of its own, so that the program itself has no need of Spark. It takes one file of properties that
 * says what to do, and leaves in the file's folder what came of it; why it failed is the file
 * {@code failure.txt} there.
 *
 * <p>It ends when its standard input does: with the program that started it.
 */
public final class ClusterProgram {
  private static final int LAST_SECONDS = 10;

  private static final AtomicReference<Runnable> LEFT = new AtomicReference<>(() -> {});
  private static final AtomicReference<SparkSession> SESSION = new AtomicReference<>();

  private ClusterProgram() {}

  /**
   * Runs a request.
   *
   * @param args one word, the file of the request
   * @throws IOException if why it failed cannot be written
   */
  public static void main(String[] args) throws IOException {
    endWithParent(System.getenv());
    Path file = Path.of(args[0]);
    Path folder = file.toAbsolutePath().getParent();
    int code = 0;
    try {
      run(Request.read(file), folder);
    } catch (Exception e) {
      e.printStackTrace(); // into Spark's log, which the program keeps
      String words = words(e, Request.read(file));
      Files.writeString(folder.resolve("failure.txt"), words);
      code = 1;
    }
    // Threads of Spark's may live on.
    System.exit(code);
  }

  private static void endWithParent(Map<String, String> environment) {
    if (!environment.containsKey("SWAG4J_ENDS_WITH_STDIN")) {
      return;
    }
    Thread watch =
        new Thread(
            () -> {
              try {
                System.in.transferTo(OutputStream.nullOutputStream());
              } catch (IOException e) {
                System.err.println("the program that waits is gone: " + e);
              }
              end();
            },
            "parent");
    watch.setDaemon(true);
    watch.start();
  }

  /** What is to be tidied up if the program ends before its work does. */
  static void atEnd(Runnable tidied) {
    LEFT.set(tidied);
  }

  /** Stops the jobs, tidies up, and is gone at the latest after some seconds. */
  private static void end() {
    Thread last =
        new Thread(
            () -> {
              try {
                Thread.sleep(LAST_SECONDS * 1000L);
              } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
              }
              Runtime.getRuntime().halt(1);
            },
            "last");
    last.setDaemon(true);
    last.start();
    SparkSession session = SESSION.get();
    if (session != null) {
      session.stop();
    }
    LEFT.get().run();
    Runtime.getRuntime().halt(1);
  }

  /** What the innermost failure that is ours says, else the outermost. */
  private static String words(Throwable e, Request request) {
    for (Throwable at = e; at != null; at = at.getCause()) {
      if (at instanceof Refusal.Holder holder) {
        return holder.refusal().text(request::words);
      }
    }
    String first = String.valueOf(e.getMessage()).lines().findFirst().orElse("");
    return e instanceof IllegalArgumentException
        ? first
        : e.getClass().getSimpleName() + ": " + first;
  }

  private static void run(Request request, Path folder) throws IOException {
    SparkSession session =
        SparkSession.builder()
            .config("spark.sql.datetime.java8API.enabled", "true")
            .config("spark.sql.parquet.binaryAsString", "true")
            .config("spark.sql.sources.partitionColumnTypeInference.enabled", "false")
            .getOrCreate();
    SESSION.set(session);
    try {
      switch (request.word("task")) {
        case "evaluate" -> evaluate(session, request, folder);
        case "study" -> ClusterStudy.run(session, request, ClusterProgram::tell);
        case "predict" -> {
          // As the program sets its engine up, and executors by their options.
          System.setProperty("ai.djl.offline", "true");
          System.setProperty("ai.djl.pytorch.num_threads", "1");
          System.setProperty("ai.djl.pytorch.num_interop_threads", "1");
          ClusterPrediction.write(session, request);
        }
        default -> throw new IllegalArgumentException("no task is called " + request.word("task"));
      }
    } finally {
      session.stop();
    }
  }

  /** A line for the program that waits for it. */
  private static synchronized void tell(StudyJob.Done done) {
    System.out.println("swag4j: job " + done.index() + " " + done.code() + " " + done.seconds());
    System.out.flush();
  }

  private static void evaluate(SparkSession session, Request request, Path folder)
      throws IOException {
    int n = 0;
    for (String table : request.words("table")) {
      Noted<CalibrationSketch> read = new ClusterSketch(session).of(table, request);
      read.value().write(folder.resolve(n + ".sketch"));
      byte[] note = read.note().toJson().getBytes(StandardCharsets.UTF_8);
      AtomicFile.write(folder.resolve(n + ".json"), out -> out.write(note));
      n++;
    }
  }
}
