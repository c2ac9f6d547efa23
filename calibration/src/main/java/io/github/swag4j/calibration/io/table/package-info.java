/**
 * Tables in files that are no text, such as Parquet: what a module that reads them gives ({@link
 * io.github.swag4j.calibration.io.table.TableFormat}), found by {@link java.util.ServiceLoader}.
 *
 * <p>Such a module says which columns there are and what is in each row, and nothing about what
 * that means: its rows are read by the same rules as those of CSV and JSON Lines. Nothing here
 * knows a format.
 */
package io.github.swag4j.calibration.io.table;
