/**
 * Predictions from and to Parquet files, and from folders of them, for the readers and writers of
 * {@code calibration.io}: a module on the class path is all it takes, nothing here is called by
 * name.
 *
 * <p>Schemas, levels, encodings and the footer are read by parquet-java; this package finds the
 * pages of a file one after the other, so that memory is that of a page a column and not that of a
 * row group, checks every size before it is believed, and turns values into those of a table. What
 * is written has plain values, packed by snappy, in row groups of some megabytes. Nothing here
 * knows nothing of what a column means. The reasons are in {@code docs/decisions/parquet.md}.
 */
package io.github.swag4j.parquet;
