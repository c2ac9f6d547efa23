package io.github.swag4j.cli.monitor;

import com.google.gson.JsonElement;
import com.google.gson.JsonObject;
import com.google.gson.JsonParseException;
import com.google.gson.JsonParser;
import io.github.swag4j.calibration.monitoring.DriftMonitor;
import java.io.IOException;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;

/** Records of labels that come apart from their rows: an id and a label, CSV or JSON Lines. */
final class LateLabelRows {
  /** A label and the id of its row. */
  record Label(String id, int label) {}

  private final String idName;
  private final String labelName;
  private final ServedLabels labels;
  private final Consumer<String> warnings;
  private String header;
  private int id = -1;
  private int label = -1;
  private int size;

  /**
   * A reader.
   *
   * @param idName name of the id's column
   * @param labelName name of the label's column
   * @param header the header as read before a restart, null for none yet
   * @param warnings takes what is said of records that are not valid
   */
  LateLabelRows(
      String idName,
      String labelName,
      ServedLabels labels,
      String header,
      Consumer<String> warnings)
      throws IOException {
    this.idName = idName;
    this.labelName = labelName;
    this.labels = labels;
    this.warnings = warnings;
    if (header != null) {
      takeHeader(header);
    }
  }

  private void takeHeader(String text) throws IOException {
    List<String> names = CsvFields.of(text);
    id = names.indexOf(idName);
    label = names.indexOf(labelName);
    size = names.size();
    header = text;
    if (id < 0 || label < 0) {
      throw new IOException(
          "a file of late labels must have the columns '"
              + idName
              + "' and '"
              + labelName
              + "', got "
              + String.join(", ", names)
              + ": say what they are called with --id-column and --label-column");
    }
  }

  String header() {
    return header;
  }

  /** The label of a record; nothing for a header, an unknown label and one that is not valid. */
  Optional<Label> of(TextRecord record) throws IOException {
    try {
      boolean json = record.text().startsWith("{");
      if (!json && record.first()) {
        if (!record.text().equals(header)) {
          takeHeader(record.text());
        }
        return Optional.empty();
      }
      Label read = json ? ofJson(record.text()) : ofFields(record.text());
      boolean known = read.label() != DriftMonitor.UNKNOWN && !read.id().isEmpty();
      return known ? Optional.of(read) : Optional.empty();
    } catch (IllegalArgumentException e) {
      warnings.accept("line " + record.line() + ": " + e.getMessage() + ": label not taken");
      return Optional.empty();
    }
  }

  private Label ofFields(String text) {
    List<String> fields = CsvFields.of(text);
    if (header == null || fields.size() != size) {
      throw new IllegalArgumentException(
          "a line must have the header's " + size + " columns, got " + fields.size());
    }
    return new Label(fields.get(id), labels.of(fields.get(label)));
  }

  private Label ofJson(String text) {
    JsonObject object;
    try {
      object = JsonParser.parseString(text).getAsJsonObject();
    } catch (JsonParseException | IllegalStateException e) {
      throw new IllegalArgumentException("a line must be one JSON object", e);
    }
    return new Label(field(object, idName), labels.of(field(object, labelName)));
  }

  private static String field(JsonObject object, String name) {
    JsonElement value = object.get(name);
    if (value == null || !value.isJsonPrimitive()) {
      throw new IllegalArgumentException("the row must have the field '" + name + "'");
    }
    return value.getAsString();
  }
}
