package io.github.swag4j.cli.comparison;

import io.github.swag4j.cli.findings.RowMetric;
import java.util.Optional;

/** The metrics of every table. */
public enum Column {
  ACCURACY("accuracy", "accuracy", true, RowMetric.ACCURACY),
  NLL("nll", "NLL", false, RowMetric.NLL),
  BRIER("brier", "Brier", false, RowMetric.BRIER),
  ECE("ece", "ECE", false, null),
  NLL_AT_TEMPERATURE("nll_at_temperature", "NLL at T", false, null),
  ECE_AT_TEMPERATURE("ece_at_temperature", "ECE at T", false, null);

  private final String key;
  private final String title;
  private final boolean higherIsBetter;
  private final RowMetric rows;

  Column(String key, String title, boolean higherIsBetter, RowMetric rows) {
    this.key = key;
    this.title = title;
    this.higherIsBetter = higherIsBetter;
    this.rows = rows;
  }

  /** Its name in JSON. */
  String key() {
    return key;
  }

  /** Its name in tables. */
  String title() {
    return title;
  }

  boolean isHigherBetter() {
    return higherIsBetter;
  }

  /** What each row adds to it, where it is a mean over rows. */
  Optional<RowMetric> rows() {
    return Optional.ofNullable(rows);
  }
}
