package io.github.swag4j.parquet;

import io.github.swag4j.calibration.io.table.TableColumn;
import io.github.swag4j.calibration.io.table.TableColumn.Kind;
import io.github.swag4j.parquet.ParquetSchema.Node;
import java.util.List;
import org.apache.parquet.format.ConvertedType;
import org.apache.parquet.format.SchemaElement;

/**
 * A column as a table has it.
 *
 * @param column what it is to the table
 * @param leaves what it is stored in: one of a value or list, one for each part of an object, four
 *     of a vector; none if it is not read
 * @param level from which definition level on an object is there
 * @param vector whether it is a vector of Spark's machine learning
 */
record ParquetColumn(TableColumn column, List<ParquetLeaf> leaves, int level, boolean vector) {
  private static final List<String> VECTOR = List.of("type", "size", "indices", "values");

  String name() {
    return column.name();
  }

  /** What a part of the schema is to a table. */
  static ParquetColumn of(Node node) {
    if (isVector(node)) {
      return of(node, Kind.LIST, List.of(), "a vector", true);
    }
    if (node.leaves().size() == 1) {
      ParquetLeaf leaf = node.leaves().get(0);
      String type = LeafValues.type(leaf.element());
      int lists = leaf.descriptor().getMaxRepetitionLevel();
      if (!LeafValues.isRead(leaf.element())) {
        return other(node, lists == 0 && !node.isGroup() ? type : "a structure of " + type);
      }
      if (!node.isGroup() && !node.isRepeated()) {
        return of(node, Kind.VALUE, List.of(), type, false);
      }
      if (lists == 1 && (!node.isGroup() || isList(node))) {
        return of(node, Kind.LIST, List.of(), "a list of " + type, false);
      }
      if (lists > 1) {
        return other(node, "lists in a list");
      }
    }
    if (isMap(node.element())) {
      return other(node, "a map, whose rows may have other keys each");
    }
    boolean plain =
        node.isGroup()
            && !node.isRepeated()
            && !node.children().isEmpty()
            && node.children().stream()
                .allMatch(c -> !c.isGroup() && !c.isRepeated() && LeafValues.isRead(c.element()));
    if (!plain) {
      return other(node, "a structure of several levels");
    }
    List<String> parts = node.children().stream().map(Node::name).toList();
    List<String> types = node.children().stream().map(c -> LeafValues.type(c.element())).toList();
    return of(node, Kind.OBJECT, parts, "a struct of " + String.join(", ", types), false);
  }

  private static ParquetColumn of(
      Node node, Kind kind, List<String> parts, String what, boolean vector) {
    TableColumn column = new TableColumn(node.name(), kind, parts, what);
    return new ParquetColumn(column, node.leaves(), node.level(), vector);
  }

  private static ParquetColumn other(Node node, String what) {
    TableColumn column = new TableColumn(node.name(), Kind.OTHER, List.of(), what);
    return new ParquetColumn(column, List.of(), node.level(), false);
  }

  /**
   * Whether a group of one leaf is a list: three levels, or the two of older writers, none of them
   * with anything beside.
   */
  private static boolean isList(Node node) {
    if (node.isRepeated() || isMap(node.element()) || node.children().size() != 1) {
      return false;
    }
    Node repeated = node.children().get(0);
    boolean element =
        !repeated.isGroup()
            || repeated.children().size() == 1 && !repeated.children().get(0).isGroup();
    return repeated.isRepeated() && element;
  }

  private static boolean isMap(SchemaElement element) {
    return element.isSetLogicalType() && element.getLogicalType().isSetMAP()
        || element.getConverted_type() == ConvertedType.MAP
        || element.getConverted_type() == ConvertedType.MAP_KEY_VALUE;
  }

  private static boolean isVector(Node node) {
    return node.isGroup()
        && !node.isRepeated()
        && node.children().stream().map(Node::name).toList().equals(VECTOR)
        && node.leaves().size() == VECTOR.size()
        && !node.children().get(0).isGroup()
        && !node.children().get(1).isGroup()
        && isOf(node, 0, "int8")
        && isOf(node, 1, "int32")
        && isOf(node, 2, "int32")
        && isOf(node, 3, "double")
        && isList(node.children().get(2))
        && isList(node.children().get(3));
  }

  private static boolean isOf(Node node, int leaf, String type) {
    return LeafValues.type(node.leaves().get(leaf).element()).equals(type);
  }
}
