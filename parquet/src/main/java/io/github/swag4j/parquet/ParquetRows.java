package io.github.swag4j.parquet;

import io.github.swag4j.calibration.io.format.PredictionFileException;
import io.github.swag4j.calibration.io.table.TableColumn.Kind;
import io.github.swag4j.calibration.io.table.TableRows;
import io.github.swag4j.calibration.io.table.TableValues;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.channels.FileChannel;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.List;

/** The rows of a table, file by file and row group by row group. */
final class ParquetRows implements TableRows {
  private final ParquetTable table;
  private final List<Integer> asked;

  /** Of the columns asked for, none for those that names of folders say. */
  private final List<List<LeafCursor>> cursors = new ArrayList<>();

  private final List<VectorValues> vector =
      List.of(new VectorValues(), new VectorValues(), new VectorValues(), new VectorValues());

  private int part = -1;
  private ParquetFooter footer;
  private FileChannel channel;
  private int group;
  private long rowsOfGroup;

  /** Of the row at hand, from 1. */
  private long rowOfGroup;

  private long rowOfPart;

  ParquetRows(ParquetTable table, List<Integer> asked) {
    this.table = table;
    this.asked = asked;
  }

  @Override
  public boolean advance() throws IOException {
    while (rowOfGroup == rowsOfGroup) {
      for (List<LeafCursor> each : cursors) {
        for (LeafCursor cursor : each) {
          cursor.requireEnd();
        }
      }
      cursors.clear();
      group++;
      if (footer == null || group >= footer.meta().getRow_groupsSize()) {
        if (!nextPart()) {
          return false;
        }
      } else {
        openGroup();
      }
    }
    rowOfGroup++;
    rowOfPart++;
    return true;
  }

  /** Opens the next file, before its first row group; false if there is none. */
  private boolean nextPart() throws IOException {
    close();
    rowsOfGroup = 0;
    rowOfGroup = 0;
    rowOfPart = 0;
    group = -1;
    part++;
    if (part >= table.parts().size()) {
      part = table.parts().size();
      footer = null;
      return false;
    }
    ParquetPart next = table.parts().get(part);
    footer = table.footer(next);
    channel = FileChannel.open(next.file(), StandardOpenOption.READ);
    return true;
  }

  private void openGroup() throws IOException {
    rowOfGroup = 0;
    rowsOfGroup = footer.meta().getRow_groups().get(group).getNum_rows();
    if (rowsOfGroup == 0) {
      return;
    }
    for (int column : asked) {
      List<LeafCursor> of = new ArrayList<>();
      if (column < table.stored()) {
        for (ParquetLeaf leaf : footer.schema().columns().get(column).leaves()) {
          of.add(cursor(leaf));
        }
      }
      cursors.add(of);
    }
  }

  private LeafCursor cursor(ParquetLeaf leaf) throws IOException {
    String column = ParquetFooter.place(group) + ", column '" + leaf.name() + "'";
    try {
      return new LeafCursor(footer, channel, group, leaf);
    } catch (UncheckedIOException e) {
      throw e.getCause();
    } catch (RuntimeException | OutOfMemoryError e) {
      throw damaged(column, e);
    }
  }

  private PredictionFileException damaged(String place, Throwable e) {
    boolean memory = e instanceof OutOfMemoryError;
    return new PredictionFileException(
        footer.file(),
        place,
        memory
            ? "a page must fit in memory, unpacked, got one that does not: give more heap, or have"
                + " smaller pages written (is the file damaged?)"
            : "a Parquet file must be whole, got values that cannot be read ("
                + e.getMessage()
                + "): copy it again, or have it written again",
        e);
  }

  @Override
  public void read(int at, TableValues into) throws IOException {
    int column = asked.get(at);
    if (column >= table.stored()) {
      String said = table.parts().get(part).partitions().get(column - table.stored());
      if (said == null) {
        into.nothing();
      } else {
        into.text(said);
      }
      return;
    }
    try {
      read(footer.schema().columns().get(column), cursors.get(at), into);
    } catch (UncheckedIOException e) {
      throw e.getCause();
    } catch (RuntimeException | OutOfMemoryError e) {
      String name = table.columns().get(column).name();
      throw damaged("row " + rowOfPart + ", column '" + name + "'", e);
    }
  }

  private void read(ParquetColumn column, List<LeafCursor> of, TableValues into)
      throws IOException {
    if (column.vector()) {
      boolean there = of.get(0).isThere(column.level());
      of.get(0).value(vector.get(0).clear());
      of.get(1).value(vector.get(1).clear());
      of.get(2).list(vector.get(2).clear());
      of.get(3).list(vector.get(3).clear());
      if (there) {
        VectorValues.give(vector.get(0), vector.get(1), vector.get(2), vector.get(3), into);
      }
    } else if (column.column().kind() == Kind.LIST) {
      of.get(0).list(into);
    } else if (column.column().kind() == Kind.OBJECT) {
      boolean there = of.get(0).isThere(column.level());
      for (LeafCursor cursor : of) {
        cursor.value(there ? into : vector.get(0).clear());
      }
    } else {
      of.get(0).value(into);
    }
  }

  @Override
  public void close() throws IOException {
    if (channel != null) {
      channel.close();
      channel = null;
    }
  }
}
