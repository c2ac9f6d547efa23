package io.github.swag4j.cli.comparison;

/** A comparison as it is printed. */
public final class ComparisonText {
  private ComparisonText() {}

  /** The tables, one below the other. */
  public static String of(Comparison compared) {
    ComparisonTables tables = new ComparisonTables(compared);
    StringBuilder text = new StringBuilder(tables.meansInWords().toText());
    if (!compared.differences().isEmpty()) {
      text.append('\n').append(tables.differencesInWords().toText());
    }
    if (tables.hasDetections()) {
      text.append('\n').append(tables.detectionsInWords().toText());
    }
    if (tables.hasShifts()) {
      text.append('\n').append(tables.shiftsInWords().toText());
    }
    return text.toString();
  }
}
