package io.github.swag4j.spark;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.util.Arrays;
import java.util.Locale;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.SparkSession;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * Rows a second, by hand: {@code ./mvnw -Pspark -pl spark -am test -Dtest=ThroughputRun
 * -Dsurefire.failIfNoSpecifiedTests=false}. Its name keeps it out of the tests.
 */
class ThroughputRun {
  private static final int ROUNDS = 5;
  private static final PredictionColumns COLUMNS = PredictionColumns.array("probability", "label");

  @TempDir private Path folder;

  @Test
  void rowsASecond() throws Exception {
    long rows = Long.getLong("rows", 2_000_000);
    Path data = folder.resolve("predictions.parquet");
    try (SparkSession local = local(2)) {
      local
          .range(0, rows, 1, 8)
          .selectExpr(
              "transform(sequence(0, 9), k -> -ln(1 - (xxhash64(id, k) & 1048575) / 1048576.0D)) as e",
              "cast(id % 10 as int) as label",
              "(xxhash64(id) & 65535) / 65536.0D as score",
              "id % 3 = 0 as out")
          .selectExpr(
              "transform(e, x -> x / aggregate(e, 0D, (a, b) -> a + b)) as probability",
              "label",
              "score",
              "out")
          .write()
          .parquet(data.toString());
    }
    byte[] first = null;
    for (int cores = 1; cores <= 2; cores++) {
      try (SparkSession session = local(cores)) {
        first = judge("local[" + cores + "]", session, data, rows, first);
      }
    }
    for (int workers = 1; workers <= 2; workers++) {
      try (LocalCluster cluster = new LocalCluster(folder, workers);
          SparkSession session = cluster.session("-XX:+UseParallelGC")) {
        first = judge(workers + " worker processes", session, data, rows, first);
      }
    }
  }

  private static SparkSession local(int cores) {
    return SparkSession.builder()
        .master("local[" + cores + "]")
        .config("spark.ui.enabled", "false")
        .config("spark.driver.host", "127.0.0.1")
        .config("spark.sql.shuffle.partitions", "2")
        .getOrCreate();
  }

  private static byte[] judge(
      String where, SparkSession session, Path data, long rows, byte[] first) {
    Dataset<Row> table = session.read().parquet(data.toString());
    byte[] sketch = SparkCalibration.sketch(table, COLUMNS).toBytes();
    double read =
        median(() -> table.selectExpr("sum(aggregate(probability, 0D, (a, b) -> a + b))").first());
    double judged = median(() -> SparkCalibration.sketch(table, COLUMNS));
    double ranked = median(() -> SparkDetection.metrics(table, "score", "out"));
    System.out.printf(
        Locale.ROOT,
        "%s: read alone %.2f s, sketch %.2f s (%.2f million rows/s), ranks %.2f s; %d bytes%n",
        where,
        read,
        judged,
        rows / judged / 1e6,
        ranked,
        sketch.length);
    assertThat(first == null || Arrays.equals(first, sketch)).isTrue();
    return sketch;
  }

  private static double median(Runnable work) {
    double[] seconds = new double[ROUNDS];
    for (int round = 0; round < ROUNDS; round++) {
      long start = System.nanoTime();
      work.run();
      seconds[round] = (System.nanoTime() - start) / 1e9;
    }
    Arrays.sort(seconds);
    return seconds[ROUNDS / 2];
  }
}
