package io.github.swag4j.spark;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.swag4j.calibration.sketch.CalibrationSketch;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.apache.spark.scheduler.SparkListener;
import org.apache.spark.scheduler.SparkListenerTaskEnd;
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
  @Timeout(value = 3, unit = TimeUnit.MINUTES)
  void anExecutorThatIsKilledChangesNothing() throws Exception {
    try (LocalCluster cluster = new LocalCluster(folder, 2)) {
      SparkSession session = cluster.session("-XX:TieredStopAtLevel=1 -XX:+UseSerialGC");
      try {
        judgeWhileOneIsKilled(session, cluster);
      } finally {
        session.stop();
      }
    }
  }

  private static void judgeWhileOneIsKilled(SparkSession session, LocalCluster cluster)
      throws InterruptedException {
    List<Row> table = SparkCalibrationTest.table(2_000, 7);
    Dataset<Row> rows =
        session.createDataFrame(table, SparkCalibrationTest.schema()).repartition(8);
    PredictionColumns columns = PredictionColumns.array("probability", "label");
    byte[] expected = SparkCalibrationTest.onOneMachine(table, false);
    assertThat(SparkCalibration.sketch(rows, columns).toBytes()).isEqualTo(expected);
    // Each row of this one waits, so that it is in the middle when an executor is killed.
    Dataset<Row> slow =
        rows.selectExpr("java_method('io.github.swag4j.spark.Slow', 'down', label) AS waited", "*")
            .filter("waited IS NOT NULL");
    List<ProcessHandle> executors = cluster.executors();
    assertThat(executors).hasSize(2);
    AtomicInteger lost = new AtomicInteger();
    Thread killer =
        new Thread(
            () -> {
              try {
                Thread.sleep(1_000);
              } catch (InterruptedException e) {
                return;
              }
              executors.get(0).destroyForcibly();
            });
    session
        .sparkContext()
        .addSparkListener(
            new SparkListener() {
              @Override
              public void onTaskEnd(SparkListenerTaskEnd end) {
                if (!end.taskInfo().successful()) {
                  lost.incrementAndGet();
                }
              }
            });
    killer.start();
    CalibrationSketch sketch = SparkCalibration.sketch(slow, columns);
    killer.join();
    assertThat(executors.get(0).isAlive()).isFalse();
    assertThat(lost).as("tasks lost with it").hasPositiveValue();
    assertThat(sketch.toBytes()).isEqualTo(expected);
  }
}
