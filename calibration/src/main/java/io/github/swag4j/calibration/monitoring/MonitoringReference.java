package io.github.swag4j.calibration.monitoring;

import io.github.swag4j.calibration.Predictions;
import java.io.DataOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.util.List;
import java.util.Optional;
import java.util.zip.CRC32;
import java.util.zip.CheckedOutputStream;

/**
 * What windows of served predictions are compared with: predictions from when all was well, best
 * with labels, on rows that neither the model nor its calibration was fitted on. Immutable.
 */
public final class MonitoringReference {
  private final int classes;
  private final boolean binary;
  private final List<String> classNames;
  private final boolean labelled;
  private final WindowSketch sketch;

  private MonitoringReference(Predictions rows) {
    classes = rows.classes();
    binary = rows.isBinary();
    classNames = rows.hasClassNames() ? rows.classNames() : List.of();
    labelled = rows.hasLabels();
    sketch = new WindowSketch(classes);
    sketch.add(rows);
    if (labelled) {
      sketch.addLabelled(rows);
    }
  }

  /**
   * A reference.
   *
   * @param rows predictions, with labels or without, without weights
   * @return the reference
   * @throws IllegalArgumentException if there are weights: a row that counts twice is not one of as
   *     many that could as well stand in a window
   */
  public static MonitoringReference of(Predictions rows) {
    if (rows.hasWeights()) {
      throw new IllegalArgumentException(
          "the reference's rows must count alike, got weights: leave them out");
    }
    return new MonitoringReference(rows);
  }

  /**
   * Number of classes.
   *
   * @return at least 2
   */
  public int classes() {
    return classes;
  }

  /**
   * Whether rows are the probability of the positive class of a binary problem.
   *
   * @return true for one column
   */
  public boolean isBinary() {
    return binary;
  }

  /**
   * Names of the classes.
   *
   * @return {@code [classes]}, empty if they have none
   */
  public Optional<List<String>> classNames() {
    return classNames.isEmpty() ? Optional.empty() : Optional.of(classNames);
  }

  /**
   * Whether accuracy, NLL and calibration can be compared.
   *
   * @return whether the rows had labels
   */
  public boolean hasLabels() {
    return labelled;
  }

  /**
   * The reference's own numbers.
   *
   * @return as of a window that holds all its rows
   */
  public WindowNumbers numbers() {
    return sketch.numbers();
  }

  /**
   * A number that another reference's hardly equals: a checksum of all that windows are compared
   * with, and of the order of the classes.
   *
   * @return CRC-32 of names and counts
   */
  public long fingerprint() {
    CRC32 sum = new CRC32();
    try (DataOutputStream out =
        new DataOutputStream(new CheckedOutputStream(OutputStream.nullOutputStream(), sum))) {
      for (String name : classNames) {
        out.writeChars(name + "\n");
      }
      sketch.write(out);
    } catch (IOException e) {
      throw new UncheckedIOException(e); // nothing is written anywhere
    }
    return sum.getValue();
  }

  WindowSketch sketch() {
    return sketch;
  }
}
