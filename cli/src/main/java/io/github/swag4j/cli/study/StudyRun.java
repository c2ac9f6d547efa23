package io.github.swag4j.cli.study;

import io.github.swag4j.cli.cluster.SparkCall;
import io.github.swag4j.cli.run.Interruption;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;

/** Does the jobs of a study, several at a time, and says how far it is. */
public final class StudyRun {

  /** A job that did not come to its end. */
  public record Failure(Job job, String why, Path log) {}

  private static final String SAYS = "swag4j: ";

  /** A shell's exit code of a process that signal 0 would have ended. */
  private static final int KILLED = 128;

  private final StudyDirectory directory;
  private final PrintWriter err;
  private final int all;
  private final List<Failure> failures = Collections.synchronizedList(new ArrayList<>());
  private final List<Double> seconds = new ArrayList<>();
  private int finished;

  /**
   * A study to be done.
   *
   * @param all jobs in all
   * @param done how many are done already
   */
  public StudyRun(StudyDirectory directory, int all, int done, PrintWriter err) {
    this.directory = directory;
    this.all = all;
    this.finished = done;
    this.err = err;
  }

  /**
   * Does jobs.
   *
   * @param atOnce how many processes at a time
   * @return those that failed, in their order
   */
  public List<Failure> run(List<Job> jobs, int atOnce) throws IOException {
    Interruption interruption = Interruption.doing(this::interrupted);
    ExecutorService workers = Executors.newFixedThreadPool(atOnce);
    try {
      List<Future<?>> begun = new ArrayList<>();
      for (Job job : jobs) {
        begun.add(
            workers.submit(
                () -> {
                  perform(job, atOnce);
                  return null;
                }));
      }
      for (Future<?> each : begun) {
        each.get();
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IOException("the study was interrupted: repeat the command to go on", e);
    } catch (ExecutionException e) {
      throw e.getCause() instanceof IOException io ? io : new IOException(e.getCause());
    } finally {
      workers.shutdownNow(); // which ends the processes of those that wait for one
      interruption.close();
    }
    failures.sort((a, b) -> Integer.compare(jobs.indexOf(a.job()), jobs.indexOf(b.job())));
    return List.copyOf(failures);
  }

  private void perform(Job job, int atOnce) throws IOException, InterruptedException {
    long started = System.nanoTime();
    directory.begin(job);
    Path log = directory.log(job);
    Files.deleteIfExists(log);
    Path run = directory.run(job).path();
    int code = 0;
    for (List<String> step : steps(job, run)) {
      code = code == 0 ? JobProcess.run(step, log) : code;
    }
    finished(job, code, (System.nanoTime() - started) / 1e9, atOnce);
  }

  /** What is left to be done of a job. */
  private List<List<String>> steps(Job job, Path run) throws IOException {
    List<List<String>> steps = new ArrayList<>();
    if (!directory.isTrained(job)) {
      steps.add(JobProcess.train(job, run));
    }
    if (!directory.isShifted(job)) {
      steps.add(JobProcess.shift(job, run));
    }
    return steps;
  }

  /**
   * Does jobs on a cluster whose machines all see the study's directory under the same path.
   *
   * @param call a request that says nothing yet
   * @return those that failed, in their order
   */
  public List<Failure> run(List<Job> jobs, SparkCall call) throws IOException {
    call.with("task", "study")
        .with("folder", Path.of("").toAbsolutePath())
        .withAll("flag", JobProcess.portableFlags());
    for (int j = 0; j < jobs.size(); j++) {
      Job job = jobs.get(j);
      directory.begin(job);
      Path log = directory.log(job).toAbsolutePath();
      Files.deleteIfExists(log);
      call.with("log." + j, log);
      List<List<String>> steps = steps(job, directory.run(job).path().toAbsolutePath());
      for (int s = 0; s < steps.size(); s++) {
        call.withAll("job." + j + "." + s, steps.get(s));
      }
    }
    List<Path> jars = call.jars().all();
    boolean[] told = new boolean[jobs.size()];
    Interruption interruption = Interruption.doing(this::interrupted);
    try {
      call.sendingFiles(jars)
          .withAll("jar", jars.stream().map(Path::getFileName).toList())
          .run(line -> told(line, jobs, told));
    } finally {
      interruption.close();
    }
    for (int j = 0; j < told.length; j++) {
      if (!told[j]) {
        Job job = jobs.get(j);
        failures.add(
            new Failure(job, "the cluster never said what came of it", directory.log(job)));
      }
    }
    failures.sort((a, b) -> Integer.compare(jobs.indexOf(a.job()), jobs.indexOf(b.job())));
    return List.copyOf(failures);
  }

  /** "job 3 0 12.5": the fourth ended with code 0 after 12.5 seconds. */
  private void told(String line, List<Job> jobs, boolean[] told) {
    String[] words = line.split(" ", -1);
    if (words.length != 4 || !words[0].equals("job")) {
      err.println(line);
      return;
    }
    try {
      Job job = jobs.get(Integer.parseInt(words[1]));
      told[Integer.parseInt(words[1])] = true;
      int code = Integer.parseInt(words[2]);
      if (code == 0 && directory.state(job) != StudyDirectory.State.DONE) {
        String why =
            "it was done where this machine does not see it: --out must be on storage that all"
                + " machines see under the same path";
        failures.add(new Failure(job, why, directory.log(job)));
        err.println("swag4j: warning: " + job.name() + " failed: " + why);
        return;
      }
      finished(job, code, Double.parseDouble(words[3]), 0);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /**
   * Says what came of a job.
   *
   * @param atOnce how many jobs are done at a time; 0 if nobody knows
   */
  private void finished(Job job, int code, double took, int atOnce) throws IOException {
    Path log = directory.log(job);
    if (code == 0) {
      done(job, took, atOnce);
      return;
    }
    failures.add(new Failure(job, lastLine(log, code), log));
    synchronized (this) {
      err.println("swag4j: warning: " + job.name() + " failed: " + lastLine(log, code));
    }
  }

  private synchronized void done(Job job, double took, int atOnce) {
    finished++;
    seconds.add(took);
    int left = all - finished - failures.size();
    double mean = seconds.stream().mapToDouble(Double::doubleValue).average().orElse(0);
    err.printf(
        Locale.ROOT,
        "%d of %d done: %s took %s%s%n",
        finished,
        all,
        job.name(),
        clock(took),
        left > 0
            ? String.format(Locale.ROOT, "; %d left", left)
                + (atOnce > 0 ? ", about " + clock(mean * left / atOnce) : "")
            : "");
  }

  private static String clock(double seconds) {
    long whole = Math.round(seconds);
    return whole < 3600
        ? String.format(Locale.ROOT, "%d:%02d", whole / 60, whole % 60)
        : String.format(Locale.ROOT, "%d:%02d:%02d", whole / 3600, whole / 60 % 60, whole % 60);
  }

  private static String lastLine(Path log, int code) throws IOException {
    // What native code says may be no UTF-8.
    List<String> lines =
        new String(Files.readAllBytes(log), StandardCharsets.UTF_8)
            .lines()
            .filter(line -> !line.isBlank())
            .toList();
    String killed = code > KILLED ? ", killed by signal " + (code - KILLED) : "";
    // What the program says of its failure; a virtual machine that breaks down says it first.
    return lines.stream()
            .filter(line -> line.startsWith(SAYS) && !line.matches(SAYS + "(note|warning): .*"))
            .reduce((first, second) -> second)
            .map(line -> line.substring(SAYS.length()))
            .orElse(lines.isEmpty() ? "exit code " + code : lines.get(0))
        + killed;
  }

  private synchronized void interrupted() {
    err.printf(
        Locale.ROOT,
        "swag4j: interrupted with %d of %d jobs done: repeat the command to go on%n",
        finished,
        all);
    err.flush();
  }
}
