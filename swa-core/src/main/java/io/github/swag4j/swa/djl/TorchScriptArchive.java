package io.github.swag4j.swa.djl;

import java.io.FilterOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Enumeration;
import java.util.List;
import java.util.function.Predicate;
import java.util.function.UnaryOperator;
import java.util.zip.CRC32;
import java.util.zip.ZipEntry;
import java.util.zip.ZipException;
import java.util.zip.ZipFile;
import java.util.zip.ZipOutputStream;

/**
 * A TorchScript archive: a ZIP file of stored entries under one folder, with code as text in {@code
 * code/} and tensors in {@code data/}. Nothing in it is executed here.
 */
final class TorchScriptArchive implements AutoCloseable {
  private static final String CODE = ".py";
  private static final String DEBUG = ".debug_pkl";

  private final Path file;
  private final ZipFile zip;
  private final String folder;

  private TorchScriptArchive(Path file, ZipFile zip, String folder) {
    this.file = file;
    this.zip = zip;
    this.folder = folder;
  }

  /**
   * Opens an archive.
   *
   * @throws IOException if it cannot be read or is no TorchScript archive
   */
  static TorchScriptArchive open(Path file) throws IOException {
    ZipFile zip;
    try {
      zip = new ZipFile(file.toFile());
    } catch (ZipException e) {
      throw new IOException(
          file
              + " must be a TorchScript archive as torch.jit.save writes, got a file that is no ZIP"
              + " archive ("
              + e.getMessage()
              + ")",
          e);
    }
    String folder = folder(zip);
    if (folder == null) {
      boolean pickle = names(zip).stream().anyMatch(n -> n.endsWith("data.pkl"));
      zip.close();
      throw new IOException(
          file
              + " must be a TorchScript archive as torch.jit.save writes, got "
              + (pickle ? "a state dict of torch.save" : "another ZIP archive")
              + " without code: export the model with torch.jit.script(model).save(file)");
    }
    return new TorchScriptArchive(file, zip, folder);
  }

  private static List<String> names(ZipFile zip) {
    return zip.stream().map(ZipEntry::getName).toList();
  }

  private static String folder(ZipFile zip) {
    for (String name : names(zip)) {
      int slash = name.indexOf('/');
      if (slash > 0 && name.startsWith("code/", slash + 1) && name.endsWith(CODE)) {
        return name.substring(0, slash + 1);
      }
    }
    return null;
  }

  /** Whether any code text is such. */
  boolean anyCode(Predicate<String> wanted) throws IOException {
    for (String name : names(zip)) {
      if (isCode(name) && wanted.test(text(zip.getEntry(name)))) {
        return true;
      }
    }
    return false;
  }

  /**
   * Writes the archive with other code, and without the tables that map it to Python's lines.
   *
   * @param out where to
   * @param edit code text to code text
   * @param addition text of {@link TorchScriptCode#FUNCTION_FILE}, or null for none
   */
  void copy(OutputStream out, UnaryOperator<String> edit, String addition) throws IOException {
    try (ZipOutputStream copy = new ZipOutputStream(new KeptOpen(out))) {
      Enumeration<? extends ZipEntry> entries = zip.entries();
      while (entries.hasMoreElements()) {
        ZipEntry entry = entries.nextElement();
        String name = entry.getName();
        if (entry.isDirectory()
            || name.endsWith(DEBUG)
            || name.equals(folder + TorchScriptCode.FUNCTION_FILE)) {
          continue;
        }
        if (isCode(name)) {
          store(copy, name, edit.apply(text(entry)));
        } else {
          copy.putNextEntry(stored(name, entry.getSize(), entry.getCrc()));
          try (InputStream in = zip.getInputStream(entry)) {
            in.transferTo(copy);
          }
          copy.closeEntry();
        }
      }
      if (addition != null) {
        store(copy, folder + TorchScriptCode.FUNCTION_FILE, addition);
      }
    }
  }

  private boolean isCode(String name) {
    return name.startsWith(folder + "code/") && name.endsWith(CODE);
  }

  private String text(ZipEntry entry) throws IOException {
    try (InputStream in = zip.getInputStream(entry)) {
      return new String(in.readAllBytes(), StandardCharsets.UTF_8);
    } catch (ZipException e) {
      throw new IOException(file + " is damaged at " + entry.getName() + ": " + e.getMessage(), e);
    }
  }

  private static void store(ZipOutputStream out, String name, String text) throws IOException {
    byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
    CRC32 crc = new CRC32();
    crc.update(bytes);
    out.putNextEntry(stored(name, bytes.length, crc.getValue()));
    out.write(bytes);
    out.closeEntry();
  }

  private static ZipEntry stored(String name, long size, long crc) {
    ZipEntry entry = new ZipEntry(name);
    entry.setMethod(ZipEntry.STORED);
    entry.setSize(size);
    entry.setCompressedSize(size);
    entry.setCrc(crc);
    // The same bytes for the same model: 1980-01-01, the least a ZIP file can say.
    entry.setTimeLocal(java.time.LocalDateTime.of(1980, 1, 1, 0, 0));
    return entry;
  }

  @Override
  public void close() throws IOException {
    zip.close();
  }

  /** The caller's stream, which it closes itself. */
  private static final class KeptOpen extends FilterOutputStream {
    KeptOpen(OutputStream out) {
      super(out);
    }

    @Override
    public void write(byte[] bytes, int from, int count) throws IOException {
      out.write(bytes, from, count);
    }

    @Override
    public void close() throws IOException {
      flush();
    }
  }
}
