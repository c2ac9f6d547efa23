package io.github.swag4j.spark;

import static org.apache.spark.sql.functions.col;
import static org.apache.spark.sql.functions.lit;

import java.util.List;
import java.util.Objects;
import java.util.Optional;
import org.apache.spark.sql.Column;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.functions;
import org.apache.spark.sql.types.ArrayType;
import org.apache.spark.sql.types.ByteType;
import org.apache.spark.sql.types.DataType;
import org.apache.spark.sql.types.DataTypes;
import org.apache.spark.sql.types.DoubleType;
import org.apache.spark.sql.types.FloatType;
import org.apache.spark.sql.types.IntegerType;
import org.apache.spark.sql.types.LongType;
import org.apache.spark.sql.types.ShortType;
import org.apache.spark.sql.types.StructField;
import org.apache.spark.sql.types.StructType;

/**
 * Which columns of a Dataset hold what: nothing is taken for something by its name. A value: each
 * method gives a new one.
 *
 * <p>Probabilities are {@code double} or {@code float}, labels whole numbers ({@code byte} to
 * {@code long}) from 0, weights numbers. Other types are refused before a job starts, since a cast
 * would change numbers without a word; names of columns are taken as they are, dots included.
 */
public final class PredictionColumns {
  /** Schema of what an aggregator reads: {@code probabilities}, {@code label}, {@code weight}. */
  static final StructType INPUT =
      new StructType(
          new StructField[] {
            DataTypes.createStructField(
                "probabilities", DataTypes.createArrayType(DataTypes.DoubleType, true), true),
            DataTypes.createStructField("label", DataTypes.DoubleType, true),
            DataTypes.createStructField("weight", DataTypes.DoubleType, true)
          });

  private final List<String> probabilities;
  private final boolean whole;
  private final String label;
  private final Optional<String> weight;

  private PredictionColumns(
      List<String> probabilities, boolean whole, String label, Optional<String> weight) {
    this.probabilities = probabilities;
    this.whole = whole;
    this.label = Objects.requireNonNull(label, "label");
    this.weight = weight;
  }

  /**
   * One column with all probabilities of a row: an {@code array<double>} or {@code array<float>},
   * or the vectors that Spark ML's models write.
   *
   * @param probabilities name of a column of arrays or vectors, each of {@code [classes]} values
   * @param label name of the column of class indices
   * @return the columns
   */
  public static PredictionColumns array(String probabilities, String label) {
    return new PredictionColumns(List.of(probabilities), true, label, Optional.empty());
  }

  /**
   * A column for each class, or one alone: the probability of class 1 of two.
   *
   * @param probabilities {@code [classes]} names of columns, in the order of the class indices
   * @param label name of the column of class indices
   * @return the columns
   * @throws IllegalArgumentException if there is none, or two are the same
   */
  public static PredictionColumns classes(List<String> probabilities, String label) {
    List<String> names = List.copyOf(probabilities);
    if (names.isEmpty() || names.stream().distinct().count() < names.size()) {
      throw new IllegalArgumentException(
          "columns of classes must be one or more, each another, got " + names);
    }
    return new PredictionColumns(names, false, label, Optional.empty());
  }

  /**
   * With a column of weights, which act as frequencies.
   *
   * @param column name of a column of numbers, each 0 or between 2^-100 and 2^100
   * @return the columns
   */
  public PredictionColumns withWeights(String column) {
    return new PredictionColumns(probabilities, whole, label, Optional.of(column));
  }

  /** The columns in the order of {@link #INPUT}, once the Dataset is known to have them. */
  Column[] of(Dataset<Row> rows) {
    StructType schema = rows.schema();
    for (String name : probabilities) {
      DataType type = type(schema, name);
      boolean right =
          whole
              ? type instanceof ArrayType a && isReal(a.elementType()) || isVector(type)
              : isReal(type);
      if (!right) {
        throw new IllegalArgumentException(
            "column "
                + name
                + " must hold "
                + (whole ? "arrays of double or float, or vectors" : "double or float")
                + ", got "
                + type.simpleString()
                + ": cast it, if that is what it means");
      }
    }
    DataType labels = type(schema, label);
    if (!isWhole(labels)) {
      throw new IllegalArgumentException(
          "column "
              + label
              + " must hold class indices as whole numbers from 0, got "
              + labels.simpleString()
              + ": map names to indices, or cast it");
    }
    weight.ifPresent(
        name -> {
          DataType type = type(schema, name);
          if (!isReal(type) && !isWhole(type)) {
            throw new IllegalArgumentException(
                "column "
                    + name
                    + " must hold weights as numbers, got "
                    + type.simpleString()
                    + ": cast it, if that is what it means");
          }
        });
    Column values =
        whole
            ? all(rows.schema(), probabilities.get(0))
            : functions.array(
                probabilities.stream().map(PredictionColumns::quoted).toArray(Column[]::new));
    return new Column[] {
      values.cast(DataTypes.createArrayType(DataTypes.DoubleType, true)),
      quoted(label).cast(DataTypes.DoubleType),
      weight.map(PredictionColumns::quoted).orElseGet(() -> lit(1.0)).cast(DataTypes.DoubleType)
    };
  }

  private static Column all(StructType schema, String name) {
    return isVector(type(schema, name)) ? ofVector(quoted(name)) : quoted(name);
  }

  private static boolean isVector(DataType type) {
    return type.typeName().equals("vector");
  }

  /** By Spark ML's own function: whoever has a vector has it, and nobody else needs it. */
  private static Column ofVector(Column vector) {
    try {
      return (Column)
          Class.forName("org.apache.spark.ml.functions")
              .getMethod("vector_to_array", Column.class, String.class)
              .invoke(null, vector, "float64");
    } catch (ReflectiveOperationException e) {
      throw new IllegalArgumentException(
          "vectors must be read by spark-mllib, which is not on the class path: add it, or give"
              + " arrays",
          e);
    }
  }

  /** A column by its name, in which dots are dots. */
  static Column quoted(String name) {
    return col("`" + name.replace("`", "``") + "`");
  }

  /** Type of a column that must be there. */
  static DataType type(StructType schema, String name) {
    return Optional.of(schema.getFieldIndex(name))
        .filter(index -> index.isDefined())
        .map(index -> schema.fields()[(Integer) index.get()].dataType())
        .orElseThrow(
            () ->
                new IllegalArgumentException(
                    "there must be a column "
                        + name
                        + ", got "
                        + String.join(", ", schema.fieldNames())));
  }

  private static boolean isReal(DataType type) {
    return type instanceof DoubleType || type instanceof FloatType;
  }

  private static boolean isWhole(DataType type) {
    return type instanceof ByteType
        || type instanceof ShortType
        || type instanceof IntegerType
        || type instanceof LongType;
  }

  @Override
  public String toString() {
    return "probabilities "
        + probabilities
        + ", label "
        + label
        + weight.map(w -> ", weight " + w).orElse("");
  }
}
