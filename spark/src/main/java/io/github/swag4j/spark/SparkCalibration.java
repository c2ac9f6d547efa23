package io.github.swag4j.spark;

import static org.apache.spark.sql.functions.col;
import static org.apache.spark.sql.functions.udaf;
import static org.apache.spark.sql.functions.udf;

import io.github.swag4j.calibration.binning.BinningConvention;
import io.github.swag4j.calibration.sketch.CalibrationSketch;
import io.github.swag4j.calibration.sketch.CalibrationSummary;
import java.io.UncheckedIOException;
import java.util.Arrays;
import java.util.List;
import org.apache.spark.sql.Column;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Encoders;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.RowFactory;
import org.apache.spark.sql.SparkSession;
import org.apache.spark.sql.api.java.UDF1;
import org.apache.spark.sql.expressions.UserDefinedFunction;
import org.apache.spark.sql.types.DataTypes;
import org.apache.spark.sql.types.StructField;
import org.apache.spark.sql.types.StructType;

/**
 * Calibration of Datasets of any size, in one pass: each task makes sketches of its rows, a few
 * kilobytes each are shuffled, and the result is the library's own {@link CalibrationSketch}, whose
 * bytes are those of one machine whatever the partitions, repeated tasks and lost executors.
 *
 * <p>A row that breaks the rules of {@link io.github.swag4j.calibration.Predictions}, or has a
 * null, fails the job with what is wrong; none is left out.
 */
public final class SparkCalibration {
  /** Name of the column with the bytes of sketches in what {@link #sketches} gives. */
  public static final String SKETCH = "sketch";

  /** What {@code calibration_summary} of SQL gives. */
  private static final StructType SUMMARY =
      new StructType(
          new StructField[] {
            DataTypes.createStructField("rows", DataTypes.LongType, false),
            DataTypes.createStructField("classes", DataTypes.IntegerType, false),
            DataTypes.createStructField("accuracy", DataTypes.DoubleType, false),
            DataTypes.createStructField("mean_confidence", DataTypes.DoubleType, false),
            DataTypes.createStructField("nll", DataTypes.DoubleType, false),
            DataTypes.createStructField("brier", DataTypes.DoubleType, false),
            DataTypes.createStructField("ece", DataTypes.DoubleType, false),
            DataTypes.createStructField("mce", DataTypes.DoubleType, false),
            DataTypes.createStructField("classwise_ece", DataTypes.DoubleType, false),
          });

  private SparkCalibration() {}

  /**
   * The sketch of all rows, with 15 bins of the {@code guo} convention.
   *
   * @param rows predictions with labels
   * @param columns which columns hold what
   * @return the sketch
   * @throws IllegalArgumentException if a column is not there or of another type, a row is not
   *     valid, or there is no row
   */
  public static CalibrationSketch sketch(Dataset<Row> rows, PredictionColumns columns) {
    return sketch(rows, columns, BinningConvention.GUO);
  }

  /**
   * The sketch of all rows.
   *
   * @param rows predictions with labels
   * @param columns which columns hold what
   * @param convention one with fixed bins
   * @return the sketch
   * @throws IllegalArgumentException if a column is not there or of another type, the convention's
   *     bins depend on the rows, a row is not valid, or there is no row
   */
  public static CalibrationSketch sketch(
      Dataset<Row> rows, PredictionColumns columns, BinningConvention convention) {
    return of(rows.agg(aggregate(rows, columns, convention)));
  }

  /**
   * A sketch for each group, to be kept in a table and merged later.
   *
   * @param rows predictions with labels
   * @param columns which columns hold what
   * @param convention one with fixed bins
   * @param groups names of columns whose values make the groups, at least one; null is a value
   * @return a row for each group: its values, and {@value #SKETCH}, the bytes of its sketch
   * @throws IllegalArgumentException if a column is not there or of another type, or the
   *     convention's bins depend on the rows
   */
  public static Dataset<Row> sketches(
      Dataset<Row> rows,
      PredictionColumns columns,
      BinningConvention convention,
      String... groups) {
    if (groups.length == 0) {
      throw new IllegalArgumentException(
          "groups must be one or more columns, got none: sketch() is of all rows");
    }
    for (String group : groups) {
      PredictionColumns.type(rows.schema(), group);
    }
    Column[] by = Arrays.stream(groups).map(PredictionColumns::quoted).toArray(Column[]::new);
    return rows.groupBy(by).agg(aggregate(rows, columns, convention));
  }

  /**
   * The sketch of all rows that sketches have seen.
   *
   * @param sketches with a column {@value #SKETCH}, as {@link #sketches} gives them
   * @return their sketch
   * @throws IllegalArgumentException if there is no such column of bytes, these are no sketch or of
   *     another number of classes or bins, or there is no row
   */
  public static CalibrationSketch merged(Dataset<Row> sketches) {
    if (!PredictionColumns.type(sketches.schema(), SKETCH).equals(DataTypes.BinaryType)) {
      throw new IllegalArgumentException(
          "column " + SKETCH + " must hold bytes, got " + sketches.schema().simpleString());
    }
    UserDefinedFunction merge = udaf(new SketchOfSketches(), Encoders.BINARY());
    return of(sketches.agg(merge.apply(col(SKETCH))));
  }

  /**
   * The sketch of a group.
   *
   * @param group a row that {@link #sketches} gives
   * @return its sketch
   * @throws IllegalArgumentException if the row has no such column, or a null in it
   * @throws UncheckedIOException if the bytes are damaged or no sketch
   */
  public static CalibrationSketch sketchOf(Row group) {
    byte[] bytes = group.getAs(SKETCH);
    if (bytes == null) {
      throw new IllegalArgumentException(
          "column " + SKETCH + " must hold the bytes of a sketch, got null in " + group);
    }
    return SketchOfSketches.sketch(bytes);
  }

  /**
   * Names functions for SQL: the aggregates {@code calibration_sketch(probabilities, label,
   * weight)} of an {@code array<double>}, a {@code bigint} and a {@code double} (15 bins of {@code
   * guo}) and {@code calibration_merge(sketch)}, both to bytes, and {@code
   * calibration_summary(sketch)} to a struct of rows, classes, accuracy, mean_confidence, nll,
   * brier, ece, mce and classwise_ece; of a sketch without rows, or of weight 0 alone, it is null.
   *
   * <p>Spark casts arguments in SQL: text that reads as a number becomes one, decimals are rounded
   * to double. A label that is not whole is refused.
   *
   * @param session where the names are to be known
   */
  public static void register(SparkSession session) {
    session.udf().register("calibration_sketch", aggregator(BinningConvention.GUO));
    session.udf().register("calibration_merge", udaf(new SketchOfSketches(), Encoders.BINARY()));
    UDF1<byte[], Row> summary = SparkCalibration::summary;
    session.udf().register("calibration_summary", udf(summary, SUMMARY));
  }

  private static Row summary(byte[] bytes) {
    if (bytes == null || bytes.length == 0) {
      return null;
    }
    CalibrationSketch sketch = SketchOfSketches.sketch(bytes);
    if (!sketch.hasWeight()) {
      return null;
    }
    CalibrationSummary summary = sketch.summary();
    return RowFactory.create(
        sketch.rows(),
        sketch.classes(),
        summary.accuracy(),
        summary.meanConfidence(),
        summary.nll(),
        summary.brier(),
        summary.ece(),
        summary.mce(),
        summary.classwiseEce());
  }

  private static UserDefinedFunction aggregator(BinningConvention convention) {
    return udaf(new SketchOfRows(convention), Encoders.row(PredictionColumns.INPUT));
  }

  private static Column aggregate(
      Dataset<Row> rows, PredictionColumns columns, BinningConvention convention) {
    if (!convention.hasFixedBins()) {
      throw new IllegalArgumentException(
          "a sketch needs bins that do not depend on the rows, got "
              + convention
              + ": choose one of "
              + names());
    }
    return aggregator(convention).apply(columns.of(rows)).as(SKETCH);
  }

  private static List<String> names() {
    return BinningConvention.all().stream()
        .filter(BinningConvention::hasFixedBins)
        .map(BinningConvention::name)
        .toList();
  }

  private static CalibrationSketch of(Dataset<Row> one) {
    byte[] bytes;
    try {
      bytes = one.first().getAs(0);
    } catch (Exception e) {
      throw said(e);
    }
    if (bytes == null || bytes.length == 0) {
      throw new IllegalArgumentException("a sketch needs at least 1 row, got 0");
    }
    return SketchOfSketches.sketch(bytes);
  }

  /** What a task refused, without Spark's account of its attempts, which is the cause. */
  private static RuntimeException said(Exception failure) {
    for (Throwable t = failure; t != null; t = t.getCause()) {
      if (t instanceof IllegalArgumentException || t instanceof UncheckedIOException) {
        return new IllegalArgumentException(t.getMessage(), failure);
      }
    }
    return failure instanceof RuntimeException unchecked
        ? unchecked
        : new IllegalStateException(failure.getMessage(), failure);
  }
}
