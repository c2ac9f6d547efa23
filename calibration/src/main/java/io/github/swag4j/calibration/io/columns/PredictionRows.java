package io.github.swag4j.calibration.io.columns;

import io.github.swag4j.calibration.Predictions;
import io.github.swag4j.calibration.io.format.PredictionFileException;
import io.github.swag4j.calibration.io.internal.UsualNames;
import io.github.swag4j.calibration.io.table.OutputColumn;
import io.github.swag4j.calibration.io.table.OutputColumn.Kind;
import io.github.swag4j.calibration.io.table.TableOutput;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/** Predictions as a table to be written: the same columns in every format. */
public final class PredictionRows {
  private final Predictions p;
  private final List<OutputColumn> columns = new ArrayList<>();

  private PredictionRows(Predictions p) {
    this.p = p;
    Kind probability = p.isSinglePrecision() ? Kind.FLOAT : Kind.DOUBLE;
    add(p.hasIds(), UsualNames.ID, Kind.TEXT);
    if (p.isBinary()) {
      add(true, "p", probability);
    } else {
      p.classNames().forEach(name -> add(true, name, probability));
      p.classNames().forEach(name -> add(p.hasLogits(), UsualNames.LOGIT + name, Kind.DOUBLE));
    }
    add(p.hasLabels(), UsualNames.LABELS.get(0), Kind.WHOLE);
    add(p.hasExpectedEntropy(), UsualNames.EXPECTED_ENTROPY, Kind.DOUBLE);
    add(p.hasWeights(), "weight", Kind.DOUBLE);
    add(p.hasGroups(), UsualNames.GROUP, Kind.TEXT);
  }

  private void add(boolean there, String name, Kind kind) {
    if (there) {
      columns.add(new OutputColumn(name, kind));
    }
  }

  /**
   * The table of some predictions.
   *
   * @param file where they are to be written
   * @param format what the format is called, for messages
   * @throws PredictionFileException if a table has no place for them
   */
  public static PredictionRows of(Path file, String format, Predictions p)
      throws PredictionFileException {
    if (p.samples() > 0) {
      throw new PredictionFileException(
          file, "", format + " has no place for posterior samples: write an .npz file");
    }
    for (String name : p.classNames()) {
      if (UsualNames.isReserved(name)
          || UsualNames.isLogitOf(name, p.classNames())
          || UsualNames.isMissing(name)
          || !name.equals(name.strip())
          || !NameText.canonical(name).equals(name)) {
        throw new PredictionFileException(
            file, "", format + " cannot hold a class named '" + name + "': write an .npz file");
      }
    }
    return new PredictionRows(p);
  }

  public List<OutputColumn> columns() {
    return columns;
  }

  /** Gives every row. */
  public void writeTo(TableOutput out) throws IOException {
    for (int r = 0; r < p.rows(); r++) {
      if (p.hasIds()) {
        out.text(p.id(r));
      }
      for (int k = p.isBinary() ? 1 : 0; k < p.classes(); k++) {
        out.number(p.probability(r, k));
      }
      for (int k = 0; p.hasLogits() && k < p.classes(); k++) {
        out.number(p.logit(r, k));
      }
      if (p.hasLabels()) {
        out.whole(p.label(r));
      }
      if (p.hasExpectedEntropy()) {
        out.number(p.expectedEntropy(r));
      }
      if (p.hasWeights()) {
        out.number(p.weight(r));
      }
      if (p.hasGroups()) {
        out.text(p.group(r));
      }
      out.endRow();
    }
  }
}
