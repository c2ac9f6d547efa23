/**
 * What the program {@code swag4j} runs in Spark's driver for {@code --master}. Not part of the API:
 * it may be called by that program alone, of the same version.
 *
 * <p>{@code ClusterProgram} takes a {@code Request}; {@code ClusterSketch} makes the sketch of a
 * table, of which each {@code PartTask} reads rows ({@code RowTable}) by the rules of files.
 */
package io.github.swag4j.spark.program;
