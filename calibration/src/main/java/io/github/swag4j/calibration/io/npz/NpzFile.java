package io.github.swag4j.calibration.io.npz;

import io.github.swag4j.calibration.io.format.PredictionFileException;
import io.github.swag4j.calibration.io.internal.Source;
import java.io.BufferedInputStream;
import java.io.Closeable;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Set;
import java.util.zip.CRC32;
import java.util.zip.CheckedInputStream;
import java.util.zip.ZipEntry;
import java.util.zip.ZipFile;

/**
 * An NPZ archive: a ZIP file (stored or deflated, zip64 where needed) of NPY arrays by name.
 * Checksums are verified as members are read.
 */
public final class NpzFile implements Closeable {
  private static final int MOST_MEMBERS = 1000;
  private static final int MOST_DEFLATED = 100;

  private final Source source;
  private final ZipFile zip;
  private final long length;
  private final Map<String, ZipEntry> members = new LinkedHashMap<>();

  /** Reads something of a member from its first byte on. */
  interface Reading<T> {
    T from(InputStream in, NpyHeader header, Source source) throws IOException;
  }

  public NpzFile(Path file) throws IOException {
    source = new Source(file, "");
    length = Files.size(file);
    zip = open(file);
    try {
      list();
    } catch (IOException | RuntimeException e) {
      zip.close();
      throw e;
    }
  }

  private ZipFile open(Path file) throws IOException {
    try {
      return new ZipFile(file.toFile());
    } catch (IOException | RuntimeException e) {
      throw source.refuse(
          "an .npz file must be a complete ZIP archive: "
              + e.getMessage()
              + " (cut off, or not"
              + " written by numpy.savez?)",
          e);
    }
  }

  private void list() throws PredictionFileException {
    if (zip.size() > MOST_MEMBERS) {
      throw source.refuse(
          "an .npz file must have at most " + MOST_MEMBERS + " arrays, got " + zip.size());
    }
    for (ZipEntry entry : Collections.list(zip.entries())) {
      String name = entry.getName();
      if (name.endsWith(".npy")) {
        name = name.substring(0, name.length() - 4);
      }
      if (members.put(name, entry) != null) {
        throw source.refuse("array names must be unique, got '" + name + "' twice");
      }
    }
  }

  /** Names of the arrays, in the order of the archive. */
  public Set<String> names() {
    return Collections.unmodifiableSet(members.keySet());
  }

  /** What a member is called in the archive. */
  String file(String name) {
    return members.get(name).getName();
  }

  Source source() {
    return source;
  }

  /** A member as a place. */
  Source place(String name) {
    return source.at("array '" + name + "'");
  }

  /** Whether a member is stored as it is, not deflated. */
  boolean isStored(String name) {
    return members.get(name).getMethod() == ZipEntry.STORED;
  }

  /**
   * Whether the bytes of an array that a member declares can be taken to be there: it is not
   * deflated to less than a hundredth.
   */
  boolean fills(String name) {
    ZipEntry entry = members.get(name);
    long packed = entry.getCompressedSize();
    return packed <= length && entry.getSize() / MOST_DEFLATED <= packed;
  }

  /** The bytes of a member; what its checksum must be is {@link #checksum}. */
  InputStream open(String name) throws IOException {
    try {
      return zip.getInputStream(members.get(name));
    } catch (IOException | RuntimeException e) {
      throw damaged(place(name), e);
    }
  }

  long checksum(String name) {
    return members.get(name).getCrc();
  }

  /** Refuses a member whose length is not what its header declares. */
  void checkLength(String name, NpyHeader header) throws PredictionFileException {
    ZipEntry entry = members.get(name);
    if (entry.getCompressedSize() > length) {
      throw place(name)
          .refuse(
              "a member must lie in the file, got "
                  + entry.getCompressedSize()
                  + " bytes in a file of "
                  + length);
    }
    if (header.bytes() + header.dataBytes() != entry.getSize()) {
      throw place(name)
          .refuse(
              "shape "
                  + header.display()
                  + " needs "
                  + (header.bytes() + header.dataBytes())
                  + " bytes with its header, the member has "
                  + entry.getSize());
    }
  }

  /** Header of a member. */
  NpyHeader header(String name) throws IOException {
    Source place = place(name);
    try (InputStream in = new BufferedInputStream(zip.getInputStream(members.get(name)))) {
      return NpyHeader.read(in, place);
    } catch (PredictionFileException e) {
      throw e;
    } catch (IOException | RuntimeException e) {
      throw damaged(place, e);
    }
  }

  /** Reads a member to its end and verifies its length and checksum. */
  <T> T read(String name, Reading<T> reading) throws IOException {
    ZipEntry entry = members.get(name);
    Source place = place(name);
    CRC32 crc = new CRC32();
    try (InputStream in =
        new CheckedInputStream(new BufferedInputStream(zip.getInputStream(entry), 1 << 16), crc)) {
      NpyHeader header = NpyHeader.read(in, place);
      checkLength(name, header);
      T value = reading.from(in, header, place);
      if (crc.getValue() != entry.getCrc()) {
        throw place.refuse("the checksum is wrong: the file is damaged, write it again");
      }
      return value;
    } catch (PredictionFileException e) {
      throw e;
    } catch (IOException | RuntimeException e) {
      throw damaged(place, e);
    }
  }

  static PredictionFileException damaged(Source place, Exception e) {
    return place.refuse("the member is damaged or cut off: " + e.getMessage(), e);
  }

  @Override
  public void close() throws IOException {
    zip.close();
  }
}
