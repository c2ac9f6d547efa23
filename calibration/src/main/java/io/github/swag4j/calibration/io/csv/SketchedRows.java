package io.github.swag4j.calibration.io.csv;

import io.github.swag4j.calibration.io.internal.ConstantClasses;
import io.github.swag4j.calibration.sketch.CalibrationSketch;
import java.io.IOException;
import java.io.ObjectInputStream;
import java.io.ObjectOutputStream;
import java.io.Serializable;

/** What has been seen of some rows: their sketch, and what only all rows together decide. */
public final class SketchedRows implements Serializable {
  private static final long serialVersionUID = 1L;

  /** Written as its bytes. */
  private transient CalibrationSketch sketch;

  private final ConstantClasses constants;
  private long rows;

  /** Rows whose labels left them out. */
  private long leftOut;

  /** Whether all rows of several columns that were to be logits are distributions. */
  private boolean distributions;

  /** Whether one column that was to be logits held nothing but probabilities. */
  private boolean probabilities;

  SketchedRows(
      CalibrationSketch sketch,
      ConstantClasses constants,
      long rows,
      long leftOut,
      boolean distributions,
      boolean probabilities) {
    this.sketch = sketch;
    this.constants = constants;
    this.rows = rows;
    this.leftOut = leftOut;
    this.distributions = distributions;
    this.probabilities = probabilities;
  }

  /** Adds what was seen of other rows. */
  public void merge(SketchedRows other) {
    sketch.merge(other.sketch);
    constants.merge(other.constants);
    distributions = all(distributions, other.distributions, other);
    probabilities = all(probabilities, other.probabilities, other);
    rows += other.rows;
    leftOut += other.leftOut;
  }

  /** Of no rows nothing is said. */
  private boolean all(boolean these, boolean those, SketchedRows other) {
    return (rows == 0 || these) && (other.rows == 0 || those) && (rows > 0 || other.rows > 0);
  }

  CalibrationSketch sketch() {
    return sketch;
  }

  ConstantClasses constants() {
    return constants;
  }

  long rows() {
    return rows;
  }

  long leftOut() {
    return leftOut;
  }

  boolean areDistributions() {
    return distributions;
  }

  boolean areProbabilities() {
    return probabilities;
  }

  private void writeObject(ObjectOutputStream out) throws IOException {
    out.defaultWriteObject();
    byte[] bytes = sketch.toBytes();
    out.writeInt(bytes.length);
    out.write(bytes);
  }

  private void readObject(ObjectInputStream in) throws IOException, ClassNotFoundException {
    in.defaultReadObject();
    byte[] bytes = new byte[in.readInt()];
    in.readFully(bytes);
    sketch = CalibrationSketch.fromBytes(bytes);
  }
}
