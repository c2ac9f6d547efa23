package io.github.swag4j.cli.monitor;

import io.github.swag4j.calibration.io.format.ReadOptions.Labels;
import io.github.swag4j.calibration.io.format.ReadingNote;
import io.github.swag4j.calibration.monitoring.MonitoringReference;
import java.io.IOException;
import java.util.List;
import java.util.function.Consumer;
import java.util.function.Function;
import java.util.stream.IntStream;

/**
 * How served rows are understood: as the reference was, and by what the user says.
 *
 * @param reference what the reference was read as
 * @param referenceInOrder whether an index among the reference's labels is that of the class
 * @param classColumns the class columns in order, of the header's names, where the user says them
 * @param label name of the label's column, null for the usual ones
 * @param id name of the id's column, null for "id"
 * @param ignored columns that are not read
 * @param labels what the user says of labels
 * @param logits whether numbers are logits
 * @param renormalise whether rows are divided by their sums
 * @param percent whether numbers are percentages
 * @param words says why a row is not valid
 */
public record ServedReading(
    ReadingNote reference,
    boolean referenceInOrder,
    Function<List<String>, List<String>> classColumns,
    String label,
    String id,
    List<String> ignored,
    LabelsSaid labels,
    boolean logits,
    boolean renormalise,
    boolean percent,
    Function<RuntimeException, String> words) {

  /**
   * What the user says of labels.
   *
   * @param kind names, indices, or what the reference's are
   * @param positiveClass the label of the positive class, empty if nothing is said
   * @param unknown labels that are none, besides the usual ones
   */
  public record LabelsSaid(Labels kind, String positiveClass, List<String> unknown) {}

  /**
   * A reader of rows.
   *
   * @param labelsLate whether labels come in a file of their own
   * @param header the header as read before a restart, null for none yet
   */
  ServedRows rows(
      MonitoringReference compared, boolean labelsLate, String header, Consumer<String> warnings)
      throws IOException {
    boolean binary = compared.isBinary();
    int columns = binary ? 1 : compared.classes();
    ServedColumns.Wanted wanted =
        new ServedColumns.Wanted(
            binary ? List.of() : reference.classes().stream().map(CsvFields::name).toList(),
            classColumns,
            reference.classColumns().size() == columns ? reference.classColumns() : List.of(),
            labelsLate ? null : label,
            labelsLate ? "" : reference.labels(),
            labelsLate ? idName() : null,
            ignored);
    return new ServedRows(
        wanted,
        new ServedLabels(reference, binary, labels),
        new ServedRows.Numbers(logits, renormalise, percent, binary),
        header,
        words,
        warnings);
  }

  private String idName() {
    return id == null ? "id" : id;
  }

  /**
   * A reader of labels that come in a file of their own.
   *
   * @param header the header as read before a restart, null for none yet
   */
  LateLabelRows lateLabels(MonitoringReference compared, String header, Consumer<String> warnings)
      throws IOException {
    List<Integer> places = IntStream.range(0, compared.classes()).boxed().toList();
    return new LateLabelRows(
        idName(),
        label,
        new ServedLabels(reference, compared.isBinary(), labels),
        referenceInOrder ? places : List.of(),
        header,
        warnings);
  }
}
