/**
 * Bayesian model averages of Datasets: the rows are spread, each task predicts its own under all
 * samples of the posterior, with the bits of one machine.
 *
 * <p>{@code ModelSource} says how a task gets the network, {@code SparkBayesianPredictor} is what a
 * caller uses; {@code SharedPlan} is what is sent once to each executor, {@code AnsweredRows} the
 * rows of one task.
 */
package io.github.swag4j.spark.djl;
