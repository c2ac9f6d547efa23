package io.github.swag4j.calibration.io.npz;

import io.github.swag4j.calibration.io.format.PredictionFileException;
import io.github.swag4j.calibration.io.internal.Source;
import java.io.Closeable;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.zip.CRC32;
import java.util.zip.CheckedInputStream;

/**
 * An array of an NPZ archive read some rows at a time: in C order from one stream, in Fortran order
 * from one stream for each column, which takes that the member is not deflated. The checksum is
 * verified at the end in C order, before the start in Fortran order. For one thread at a time.
 */
final class NpzColumns implements Closeable {
  /** Streams that an array in Fortran order may take. */
  private static final int MOST_COLUMNS = 4096;

  private final Source place;
  private final NpyHeader header;
  private final int columns;
  private final boolean byColumn;
  private final long checksum;
  private final CRC32 sum = new CRC32();
  private final List<InputStream> streams = new ArrayList<>();

  /**
   * Opens a member.
   *
   * @param header its header, of shape {@code [rows]} or {@code [rows, columns]}
   */
  NpzColumns(NpzFile npz, String name, NpyHeader header) throws IOException {
    this.header = header;
    place = npz.place(name);
    npz.checkLength(name, header);
    long width = header.shape().size() == 1 ? 1 : header.shape().get(1);
    columns = (int) Math.min(width, Integer.MAX_VALUE);
    long rows = header.shape().get(0);
    byColumn = header.fortranOrder() && width > 1 && rows > 1;
    checksum = npz.checksum(name);
    try {
      if (!byColumn) {
        streams.add(new CheckedInputStream(npz.open(name), sum));
        skip(streams.get(0), header.bytes());
        return;
      }
      if (!npz.isStored(name) || width > MOST_COLUMNS) {
        throw place.refuse(
            "an array in Fortran order can be streamed if it is not deflated and has at most "
                + MOST_COLUMNS
                + " columns: save numpy.ascontiguousarray of it");
      }
      npz.read(name, (in, h, p) -> in.skip(Long.MAX_VALUE)); // for the checksum
      for (int k = 0; k < columns; k++) {
        streams.add(npz.open(name));
        skip(streams.get(k), header.bytes() + k * rows * header.type().size());
      }
    } catch (IOException | RuntimeException e) {
      close();
      throw e;
    }
  }

  private void skip(InputStream in, long bytes) throws IOException {
    try {
      in.skipNBytes(bytes);
    } catch (EOFException e) {
      throw cutOff(e);
    }
  }

  private PredictionFileException cutOff(Throwable cause) {
    return place.refuse("the array is cut off: shape " + header.display() + " needs more", cause);
  }

  NpyHeader header() {
    return header;
  }

  Source place() {
    return place;
  }

  int columns() {
    return columns;
  }

  /** Bytes that rows take in a buffer. */
  int bytes(int rows) {
    return rows * columns * header.type().size();
  }

  /** A buffer for rows, in the array's byte order. */
  ByteBuffer buffer(int rows) {
    return ByteBuffer.allocate(bytes(rows)).order(header.type().order());
  }

  /** Offset in the buffer of an element, of as many rows as were read. */
  int offset(int row, int column, int rows) {
    int index = byColumn ? column * rows + row : row * columns + column;
    return index * header.type().size();
  }

  /** Whether the elements of the buffer are row after row. */
  boolean isByRow() {
    return !byColumn;
  }

  /** Reads the next rows into the front of a buffer. */
  void read(ByteBuffer into, int rows) throws IOException {
    try {
      int each = bytes(rows) / streams.size();
      for (int k = 0; k < streams.size(); k++) {
        if (streams.get(k).readNBytes(into.array(), into.arrayOffset() + k * each, each) < each) {
          throw cutOff(null);
        }
      }
    } catch (PredictionFileException e) {
      throw e;
    } catch (IOException | RuntimeException e) {
      throw NpzFile.damaged(place, e);
    }
  }

  /** Verifies that the array has ended and its checksum. */
  void end() throws IOException {
    if (byColumn) {
      return;
    }
    int more;
    try {
      more = streams.get(0).read();
    } catch (IOException | RuntimeException e) {
      throw NpzFile.damaged(place, e);
    }
    if (more >= 0) {
      throw place.refuse("the array must end after shape " + header.display() + ", more follows");
    }
    if (sum.getValue() != checksum) {
      throw place.refuse("the checksum is wrong: the file is damaged, write it again");
    }
  }

  @Override
  public void close() throws IOException {
    for (InputStream stream : streams) {
      stream.close();
    }
  }
}
