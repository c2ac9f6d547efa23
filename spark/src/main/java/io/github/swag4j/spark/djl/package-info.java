/**
 * Bayesian model averages of Datasets, and the training of chains: what needs the engine inside of
 * executors.
 *
 * <p>{@code ModelSource} says how a task gets the network ({@code TorchScriptSource}, {@code
 * NetworkSource}), {@code SparkBayesianPredictor} is what a caller uses; {@code SharedPlan} is what
 * is sent once to each executor ({@code SentObject} reads it), {@code AnsweredRows} the rows of one
 * task. {@code SparkChains} trains a {@code Chain} for each seed, in a {@code ChainFolder}.
 *
 * <p>What judges predictions belongs to the package above, which runs without the engine.
 */
package io.github.swag4j.spark.djl;
