/**
 * Loss and error of a DJL model at many weight vectors: the points of a loss surface, in parallel,
 * saved as they come. Where the points lie is {@code io.github.swag4j.swa.surface}'s.
 */
package io.github.swag4j.swag.djl.surface;
