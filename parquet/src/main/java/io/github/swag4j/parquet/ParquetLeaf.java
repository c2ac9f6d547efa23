package io.github.swag4j.parquet;

import java.util.List;
import org.apache.parquet.column.ColumnDescriptor;
import org.apache.parquet.format.SchemaElement;

/**
 * A column of single values in the schema, which is all that a file stores.
 *
 * @param index its number among them
 * @param path the names on the way to it
 * @param element what the schema says of it
 * @param descriptor its levels
 * @param listLevel from which definition level on there is an element of the list that it is in; 0
 *     outside of lists
 */
record ParquetLeaf(
    int index,
    List<String> path,
    SchemaElement element,
    ColumnDescriptor descriptor,
    int listLevel) {

  /** The path in words. */
  String name() {
    return String.join(".", path);
  }
}
