/**
 * Posteriors over weights and what every posterior can do: Gaussian ones (SWAG), points, snapshots,
 * mixtures of others, Markov chains in a subspace.
 *
 * <p>Plain Java over arrays: no engine may enter here; what touches live models is in {@code djl}.
 */
package io.github.swag4j.swag;
