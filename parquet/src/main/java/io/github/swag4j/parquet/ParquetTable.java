package io.github.swag4j.parquet;

import io.github.swag4j.calibration.io.format.PredictionFileException;
import io.github.swag4j.calibration.io.table.TableColumn;
import io.github.swag4j.calibration.io.table.TableFile;
import io.github.swag4j.calibration.io.table.TableRows;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/** A table in one Parquet file or several. */
final class ParquetTable implements TableFile {
  private final List<ParquetPart> parts;
  private final List<TableColumn> columns;

  /** How many of the columns are in the files; the others come from names of folders. */
  private final int stored;

  private final long rows;
  private final Map<String, String> properties;

  ParquetTable(
      List<ParquetPart> parts,
      List<TableColumn> columns,
      int stored,
      long rows,
      Map<String, String> properties) {
    this.properties = properties;
    this.parts = parts;
    this.columns = columns;
    this.stored = stored;
    this.rows = rows;
  }

  static ParquetTable of(Path file) throws IOException {
    ParquetFooter footer = ParquetFooter.read(file);
    List<TableColumn> columns = columns(footer);
    List<ParquetPart> parts = List.of(new ParquetPart(file, List.of()));
    return new ParquetTable(parts, columns, columns.size(), footer.rows(), footer.properties());
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

  @Override
  public Map<String, String> properties() {
    return properties;
  }

  List<ParquetPart> parts() {
    return parts;
  }

  int stored() {
    return stored;
  }

  /**
   * The footer of a part, read again: those of many would not fit in memory.
   *
   * @throws IOException if it cannot be read, or has other columns than the table had
   */
  ParquetFooter footer(ParquetPart part) throws IOException {
    ParquetFooter footer = ParquetFooter.read(part.file());
    if (!columns(footer).equals(columns.subList(0, stored))) {
      throw new PredictionFileException(
          part.file(), "", "the file must stay as it is while it is read, but its columns changed");
    }
    return footer;
  }

  @Override
  public TableRows open(List<Integer> asked) throws IOException {
    return new ParquetRows(this, new ArrayList<>(asked));
  }
}
