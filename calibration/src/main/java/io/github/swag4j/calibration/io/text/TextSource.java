package io.github.swag4j.calibration.io.text;

import io.github.swag4j.calibration.io.format.PredictionFileException;
import io.github.swag4j.calibration.io.internal.Source;
import java.io.FilterInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.Charset;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;

/**
 * The text of a file as UTF-8 without a byte-order mark, from its first byte on, as often as it is
 * opened: packed by gzip, as the one file in a ZIP archive, or as it is; in UTF-8, or in UTF-16
 * with a byte-order mark. Immutable; its memory does not depend on the file's size.
 */
public final class TextSource {
  private static final int BUFFER = 1 << 13;

  private enum Packing {
    NONE,
    GZIP,
    ZIP
  }

  private final Path file;
  private final Packing packing;

  /** Of the text as it is in the file, or in what was unpacked. */
  private final Charset charset;

  /** Bytes of the byte-order mark. */
  private final int mark;

  private final boolean json;

  private TextSource(Path file, Packing packing, Charset charset, int mark, boolean json) {
    this.file = file;
    this.packing = packing;
    this.charset = charset;
    this.mark = mark;
    this.json = json;
  }

  /**
   * Finds out how a file's text is packed and encoded.
   *
   * @param file a file
   * @return its text
   * @throws PredictionFileException if it is not text; says what it is, and what to do
   * @throws IOException if it cannot be read
   */
  public static TextSource of(Path file) throws IOException {
    Source source = new Source(file, "");
    byte[] bytes = FirstBytes.of(file);
    Packing packing =
        FirstBytes.isGzip(bytes)
            ? Packing.GZIP
            : FirstBytes.isZip(bytes) ? Packing.ZIP : Packing.NONE;
    String within = "";
    if (packing != Packing.NONE) {
      try (InputStream in = unpacked(file, packing)) {
        bytes = in.readNBytes(FirstBytes.COUNT);
      }
      within = packing == Packing.GZIP ? "unpacked by gzip, " : "unpacked from the ZIP archive, ";
      if (FirstBytes.isGzip(bytes) || FirstBytes.isZip(bytes) || FirstBytes.isNumpy(bytes)) {
        String what =
            FirstBytes.isNumpy(bytes)
                ? "an NPY array"
                : FirstBytes.isZip(bytes) ? "a ZIP or NPZ archive" : "gzip data once more";
        throw FirstBytes.refusal(
            source,
            within,
            what,
            packing == Packing.GZIP
                ? "unpack it, gunzip -c FILE > "
                    + (FirstBytes.isNumpy(bytes)
                        ? "predictions.npy"
                        : FirstBytes.isZip(bytes) ? "predictions.npz" : "predictions.csv.gz")
                : "unpack it, and give what was in it");
      }
    }
    FirstBytes.refuseOthers(bytes, packing == Packing.NONE ? Files.size(file) : -1, source, within);
    return encoded(file, packing, bytes, source, within);
  }

  private static TextSource encoded(
      Path file, Packing packing, byte[] bytes, Source source, String within)
      throws PredictionFileException {
    Charset charset = StandardCharsets.UTF_8;
    int mark = FirstBytes.begin(bytes, 0xEF, 0xBB, 0xBF) ? 3 : 0;
    if (FirstBytes.begin(bytes, 0xFF, 0xFE, 0, 0) || FirstBytes.begin(bytes, 0, 0, 0xFE, 0xFF)) {
      throw FirstBytes.refusal(source, within, "text in UTF-32", "save it as UTF-8");
    }
    if (FirstBytes.begin(bytes, 0xFF, 0xFE)) {
      charset = StandardCharsets.UTF_16LE;
      mark = 2;
    } else if (FirstBytes.begin(bytes, 0xFE, 0xFF)) {
      charset = StandardCharsets.UTF_16BE;
      mark = 2;
    } else {
      refuseBinary(bytes, source, within);
    }
    String text = new String(bytes, mark, bytes.length - mark, charset);
    if (text.matches("(?s)\\s*\\[\\s*\\[.*")) {
      throw FirstBytes.refusal(
          source,
          within,
          "JSON arrays that name no columns",
          "write one object a row, as pandas does with to_json(FILE, orient='records', lines=True)");
    }
    return new TextSource(file, packing, charset, mark, isJson(text));
  }

  private static void refuseBinary(byte[] bytes, Source source, String within)
      throws PredictionFileException {
    int zeros = 0;
    int first = -1;
    for (int i = 0; i < bytes.length; i++) {
      if (bytes[i] == 0) {
        zeros++;
        first = first < 0 ? i : first;
      }
    }
    if (zeros > bytes.length / 3) {
      throw FirstBytes.refusal(
          source,
          within,
          "what may be text in UTF-16 without a byte-order mark, or no text",
          "save it as UTF-8");
    }
    if (zeros > 0) {
      throw FirstBytes.refusal(
          source,
          within,
          "byte 0 at " + first + ", which is no text, and nothing known",
          "was it cut off or damaged?");
    }
  }

  /** Whether text begins with an object, or an array of them. */
  private static boolean isJson(String text) {
    String begin = text.stripLeading();
    if (begin.startsWith("[")) {
      begin = begin.substring(1).stripLeading();
    }
    if (!begin.startsWith("{")) {
      return false;
    }
    String after = begin.substring(1).stripLeading();
    return after.isEmpty() || after.startsWith("\"") || after.startsWith("}");
  }

  /**
   * Whether the text is of JSON objects.
   *
   * @return true if it begins as such
   */
  public boolean isJson() {
    return json;
  }

  /**
   * Whether the file's own bytes are the text, so that any part of it can be read by itself.
   *
   * @return true if it is neither packed nor in UTF-16
   */
  public boolean isPlain() {
    return packing == Packing.NONE && charset.equals(StandardCharsets.UTF_8);
  }

  /**
   * Where the text begins in a file whose bytes are the text.
   *
   * @return bytes of the byte-order mark
   */
  public int start() {
    return mark;
  }

  /**
   * The file.
   *
   * @return its path
   */
  public Path file() {
    return file;
  }

  /**
   * Opens the text.
   *
   * @return UTF-8 from the first character on; what is damaged is refused with the file's name
   * @throws IOException if it cannot be read
   */
  public InputStream open() throws IOException {
    InputStream in = unpacked(file, packing);
    try {
      in.skipNBytes(mark);
    } catch (IOException | RuntimeException e) {
      in.close();
      throw e;
    }
    if (charset.equals(StandardCharsets.UTF_8)) {
      return in;
    }
    return new Named(
        new Utf16Stream(in, charset), file, "the text must be valid UTF-16, got other bytes");
  }

  private static InputStream unpacked(Path file, Packing packing) throws IOException {
    if (packing == Packing.NONE) {
      return Files.newInputStream(file);
    }
    InputStream raw = packing == Packing.GZIP ? Files.newInputStream(file) : null;
    String problem =
        packing == Packing.GZIP
            ? "packed by gzip, the file must be whole"
            : "the file in the ZIP archive must be whole";
    try {
      return new Named(raw == null ? ZipText.open(file) : new GzipStream(raw), file, problem);
    } catch (PredictionFileException e) {
      throw e;
    } catch (IOException | RuntimeException e) {
      if (raw != null) {
        raw.close();
      }
      throw damaged(file, problem, e);
    }
  }

  private static PredictionFileException damaged(Path file, String problem, Exception e) {
    String said = e.getMessage() == null ? "" : ", but " + e.getMessage();
    return new PredictionFileException(file, "", problem + said + ": copy it again", e);
  }

  /** A stream whose failures name the file. */
  private static final class Named extends FilterInputStream {
    private final Path file;
    private final String problem;

    Named(InputStream in, Path file, String problem) {
      super(in);
      this.file = file;
      this.problem = problem;
    }

    @Override
    public int read() throws IOException {
      byte[] one = new byte[1];
      return read(one, 0, 1) < 0 ? -1 : one[0] & 0xFF;
    }

    @Override
    public int read(byte[] into, int from, int count) throws IOException {
      try {
        return super.read(into, from, count);
      } catch (PredictionFileException e) {
        throw e;
      } catch (IOException e) {
        throw damaged(file, problem, e);
      }
    }

    @Override
    public long skip(long count) throws IOException {
      byte[] over = new byte[(int) Math.min(count, BUFFER)];
      long skipped = 0;
      int got = 0;
      while (skipped < count && got >= 0) {
        got = read(over, 0, (int) Math.min(count - skipped, over.length));
        skipped += Math.max(got, 0);
      }
      return skipped;
    }
  }
}
