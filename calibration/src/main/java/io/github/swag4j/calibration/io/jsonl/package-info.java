/**
 * JSON Lines of predictions as the table that they are: one object a line, its fields the columns.
 * Rows of files that are no text take the same way. Not part of the API.
 *
 * <p>The table is made while it is read, as CSV text, so that the one rule of columns and the one
 * reader of numbers hold for both, and memory does not grow with the file. What a column means is
 * not decided here, but for classes that the objects themselves name.
 */
package io.github.swag4j.calibration.io.jsonl;
