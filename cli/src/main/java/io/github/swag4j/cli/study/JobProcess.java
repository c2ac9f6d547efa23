package io.github.swag4j.cli.study;

import java.io.IOException;
import java.io.OutputStream;
import java.lang.ProcessBuilder.Redirect;
import java.lang.management.ManagementFactory;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/**
 * A job in a process of its own, which is the same program: the engine has one generator of random
 * numbers and one number of threads for a whole process, so that two trainings in one would change
 * each other's numbers; and what ends one job, out of memory in native code too, ends no other.
 *
 * <p>The child reads its standard input, on which nothing ever comes, and ends when that does: with
 * its parent, however this ended.
 */
public final class JobProcess {
  /** Set for processes that end with their parent. */
  private static final String VARIABLE = "SWAG4J_ENDS_WITH_STDIN";

  private static final String MAIN = "io.github.swag4j.cli.Main";

  private JobProcess() {}

  /**
   * Ends this process when its standard input ends, if it was started to; what it has saved by then
   * is what the next one goes on with.
   */
  public static void endWithParent(Map<String, String> environment) {
    if (!environment.containsKey(VARIABLE)) {
      return;
    }
    Thread watch =
        new Thread(
            () -> {
              try {
                System.in.transferTo(OutputStream.nullOutputStream()); // nothing is said on it
              } catch (IOException e) {
                Runtime.getRuntime().halt(1);
              }
              Runtime.getRuntime().halt(1);
            },
            "parent");
    watch.setDaemon(true);
    watch.start();
  }

  /** What trains, or goes on, or finds that it is done. */
  static List<String> train(Job job, Path run) {
    List<String> words = new ArrayList<>(List.of("train"));
    words.addAll(job.words());
    words.addAll(List.of("--out", run.toString(), "--resume", "--json"));
    return words;
  }

  /** What judges a trained run under its corruptions. */
  static List<String> shift(Job job, Path run) {
    return List.of("shift", run.toString(), "--corruption", String.join(",", job.shifts()));
  }

  /** Calls the program; returns the exit code. */
  static int run(List<String> words, Path log) throws IOException, InterruptedException {
    ProcessBuilder builder = new ProcessBuilder(command(words));
    builder.environment().put(VARIABLE, "1");
    builder.environment().putIfAbsent("OMP_WAIT_POLICY", "PASSIVE");
    builder.redirectErrorStream(true).redirectOutput(Redirect.appendTo(log.toFile()));
    Process process = builder.start();
    try {
      return process.waitFor();
    } finally {
      process.destroy();
    }
  }

  private static List<String> command(List<String> words) {
    List<String> command = new ArrayList<>();
    command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
    command.addAll(flags());
    command.addAll(List.of("-cp", System.getProperty("java.class.path"), MAIN));
    command.addAll(words);
    return command;
  }

  /** Those of this virtual machine that a job's is to have. */
  static List<String> flags() {
    List<String> flags = new ArrayList<>();
    for (String flag : ManagementFactory.getRuntimeMXBean().getInputArguments()) {
      // Of this process alone: its debugger, its agents, and that it compiles in haste.
      if (flag.matches("-X(?!X:TieredStopAtLevel|debug|runjdwp).*|-D.*")) {
        flags.add(flag);
      }
    }
    flags.add("-Dswag4j.terminal=false");
    return flags;
  }

  /**
   * Of those what means the same to another Java runtime: no archive of classes, no log of its own.
   */
  static List<String> portableFlags() {
    return flags().stream().filter(flag -> flag.matches("-X(ms|mx|ss).*|-D.*")).toList();
  }
}
