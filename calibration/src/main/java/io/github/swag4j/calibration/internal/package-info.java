/**
 * Numeric kernels shared by the packages of this module; not part of the public promise, and they
 * know none of its types.
 *
 * <p>{@link io.github.swag4j.calibration.internal.Simplex} says what counts as a distribution,
 * {@link io.github.swag4j.calibration.internal.RowMajor} how tables lie in an array, {@link
 * io.github.swag4j.calibration.internal.RowWeights} what weights of rows stand for, and {@link
 * io.github.swag4j.calibration.internal.RowCount} how their number is printed.
 */
package io.github.swag4j.calibration.internal;
