package io.github.swag4j.calibration.io.jsonl;

import io.github.swag4j.base.json.JsonException;
import io.github.swag4j.base.json.JsonSource;
import io.github.swag4j.calibration.io.format.PredictionFileException;
import io.github.swag4j.calibration.io.internal.Source;
import io.github.swag4j.calibration.io.text.TextSource;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Set;
import java.util.function.Function;

/**
 * JSON Lines as CSV text: a header of the first line's fields, then one line for each line of the
 * file, an empty one for an empty one, so that row numbers are those of the file. Memory is that of
 * the longest line.
 *
 * @see <a href="https://jsonlines.org">JSON Lines</a>
 */
public final class JsonLines extends InputStream {
  private static final int BUFFER = 1 << 16;
  private static final int LONGEST_LINE = 1 << 26;

  private final Path file;
  private final InputStream in;
  private final JsonRows rows;
  private byte[] bytes = new byte[BUFFER];
  private int from;
  private int limit;
  private boolean ended;
  private long line;
  private byte[] out;
  private int at;

  private JsonLines(Path file, InputStream in, JsonColumns columns) {
    this.file = file;
    this.in = new JsonArrayLines(in);
    rows = columns == null ? null : new JsonRows(columns);
    out = columns == null ? new byte[0] : rows.header().getBytes(StandardCharsets.UTF_8);
  }

  /**
   * The columns by the first line that is not empty.
   *
   * @param text the lines
   * @param ignored fields that are not read
   * @return the columns
   * @throws PredictionFileException if the line is not an object of such fields; names it
   * @throws IOException if it cannot be read
   */
  public static JsonColumns columns(TextSource text, Set<String> ignored) throws IOException {
    return ofFirst(text, json -> JsonColumns.of(json, ignored));
  }

  /**
   * What the first line that is not empty calls things, whatever they mean.
   *
   * @param text the lines
   * @return names of fields and of classes
   * @throws PredictionFileException if the line is no object; names it
   * @throws IOException if it cannot be read
   */
  public static List<String> names(TextSource text) throws IOException {
    return ofFirst(text, JsonColumns::names);
  }

  private static <T> T ofFirst(TextSource text, Function<String, T> reading) throws IOException {
    try (JsonLines lines = new JsonLines(text.file(), text.open(), null)) {
      ByteBuffer first = lines.nextLine();
      while (first != null && isEmpty(first)) {
        first = lines.nextLine();
      }
      String json = first == null ? "" : StandardCharsets.UTF_8.decode(first).toString();
      try {
        return reading.apply(json);
      } catch (JsonException e) {
        throw lines.refuse(e, json.strip());
      }
    }
  }

  /**
   * Refuses columns among which there may be classes that are not seen.
   *
   * @param columns those of the first line
   * @param first the first line
   * @throws PredictionFileException if objects or arrays of unknown meaning are all there is
   */
  public static void requireClasses(JsonColumns columns, Source first)
      throws PredictionFileException {
    try {
      columns.requireClasses();
    } catch (JsonException e) {
      throw first.refuse(e.getMessage(), e);
    }
  }

  /**
   * Opens the lines as CSV text.
   *
   * @param text the lines
   * @param columns what their first line has
   * @return UTF-8 text; a line that is not as the first is refused with its number
   * @throws IOException if they cannot be read
   */
  public static InputStream open(TextSource text, JsonColumns columns) throws IOException {
    return new JsonLines(text.file(), text.open(), columns);
  }

  /** The next line without its end, or null if there is none. */
  private ByteBuffer nextLine() throws IOException {
    int scanned = from;
    while (true) {
      for (; scanned < limit; scanned++) {
        if (bytes[scanned] == '\n') {
          return found(scanned, scanned + 1);
        }
      }
      if (ended) {
        return from == limit ? null : found(limit, limit);
      }
      scanned -= from;
      System.arraycopy(bytes, from, bytes, 0, limit - from);
      limit -= from;
      from = 0;
      if (limit == bytes.length) {
        if (limit >= LONGEST_LINE) {
          throw new PredictionFileException(
              file, "line " + (line + 1), "a line must be at most " + LONGEST_LINE + " bytes");
        }
        bytes = Arrays.copyOf(bytes, 2 * bytes.length);
      }
      int got;
      try {
        got = in.read(bytes, limit, bytes.length - limit);
      } catch (JsonArrayLines.JsonArrayException e) {
        throw new PredictionFileException(file, "object " + (line + 1), e.getMessage(), e);
      }
      ended = got < 0;
      limit += Math.max(got, 0);
    }
  }

  private ByteBuffer found(int end, int next) {
    ByteBuffer text = ByteBuffer.wrap(bytes, from, end - from);
    from = next;
    line++;
    return text;
  }

  private static boolean isEmpty(ByteBuffer line) {
    for (int i = line.position(); i < line.limit(); i++) {
      byte b = line.get(i);
      if (b != ' ' && b != '\t' && b != '\r') {
        return false;
      }
    }
    return true;
  }

  @Override
  public int read() throws IOException {
    byte[] one = new byte[1];
    return read(one, 0, 1) < 0 ? -1 : one[0] & 0xFF;
  }

  @Override
  public int read(byte[] into, int offset, int count) throws IOException {
    if (count == 0) {
      return 0;
    }
    while (at == out.length) {
      ByteBuffer next = nextLine();
      if (next == null) {
        return -1;
      }
      at = 0;
      out = isEmpty(next) ? new byte[] {'\n'} : row(next).getBytes(StandardCharsets.UTF_8);
    }
    int length = Math.min(count, out.length - at);
    System.arraycopy(out, at, into, offset, length);
    at += length;
    return length;
  }

  private String row(ByteBuffer json) throws PredictionFileException {
    try {
      return rows.row(JsonSource.of(json.duplicate()));
    } catch (JsonException e) {
      throw refuse(e, StandardCharsets.UTF_8.decode(json).toString().strip());
    }
  }

  /** What is wrong with a line; if it is not a whole object, how such files come about. */
  private PredictionFileException refuse(JsonException e, String json) {
    String problem = e.getMessage().replaceFirst("^JSON line 1, ", "");
    boolean whole = json.startsWith("{") && json.endsWith("}");
    String remedy =
        !whole
            ? ": a line must be one whole object; pandas writes such lines with"
                + " to_json(FILE, orient='records', lines=True)"
            : json.contains("NaN") || json.contains("Infinity")
                ? ": JSON has no NaN and no Infinity, write null or leave the row out"
                : "";
    return new PredictionFileException(file, "line " + line, problem + remedy, e);
  }

  @Override
  public void close() throws IOException {
    in.close();
  }
}
