/** Convex likelihoods and the optimisers that fit them. Not part of the API. */
package io.github.swag4j.calibration.recalibration.fit;
