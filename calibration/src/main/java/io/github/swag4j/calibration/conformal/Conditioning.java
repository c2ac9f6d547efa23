package io.github.swag4j.calibration.conformal;

/** For what coverage is promised. */
public enum Conditioning {
  /** On average over all rows. */
  MARGINAL,
  /** For the rows of each true class: one threshold a class. */
  CLASS,
  /** For the rows of each group (Mondrian): one threshold a group. */
  GROUP
}
