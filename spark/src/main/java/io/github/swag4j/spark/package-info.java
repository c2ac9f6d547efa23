/**
 * Calibration at the size of a cluster: a Spark {@code Dataset} goes in, the library's own results
 * come out.
 *
 * <p>{@link io.github.swag4j.spark.SparkCalibration} makes a {@link
 * io.github.swag4j.calibration.sketch.CalibrationSketch} of predictions, whole or by groups, in one
 * pass: a sketch is a few kilobytes whatever the rows, and has the same bits whichever way they are
 * cut into partitions, tasks are repeated or executors are lost. {@link
 * io.github.swag4j.spark.SparkDetection} has the areas and rates that need all scores in order.
 *
 * <p>Spark (4.2, Scala 2.13) comes from the cluster; nothing of Scala is in a signature.
 */
package io.github.swag4j.spark;
