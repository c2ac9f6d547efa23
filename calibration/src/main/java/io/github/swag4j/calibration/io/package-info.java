/**
 * Predictions in files: CSV, NPY and NPZ, read and written without an engine.
 *
 * <p>A file is data from a stranger: nothing in it is believed before it is checked, no size it
 * declares is allocated before the bytes are there, and every refusal is a {@link
 * io.github.swag4j.calibration.io.PredictionFileException} that names the file and the place.
 * Metrics do not belong here.
 */
package io.github.swag4j.calibration.io;
