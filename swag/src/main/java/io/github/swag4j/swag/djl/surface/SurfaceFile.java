package io.github.swag4j.swag.djl.surface;

import io.github.swag4j.base.AtomicFile;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.zip.CRC32C;

/**
 * The points of a surface that were evaluated so far, on disk: text, whole or not at all, with what
 * the surface was begun with and a checksum. Numbers are read back to the bit.
 *
 * <pre>
 * swag4j-surface 1
 * points    441
 * fact      weights     5f3a...
 * point     0   0.31   0.1   0.35   0.12   812.5
 * checksum  9e1c77aa
 * </pre>
 *
 * with tabs between the words; a point has its index and the five numbers of {@link SurfacePoint}.
 */
final class SurfaceFile {
  private static final String HEAD = "swag4j-surface 1";
  private static final String CHECKSUM = "checksum\t";
  private static final int WORDS = 7;

  private final Path file;
  private final int count;
  private final Map<String, String> facts;

  SurfaceFile(Path file, int count, Map<String, String> facts) {
    this.file = file;
    this.count = count;
    this.facts = new LinkedHashMap<>(facts);
    facts.forEach(
        (key, value) -> {
          if (key.matches("(?s).*[\\t\\n\\r].*") || value.matches("(?s).*[\\t\\n\\r].*")) {
            throw new IllegalArgumentException(
                "facts of a surface must have no tabs and line breaks, got " + key);
          }
        });
  }

  /** Writes the points that there are. */
  void write(SurfacePoint[] points) throws IOException {
    StringBuilder text = new StringBuilder(HEAD).append('\n');
    text.append("points\t").append(count).append('\n');
    facts.forEach((k, v) -> text.append("fact\t").append(k).append('\t').append(v).append('\n'));
    for (int i = 0; i < points.length; i++) {
      SurfacePoint p = points[i];
      if (p != null) {
        text.append("point\t").append(i);
        text.append('\t').append(p.trainLoss()).append('\t').append(p.trainError());
        text.append('\t').append(p.testLoss()).append('\t').append(p.testError());
        text.append('\t').append(p.squaredNorm()).append('\n');
      }
    }
    String body = text.toString();
    byte[] bytes = (body + CHECKSUM + checksum(body) + "\n").getBytes(StandardCharsets.UTF_8);
    AtomicFile.write(file, out -> out.write(bytes));
  }

  private static String checksum(String body) {
    CRC32C crc = new CRC32C();
    crc.update(body.getBytes(StandardCharsets.UTF_8));
    return String.format(Locale.ROOT, "%08x", crc.getValue());
  }

  /**
   * Reads the points that are there.
   *
   * @return one for each of the surface's points, null where it was not evaluated; all null if
   *     there is no file
   * @throws IOException if the file is damaged or was begun with something else
   */
  SurfacePoint[] read() throws IOException {
    SurfacePoint[] points = new SurfacePoint[count];
    String text;
    try {
      text = Files.readString(file);
    } catch (NoSuchFileException e) {
      return points;
    }
    int end = text.lastIndexOf(CHECKSUM);
    if (end < 0
        || !text.substring(end).equals(CHECKSUM + checksum(text.substring(0, end)) + "\n")) {
      throw damaged();
    }
    List<String> lines = text.substring(0, end).lines().toList();
    if (!lines.get(0).equals(HEAD)) {
      throw damaged();
    }
    Map<String, String> found = new LinkedHashMap<>();
    int foundCount = -1;
    for (String line : lines.subList(1, lines.size())) {
      String[] words = line.split("\t", -1);
      switch (words[0]) {
        case "points" -> foundCount = Integer.parseInt(words[1]);
        case "fact" -> found.put(words[1], words[2]);
        case "point" -> point(words, points);
        default -> throw damaged();
      }
    }
    requireSame(foundCount, found);
    return points;
  }

  private void point(String[] words, SurfacePoint[] into) throws IOException {
    int index = words.length == WORDS ? Integer.parseInt(words[1]) : -1;
    if (index < 0) {
      throw damaged();
    }
    // One of a larger grid is refused with the facts, in words.
    if (index < into.length) {
      double[] n = new double[WORDS - 2];
      for (int i = 0; i < n.length; i++) {
        n[i] = Double.parseDouble(words[i + 2]);
      }
      into[index] = new SurfacePoint(n[0], n[1], n[2], n[3], n[4]);
    }
  }

  private void requireSame(int foundCount, Map<String, String> found) throws IOException {
    facts.forEach((key, value) -> found.putIfAbsent(key, "nothing"));
    for (Map.Entry<String, String> e : found.entrySet()) {
      String now = facts.getOrDefault(e.getKey(), "nothing");
      if (!Objects.equals(e.getValue(), now)) {
        throw new IOException(
            file
                + ": the surface was begun with "
                + e.getKey()
                + " "
                + e.getValue()
                + ", got "
                + now
                + ": go on with the same, or begin again");
      }
    }
    if (foundCount != count) {
      throw new IOException(
          file
              + ": the surface was begun with "
              + foundCount
              + " points, got "
              + count
              + ": go on with the same, or begin again");
    }
  }

  private IOException damaged() {
    return new IOException(
        file
            + ": must be the points of a surface as they were written, it is damaged: begin again");
  }
}
