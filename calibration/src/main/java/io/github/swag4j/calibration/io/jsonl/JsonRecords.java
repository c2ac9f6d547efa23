package io.github.swag4j.calibration.io.jsonl;

import io.github.swag4j.base.json.JsonException;
import io.github.swag4j.base.json.JsonSource;
import java.util.List;
import java.util.Set;

/**
 * Lines of JSON that come one by one, each the columns of a table and their texts as {@link
 * JsonColumns} has them. A line may have other fields than the one before; one that is not valid
 * changes nothing. Mutable, for one thread at a time.
 */
public final class JsonRecords {
  private final Set<String> ignored;
  private JsonColumns columns;
  private JsonRows rows;

  /**
   * A reader that has read nothing.
   *
   * @param ignored fields that are not read, whatever they hold
   */
  public JsonRecords(Set<String> ignored) {
    this.ignored = Set.copyOf(ignored);
  }

  /**
   * Reads a line.
   *
   * @param line one object
   * @return the text of each of {@link #names}; nothing for null
   * @throws JsonException if it is not one object with single values, and numbers of the classes in
   *     an object or array that is called so
   */
  public List<String> read(String line) {
    if (rows != null) {
      try {
        return rows.texts(JsonSource.of(line));
      } catch (JsonException e) {
        // Other fields, or not valid: looked at anew.
      }
    }
    JsonColumns found = JsonColumns.of(line, ignored);
    JsonRows read = new JsonRows(found);
    List<String> texts = read.texts(JsonSource.of(line));
    columns = found;
    rows = read;
    return texts;
  }

  /**
   * The columns of the line read last.
   *
   * @return their names
   */
  public List<String> names() {
    return columns.names();
  }

  /**
   * Whether the line read last has logits of the classes, and no probabilities beside them.
   *
   * @return true if so
   */
  public boolean areLogits() {
    return columns.areLogits();
  }
}
