package io.github.swag4j.spark;

import static org.apache.spark.sql.functions.col;
import static org.apache.spark.sql.functions.lit;
import static org.apache.spark.sql.functions.sum;
import static org.apache.spark.sql.functions.when;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.Iterator;
import java.util.List;
import org.apache.spark.TaskContext;
import org.apache.spark.api.java.JavaRDD;
import org.apache.spark.api.java.function.FlatMapFunction;
import org.apache.spark.sql.Column;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.types.BooleanType;
import org.apache.spark.sql.types.DataType;
import org.apache.spark.sql.types.DataTypes;
import org.apache.spark.sql.types.DoubleType;
import org.apache.spark.sql.types.FloatType;
import org.apache.spark.storage.StorageLevel;

/**
 * Rank metrics of Datasets of any size, exactly: scores are counted, sorted over the cluster, and
 * summed in whole numbers, so that no way of cutting the rows changes a bit.
 *
 * <p>Costs a shuffle of the distinct scores; what is called out at a threshold is a matter of all
 * rows, which no sketch of a few kilobytes holds exactly.
 */
public final class SparkDetection {
  private static final String SCORE = "score";

  private SparkDetection() {}

  /**
   * How well a score tells out-of-distribution rows.
   *
   * @param rows scores of both kinds of rows
   * @param score name of a column of {@code double} or {@code float}; higher = more out; may be
   *     infinite
   * @param out name of a column of {@code boolean}: whether a row is out-of-distribution
   * @return the metrics
   * @throws IllegalArgumentException if a column is not there or of another type, a score is NaN, a
   *     value is null, or rows of a kind are missing
   */
  public static RankMetrics metrics(Dataset<Row> rows, String score, String out) {
    requireType(rows, score, "double or float", List.of(DoubleType.class, FloatType.class));
    requireType(rows, out, "boolean", List.of(BooleanType.class));
    Column value = PredictionColumns.quoted(score).cast(DataTypes.DoubleType);
    Column positive = PredictionColumns.quoted(out);
    Column missing = value.isNull().or(value.isNaN()).or(positive.isNull());
    Dataset<Row> counts =
        rows.select(value.as(SCORE), positive.as("out"), missing.as("missing"))
            .groupBy(col(SCORE))
            .agg(
                sum(when(col("out"), lit(0L)).otherwise(lit(1L))).as("ins"),
                sum(when(col("out"), lit(1L)).otherwise(lit(0L))).as("outs"),
                sum(when(col("missing"), lit(1L)).otherwise(lit(0L))).as("missing"));
    JavaRDD<Row> sorted =
        counts
            .repartitionByRange(col(SCORE).desc())
            .sortWithinPartitions(col(SCORE).desc())
            .toJavaRDD()
            .persist(StorageLevel.MEMORY_AND_DISK());
    try {
      return metrics(sorted);
    } finally {
      sorted.unpersist(false);
    }
  }

  private static RankMetrics metrics(JavaRDD<Row> sorted) {
    long missing = sorted.map(row -> row.getLong(3)).fold(0L, Long::sum);
    if (missing > 0) {
      throw new IllegalArgumentException(
          "scores must be there and no NaN, and each row in or out, got "
              + missing
              + " rows that are not: fill them, or filter such rows out");
    }
    FlatMapFunction<Iterator<Row>, ScorePart> count =
        scores -> List.of(ScorePart.of(TaskContext.getPartitionId(), scores)).iterator();
    List<ScorePart> parts = new ArrayList<>(sorted.mapPartitions(count).collect());
    parts.sort(Comparator.comparingInt(ScorePart::part));
    ScorePart[] above = new ScorePart[parts.size()];
    ScorePart all = new ScorePart(0, 0, 0);
    for (ScorePart part : parts) {
      above[part.part()] = all;
      all =
          new ScorePart(
              0,
              Math.addExact(all.inRows(), part.inRows()),
              Math.addExact(all.outRows(), part.outRows()));
    }
    if (all.inRows() == 0 || all.outRows() == 0) {
      throw new IllegalArgumentException(
          "there must be rows of both kinds, got "
              + all.inRows()
              + " in-distribution and "
              + all.outRows()
              + " out-of-distribution");
    }
    ScorePart whole = all;
    FlatMapFunction<Iterator<Row>, ScorePart.Sums> sums =
        scores ->
            List.of(ScorePart.sums(above[TaskContext.getPartitionId()], whole, scores)).iterator();
    return sorted
        .mapPartitions(sums)
        .fold(ScorePart.Sums.NONE, ScorePart.Sums::plus)
        .metrics(whole);
  }

  private static void requireType(
      Dataset<Row> rows, String name, String words, List<Class<? extends DataType>> types) {
    DataType type = PredictionColumns.type(rows.schema(), name);
    if (types.stream().noneMatch(t -> t.isInstance(type))) {
      throw new IllegalArgumentException(
          "column " + name + " must hold " + words + ", got " + type.simpleString());
    }
  }
}
