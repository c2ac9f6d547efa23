package io.github.swag4j.parquet;

import io.github.swag4j.calibration.io.table.TableColumn;
import io.github.swag4j.calibration.io.table.TableFile;
import io.github.swag4j.calibration.io.table.TableRows;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/** A table in one Parquet file or several. */
final class ParquetTable implements TableFile {
  private final List<ParquetPart> parts;
  private final List<TableColumn> columns;

  /** How many of the columns are in the files; the others come from names of folders. */
  private final int stored;

  private final long rows;

  /** Of a table in one file, else null: those of many would not fit in memory. */
  private final ParquetFooter only;

  ParquetTable(
      List<ParquetPart> parts,
      List<TableColumn> columns,
      int stored,
      long rows,
      ParquetFooter only) {
    this.parts = parts;
    this.columns = columns;
    this.stored = stored;
    this.rows = rows;
    this.only = only;
  }

  static ParquetTable of(Path file) throws IOException {
    ParquetFooter footer = ParquetFooter.read(file);
    List<TableColumn> columns = columns(footer);
    List<ParquetPart> parts = List.of(new ParquetPart(file, List.of()));
    return new ParquetTable(parts, columns, columns.size(), footer.rows(), footer);
  }

  static List<TableColumn> columns(ParquetFooter footer) {
    return footer.schema().columns().stream().map(ParquetColumn::column).toList();
  }

  @Override
  public List<TableColumn> columns() {
    return columns;
  }

  @Override
  public long rows() {
    return rows;
  }

  List<ParquetPart> parts() {
    return parts;
  }

  int stored() {
    return stored;
  }

  ParquetFooter footer(ParquetPart part) throws IOException {
    return only != null ? only : ParquetFooter.read(part.file());
  }

  @Override
  public TableRows open(List<Integer> asked) throws IOException {
    return new ParquetRows(this, new ArrayList<>(asked));
  }
}
