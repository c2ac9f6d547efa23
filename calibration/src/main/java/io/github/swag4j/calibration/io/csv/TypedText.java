package io.github.swag4j.calibration.io.csv;

import io.github.swag4j.calibration.io.table.OutputColumn.Kind;
import io.github.swag4j.calibration.io.table.TableColumn;
import io.github.swag4j.calibration.io.table.TableValues;

/** Texts of a table that was none as values of the kinds that they had. */
final class TypedText {
  private TypedText() {}

  /** The kind in which values of a column can be written. */
  static Kind kind(TableColumn column) {
    return switch (column.what()) {
      case "boolean" -> Kind.TRUTH;
      case "float", "float16" -> Kind.FLOAT;
      case "double" -> Kind.DOUBLE;
      case "int8", "int16", "int32", "int64", "uint8", "uint16", "uint32" -> Kind.WHOLE;
      default -> Kind.TEXT;
    };
  }

  /** Gives a value; an empty text is nothing. */
  static void give(String text, Kind kind, char decimalMark, TableValues to) {
    if (text.isEmpty()) {
      to.nothing();
      return;
    }
    switch (kind) {
      case TRUTH -> to.truth(Boolean.parseBoolean(text));
      case WHOLE -> to.whole(Long.parseLong(text));
      case FLOAT, DOUBLE -> to.number(Double.parseDouble(text.replace(decimalMark, '.')));
      case TEXT -> to.text(text);
    }
  }
}
