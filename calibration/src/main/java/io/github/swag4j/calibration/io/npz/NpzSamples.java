package io.github.swag4j.calibration.io.npz;

import io.github.swag4j.calibration.Predictions;
import java.io.IOException;
import java.nio.channels.FileChannel;

/**
 * Predictions whose posterior samples come one after the other and are not kept: the array {@code
 * samples} is written as they come, the rest of the archive at the end.
 */
public final class NpzSamples {
  private static final String REAL = "<f8";

  private final NpzAppender archive;
  private NpzAppender.Open open;
  private int headerBytes;
  private int samples;
  private int rows;
  private int classes;
  private boolean finished;

  public NpzSamples(FileChannel channel) {
    this.archive = new NpzAppender(channel);
  }

  /** Appends a sample, {@code [rows * numClasses]}; one column is the positive class. */
  public void add(double[] probabilities, int numClasses) throws IOException {
    if (open == null) {
      rows = probabilities.length / numClasses;
      classes = numClasses;
      headerBytes = NpyHeader.write(REAL, Integer.MAX_VALUE, rows, Math.max(classes, 2)).length;
      open = archive.begin("samples", headerBytes);
    }
    if (numClasses != classes || probabilities.length != (long) rows * classes || finished) {
      throw new IllegalArgumentException(
          "each sample must have "
              + rows
              + " rows and "
              + classes
              + " columns, got "
              + probabilities.length
              + " values in "
              + numClasses
              + " columns");
    }
    LittleEndian out = open.out();
    for (double p : probabilities) {
      if (classes == 1) {
        out.putDouble(1 - p);
      }
      out.putDouble(p);
    }
    samples++;
  }

  /** Writes what the samples were averaged to, and everything else that is known of the rows. */
  public void finish(Predictions mean) throws IOException {
    if (open == null || mean.rows() != rows || mean.classes() != Math.max(classes, 2)) {
      throw new IllegalArgumentException(
          "predictions must be of the "
              + rows
              + " rows and "
              + Math.max(classes, 2)
              + " classes of "
              + samples
              + " samples, at least 1, got "
              + mean.rows()
              + " and "
              + mean.classes());
    }
    finished = true;
    open.end(NpyHeader.write(headerBytes, REAL, samples, rows, mean.classes()));
    NpzWriter.members(
        (name, header, elements) -> {
          if (!name.equals("samples")) {
            NpzAppender.Open member = archive.begin(name, header.length);
            elements.writeTo(member.out());
            member.end(header);
          }
        },
        mean);
    archive.finish();
  }

  public boolean isFinished() {
    return finished;
  }
}
