package io.github.swag4j.calibration.io.columns;

import java.io.Closeable;
import java.io.IOException;
import java.util.List;

/** A table whose rows can be looked at as often as it takes to understand its columns. */
public interface Table {

  /** Names of the columns, stripped; empty where one has none. */
  List<String> names();

  /** The rows from the first on. */
  Rows rows() throws IOException;

  /** Rows, one after the other. */
  interface Rows extends Closeable {

    /** Goes to the next row; false at the end. */
    boolean advance() throws IOException;

    /** Number of cells of this row. */
    int cells();

    /** A cell as a number; NaN if it is no finite decimal number. */
    double number(int column);

    /** A cell as text, stripped and with accents composed. */
    String text(int column) throws IOException;

    /** Where the row is in the file, for a refusal. */
    String place();
  }
}
