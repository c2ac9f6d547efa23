package io.github.swag4j.spark.program;

import io.github.swag4j.calibration.io.PartedSketch;
import io.github.swag4j.calibration.io.format.PredictionFileException;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Iterator;
import java.util.List;
import org.apache.spark.api.java.function.FlatMapFunction;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.types.StructType;

/**
 * Reads the rows of a partition as the driver has understood the table: by the same rows, of which
 * every task makes the same decision.
 *
 * @param table its address, for refusals
 * @param schema of the rows, without the name of their file
 * @param some the rows that decide what columns are
 * @param request how the table is read, and into which bins
 */
record PartTask(String table, StructType schema, List<Row> some, Request request)
    implements FlatMapFunction<Iterator<Row>, PartedSketch.Part> {

  /** What the table is called in refusals. */
  Path name() {
    return TableFiles.named(table);
  }

  /** What columns are, by the rows that decide it. */
  PartedSketch decided() throws IOException {
    return PartedSketch.of(
        name(), new RowTable(schema, some.size(), some::iterator), request.options());
  }

  @Override
  public Iterator<PartedSketch.Part> call(Iterator<Row> rows) throws IOException {
    Followed followed = new Followed(rows, schema.length());
    try {
      RowTable part = new RowTable(schema, -1, () -> followed);
      return List.of(decided().part(part, request.binning())).iterator();
    } catch (PredictionFileException e) {
      String first = followed.file;
      String where = first == null ? "a part of the table" : first + " or beside it";
      throw new PredictionFileException(
          name(), "among the rows of " + where, e.refusal().map(text -> inPart(text, e)), e);
    }
  }

  /** Numbers of rows are those in a part, which nobody knows: they are left out. */
  private String inPart(String text, PredictionFileException e) {
    String at = name() + (e.place().isEmpty() ? ": " : ", " + e.place() + ": ");
    return text.startsWith(at) ? text.substring(at.length()) : text;
  }

  /** Rows whose last column is the name of the file that they come from, which is kept. */
  private static final class Followed implements Iterator<Row> {
    private final Iterator<Row> rows;
    private final int place;
    private String file;

    Followed(Iterator<Row> rows, int place) {
      this.rows = rows;
      this.place = place;
    }

    @Override
    public boolean hasNext() {
      return rows.hasNext();
    }

    @Override
    public Row next() {
      Row row = rows.next();
      String of = row.getString(place);
      file = of == null || of.isEmpty() ? file : of;
      return row;
    }
  }
}
