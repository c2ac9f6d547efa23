package io.github.swag4j.calibration.io.table;

import java.io.IOException;
import java.util.List;
import java.util.Map;

/** A table in one file, or in the files of a folder. Immutable; holds nothing open. */
public interface TableFile {

  /**
   * The columns.
   *
   * @return in the order of the file, no two of one name
   */
  List<TableColumn> columns();

  /**
   * The number of rows.
   *
   * @return 0 or more
   */
  long rows();

  /**
   * Opens the rows, from the first on.
   *
   * @param columns indices into {@link #columns} of those that will be read, none of them of kind
   *     {@link TableColumn.Kind#OTHER}
   * @return the rows, whose memory does not grow with their number
   * @throws IOException if the file cannot be read
   */
  TableRows open(List<Integer> columns) throws IOException;

  /**
   * What the file says of itself beside its rows.
   *
   * @return texts by their keys, as whoever wrote it put them there; of a folder those of its first
   *     file
   */
  default Map<String, String> properties() {
    return Map.of();
  }
}
