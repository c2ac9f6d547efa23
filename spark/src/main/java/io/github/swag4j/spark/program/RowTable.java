package io.github.swag4j.spark.program;

import io.github.swag4j.calibration.io.table.TableColumn;
import io.github.swag4j.calibration.io.table.TableColumn.Kind;
import io.github.swag4j.calibration.io.table.TableFile;
import io.github.swag4j.calibration.io.table.TableRows;
import io.github.swag4j.calibration.io.table.TableValues;
import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Iterator;
import java.util.List;
import java.util.function.Supplier;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.types.ArrayType;
import org.apache.spark.sql.types.BooleanType;
import org.apache.spark.sql.types.ByteType;
import org.apache.spark.sql.types.DataType;
import org.apache.spark.sql.types.DateType;
import org.apache.spark.sql.types.DecimalType;
import org.apache.spark.sql.types.DoubleType;
import org.apache.spark.sql.types.FloatType;
import org.apache.spark.sql.types.IntegerType;
import org.apache.spark.sql.types.LongType;
import org.apache.spark.sql.types.ShortType;
import org.apache.spark.sql.types.StringType;
import org.apache.spark.sql.types.StructField;
import org.apache.spark.sql.types.StructType;
import org.apache.spark.sql.types.TimestampNTZType;
import org.apache.spark.sql.types.TimestampType;

/** Rows of Spark as a table whose values are those that the program's own reader would give. */
final class RowTable implements TableFile {
  private static final List<Class<? extends DataType>> READ =
      List.of(
          DoubleType.class,
          FloatType.class,
          LongType.class,
          IntegerType.class,
          ShortType.class,
          ByteType.class,
          StringType.class,
          BooleanType.class,
          DecimalType.class,
          DateType.class,
          TimestampType.class,
          TimestampNTZType.class);

  /** What a vector of Spark's machine learning is stored as. */
  private static final String[] VECTOR = {"type", "size", "indices", "values"};

  private final StructType schema;
  private final List<TableColumn> columns = new ArrayList<>();

  /** Of each column, its place in a row. */
  private final List<Integer> places = new ArrayList<>();

  private final long count;
  private final Supplier<Iterator<Row>> rows;

  /**
   * A table.
   *
   * @param count of the rows, as far as it is known
   * @param rows opens them
   */
  RowTable(StructType schema, long count, Supplier<Iterator<Row>> rows) {
    this.schema = schema;
    this.count = count;
    this.rows = rows;
    for (int f = 0; f < schema.fields().length; f++) {
      StructField field = schema.fields()[f];
      if (!field.name().matches("__index_level_\\d+__")) { // of pandas: numbers of rows
        columns.add(column(field));
        places.add(f);
      }
    }
  }

  private static TableColumn column(StructField field) {
    DataType type = field.dataType();
    String what = type.simpleString();
    if (isRead(type)) {
      return new TableColumn(field.name(), Kind.VALUE, List.of(), what);
    }
    if (type instanceof ArrayType list && isRead(list.elementType()) || isVector(type)) {
      return new TableColumn(field.name(), Kind.LIST, List.of(), what);
    }
    if (type instanceof StructType parts
        && parts.length() > 0
        && Arrays.stream(parts.fields()).allMatch(part -> isRead(part.dataType()))) {
      return new TableColumn(field.name(), Kind.OBJECT, List.of(parts.fieldNames()), what);
    }
    return new TableColumn(field.name(), Kind.OTHER, List.of(), what);
  }

  private static boolean isRead(DataType type) {
    return READ.stream().anyMatch(each -> each.isInstance(type));
  }

  private static boolean isVector(DataType type) {
    return type instanceof StructType parts
        && Arrays.equals(parts.fieldNames(), VECTOR)
        && parts.fields()[0].dataType() instanceof ByteType
        && parts.fields()[1].dataType() instanceof IntegerType
        && parts.fields()[2].dataType() instanceof ArrayType
        && parts.fields()[3].dataType() instanceof ArrayType;
  }

  @Override
  public List<TableColumn> columns() {
    return columns;
  }

  @Override
  public long rows() {
    return count;
  }

  @Override
  public TableRows open(List<Integer> asked) {
    Iterator<Row> left = rows.get();
    return new TableRows() {
      private Row row;

      @Override
      public boolean advance() {
        row = left.hasNext() ? left.next() : null;
        return row != null;
      }

      @Override
      public void read(int column, TableValues into) {
        give(row, asked.get(column), into);
      }

      @Override
      public void close() {
        row = null;
      }
    };
  }

  private void give(Row row, int column, TableValues into) {
    int place = places.get(column);
    Object value = row.get(place);
    switch (columns.get(column).kind()) {
      case VALUE -> give(value, into);
      case LIST -> {
        if (value != null && schema.fields()[place].dataType() instanceof StructType) {
          vector(row.getStruct(place), into);
        } else if (value != null) {
          row.getList(place).forEach(each -> give(each, into));
        }
      }
      case OBJECT -> {
        Row parts = row.getStruct(place);
        for (int p = 0; p < columns.get(column).parts().size(); p++) {
          give(parts == null ? null : parts.get(p), into);
        }
      }
      case OTHER -> throw new IllegalArgumentException("columns of a kind that is not read");
    }
  }

  private static void vector(Row parts, TableValues into) {
    List<Double> values = parts.getList(3);
    if (parts.getByte(0) == 1) {
      values.forEach(each -> give(each, into));
      return;
    }
    double[] all = new double[parts.getInt(1)];
    List<Integer> indices = parts.getList(2);
    for (int i = 0; i < indices.size(); i++) {
      all[indices.get(i)] = values.get(i);
    }
    Arrays.stream(all).forEach(into::number);
  }

  private static void give(Object value, TableValues into) {
    if (value == null) {
      into.nothing();
    } else if (value instanceof Double || value instanceof Float) {
      into.number(((Number) value).doubleValue());
    } else if (value instanceof BigDecimal decimal) {
      into.digits(decimal.toPlainString());
    } else if (value instanceof Number whole) {
      into.whole(whole.longValue());
    } else if (value instanceof Boolean truth) {
      into.truth(truth);
    } else {
      into.text(value.toString());
    }
  }
}
