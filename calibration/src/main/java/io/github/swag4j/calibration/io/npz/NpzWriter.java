package io.github.swag4j.calibration.io.npz;

import io.github.swag4j.base.AtomicFile;
import io.github.swag4j.calibration.Predictions;
import io.github.swag4j.calibration.io.format.PredictionFileException;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Path;
import java.time.LocalDateTime;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.function.IntFunction;
import java.util.function.IntToDoubleFunction;
import java.util.zip.CRC32;
import java.util.zip.CheckedOutputStream;
import java.util.zip.ZipEntry;
import java.util.zip.ZipOutputStream;

/**
 * Writes predictions as NPZ: stored members (NumPy maps them into memory), little-endian, C order,
 * a fixed time stamp, so that the same predictions give the same bytes.
 */
public final class NpzWriter {
  private static final LocalDateTime TIME = LocalDateTime.of(1980, 1, 1, 0, 0);

  private NpzWriter() {}

  /** Writes the elements of an array. */
  interface Elements {
    void writeTo(LittleEndian out) throws IOException;
  }

  /** Takes the arrays of an archive. */
  interface Members {
    void member(String name, byte[] header, Elements elements) throws IOException;
  }

  public static void write(Path file, Predictions p) throws IOException {
    AtomicFile.write(
        file,
        out -> {
          ZipOutputStream zip = new ZipOutputStream(out);
          zip.setMethod(ZipOutputStream.STORED);
          members((name, header, elements) -> member(zip, name + ".npy", header, elements), p);
          zip.finish();
        });
  }

  /** All arrays of predictions. */
  static void members(Members zip, Predictions p) throws IOException {
    int rows = p.rows();
    zip.member("probs", header(p), out -> probabilities(out, p));
    if (p.hasLogits()) {
      zip.member(
          "logits",
          NpyHeader.write("<f8", rows, p.classes()),
          out -> {
            for (int r = 0; r < rows; r++) {
              for (int k = 0; k < p.classes(); k++) {
                out.putDouble(p.logit(r, k));
              }
            }
          });
    }
    if (p.hasLabels()) {
      zip.member("labels", NpyHeader.write("<i8", rows), out -> labels(out, p));
    }
    if (p.hasExpectedEntropy()) {
      doubles(zip, "expected_entropy", rows, p::expectedEntropy);
    }
    if (p.hasWeights()) {
      doubles(zip, "weights", rows, p::weight);
    }
    if (p.hasGroups()) {
      texts(zip, "groups", rows, p::group);
    }
    if (p.hasIds()) {
      texts(zip, "ids", rows, p::id);
    }
    if (p.hasClassNames()) {
      texts(zip, "class_names", p.classes(), p.classNames()::get);
    }
    if (p.samples() > 0) {
      zip.member(
          "samples",
          NpyHeader.write("<f8", p.samples(), rows, p.classes()),
          out -> {
            for (int s = 0; s < p.samples(); s++) {
              for (int r = 0; r < rows; r++) {
                for (int k = 0; k < p.classes(); k++) {
                  out.putDouble(p.sampleProbability(s, r, k));
                }
              }
            }
          });
    }
  }

  /** Header of the probabilities: [rows, classes], or [rows] of the positive class. */
  private static byte[] header(Predictions p) {
    String real = p.isSinglePrecision() ? "<f4" : "<f8";
    return p.isBinary()
        ? NpyHeader.write(real, p.rows())
        : NpyHeader.write(real, p.rows(), p.classes());
  }

  private static void probabilities(LittleEndian out, Predictions p) throws IOException {
    for (int r = 0; r < p.rows(); r++) {
      for (int k = p.isBinary() ? 1 : 0; k < p.classes(); k++) {
        if (p.isSinglePrecision()) {
          out.putFloat((float) p.probability(r, k));
        } else {
          out.putDouble(p.probability(r, k));
        }
      }
    }
  }

  private static void labels(LittleEndian out, Predictions p) throws IOException {
    for (int r = 0; r < p.rows(); r++) {
      out.putLong(p.label(r));
    }
  }

  /** Probabilities as an NPY file, and labels as another if there is one for them. */
  public static void writeArrays(Path values, Path labels, Predictions p) throws IOException {
    String other = besideProbabilitiesAndLabels(p);
    if (!other.isEmpty()) {
      throw new PredictionFileException(
          values, "", "a .npy file has no place for " + other + ": write an .npz file");
    }
    if (p.hasLabels() != (labels != null)) {
      throw new PredictionFileException(
          values,
          "",
          labels == null
              ? "a .npy file has no place for labels: name a second file for them, or write an .npz"
                  + " file"
              : "there must be labels to write a pair of .npy files, got none: write the first"
                  + " alone");
    }
    array(values, header(p), out -> probabilities(out, p));
    if (labels != null) {
      array(labels, NpyHeader.write("<i8", p.rows()), out -> labels(out, p));
    }
  }

  /** The first thing that predictions hold and NPY files have no place for; empty if none. */
  private static String besideProbabilitiesAndLabels(Predictions p) {
    Map<String, Boolean> held = new LinkedHashMap<>();
    held.put("logits", p.hasLogits());
    held.put("posterior samples", p.samples() > 0);
    held.put("expected entropies", p.hasExpectedEntropy());
    held.put("weights", p.hasWeights());
    held.put("groups", p.hasGroups());
    held.put("ids", p.hasIds());
    held.put("class names", p.hasClassNames());
    held.values().removeIf(there -> !there);
    return held.isEmpty() ? "" : held.keySet().iterator().next();
  }

  private static void array(Path file, byte[] header, Elements elements) throws IOException {
    AtomicFile.write(
        file,
        stream -> {
          LittleEndian out = new LittleEndian(stream);
          out.put(header);
          elements.writeTo(out);
          out.flush();
        });
  }

  private static void doubles(Members zip, String name, int n, IntToDoubleFunction value)
      throws IOException {
    zip.member(
        name,
        NpyHeader.write("<f8", n),
        out -> {
          for (int i = 0; i < n; i++) {
            out.putDouble(value.applyAsDouble(i));
          }
        });
  }

  /** Text as NumPy keeps it: code points in 4 bytes, padded with zeros to the longest. */
  private static void texts(Members zip, String name, int n, IntFunction<String> value)
      throws IOException {
    int longest = 1;
    for (int i = 0; i < n; i++) {
      String text = value.apply(i);
      longest = Math.max(longest, text.codePointCount(0, text.length()));
    }
    int width = longest;
    zip.member(
        name,
        NpyHeader.write("<U" + width, n),
        out -> {
          for (int i = 0; i < n; i++) {
            int[] points = value.apply(i).codePoints().toArray();
            for (int c = 0; c < width; c++) {
              out.putInt(c < points.length ? points[c] : 0);
            }
          }
        });
  }

  /**
   * Writes a file into an archive. It is generated twice: for the size and checksum that come
   * first, then for the bytes.
   */
  static void member(ZipOutputStream zip, String name, byte[] header, Elements elements)
      throws IOException {
    CRC32 crc = new CRC32();
    LittleEndian dry =
        new LittleEndian(new CheckedOutputStream(OutputStream.nullOutputStream(), crc));
    dry.put(header);
    elements.writeTo(dry);
    dry.flush();
    ZipEntry entry = new ZipEntry(name);
    entry.setTimeLocal(TIME);
    entry.setMethod(ZipEntry.STORED);
    entry.setSize(dry.written());
    entry.setCompressedSize(dry.written());
    entry.setCrc(crc.getValue());
    zip.putNextEntry(entry);
    LittleEndian out = new LittleEndian(zip);
    out.put(header);
    elements.writeTo(out);
    out.flush();
    zip.closeEntry();
  }
}
