package io.github.swag4j.calibration.ood.features;

import io.github.swag4j.base.AtomicFile;
import java.io.DataOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.BufferUnderflowException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.zip.CRC32;
import java.util.zip.CheckedOutputStream;

/**
 * Saves and loads fitted detectors; a loaded detector gives the same bits as the saved one.
 *
 * <p>The file, all numbers big-endian: the 8 ASCII bytes {@code SWAGOOD1}; the kind as a string; an
 * int number of matrices; for each its name as a string, int rows, int columns and its doubles row
 * by row; a long with the CRC-32 of all bytes before it. A string is an int length and that many
 * bytes of UTF-8. The digit 1 is the version. At most 2 GB.
 */
public final class DetectorFiles {
  private static final byte[] MAGIC = "SWAGOOD1".getBytes(StandardCharsets.US_ASCII);
  private static final long MAXIMUM_BYTES = Integer.MAX_VALUE - 8;

  private DetectorFiles() {}

  /**
   * Writes a detector: to a temporary name beside the file, synced, then renamed, so that a reader
   * sees the old file or the whole new one.
   *
   * @param file where to write; replaced if it exists, missing folders are made
   * @param detector the detector
   * @throws DetectorFormatException if it would take more than 2 GB
   * @throws IOException if it cannot be written
   */
  public static void write(Path file, FittedDetector detector) throws IOException {
    Map<String, double[][]> state = state(detector);
    checkSize(file, size(kind(detector), state));
    AtomicFile.write(file, out -> write(out, kind(detector), state));
  }

  private static void write(OutputStream to, String kind, Map<String, double[][]> state)
      throws IOException {
    CheckedOutputStream checked = new CheckedOutputStream(to, new CRC32());
    DataOutputStream out = new DataOutputStream(checked);
    out.write(MAGIC);
    writeString(out, kind);
    out.writeInt(state.size());
    for (Map.Entry<String, double[][]> entry : state.entrySet()) {
      double[][] matrix = entry.getValue();
      writeString(out, entry.getKey());
      out.writeInt(matrix.length);
      out.writeInt(matrix.length == 0 ? 0 : matrix[0].length);
      for (double[] row : matrix) {
        ByteBuffer encoded = ByteBuffer.allocate(Math.multiplyExact(row.length, Double.BYTES));
        encoded.asDoubleBuffer().put(row);
        out.write(encoded.array());
      }
    }
    out.writeLong(checked.getChecksum().getValue());
    out.flush();
  }

  /** Bytes of the file, a little more for names. */
  private static long size(String kind, Map<String, double[][]> state) {
    long bytes = 100L + kind.length();
    for (Map.Entry<String, double[][]> entry : state.entrySet()) {
      double[][] matrix = entry.getValue();
      long columns = matrix.length == 0 ? 0 : matrix[0].length;
      bytes += 12 + entry.getKey().length() + columns * matrix.length * Double.BYTES;
    }
    return bytes;
  }

  private static void checkSize(Path file, long bytes) throws DetectorFormatException {
    if (bytes > MAXIMUM_BYTES) {
      throw new DetectorFormatException(
          file + ": a detector file must have at most " + MAXIMUM_BYTES + " bytes, got " + bytes);
    }
  }

  /**
   * Reads a detector.
   *
   * @param file a file written by {@link #write}
   * @return the detector, of the class it had
   * @throws DetectorFormatException if the file is not a detector, is of another version, is
   *     damaged, cut short or larger than 2 GB
   * @throws IOException if it cannot be read
   */
  public static FittedDetector read(Path file) throws IOException {
    checkSize(file, Files.size(file));
    byte[] bytes = Files.readAllBytes(file);
    if (bytes.length < MAGIC.length + Long.BYTES || !startsWithMagic(bytes)) {
      throw new DetectorFormatException(
          file + " is not a detector file of version 1: it must start with SWAGOOD1");
    }
    int end = bytes.length - Long.BYTES;
    CRC32 checksum = new CRC32();
    checksum.update(bytes, 0, end);
    long stored = ByteBuffer.wrap(bytes, end, Long.BYTES).getLong();
    if (checksum.getValue() != stored) {
      throw new DetectorFormatException(
          file
              + " is damaged or cut short: its checksum must be "
              + Long.toHexString(stored)
              + ", got "
              + Long.toHexString(checksum.getValue()));
    }
    ByteBuffer in = ByteBuffer.wrap(bytes, 0, end).position(MAGIC.length);
    try {
      String kind = readString(in);
      DetectorState state = new DetectorState(readMatrices(in));
      if (in.hasRemaining()) {
        throw new IllegalArgumentException(
            "the file must end at byte " + in.position() + ", got " + end + " bytes");
      }
      return detector(kind, state);
    } catch (BufferUnderflowException e) {
      throw new DetectorFormatException(
          file
              + " is not a detector, at byte "
              + in.position()
              + ": a number needs more bytes than the file holds",
          e);
    } catch (IllegalArgumentException e) {
      throw new DetectorFormatException(
          file + " is not a detector, at byte " + in.position() + ": " + e.getMessage(), e);
    }
  }

  private static boolean startsWithMagic(byte[] bytes) {
    return ByteBuffer.wrap(bytes, 0, MAGIC.length).equals(ByteBuffer.wrap(MAGIC));
  }

  private static Map<String, double[][]> readMatrices(ByteBuffer in) {
    Map<String, double[][]> matrices = new LinkedHashMap<>();
    int count = in.getInt();
    for (int i = 0; i < count; i++) {
      String name = readString(in);
      int rows = in.getInt();
      int columns = in.getInt();
      if (rows < 0 || columns < 0 || (rows > 0 && columns == 0)) {
        throw new IllegalArgumentException(name + " has the shape " + rows + " x " + columns);
      }
      if ((long) rows * columns > in.remaining() / Double.BYTES) {
        throw new IllegalArgumentException(
            name + " needs " + rows + " x " + columns + " doubles, more than the file holds");
      }
      double[][] matrix = new double[rows][columns];
      for (int r = 0; r < rows; r++) {
        for (int c = 0; c < columns; c++) {
          matrix[r][c] = in.getDouble();
          if (!Double.isFinite(matrix[r][c])) {
            throw new IllegalArgumentException(
                name + "[" + r + "][" + c + "] must be finite, got " + matrix[r][c]);
          }
        }
      }
      matrices.put(name, matrix);
    }
    return matrices;
  }

  private static void writeString(DataOutputStream out, String text) throws IOException {
    byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
    out.writeInt(bytes.length);
    out.write(bytes);
  }

  private static String readString(ByteBuffer in) {
    int length = in.getInt();
    if (length < 0 || length > in.remaining()) {
      throw new IllegalArgumentException("a string must fit the file, got length " + length);
    }
    byte[] bytes = new byte[length];
    in.get(bytes);
    return new String(bytes, StandardCharsets.UTF_8);
  }

  private static String kind(FittedDetector detector) {
    if (detector instanceof KlMatching) {
      return "kl_matching";
    } else if (detector instanceof Mahalanobis) {
      return "mahalanobis";
    } else if (detector instanceof NearestNeighbours) {
      return "knn";
    } else if (detector instanceof ReAct) {
      return "react";
    } else if (detector instanceof ActivationShaping) {
      return "ash";
    } else if (detector instanceof DecisionBoundaryDistance) {
      return "fdbd";
    } else if (detector instanceof DirectedSparsification) {
      return "dice";
    } else if (detector instanceof HopfieldEnergy) {
      return "she";
    }
    return "vim";
  }

  private static Map<String, double[][]> state(FittedDetector detector) {
    if (detector instanceof KlMatching d) {
      return d.state();
    } else if (detector instanceof Mahalanobis d) {
      return d.state();
    } else if (detector instanceof NearestNeighbours d) {
      return d.state();
    } else if (detector instanceof ReAct d) {
      return d.state();
    } else if (detector instanceof ActivationShaping d) {
      return d.state();
    } else if (detector instanceof DecisionBoundaryDistance d) {
      return d.state();
    } else if (detector instanceof DirectedSparsification d) {
      return d.state();
    } else if (detector instanceof HopfieldEnergy d) {
      return d.state();
    }
    return ((VirtualLogitMatching) detector).state();
  }

  private static FittedDetector detector(String kind, DetectorState state) {
    return switch (kind) {
      case "kl_matching" -> KlMatching.of(state);
      case "mahalanobis" -> Mahalanobis.of(state);
      case "knn" -> NearestNeighbours.of(state);
      case "react" -> ReAct.of(state);
      case "ash" -> ActivationShaping.of(state);
      case "fdbd" -> DecisionBoundaryDistance.of(state);
      case "dice" -> DirectedSparsification.of(state);
      case "she" -> HopfieldEnergy.of(state);
      case "vim" -> VirtualLogitMatching.of(state);
      default ->
          throw new IllegalArgumentException(
              "kind must be one of kl_matching, mahalanobis, knn, react, ash, fdbd, dice, she, vim,"
                  + " got "
                  + kind);
    };
  }
}
