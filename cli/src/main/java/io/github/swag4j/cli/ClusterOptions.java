package io.github.swag4j.cli;

import io.github.swag4j.cli.cluster.SparkCall;
import io.github.swag4j.cli.cluster.SparkHome;
import io.github.swag4j.cli.run.UsageException;
import java.io.File;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import picocli.CommandLine.Option;

/** Where Spark is, for the commands that a cluster can do. */
final class ClusterOptions {
  @Option(
      names = "--master",
      paramLabel = "URL",
      description =
          "Let a Spark cluster do it, such as spark://host:7077, or local[4] to try it out; needs an"
              + " installation of Spark 4 (Scala 2.13), and without this option none.")
  private String master;

  @Option(
      names = "--spark-home",
      paramLabel = "DIR",
      description = "Where Spark is, for --master (default: the variable SPARK_HOME).")
  private Path home;

  @Option(
      names = "--spark-conf",
      paramLabel = "NAME=VALUE",
      description =
          "A setting of Spark's, such as spark.executor.memory=8g; may be repeated. Those of its"
              + " conf/spark-defaults.conf hold, too.")
  private List<String> settings = List.of();

  boolean isAsked() {
    return master != null;
  }

  /** Refuses what goes with a cluster alone. */
  void check() {
    if (master == null && (home != null || !settings.isEmpty())) {
      throw new UsageException(
          (home != null ? "--spark-home" : "--spark-conf") + " goes with --master");
    }
    if (master != null && !master.matches("local(\\[.*])?|spark://.+")) {
      throw new UsageException(
          "--master must be the address of a Spark cluster, such as spark://host:7077, or local[4],"
              + " got '"
              + master
              + "'");
    }
    for (String setting : settings) {
      if (setting.matches("spark\\.(submit\\.deployMode|speculation|task\\.cpus)=.*")) {
        throw new UsageException(
            "--spark-conf must not be a setting that --master itself makes, got '" + setting + "'");
      }
      if (!setting.matches("spark\\.[^=]+=.*")) {
        throw new UsageException(
            "--spark-conf must be a name that begins with spark. and a value, with = between, got '"
                + setting
                + "'");
      }
    }
  }

  /** A request to the cluster. */
  SparkCall call() throws IOException {
    return SparkCall.to(SparkHome.find(home, System.getenv()), master, settings);
  }

  /**
   * An address as Spark takes it: that of a storage as it was typed, a file's in full, in which a
   * blank stays one (Hadoop takes "%20" for a percent sign and two digits).
   */
  static String address(String typed) {
    if (typed.matches("[A-Za-z][A-Za-z0-9+.-]+:/.*")) {
      return typed;
    }
    String path =
        Path.of(typed).toAbsolutePath().normalize().toString().replace(File.separatorChar, '/');
    return (path.startsWith("/") ? "file://" : "file:///") + path;
  }
}
