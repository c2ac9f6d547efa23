package io.github.swag4j.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.github.swag4j.cli.cluster.SparkHome;
import io.github.swag4j.cli.run.UsageException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** {@code --master} where there is no Spark: this module's tests have none. */
class ClusterOptionsTest {
  private static final String MASTER = "spark://127.0.0.1:7077";

  @TempDir private Path folder;

  private static void refused(String message, String... words) {
    Cli cli = Cli.run(words);
    assertThat(cli.code()).as(cli.err()).isEqualTo(2);
    assertThat(cli.err()).contains(message);
  }

  @Test
  void theProgramRunsWithoutSpark() throws IOException {
    assertThatThrownBy(() -> Class.forName("org.apache.spark.SparkContext"))
        .isInstanceOf(ClassNotFoundException.class);
    Path file = Files.writeString(folder.resolve("p.csv"), "p_a,p_b,label\n0.25,0.75,1\n1,0,0\n");
    Cli cli = Cli.run("evaluate", file.toString());
    assertThat(cli.code()).as(cli.err()).isZero();
  }

  @Test
  void aSparkHomeThatIsNoneOfSparkFourIsRefusedByWhatWasFound() throws IOException {
    assertThatThrownBy(() -> SparkHome.find(null, Map.of()))
        .isInstanceOf(UsageException.class)
        .hasMessageContaining("got neither --spark-home nor the variable SPARK_HOME: unpack one");
    assertThatThrownBy(() -> SparkHome.find(null, Map.of("SPARK_HOME", folder.toString())))
        .isInstanceOf(UsageException.class)
        .hasMessageContaining("SPARK_HOME must be a folder of Spark with its jars in jars/, got");
    Path jars = Files.createDirectories(folder.resolve("jars"));
    refused(
        "must have one spark-core_2.13-4.x.jar in " + jars + ", got none",
        "evaluate",
        "p.parquet",
        "--master",
        MASTER,
        "--spark-home",
        folder.toString());
    Path old = Files.createFile(jars.resolve("spark-core_2.12-3.5.1.jar"));
    assertThatThrownBy(() -> SparkHome.find(folder, Map.of()))
        .hasMessageContaining(
            "--spark-home must be of Spark 4 for Scala 2.13, got spark-core_2.12-3.5.1.jar");
    Files.delete(old);
    Files.createFile(jars.resolve("spark-core_2.13-4.2.0.jar"));
    assertThat(SparkHome.find(folder, Map.of()).version()).isEqualTo("4.2.0");
  }

  @Test
  void whatAClusterCannotDoIsRefusedBeforeSparkIsLookedFor() {
    refused("--spark-home goes with --master", "evaluate", "p.parquet", "--spark-home", "x");
    refused("got 'host:7077'", "evaluate", "p.parquet", "--master", "host:7077");
    refused("--by needs rows", "evaluate", "p.parquet", "--master", MASTER, "--by", "site");
    refused(
        "--master needs bins that do not depend on the data",
        "evaluate",
        "p.parquet",
        "--master",
        MASTER,
        "--convention",
        "equal-mass");
    refused("got 'memory'", "evaluate", "p.parquet", "--master", MASTER, "--spark-conf", "memory");
    refused(
        "--jobs is of this machine",
        "study",
        "s.yaml",
        "--out=o",
        "--jobs=2",
        "--master=" + MASTER);
    refused("unknown option '--master'", "info", "x", "--master", MASTER);
  }
}
