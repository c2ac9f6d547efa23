package io.github.swag4j.calibration.io.columns;

import io.github.swag4j.calibration.io.format.ReadingNote;
import java.util.List;

/**
 * What each column of a table is.
 *
 * @param classColumns the columns of the classes, in the order of the classes
 * @param classNames what the classes are called, without a common stem
 * @param logitColumns columns of logits beside the probabilities, in the order of the classes; or
 *     none
 * @param rowNames columns at the start without a name, which must hold names or numbers of rows
 * @param label the column of the labels that are read, or -1
 * @param weight the column of the weights, or -1
 * @param group the column of the groups, or -1
 * @param id the column of the ids, or -1
 * @param expectedEntropy the column of the expected entropies, or -1
 * @param labels how labels say their class
 * @param note the same in words
 */
public record ColumnPlan(
    List<Integer> classColumns,
    List<String> classNames,
    List<Integer> logitColumns,
    List<Integer> rowNames,
    int label,
    int weight,
    int group,
    int id,
    int expectedEntropy,
    LabelMeaning labels,
    ReadingNote note) {}
