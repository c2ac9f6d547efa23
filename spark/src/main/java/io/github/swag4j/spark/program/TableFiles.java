package io.github.swag4j.spark.program;

import io.github.swag4j.calibration.io.format.PredictionFileException;
import java.io.IOException;
import java.util.List;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.FileStatus;
import org.apache.hadoop.fs.FileSystem;
import org.apache.hadoop.fs.Path;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.SparkSession;
import org.apache.spark.sql.types.StructType;

/**
 * The Parquet files of a table, wherever Spark reads them, by the rules that the program has on one
 * machine: Spark would read deleted rows of a lake's table, what a job has half written, and leave
 * out folders that are no partitions, all without a word.
 */
final class TableFiles {
  private static final int MOST_NESTING = 16;

  private TableFiles() {}

  /** Rows of a table; columns that only some files have are null in the others, and refused. */
  static Dataset<Row> read(SparkSession session, String table) throws IOException {
    requireWhole(session.sparkContext().hadoopConfiguration(), table);
    return session
        .read()
        .option("mergeSchema", "true")
        .option("__globPaths__", "false")
        .parquet(table);
  }

  /** The same, with a schema of one's own. */
  static Dataset<Row> read(SparkSession session, String table, StructType schema) {
    return session.read().schema(schema).option("__globPaths__", "false").parquet(table);
  }

  /** Refuses a folder of which not all files count, or not all are seen. */
  static void requireWhole(Configuration configuration, String table) throws IOException {
    Path root = new Path(table);
    FileSystem files = root.getFileSystem(configuration);
    if (!files.exists(root)) {
      throw refuse(root, "a table must be there, got nothing of that name");
    }
    for (Path at = files.makeQualified(root); at != null; at = at.getParent()) {
      for (String lake : List.of("_delta_log", ".hoodie")) {
        if (files.exists(new Path(at, lake))) {
          throw lake(root, lake);
        }
      }
      if (isOfIceberg(files, new Path(at, "metadata"))) {
        throw lake(root, "the metadata of an Iceberg table");
      }
    }
    if (!files.getFileStatus(root).isDirectory()) {
      return;
    }
    if (files.exists(new Path(root, "_temporary"))) {
      throw refuse(
          root,
          "a folder must be written to its end, got _temporary: wait for the job that writes it, or"
              + " run it again if it failed");
    }
    walk(files, root, 0);
  }

  private static boolean isOfIceberg(FileSystem files, Path metadata) throws IOException {
    if (!files.exists(metadata) || !files.getFileStatus(metadata).isDirectory()) {
      return false;
    }
    for (FileStatus each : files.listStatus(metadata)) {
      if (each.getPath().getName().endsWith(".metadata.json")) {
        return true;
      }
    }
    return false;
  }

  private static void walk(FileSystem files, Path folder, int depth) throws IOException {
    for (FileStatus each : files.listStatus(folder)) {
      String name = each.getPath().getName();
      if (!each.isDirectory() || name.startsWith("_") || name.startsWith(".")) {
        continue;
      }
      if (name.indexOf('=') <= 0 || depth >= MOST_NESTING) {
        throw refuse(
            each.getPath(),
            "a folder in a folder of Parquet files must be called name=value, got '"
                + name
                + "': give one of the folders, or take it out");
      }
      walk(files, each.getPath(), depth + 1);
    }
  }

  private static PredictionFileException lake(Path root, String got) {
    return refuse(
        root,
        "a folder must hold Parquet files and nothing that says which of them count, got "
            + got
            + ": rows that were deleted are still in some files; read the table with Spark and"
            + " write it anew");
  }

  private static PredictionFileException refuse(Path file, String problem) {
    return new PredictionFileException(named(file.toString()), "", problem);
  }

  /** A table's name in messages: a file's without what Hadoop puts before it. */
  static java.nio.file.Path named(String table) {
    String local = table.startsWith("file:") ? table.substring("file:".length()) : table;
    return java.nio.file.Path.of(local.replaceFirst("^//+", "/"));
  }
}
