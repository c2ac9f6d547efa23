package io.github.swag4j.parquet;

import io.github.swag4j.calibration.io.format.PredictionFileException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.apache.parquet.format.FieldRepetitionType;
import org.apache.parquet.format.SchemaElement;
import org.apache.parquet.schema.GroupType;
import org.apache.parquet.schema.MessageType;
import org.apache.parquet.schema.PrimitiveType;
import org.apache.parquet.schema.PrimitiveType.PrimitiveTypeName;
import org.apache.parquet.schema.Type;

/** The schema of a file: its columns, and the leaves in which these are stored. Immutable. */
final class ParquetSchema {
  private static final int MOST_NESTING = 32;

  /**
   * A part of the tree.
   *
   * @param element what the schema says of it
   * @param children its parts, of a group
   * @param leaves all leaves below
   * @param level from which definition level on it is there
   */
  record Node(SchemaElement element, List<Node> children, List<ParquetLeaf> leaves, int level) {
    String name() {
      return element.getName();
    }

    boolean isGroup() {
      return element.isSetNum_children() && !element.isSetType();
    }

    boolean isRepeated() {
      return element.getRepetition_type() == FieldRepetitionType.REPEATED;
    }
  }

  private final Path file;
  private final List<SchemaElement> elements;
  private final MessageType message;
  private final List<ParquetLeaf> leaves = new ArrayList<>();
  private final List<ParquetColumn> columns = new ArrayList<>();
  private int at;

  private ParquetSchema(Path file, List<SchemaElement> elements) throws PredictionFileException {
    this.file = file;
    this.elements = elements;
    if (elements.isEmpty()) {
      throw damaged("nothing in it", null);
    }
    int top = next().getNum_children();
    try {
      message = new MessageType("table", types(top, 0));
      at = 1;
      for (int c = 0; c < top; c++) {
        Node node = node(new ArrayList<>(), 0, 0);
        if (!node.name().matches("__index_level_\\d+__")) {
          columns.add(ParquetColumn.of(node));
        }
      }
    } catch (PredictionFileException e) {
      throw e;
    } catch (RuntimeException e) {
      throw damaged(String.valueOf(e.getMessage()), e);
    }
    if (at != elements.size()) {
      throw damaged("more parts than it counts", null);
    }
    Set<String> names = new HashSet<>();
    for (ParquetColumn column : columns) {
      if (!names.add(column.name())) {
        throw new PredictionFileException(
            file, "schema", "names of columns must be unique, got '" + column.name() + "' twice");
      }
    }
  }

  static ParquetSchema of(Path file, List<SchemaElement> elements) throws PredictionFileException {
    return new ParquetSchema(file, elements);
  }

  /** The columns; without the index of pandas, which numbers the rows. */
  List<ParquetColumn> columns() {
    return columns;
  }

  List<ParquetLeaf> leaves() {
    return leaves;
  }

  private PredictionFileException damaged(String what, RuntimeException e) {
    return new PredictionFileException(
        file, "schema", "a Parquet file must be whole, got a damaged schema: " + what, e);
  }

  private SchemaElement next() throws PredictionFileException {
    if (at == elements.size()) {
      throw damaged("fewer parts than it counts", null);
    }
    return elements.get(at++);
  }

  /** The library's own types of some parts that follow. */
  private List<Type> types(int count, int depth) throws PredictionFileException {
    if (count < 0 || count > elements.size() || depth > MOST_NESTING) {
      throw damaged("groups of " + count + " in " + depth + " others", null);
    }
    List<Type> types = new ArrayList<>();
    for (int c = 0; c < count; c++) {
      SchemaElement element = next();
      if (!element.isSetRepetition_type()) {
        throw damaged("'" + element.getName() + "' without a repetition", null);
      }
      Type.Repetition repetition = Type.Repetition.valueOf(element.getRepetition_type().name());
      String name = element.getName();
      if (element.isSetType()) {
        PrimitiveTypeName type = typeName(element);
        types.add(
            type == PrimitiveTypeName.FIXED_LEN_BYTE_ARRAY
                ? new PrimitiveType(repetition, type, length(element), name)
                : new PrimitiveType(repetition, type, name));
      } else {
        types.add(new GroupType(repetition, name, types(element.getNum_children(), depth + 1)));
      }
    }
    return types;
  }

  private static PrimitiveTypeName typeName(SchemaElement element) {
    return switch (element.getType()) {
      case BOOLEAN -> PrimitiveTypeName.BOOLEAN;
      case INT32 -> PrimitiveTypeName.INT32;
      case INT64 -> PrimitiveTypeName.INT64;
      case INT96 -> PrimitiveTypeName.INT96;
      case FLOAT -> PrimitiveTypeName.FLOAT;
      case DOUBLE -> PrimitiveTypeName.DOUBLE;
      case BYTE_ARRAY -> PrimitiveTypeName.BINARY;
      case FIXED_LEN_BYTE_ARRAY -> PrimitiveTypeName.FIXED_LEN_BYTE_ARRAY;
    };
  }

  private int length(SchemaElement element) throws PredictionFileException {
    int length = element.getType_length();
    if (length < 1 || length > 1 << 20) {
      throw damaged("'" + element.getName() + "' of " + length + " bytes a value", null);
    }
    return length;
  }

  private Node node(List<String> above, int level, int listLevel) throws PredictionFileException {
    SchemaElement element = next();
    boolean required = element.getRepetition_type() == FieldRepetitionType.REQUIRED;
    boolean repeated = element.getRepetition_type() == FieldRepetitionType.REPEATED;
    int own = required ? level : level + 1;
    int list = repeated ? own : listLevel;
    List<String> path = new ArrayList<>(above);
    path.add(element.getName());
    if (element.isSetType()) {
      ParquetLeaf leaf =
          new ParquetLeaf(
              leaves.size(),
              List.copyOf(path),
              element,
              message.getColumnDescription(path.toArray(new String[0])),
              list);
      leaves.add(leaf);
      return new Node(element, List.of(), List.of(leaf), own);
    }
    List<Node> children = new ArrayList<>();
    List<ParquetLeaf> below = new ArrayList<>();
    for (int c = 0; c < element.getNum_children(); c++) {
      Node child = node(path, own, list);
      children.add(child);
      below.addAll(child.leaves());
    }
    return new Node(element, children, below, own);
  }
}
