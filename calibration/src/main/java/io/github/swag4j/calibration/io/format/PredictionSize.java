package io.github.swag4j.calibration.io.format;

/**
 * How large the predictions in a file are.
 *
 * @param rows number of rows
 * @param classes number of classes, 2 for the single column of a binary problem
 * @param heapBytes bytes of heap that {@code PredictionFiles.read} takes for them, about
 */
public record PredictionSize(long rows, int classes, long heapBytes) {}
