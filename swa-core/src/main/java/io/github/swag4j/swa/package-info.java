/**
 * The averaging engine: when weights are averaged, by which rule, and what comes of it.
 *
 * <p>Plain Java over arrays: no engine may enter here; what touches live models is in {@code djl}.
 */
package io.github.swag4j.swa;
