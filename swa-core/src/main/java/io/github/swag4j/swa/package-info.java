/**
 * The averaging engine: which weights there are, when they are averaged, at which learning rate.
 *
 * <p>Plain Java over arrays: no engine may enter here; what touches live models is in {@code djl}.
 */
package io.github.swag4j.swa;
