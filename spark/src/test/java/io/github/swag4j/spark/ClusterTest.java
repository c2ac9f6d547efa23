package io.github.swag4j.spark;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.swag4j.spark.djl.PredictedOnCluster;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.apache.spark.scheduler.SparkListener;
import org.apache.spark.scheduler.SparkListenerTaskEnd;
import org.apache.spark.scheduler.SparkListenerTaskStart;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.SparkSession;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** A master and two workers, of whose executors one is killed in the middle of a job. */
class ClusterTest {
  @TempDir private Path folder;

  @Test
  @Timeout(value = 8, unit = TimeUnit.MINUTES)
  void executorsThatAreKilledChangeNothing() throws Exception {
    try (LocalCluster cluster = new LocalCluster(folder, 2)) {
      SparkSession session = cluster.session("-XX:TieredStopAtLevel=1 -XX:+UseSerialGC");
      try {
        judgeWhileOneIsKilled(session, cluster);
        PredictedOnCluster.whileOneIsKilled(
            session, folder, rows -> killedIn(session, cluster, () -> slow(rows).collectAsList()));
      } finally {
        session.stop();
      }
    }
  }

  private static void judgeWhileOneIsKilled(SparkSession session, LocalCluster cluster)
      throws Exception {
    List<Row> table = SparkCalibrationTest.table(2_000, 7);
    Dataset<Row> rows =
        session.createDataFrame(table, SparkCalibrationTest.schema()).repartition(8);
    PredictionColumns columns = PredictionColumns.array("probability", "label");
    byte[] expected = SparkCalibrationTest.onOneMachine(table, false);
    assertThat(SparkCalibration.sketch(rows, columns).toBytes()).isEqualTo(expected);
    byte[] sketch =
        killedIn(session, cluster, () -> SparkCalibration.sketch(slow(rows), columns).toBytes());
    assertThat(sketch).isEqualTo(expected);
  }

  /** The same rows, each of which waits, so that a job is in the middle when it is disturbed. */
  static Dataset<Row> slow(Dataset<Row> rows) {
    return rows.selectExpr(
            "java_method('io.github.swag4j.spark.Slow', 'down', label) AS waited", "*")
        .filter("waited IS NOT NULL")
        .drop("waited");
  }

  /** Runs a job, of whose third task the executor is killed. */
  static <T> T killedIn(SparkSession session, LocalCluster cluster, Callable<T> job)
      throws Exception {
    CountDownLatch killed = new CountDownLatch(1);
    CountDownLatch lost = new CountDownLatch(1);
    AtomicInteger begun = new AtomicInteger();
    SparkListener listener =
        new SparkListener() {
          @Override
          public void onTaskStart(SparkListenerTaskStart start) {
            if (begun.incrementAndGet() == 3) {
              cluster.kill(start.taskInfo().executorId());
              killed.countDown();
            }
          }

          @Override
          public void onTaskEnd(SparkListenerTaskEnd end) {
            if (!end.taskInfo().successful()) {
              lost.countDown();
            }
          }
        };
    session.sparkContext().addSparkListener(listener);
    try {
      T result = job.call();
      assertThat(killed.await(30, TimeUnit.SECONDS)).as("an executor was killed").isTrue();
      assertThat(lost.await(30, TimeUnit.SECONDS)).as("a task was lost with it").isTrue();
      return result;
    } finally {
      session.sparkContext().removeSparkListener(listener);
    }
  }
}
