/**
 * Convex likelihoods and the optimisers that fit them. Not part of the API.
 *
 * <p>{@code FittingSet} is the labels and weights that are fitted on, the likelihoods are functions
 * of the parameters on it, and {@code NewtonCg} finds their optimum. Nothing here knows a method.
 */
package io.github.swag4j.calibration.recalibration.fit;
