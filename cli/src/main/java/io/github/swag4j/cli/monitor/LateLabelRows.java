package io.github.swag4j.cli.monitor;

import io.github.swag4j.base.json.JsonException;
import io.github.swag4j.calibration.io.jsonl.JsonRecords;
import io.github.swag4j.calibration.monitoring.DriftMonitor;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.Consumer;

/** Records of labels that come apart from their rows: an id and a label, CSV or JSON Lines. */
final class LateLabelRows {
  /** A label and the id of its row. */
  record Label(String id, int label) {}

  private final String idName;
  private final String labelName;
  private final ServedLabels labels;
  private final List<Integer> byPlace;
  private final Consumer<String> warnings;
  private final JsonRecords json = new JsonRecords(Set.of());
  private String header;
  private List<String> names = List.of();
  private int id = -1;
  private int label = -1;

  /**
   * A reader.
   *
   * @param idName name of the id's column
   * @param labelName name of the label's column, null for the usual ones
   * @param byPlace the class of each index; empty where an index says nothing
   * @param header the header as read before a restart, null for none yet
   * @param warnings takes what is said of records that are not valid
   */
  LateLabelRows(
      String idName,
      String labelName,
      ServedLabels labels,
      List<Integer> byPlace,
      String header,
      Consumer<String> warnings)
      throws IOException {
    this.idName = CsvFields.name(idName);
    this.labelName = labelName;
    this.labels = labels;
    this.byPlace = byPlace;
    this.warnings = warnings;
    if (header != null) {
      takeHeader(header);
    }
  }

  private void takeHeader(String text) throws IOException {
    takeNames(CsvFields.header(text));
    header = text;
  }

  private void takeNames(List<String> fields) throws IOException {
    int foundId = fields.indexOf(idName);
    int found =
        labelName == null
            ? ServedColumns.oneLabel(fields, fields)
            : fields.indexOf(CsvFields.name(labelName));
    if (foundId < 0 || found < 0) {
      throw new IOException(
          "a file of late labels must have the columns '"
              + idName
              + "' and '"
              + (labelName == null ? "label" : labelName)
              + "', got "
              + ServedColumns.shown(fields)
              + ": say what they are called with --id-column and --label-column");
    }
    id = foundId;
    label = found;
    names = fields;
  }

  String header() {
    return header;
  }

  /** The labels of a record; none of a header, an unknown label and one that is not valid. */
  List<Label> of(TextRecord record) throws IOException {
    List<Label> found = new ArrayList<>();
    for (TextRecord each : CsvFields.whole(record, header == null ? 0 : names.size())) {
      ofWhole(each).ifPresent(found::add);
    }
    return found;
  }

  private Optional<Label> ofWhole(TextRecord record) throws IOException {
    boolean object = record.text().startsWith("{");
    if (object && record.first()) {
      header = null; // a file of JSON Lines
    }
    try {
      if (!object && record.first() && isHeader(record.text())) {
        return Optional.empty();
      }
      List<String> fields = object ? ofJson(record.text()) : ofFields(record.text());
      Label read = new Label(fields.get(id), labels.of(fields.get(label), byPlace));
      boolean known = read.label() != DriftMonitor.UNKNOWN && !read.id().isEmpty();
      return known ? Optional.of(read) : Optional.empty();
    } catch (IllegalArgumentException e) {
      warnings.accept("line " + record.line() + ": " + e.getMessage() + ": label not taken");
      return Optional.empty();
    }
  }

  /** Whether it is the header; the first file has one, a file after it may go on without. */
  private boolean isHeader(String text) throws IOException {
    List<String> fields = CsvFields.of(text);
    boolean goesOn = header != null && fields.size() == names.size() && !fields.contains(idName);
    if (!text.equals(header) && !goesOn) {
      takeHeader(text);
    }
    return !goesOn;
  }

  private List<String> ofFields(String text) {
    List<String> fields = CsvFields.of(text);
    if (header == null || fields.size() != names.size()) {
      throw new IllegalArgumentException(
          "a line must have the header's " + names.size() + " columns, got " + fields.size());
    }
    return fields;
  }

  private List<String> ofJson(String text) {
    CsvFields.requireUtf8(text);
    if (header != null) {
      throw new IllegalArgumentException("a file with a header must have no lines of JSON");
    }
    try {
      List<String> fields = json.read(text);
      if (!json.names().equals(names)) {
        takeNames(json.names());
      }
      return fields;
    } catch (JsonException | IOException e) {
      throw new IllegalArgumentException(
          e.getMessage().replaceFirst("^JSON line 1, ", "").replaceFirst("^a file of", "a line of"),
          e);
    }
  }
}
