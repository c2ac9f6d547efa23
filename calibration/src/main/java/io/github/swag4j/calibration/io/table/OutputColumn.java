package io.github.swag4j.calibration.io.table;

import java.util.Objects;

/**
 * A column of a table to be written.
 *
 * @param name what it is called
 * @param kind what its rows hold
 */
public record OutputColumn(String name, Kind kind) {

  /** What the rows of a column hold. */
  public enum Kind {
    /** Floating-point numbers of single precision: float64 with the value of a float32. */
    FLOAT,
    /** Floating-point numbers. */
    DOUBLE,
    /** Whole numbers. */
    WHOLE,
    /** Texts. */
    TEXT,
    /** True or false. */
    TRUTH
  }

  /**
   * Checks that nothing is missing.
   *
   * @param name what it is called
   * @param kind what its rows hold
   */
  public OutputColumn {
    Objects.requireNonNull(name, "name");
    Objects.requireNonNull(kind, "kind");
  }
}
