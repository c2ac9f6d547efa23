package io.github.swag4j.calibration.io.text;

import io.github.swag4j.calibration.io.format.PredictionFileException;
import io.github.swag4j.calibration.io.internal.Source;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;

/** The bytes that kinds of files begin with. */
final class FirstBytes {
  /** How many bytes are looked at. */
  static final int COUNT = 512;

  private static final String TO_CSV = ".to_csv('predictions.csv', index=False)";
  private static final String SAVEZ = "save the numbers with numpy.savez('predictions.npz', ";

  /**
   * A kind that is not read.
   *
   * @param first what it begins with
   * @param what what it is
   * @param remedy how to make a file of it that is read
   */
  private record Other(byte[] first, String what, String remedy) {
    /** Whether a table could begin with it: ORC1,ORC2. */
    boolean isWord() {
      for (byte b : first) {
        if (!Character.isLetterOrDigit(b & 0xFF)) {
          return false;
        }
      }
      return true;
    }

    static Other of(String first, String what, String remedy) {
      return new Other(first.getBytes(StandardCharsets.ISO_8859_1), what, remedy);
    }
  }

  private static final String TORCH =
      SAVEZ + "probs=torch.load(FILE).softmax(1).numpy(), labels=...) if they are logits";

  private static final List<Other> OTHERS =
      List.of(
          Other.of("PAR1", "a Parquet file", "convert it, pandas.read_parquet(FILE)" + TO_CSV),
          Other.of("PARE", "an encrypted Parquet file", "write it without encryption"),
          Other.of("ARROW1", "an Arrow file", "convert it, pandas.read_feather(FILE)" + TO_CSV),
          Other.of("FEA1", "a Feather file", "convert it, pandas.read_feather(FILE)" + TO_CSV),
          Other.of("ORC", "an ORC file", "convert it, pandas.read_orc(FILE)" + TO_CSV),
          Other.of("Obj\1", "an Avro file", "convert it to CSV"),
          Other.of(
              "\u00d0\u00cf\u0011\u00e0\u00a1\u00b1\u001a\u00e1",
              "a file of Excel as it was before 2007, or of another Office program",
              "save it as CSV (\"CSV UTF-8\")"),
          Other.of("BZh", "compressed by bzip2", "unpack it with bunzip2, or compress with gzip"),
          Other.of(
              "\u00fd7zXZ\0", "compressed by xz", "unpack it with unxz, or compress with gzip"),
          Other.of(
              "(\u00b5/\u00fd",
              "compressed by Zstandard",
              "unpack it with unzstd, or compress with gzip"),
          Other.of(
              "\u0004\"M\u0018",
              "compressed by LZ4",
              "unpack it with unlz4, or compress with gzip"),
          Other.of("7z\u00bc\u00af'\u001c", "a 7-Zip archive", "unpack it"),
          Other.of("Rar!\u001a\u0007", "a RAR archive", "unpack it"),
          Other.of(
              "\u0089HDF\r\n\u001a\n",
              "an HDF5 file, as Keras, h5py and pandas write it",
              SAVEZ + "probs=..., labels=...), or a table as CSV"),
          Other.of(
              "SQLite format 3\0",
              "an SQLite database",
              "export the table as CSV, sqlite3 -header -csv FILE 'select * from ...'"),
          Other.of(
              "SWAG4JCS",
              "a calibration sketch, which holds no rows",
              "judge it with evaluate, or give the predictions it was made of"),
          Other.of("%PDF", "a PDF document", "give the table that it was made of, as CSV"),
          Other.of("\u0089PNG", "a PNG image", "give the table of predictions, as CSV or NPZ"),
          Other.of(
              "\u00ff\u00d8\u00ff", "a JPEG image", "give the table of predictions, as CSV or NPZ"),
          Other.of("GIF8", "a GIF image", "give the table of predictions, as CSV or NPZ"),
          Other.of(
              "MATLAB 5.0 MAT-file",
              "a MATLAB file",
              "write the table with writetable(t, 'predictions.csv')"),
          Other.of(
              "GGUF", "a GGUF file of weights", "predict with the model, and give the predictions"),
          Other.of(
              "\u0080\u0002\u008a\nl\u00fc\u009cF\u00f9 j\u00a8P\u0019",
              "a file of torch.save as it was before version 1.6",
              TORCH),
          Other.of("RDX2", "R's save", "write the table with write.csv(x, 'predictions.csv')"),
          Other.of("RDX3", "R's save", "write the table with write.csv(x, 'predictions.csv')"),
          Other.of("X\n\0\0\0", "R's saveRDS", "write the table with write.csv(x, 'p.csv')"),
          Other.of("{\\rtf", "a rich text document", "save it as plain text"));

  private FirstBytes() {}

  /** Whether no byte is a control character that text does not have. */
  private static boolean isText(byte[] bytes) {
    for (byte b : bytes) {
      if (b >= 0 && b < ' ' && b != '\t' && b != '\n' && b != '\r') {
        return false;
      }
    }
    return true;
  }

  static byte[] of(Path file) throws IOException {
    try (InputStream in = Files.newInputStream(file)) {
      return in.readNBytes(COUNT);
    }
  }

  static boolean begin(byte[] bytes, int... first) {
    for (int i = 0; i < first.length; i++) {
      if (i >= bytes.length || bytes[i] != (byte) first[i]) {
        return false;
      }
    }
    return true;
  }

  static boolean isNumpy(byte[] bytes) {
    return begin(bytes, 0x93, 'N', 'U', 'M', 'P', 'Y');
  }

  static boolean isGzip(byte[] bytes) {
    return begin(bytes, 0x1F, 0x8B);
  }

  /** A ZIP archive, be it empty. */
  static boolean isZip(byte[] bytes) {
    return begin(bytes, 'P', 'K', 3, 4) || begin(bytes, 'P', 'K', 5, 6);
  }

  /** Whether it is of a kind that the readers here do not read. */
  static boolean isOther(byte[] bytes) {
    return other(bytes) != null;
  }

  private static Other other(byte[] bytes) {
    for (Other other : OTHERS) {
      byte[] first = other.first();
      if (bytes.length >= first.length
          && !(other.isWord() && isText(bytes))
          && Arrays.equals(first, 0, first.length, bytes, 0, first.length)) {
        return other;
      }
    }
    return null;
  }

  /**
   * Refuses what cannot be text.
   *
   * @param bytes the first of it
   * @param size bytes of all of it, or -1
   * @param within before "must be", where this is not the file itself
   */
  static void refuseOthers(byte[] bytes, long size, Source source, String within)
      throws PredictionFileException {
    Other other = other(bytes);
    if (other != null) {
      throw refusal(source, within, other.what(), other.remedy());
    }
    if (isSafeTensors(bytes, size)) {
      throw refusal(
          source,
          within,
          "a safetensors file",
          "'info' shows what is in it; for predictions " + SAVEZ + "probs=..., labels=...)");
    }
    // Protocol 2 and later begin with their number, and a frame or an object's first opcode.
    if (bytes.length > 2 && begin(bytes, 0x80) && bytes[1] >= 2 && bytes[1] <= 5) {
      throw refusal(
          source,
          within,
          "a Python pickle, as pickle, joblib and pandas write it",
          "a pickle is a program that runs when it is read: " + SAVEZ + "probs=..., labels=...)");
    }
    String mark = markup(bytes);
    if (mark != null) {
      throw refusal(source, within, mark, "save the table in it as CSV");
    }
  }

  static PredictionFileException refusal(Source source, String within, String what, String remedy) {
    return source.refuse(
        within
            + "predictions must be CSV or TSV, JSON Lines, NPZ or NPY, got "
            + what
            + ": "
            + remedy);
  }

  /** A header's length in 8 bytes, and a header that is a JSON object. */
  private static boolean isSafeTensors(byte[] bytes, long size) {
    if (bytes.length < 10 || bytes[8] != '{') {
      return false;
    }
    long header = ByteBuffer.wrap(bytes).order(ByteOrder.LITTLE_ENDIAN).getLong();
    return header >= 2 && header < 1L << 32 && (size < 0 || header + 8 <= size);
  }

  /** HTML or XML by its first tag, or null. */
  private static String markup(byte[] bytes) {
    String text = new String(bytes, StandardCharsets.ISO_8859_1);
    String first = text.startsWith("\u00ef\u00bb\u00bf") ? text.substring(3) : text;
    first = first.stripLeading().toLowerCase(java.util.Locale.ROOT);
    if (first.startsWith("<!doctype html") || first.startsWith("<html")) {
      return "a page in HTML: was it saved from a browser, or is it an error message of a server?";
    }
    return first.startsWith("<?xml") || first.startsWith("<!--") ? "an XML file" : null;
  }
}
