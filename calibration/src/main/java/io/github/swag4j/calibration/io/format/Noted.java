package io.github.swag4j.calibration.io.format;

/**
 * What was read from a file, and as what.
 *
 * @param <T> predictions, or a sketch of them
 * @param value what was read
 * @param note what its columns or arrays were taken for
 */
public record Noted<T>(T value, ReadingNote note) {}
