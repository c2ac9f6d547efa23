/**
 * Labelled images: where they are found, how IDX files are read, the slices embedded in the
 * program.
 *
 * <p>Everything here ends in one value, {@link io.github.swag4j.cli.data.ImageDataset}. Nothing
 * here knows an engine, and nothing is downloaded.
 */
package io.github.swag4j.cli.data;
