package io.github.swag4j.spark.djl;

import io.github.swag4j.calibration.Predictions;
import java.nio.file.Path;
import java.util.List;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.SparkSession;

/** Model averages in executors that are processes of their own, with a copy of the engine each. */
public final class PredictedOnCluster {
  private static final int ROWS = 640;

  private PredictedOnCluster() {}

  /** Collects a Dataset while something happens. */
  @FunctionalInterface
  public interface Disturbed {
    /** The rows, in any order. */
    List<Row> collect(Dataset<Row> answered) throws Exception;
  }

  /** Asserts that answers are those of one machine, first in peace and then not. */
  public static void whileOneIsKilled(SparkSession session, Path folder, Disturbed disturbed)
      throws Exception {
    float[] inputs = SmallNetwork.inputs(ROWS, 4);
    Path file = SmallNetwork.posterior(folder.resolve("posterior.safetensors"), true);
    Predictions expected = SmallNetwork.predicted(file, true, inputs);
    Dataset<Row> rows =
        session.createDataFrame(SmallNetwork.rows(inputs), SmallNetwork.schema()).repartition(8);
    Dataset<Row> answered =
        SparkBayesianPredictor.of(SmallNetwork.source(true), file)
            .samples(SmallNetwork.SAMPLES)
            .seed(SmallNetwork.SEED)
            .batchRows(32)
            .predict(rows, "x", SmallNetwork.SHAPE);
    SmallNetwork.assertSameBits(answered.collectAsList(), expected);
    SmallNetwork.assertSameBits(disturbed.collect(answered), expected);
  }
}
