package io.github.swag4j.cli.cluster;

import io.github.swag4j.cli.run.UsageException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/**
 * An installation of Spark of a version that the module for it was built against.
 *
 * @param path its folder
 * @param version of its jars, such as 4.2.0
 */
public record SparkHome(Path path, String version) {
  private static final Pattern CORE = Pattern.compile("spark-core_(\\d+\\.\\d+)-(.+)\\.jar");
  private static final String NEEDED = "Spark 4 for Scala 2.13";

  /**
   * Finds it.
   *
   * @param said the option, null if it was not given
   * @throws UsageException if there is none, or one of another version; says what was found
   */
  public static SparkHome find(Path said, Map<String, String> environment) throws IOException {
    String variable = environment.getOrDefault("SPARK_HOME", "");
    if (said == null && variable.isEmpty()) {
      throw new UsageException(
          "--master needs an installation of "
              + NEEDED
              + ", got neither --spark-home nor the variable SPARK_HOME: unpack one of"
              + " https://spark.apache.org/downloads.html and name its folder");
    }
    String from = said == null ? "SPARK_HOME" : "--spark-home";
    Path home = said == null ? Path.of(variable) : said;
    Path jars = home.resolve("jars");
    if (!Files.isDirectory(jars)) {
      throw new UsageException(
          from + " must be a folder of Spark with its jars in jars/, got " + home);
    }
    List<String> cores;
    try (Stream<Path> files = Files.list(jars)) {
      cores =
          files
              .map(file -> String.valueOf(file.getFileName()))
              .filter(name -> CORE.matcher(name).matches())
              .sorted()
              .toList();
    }
    if (cores.size() != 1) {
      throw new UsageException(
          from
              + " must have one spark-core_2.13-4.x.jar in "
              + jars
              + ", got "
              + (cores.isEmpty() ? "none" : String.join(", ", cores)));
    }
    Matcher core = CORE.matcher(cores.get(0));
    if (!core.matches() || !core.group(1).equals("2.13") || !core.group(2).startsWith("4.")) {
      throw new UsageException(
          from + " must be of " + NEEDED + ", got " + cores.get(0) + " in " + jars);
    }
    return new SparkHome(home.toAbsolutePath(), core.group(2));
  }
}
