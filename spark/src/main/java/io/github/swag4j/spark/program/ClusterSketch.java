package io.github.swag4j.spark.program;

import static org.apache.spark.sql.functions.input_file_name;

import io.github.swag4j.calibration.io.PartedSketch;
import io.github.swag4j.calibration.io.format.Noted;
import io.github.swag4j.calibration.io.format.PredictionFileException;
import io.github.swag4j.calibration.io.format.ReadOptions;
import io.github.swag4j.calibration.io.table.TableColumn;
import io.github.swag4j.calibration.sketch.CalibrationSketch;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.apache.spark.sql.Column;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.RowFactory;
import org.apache.spark.sql.SparkSession;
import org.apache.spark.sql.functions;
import org.apache.spark.sql.types.StructField;
import org.apache.spark.sql.types.StructType;
import org.apache.spark.sql.types.UserDefinedType;

/**
 * The sketch of a table of Parquet files, by a cluster. The driver looks at the first rows and at
 * every label there is; by these it decides what each column is, as the program does on one
 * machine.
 */
final class ClusterSketch {
  private static final String FILE = "swag4j input file";

  /** Rows that are looked at, of few columns. */
  private static final int MOST_ROWS = 4096;

  /** Numbers that are looked at. */
  private static final int MOST_NUMBERS = 1 << 20;

  /** More labels than classes there can be. */
  private static final int MOST_LABELS = 1 << 17;

  private final SparkSession session;

  ClusterSketch(SparkSession session) {
    this.session = session;
  }

  /** The rows of a table, the name of each one's file in a last column. */
  private Dataset<Row> read(String table) throws IOException {
    StructType schema = TableFiles.read(session, table).schema();
    StructField[] fields = schema.fields().clone();
    for (int f = 0; f < fields.length; f++) {
      // Vectors of Spark's machine learning: what they are stored as.
      if (fields[f].dataType() instanceof UserDefinedType<?> own) {
        fields[f] = new StructField(fields[f].name(), own.sqlType(), true, fields[f].metadata());
      }
    }
    return TableFiles.read(session, table, new StructType(fields));
  }

  /** The sketch of a table, with what its columns were taken for. */
  Noted<CalibrationSketch> of(String table, Request request) throws IOException {
    Dataset<Row> rows = read(table);
    StructType schema = rows.schema();
    List<Row> some = some(rows);
    if (some.isEmpty()) {
      throw new PredictionFileException(
          TableFiles.named(table), "", "a file of predictions must have at least 1 row, got 0");
    }
    List<Row> all = withLabels(rows, some, request.options(), TableFiles.named(table));
    PartTask task = new PartTask(table, schema, all, request);
    PartedSketch decided = task.decided();
    PartedSketch.Part seen =
        rows.withColumn(FILE, input_file_name())
            .javaRDD()
            .mapPartitions(task)
            .treeReduce(
                (one, other) -> {
                  one.merge(other);
                  return one;
                });
    return decided.sketch(seen);
  }

  /** The first rows, as many as are easily held. */
  private static List<Row> some(Dataset<Row> rows) {
    List<Row> first = rows.limit(1).collectAsList();
    if (first.isEmpty()) {
      return first;
    }
    int width = 0;
    for (int c = 0; c < first.get(0).length(); c++) {
      Object value = first.get(0).get(c);
      width += value instanceof scala.collection.Seq<?> list ? list.length() : 1;
    }
    int count = Math.max(16, Math.min(MOST_ROWS, MOST_NUMBERS / Math.max(1, width)));
    return rows.limit(count).collectAsList();
  }

  /**
   * These rows, and for each label that none of them has the first row with that label in its
   * place: tables are often sorted by label.
   */
  private static List<Row> withLabels(
      Dataset<Row> rows, List<Row> some, ReadOptions options, Path table) throws IOException {
    String label = options.labelColumn();
    if (label.isEmpty()) {
      label = usualLabel(rows.schema(), options.ignoredColumns());
    }
    int at = List.of(rows.schema().fieldNames()).indexOf(label);
    if (at < 0) {
      return some; // the rule says what there must be
    }
    Column column = functions.col("`" + label.replace("`", "``") + "`");
    List<Row> labels =
        rows.select(column).where(column.isNotNull()).distinct().limit(MOST_LABELS).collectAsList();
    if (labels.size() == MOST_LABELS) {
      throw new PredictionFileException(
          table,
          "column '" + label + "'",
          "there must be as many labels as classes at most, got " + MOST_LABELS + " or more");
    }
    List<Row> all = new ArrayList<>(some);
    List<Object> known = new ArrayList<>(some.stream().map(row -> row.get(at)).distinct().toList());
    labels.stream()
        .map(row -> row.get(0))
        .filter(each -> !known.contains(each))
        .sorted((a, b) -> a.toString().compareTo(b.toString()))
        .forEach(each -> all.add(copy(some.get(0), at, each)));
    return all;
  }

  private static Row copy(Row row, int place, Object value) {
    Object[] values = new Object[row.length()];
    for (int c = 0; c < values.length; c++) {
      values[c] = c == place ? value : row.get(c);
    }
    return RowFactory.create(values);
  }

  private static String usualLabel(StructType schema, List<String> ignored) {
    for (TableColumn column : new RowTable(schema, 0, List.<Row>of()::iterator).columns()) {
      if (!ignored.contains(column.name())
          && PartedSketch.isLabel(column.name())
          && column.kind() == TableColumn.Kind.VALUE) {
        return column.name();
      }
    }
    return "";
  }
}
