package io.github.swag4j.calibration.io.text;

import io.github.swag4j.calibration.io.format.PredictionFileException;
import io.github.swag4j.calibration.io.internal.Source;
import java.io.FilterInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Locale;
import java.util.zip.CRC32;
import java.util.zip.CheckedInputStream;
import java.util.zip.ZipEntry;
import java.util.zip.ZipFile;

/** What a ZIP archive holds: arrays, one table, or something else that is refused by its name. */
final class ZipText {
  private static final int SHOWN = 5;

  private ZipText() {}

  /** What is in an archive; a file that is no whole archive is left to the reader of arrays. */
  static FileKind kind(Path file) throws IOException {
    Source source = new Source(file, "");
    try (ZipFile zip = new ZipFile(file.toFile())) {
      List<ZipEntry> entries = files(zip);
      if (entries.isEmpty() || entries.stream().anyMatch(e -> e.getName().endsWith(".npy"))) {
        return FileKind.NPZ;
      }
      refuseKnown(entries, source);
      if (isNamed(file, ".npz")) {
        return FileKind.NPZ;
      }
    } catch (PredictionFileException e) {
      throw e;
    } catch (IOException | IllegalArgumentException e) {
      return FileKind.NPZ; // no whole archive, which its reader says
    }
    return TextSource.of(file).isJson() ? FileKind.JSON_LINES : FileKind.TABLE;
  }

  private static boolean isNamed(Path file, String extension) {
    return file.toString().toLowerCase(Locale.ROOT).endsWith(extension);
  }

  /** The files in an archive, without what macOS puts beside them. */
  private static List<ZipEntry> files(ZipFile zip) {
    List<ZipEntry> files = new ArrayList<>();
    for (ZipEntry entry : Collections.list(zip.entries())) {
      String name = entry.getName();
      boolean beside =
          name.startsWith("__MACOSX/") || name.endsWith(".DS_Store") || entry.isDirectory();
      if (!beside) {
        files.add(entry);
      }
    }
    return files;
  }

  private static void refuseKnown(List<ZipEntry> entries, Source source) throws IOException {
    for (ZipEntry entry : entries) {
      String name = entry.getName();
      if (name.startsWith("xl/")) {
        throw FirstBytes.refusal(
            source, "", "an Excel workbook", "save the sheet as CSV (\"CSV UTF-8\")");
      }
      if (name.startsWith("word/") || name.startsWith("ppt/")) {
        throw FirstBytes.refusal(source, "", "an Office document", "save its table as CSV");
      }
      if (name.equals("content.xml")) {
        throw FirstBytes.refusal(
            source, "", "a document of LibreOffice", "save the sheet as CSV (Text CSV)");
      }
      if (name.equals("data.pkl") || name.endsWith("/data.pkl")) {
        throw FirstBytes.refusal(
            source,
            "",
            "a file of torch.save",
            "save the numbers with numpy.savez('predictions.npz',"
                + " probs=torch.load(FILE).softmax(1).numpy(), labels=...) if they are logits");
      }
      if (name.equals("model.weights.h5") || name.equals("META-INF/MANIFEST.MF")) {
        throw FirstBytes.refusal(
            source,
            "",
            name.startsWith("META") ? "a Java archive" : "a Keras model",
            "give the predictions, as CSV or NPZ");
      }
    }
  }

  /** The one file in an archive, as it is read, its checksum verified at the end. */
  static InputStream open(Path file) throws IOException {
    Source source = new Source(file, "");
    ZipFile zip = new ZipFile(file.toFile());
    try {
      List<ZipEntry> entries = files(zip);
      if (entries.size() != 1) {
        throw source.refuse(
            "a ZIP archive must hold one table, or arrays as numpy.savez writes them, got "
                + entries.size()
                + " files, "
                + String.join(", ", entries.stream().limit(SHOWN).map(ZipEntry::getName).toList())
                + (entries.size() > SHOWN ? ", ..." : "")
                + ": unpack it, and give the one that holds the predictions");
      }
      CRC32 crc = new CRC32();
      InputStream in = new CheckedInputStream(zip.getInputStream(entries.get(0)), crc);
      return new Entry(in, zip, entries.get(0), crc);
    } catch (IOException | RuntimeException e) {
      zip.close();
      throw e;
    }
  }

  /** An entry that is checked when it has been read, and closes its archive. */
  private static final class Entry extends FilterInputStream {
    private final ZipFile zip;
    private final ZipEntry entry;
    private final CRC32 crc;

    Entry(InputStream in, ZipFile zip, ZipEntry entry, CRC32 crc) {
      super(in);
      this.zip = zip;
      this.entry = entry;
      this.crc = crc;
    }

    @Override
    public int read() throws IOException {
      byte[] one = new byte[1];
      return read(one, 0, 1) < 0 ? -1 : one[0] & 0xFF;
    }

    @Override
    public int read(byte[] into, int from, int count) throws IOException {
      int got = super.read(into, from, count);
      if (got < 0 && crc.getValue() != entry.getCrc()) {
        throw new IOException("its checksum is wrong");
      }
      return got;
    }

    @Override
    public void close() throws IOException {
      super.close();
      zip.close();
    }
  }
}
