package io.github.swag4j.spark.program;

import java.io.File;
import java.io.IOException;
import java.io.Serializable;
import java.lang.ProcessBuilder.Redirect;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.apache.spark.SparkFiles;

/**
 * A job of a study, as a task does it: the program itself, from jars that were sent as files, in a
 * process of its own that ends when the executor does.
 *
 * @param index which of the jobs
 * @param steps the words of each call, one after the other
 * @param log takes what the program says
 * @param flags of its virtual machine
 * @param jars names of the files that were sent
 * @param folder where it is called, if that is there
 */
record StudyJob(
    int index,
    List<List<String>> steps,
    String log,
    List<String> flags,
    List<String> jars,
    String folder)
    implements Serializable {
  private static final String MAIN = "io.github.swag4j.cli.Main";

  /**
   * What came of it.
   *
   * @param code exit code of the first step that failed, or 0
   * @param seconds how long it took
   */
  record Done(int index, int code, double seconds) implements Serializable {}

  Done run() throws IOException, InterruptedException {
    long started = System.nanoTime();
    int code = 0;
    for (int step = 0; step < steps.size() && code == 0; step++) {
      code = run(steps.get(step));
    }
    return new Done(index, code, (System.nanoTime() - started) / 1e9);
  }

  private int run(List<String> words) throws IOException, InterruptedException {
    List<String> command = new ArrayList<>();
    command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
    command.addAll(flags);
    command.add("-cp");
    command.add(String.join(File.pathSeparator, jars.stream().map(SparkFiles::get).toList()));
    command.add(MAIN);
    command.addAll(words);
    ProcessBuilder builder = new ProcessBuilder(command);
    builder.environment().put("SWAG4J_ENDS_WITH_STDIN", "1");
    builder.environment().putIfAbsent("OMP_WAIT_POLICY", "PASSIVE");
    // Relative paths of a study are those of where it was called.
    if (Files.isDirectory(Path.of(folder))) {
      builder.directory(new File(folder));
    }
    builder.redirectErrorStream(true).redirectOutput(Redirect.appendTo(new File(log)));
    Process process = builder.start();
    try {
      return process.waitFor();
    } finally {
      process.destroy();
    }
  }
}
