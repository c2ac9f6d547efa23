/**
 * Predictions in files: CSV, NPY and NPZ, read and written without an engine.
 *
 * <p>Start at {@link io.github.swag4j.calibration.io.PredictionFiles}; how it reads is said by
 * {@link io.github.swag4j.calibration.io.format.ReadOptions}. This package chooses the reader by
 * the file's name; the readers, {@code io.csv} and {@code io.npz}, know nothing of it and stand on
 * {@code io.format} and {@code io.internal}.
 *
 * <p>A file is data from a stranger: nothing in it is believed before it is checked, no size it
 * declares is allocated before the bytes are there, and every refusal is a {@link
 * io.github.swag4j.calibration.io.format.PredictionFileException} that names the file and the
 * place. Metrics do not belong here.
 */
package io.github.swag4j.calibration.io;
