package io.github.swag4j.calibration.io.npz;

import io.github.swag4j.base.AtomicFile;
import io.github.swag4j.calibration.Predictions;
import io.github.swag4j.calibration.io.format.ReadOptions;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.zip.CRC32;
import java.util.zip.ZipOutputStream;

/**
 * Writes an archive again with other probabilities in it: every other array is copied byte for
 * byte, whether it was read or not. Logits are replaced if there are new ones; old ones, expected
 * entropies and posterior samples say nothing of new probabilities and are left out. Probabilities
 * are float64 if they were, else float32.
 */
public final class NpzCopy {
  private static final List<String> OF_OLD_PROBABILITIES = List.of("expected_entropy", "samples");

  private NpzCopy() {}

  /** A number of a row and class. */
  private interface Value {
    double of(int row, int k);
  }

  /** An array of the classes from one on; of one class alone it has one axis. */
  private static void write(
      ZipOutputStream zip, String name, int from, boolean wide, Predictions p, Value value)
      throws IOException {
    String type = wide ? "<f8" : "<f4";
    byte[] header =
        from > 0 ? NpyHeader.write(type, p.rows()) : NpyHeader.write(type, p.rows(), p.classes());
    NpzWriter.member(
        zip,
        name + ".npy",
        header,
        out -> {
          for (int r = 0; r < p.rows(); r++) {
            for (int k = from; k < p.classes(); k++) {
              if (wide) {
                out.putDouble(value.of(r, k));
              } else {
                out.putFloat((float) value.of(r, k));
              }
            }
          }
        });
  }

  /**
   * Writes the copy, whole or not at all.
   *
   * @param from the archive as it was read
   * @param options how it was read
   * @param to where to write
   * @param replaced the same rows in the same order with their new probabilities
   */
  public static void write(Path from, ReadOptions options, Path to, Predictions replaced)
      throws IOException {
    try (NpzFile npz = new NpzFile(from)) {
      NpzMembers read = NpzMembers.of(npz, options);
      long rows = npz.header(read.main()).shape().get(0);
      if (rows != replaced.rows()) {
        throw npz.place(read.main())
            .refuse(
                "must have the "
                    + replaced.rows()
                    + " rows that were read, to be copied with the other arrays, got "
                    + rows
                    + ": some were left out in reading");
      }
      boolean wide = npz.header(read.main()).type().size() == Double.BYTES;
      AtomicFile.write(
          to,
          out -> {
            ZipOutputStream zip = new ZipOutputStream(out);
            zip.setMethod(ZipOutputStream.STORED);
            String name = read.probabilities() == null ? "probs" : read.probabilities();
            write(zip, name, replaced.isBinary() ? 1 : 0, wide, replaced, replaced::probability);
            if (replaced.hasLogits()) {
              write(zip, "logits", 0, wide, replaced, replaced::logit);
            }
            List<String> left = new ArrayList<>(npz.names());
            left.removeAll(OF_OLD_PROBABILITIES);
            left.remove(read.probabilities());
            left.remove(read.logits());
            for (String other : left) {
              copy(npz, other, zip);
            }
            zip.finish();
          });
    }
  }

  /** Any member, also of a type that is never read. */
  private static void copy(NpzFile npz, String name, ZipOutputStream zip) throws IOException {
    byte[] all;
    try (InputStream in = npz.open(name)) {
      all = in.readAllBytes();
    }
    CRC32 sum = new CRC32();
    sum.update(all);
    if (sum.getValue() != npz.checksum(name)) {
      throw npz.place(name).refuse("the checksum is wrong: the file is damaged, write it again");
    }
    NpzWriter.member(zip, npz.file(name), all, out -> {});
  }
}
