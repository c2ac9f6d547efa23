/**
 * What all formats of prediction files agree on, as a caller sees it: how a file is read ({@link
 * io.github.swag4j.calibration.io.format.ReadOptions}), how large it is ({@link
 * io.github.swag4j.calibration.io.format.PredictionSize}) and how it is refused ({@link
 * io.github.swag4j.calibration.io.format.PredictionFileException}).
 *
 * <p>The readers of single formats stand on this package, and {@code PredictionFiles}, which
 * chooses among them, stands on those: nothing here knows a reader.
 */
package io.github.swag4j.calibration.io.format;
