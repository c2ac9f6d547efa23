package io.github.swag4j.calibration.io.jsonl;

import io.github.swag4j.base.json.JsonException;
import io.github.swag4j.base.json.JsonSource;
import io.github.swag4j.base.json.JsonSource.Next;
import io.github.swag4j.calibration.io.internal.UsualNames;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;

/**
 * The columns of JSON Lines, by the object on their first line: a field with a single value is a
 * column; probabilities are an object with a number for each class, or an array beside one of the
 * classes' names; logits alike. Other objects and arrays are not read. Immutable.
 */
public final class JsonColumns {
  private static final Set<String> PROBABILITIES =
      Set.of("probs", "prob", "probabilities", "probability", "predictions", "scores");

  private static final String LOGITS = "logits";
  private static final Set<String> NAMES = Set.of("classes", "class_names", "names");

  /** What a field is. */
  enum Role {
    /** A column with one value. */
    VALUE,
    /** Probabilities of all classes. */
    PROBABILITIES,
    /** Logits of all classes. */
    LOGITS,
    /** The names of the classes. */
    NAMES,
    /** Not read. */
    NONE
  }

  /** A field: what it is, and its first column. */
  record Field(Role role, int column) {}

  private final Map<String, Field> fields = new LinkedHashMap<>();
  private final Map<String, Integer> classes = new LinkedHashMap<>();
  private final List<String> classNames = new ArrayList<>();
  private final List<String> columns = new ArrayList<>();
  private final Map<String, Next> others = new LinkedHashMap<>();
  private final List<String> unread = new ArrayList<>();
  private final Set<String> ignored;
  private boolean probabilities;
  private boolean logits;

  private JsonColumns(Set<String> ignored) {
    this.ignored = ignored;
  }

  /**
   * What the first object calls things: fields, classes in objects of theirs, and their names
   * beside arrays; objects and arrays themselves last.
   *
   * @param json its text
   * @return names, whatever they mean
   * @throws JsonException if it is no object
   */
  static List<String> names(String json) {
    Set<String> names = new LinkedHashSet<>();
    Set<String> structures = new LinkedHashSet<>();
    JsonSource in = JsonSource.of(json);
    in.beginObject();
    while (in.hasNext()) {
      String name = in.name();
      Next kind = in.next();
      List<String> within =
          kind == Next.OBJECT ? keys(in) : kind == Next.ARRAY ? texts(in) : single(in);
      names.addAll(kind == Next.ARRAY && !isOfNames(name) ? List.of() : within);
      (kind == Next.OBJECT || kind == Next.ARRAY ? structures : names).add(name);
    }
    in.endObject();
    in.end();
    names.addAll(structures);
    return List.copyOf(names);
  }

  static boolean isOfNames(String name) {
    return NAMES.contains(name.toLowerCase(Locale.ROOT));
  }

  /**
   * The columns by the first object.
   *
   * @param json its text
   * @param ignored fields that are not read, whatever they hold
   * @return the columns
   * @throws JsonException if it is not such an object
   */
  static JsonColumns of(String json, Set<String> ignored) {
    JsonColumns found = new JsonColumns(ignored);
    found.read(json);
    return found;
  }

  private void read(String json) {
    Map<String, List<String>> entries = new LinkedHashMap<>();
    Map<String, Next> kinds = new LinkedHashMap<>();
    JsonSource in = JsonSource.of(json);
    in.beginObject();
    while (in.hasNext()) {
      String name = in.name();
      Next kind = in.next();
      kinds.put(name, kind);
      entries.put(
          name, kind == Next.OBJECT ? keys(in) : kind == Next.ARRAY ? texts(in) : single(in));
    }
    in.endObject();
    in.end();
    find(entries, kinds);
  }

  /**
   * The columns by what the first row of a table has that is not text.
   *
   * @param entries for each column, the names of an object's parts, or the elements of an array:
   *     texts as they are, others as nothing
   * @param kinds for each column in order, whether it has a single value or is one of these
   * @param ignored columns that are not read, whatever they hold
   * @return the columns
   * @throws JsonException if they are not such columns
   */
  static JsonColumns of(
      Map<String, List<String>> entries, Map<String, Next> kinds, Set<String> ignored) {
    JsonColumns found = new JsonColumns(ignored);
    found.find(entries, kinds);
    return found;
  }

  private void find(Map<String, List<String>> entries, Map<String, Next> kinds) {
    findClasses(entries, kinds);
    probabilities = kinds.keySet().stream().anyMatch(n -> isProbabilities(n, kinds.get(n)));
    kinds.forEach(this::place);
    if (columns.isEmpty()) {
      throw new JsonException("there must be fields with the numbers of the classes, got none");
    }
  }

  private static List<String> single(JsonSource in) {
    in.skip();
    return List.of();
  }

  private static List<String> keys(JsonSource in) {
    List<String> keys = new ArrayList<>();
    in.beginObject();
    while (in.hasNext()) {
      keys.add(in.name());
      in.skip();
    }
    in.endObject();
    return keys;
  }

  /** Strings of an array as they are, other elements as nothing. */
  private static List<String> texts(JsonSource in) {
    List<String> texts = new ArrayList<>();
    in.beginArray();
    while (in.hasNext()) {
      if (in.next() == Next.STRING) {
        texts.add(in.string());
      } else {
        texts.add("");
        in.skip();
      }
    }
    in.endArray();
    return texts;
  }

  private boolean isRead(String name) {
    return !ignored.contains(name);
  }

  private boolean isProbabilities(String name, Next kind) {
    return isRead(name)
        && PROBABILITIES.contains(name.toLowerCase(Locale.ROOT))
        && (kind == Next.OBJECT || kind == Next.ARRAY);
  }

  static boolean holdsNumbers(String name) {
    String lower = name.toLowerCase(Locale.ROOT);
    return PROBABILITIES.contains(lower) || lower.equals(LOGITS);
  }

  /** The classes, by the first object or array of numbers, or by their names beside an array. */
  private void findClasses(Map<String, List<String>> entries, Map<String, Next> kinds) {
    List<String> names = null;
    for (Map.Entry<String, List<String>> e : entries.entrySet()) {
      String name = e.getKey();
      Next kind = kinds.get(name);
      if (!isRead(name) || !holdsNumbers(name) || kind != Next.OBJECT && kind != Next.ARRAY) {
        continue;
      }
      List<String> these = kind == Next.OBJECT ? e.getValue() : named(e.getValue().size(), entries);
      if (names != null && !names.equals(these)) {
        throw new JsonException(
            "probabilities and logits must have the same classes, got " + names + " and " + these);
      }
      names = these;
    }
    if (names == null) {
      return;
    }
    for (String name : names) {
      if (classes.put(name, classes.size()) != null) {
        throw new JsonException("names of classes must be unique, got '" + name + "' twice");
      }
      classNames.add(name);
    }
    if (classes.isEmpty()) {
      throw new JsonException("there must be a number for each class, got none");
    }
  }

  /** Names of the classes of an array: those of another array, or their indices. */
  private List<String> named(int count, Map<String, List<String>> entries) {
    for (Map.Entry<String, List<String>> e : entries.entrySet()) {
      if (isRead(e.getKey()) && isOfNames(e.getKey())) {
        if (e.getValue().size() != count) {
          throw new JsonException(
              "'"
                  + e.getKey()
                  + "' must name each of the "
                  + count
                  + " classes, got "
                  + e.getValue().size());
        }
        return e.getValue();
      }
    }
    List<String> indices = new ArrayList<>();
    for (int k = 0; k < count; k++) {
      indices.add(Integer.toString(k));
    }
    return indices;
  }

  private void place(String name, Next kind) {
    boolean structure = kind == Next.OBJECT || kind == Next.ARRAY;
    String lower = name.toLowerCase(Locale.ROOT);
    if (!isRead(name)) {
      fields.put(name, new Field(Role.NONE, columns.size()));
      columns.add(name); // so that what is to be ignored is there
      if (structure) {
        unread.add(name);
      }
    } else if (!structure) {
      fields.put(name, new Field(Role.VALUE, columns.size()));
      columns.add(name);
    } else if (lower.equals(LOGITS)) {
      fields.put(name, new Field(Role.LOGITS, columns.size()));
      logits = true;
      classNames.forEach(c -> columns.add(probabilities ? UsualNames.LOGIT + c : c));
    } else if (PROBABILITIES.contains(lower)) {
      if (fields.values().stream().anyMatch(f -> f.role() == Role.PROBABILITIES)) {
        throw new JsonException("probabilities must be in one field, got '" + name + "', too");
      }
      fields.put(name, new Field(Role.PROBABILITIES, columns.size()));
      columns.addAll(classNames);
    } else if (isOfNames(name) && kind == Next.ARRAY && !classes.isEmpty()) {
      fields.put(name, new Field(Role.NAMES, -1));
    } else if (UsualNames.isOneOf(UsualNames.LABELS, name)) {
      throw new JsonException(
          "'" + name + "' must be a single value, got " + kind + ": write one object a row");
    } else {
      fields.put(name, new Field(Role.NONE, -1));
      others.put(name, kind);
      unread.add(name);
    }
  }

  /** Refuses an object of which something that is not read could have been meant. */
  void requireClasses() {
    if (classes.isEmpty() && !others.isEmpty()) {
      Map.Entry<String, Next> first = others.entrySet().iterator().next();
      throw new JsonException(
          "'"
              + first.getKey()
              + "' holds "
              + first.getValue()
              + ": if that is the probabilities call it 'probs' (or 'logits'), else leave it out"
              + " of what is read");
    }
  }

  /**
   * Objects and arrays that are not read.
   *
   * @return their names
   */
  public List<String> unread() {
    return unread;
  }

  /** Names of the columns. */
  List<String> names() {
    return columns;
  }

  /** The field of a name, or null if the first line had none. */
  Field field(String name) {
    return fields.get(name);
  }

  boolean isIgnored(String name) {
    return ignored.contains(name);
  }

  Map<String, Field> fields() {
    return fields;
  }

  /** The number of a class, or null if there is none of this name. */
  Integer classOf(String name) {
    return classes.get(name);
  }

  /**
   * The columns that are classes because an object or array says so.
   *
   * @return their names in order; empty if the fields have single values
   */
  public List<String> classes() {
    return classNames;
  }

  /**
   * Whether the numbers of the classes are logits, and there are no probabilities beside them.
   *
   * @return true if so
   */
  public boolean areLogits() {
    return logits && !probabilities;
  }
}
