/**
 * Labelled images and the files they come in.
 *
 * <p>Everything here ends in one immutable value, {@link io.github.swag4j.vision.data.ImageData}. A
 * file is taken whole or refused with the place. Nothing here knows an engine, and nothing is
 * downloaded.
 */
package io.github.swag4j.vision.data;
