package io.github.swag4j.swag.djl;

import ai.djl.ndarray.types.Shape;

/** What a row of the model's output means: its width, and the numbers that are kept of it. */
interface RowDecoder {

  /**
   * Columns of a row.
   *
   * @param shape the output's shape, rows first
   * @return the columns
   * @throws IllegalArgumentException if this is not an output of this kind; names the option
   */
  int width(Shape shape);

  /**
   * Turns a row's outputs into what is kept, in place.
   *
   * @param values finite outputs
   * @param from index of the row's first
   * @param width columns
   * @param row index of the row, for messages
   * @throws IllegalArgumentException if they cannot be what they were said to be
   */
  void decode(double[] values, int from, int width, int row);

  /**
   * Looks at what all rows so far have in common; called after each batch of the first sample and
   * at its end, with what {@link #decode} saw.
   *
   * @param moreToCome whether it can wait for more rows
   * @throws IllegalArgumentException if the rows together show that the outputs are something else
   */
  default void requireKind(boolean moreToCome) {}
}
