package io.github.swag4j.spark.program;

import static org.apache.spark.sql.functions.col;
import static org.apache.spark.sql.functions.udf;

import io.github.swag4j.spark.djl.ModelSource;
import io.github.swag4j.spark.djl.SparkBayesianPredictor;
import io.github.swag4j.vision.data.ImageSize;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.UUID;
import java.util.function.Consumer;
import org.apache.hadoop.fs.FileSystem;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.SparkSession;
import org.apache.spark.sql.types.ArrayType;
import org.apache.spark.sql.types.ByteType;
import org.apache.spark.sql.types.DataType;
import org.apache.spark.sql.types.DataTypes;
import org.apache.spark.sql.types.DoubleType;
import org.apache.spark.sql.types.FloatType;
import org.apache.spark.sql.types.IntegerType;
import org.apache.spark.sql.types.LongType;
import org.apache.spark.sql.types.ShortType;

/** What a run's posterior predicts of a table of images, written as a table. */
final class ClusterPrediction {
  private static final String INPUT = "swag4j input";

  private ClusterPrediction() {}

  /** Predicts; the table that is written has all columns but the images, and four more. */
  static void write(SparkSession session, Request request) throws IOException {
    org.apache.hadoop.fs.Path out = new org.apache.hadoop.fs.Path(request.word("out"));
    FileSystem files = out.getFileSystem(session.sparkContext().hadoopConfiguration());
    if (files.exists(out)) {
      throw new IllegalArgumentException(
          "--out must be a new table, there is one: " + TableFiles.named(out.toString()));
    }
    Dataset<Row> rows = TableFiles.read(session, request.word("table"));
    String images = request.word("images");
    int channels = Integer.parseInt(request.word("channels"));
    int height = Integer.parseInt(request.word("height"));
    int width = Integer.parseInt(request.word("width"));
    ScaledPixels scaled =
        new ScaledPixels(
            isWhole(rows, images),
            height * width,
            doubles(request.words("mean")),
            doubles(request.words("deviation")));
    Dataset<Row> ready =
        rows.withColumn(
                INPUT,
                udf(scaled, DataTypes.createArrayType(DataTypes.FloatType, false))
                    .apply(col(quoted(images))))
            .drop(col(quoted(images)));
    String archive = request.word("archive");
    ModelSource network =
        archive.isEmpty()
            ? ModelSource.network(
                request.word("network"),
                Integer.parseInt(request.word("classes")),
                Double.parseDouble(request.word("dropout")),
                new ImageSize(channels, height, width))
            : ModelSource.torchScript(Path.of(archive));
    Dataset<Row> predicted =
        SparkBayesianPredictor.of(network, Path.of(request.word("posterior")))
            .samples(Integer.parseInt(request.word("samples")))
            .seed(Long.parseLong(request.word("seed")))
            .predict(ready, INPUT, channels, height, width)
            .drop(INPUT);
    whole(files, out, written -> predicted.write().parquet(written));
  }

  /** Writes a table beside its place, and moves it there once it is whole. */
  private static void whole(
      FileSystem files, org.apache.hadoop.fs.Path out, Consumer<String> written)
      throws IOException {
    org.apache.hadoop.fs.Path part =
        new org.apache.hadoop.fs.Path(
            out.getParent(), out.getName() + ".swag4j-" + UUID.randomUUID());
    ClusterProgram.atEnd(
        () -> {
          try {
            files.delete(part, true);
          } catch (IOException e) {
            System.err.println(part + " could not be removed: " + e); // into Spark's log
          }
        });
    try {
      written.accept(part.toString());
      if (!files.rename(part, out)) {
        throw new IOException("the table could not be moved to " + out);
      }
    } finally {
      files.delete(part, true);
    }
  }

  private static String quoted(String name) {
    return "`" + name.replace("`", "``") + "`";
  }

  private static List<Double> doubles(List<String> words) {
    return words.stream().map(Double::valueOf).toList();
  }

  /** Whether images are of whole numbers; refuses columns that hold none. */
  private static boolean isWhole(Dataset<Row> rows, String images) {
    List<String> names = List.of(rows.schema().fieldNames());
    if (!names.contains(images)) {
      throw new IllegalArgumentException(
          "the table must have the column '"
              + images
              + "' of images, got "
              + String.join(", ", names)
              + ": say which with --image-column");
    }
    DataType type = rows.schema().apply(images).dataType();
    DataType pixel = type instanceof ArrayType list ? list.elementType() : type;
    boolean whole =
        pixel instanceof ByteType
            || pixel instanceof ShortType
            || pixel instanceof IntegerType
            || pixel instanceof LongType;
    boolean real = pixel instanceof FloatType || pixel instanceof DoubleType;
    if (!(type instanceof ArrayType) || !whole && !real) {
      throw new IllegalArgumentException(
          "column '"
              + images
              + "' must hold lists of pixels, levels from 0 to 255 or numbers between 0 and 1, got "
              + type.simpleString());
    }
    return whole;
  }
}
