/**
 * What every module stands on and none of them may write a second time: files that are whole or
 * absent, by what they are known again, strict JSON, one mixing function, inner products, weights
 * that sum to 1.
 *
 * <p>Not part of the API: exported to the modules of swag4j only. Nothing of averaging, posteriors
 * or calibration may enter.
 */
package io.github.swag4j.base;
