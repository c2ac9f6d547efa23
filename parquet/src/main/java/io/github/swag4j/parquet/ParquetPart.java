package io.github.swag4j.parquet;

import java.nio.file.Path;
import java.util.List;

/**
 * A file of a table.
 *
 * @param file the file
 * @param partitions what its folders say of all its rows, in the order of the table's columns of
 *     that; null stands for what is not known
 */
record ParquetPart(Path file, List<String> partitions) {}
