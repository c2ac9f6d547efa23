package io.github.swag4j.swag.laplace;

import java.util.List;

/**
 * What goes into the last layer of a model for the rows of a data set, so that the model runs once
 * for any number of priors and samples.
 *
 * @param inputs features of a row
 * @param batches parts of the rows in order, each {@code [rows][inputs]} row-major; not copied
 * @param labels {@code [rows]} class indices; null if unknown
 */
public record LastLayerFeatures(int inputs, List<float[]> batches, int[] labels) {

  /**
   * Checks the sizes.
   *
   * @param inputs features of a row
   * @param batches parts of the rows in order, each {@code [rows][inputs]} row-major; not copied
   * @param labels {@code [rows]} class indices; null if unknown
   * @throws IllegalArgumentException if the lengths do not fit, or there is no row
   */
  public LastLayerFeatures {
    batches = List.copyOf(batches);
    long values = batches.stream().mapToLong(b -> b.length).sum();
    if (inputs < 1 || values == 0 || batches.stream().anyMatch(b -> b.length % inputs != 0)) {
      throw new IllegalArgumentException(
          "features must be at least 1 row of at least 1 value, got "
              + values
              + " values for rows of "
              + inputs);
    }
    labels = labels == null ? null : labels.clone();
    if (labels != null && labels.length != values / inputs) {
      throw new IllegalArgumentException(
          "labels must be one a row, got " + labels.length + " for " + values / inputs + " rows");
    }
  }

  /**
   * The class indices.
   *
   * @return a copy, or null if unknown
   */
  @Override
  public int[] labels() {
    return labels == null ? null : labels.clone();
  }

  /**
   * Rows.
   *
   * @return at least 1
   */
  public int rows() {
    return Math.toIntExact(batches.stream().mapToLong(b -> b.length).sum() / inputs);
  }
}
